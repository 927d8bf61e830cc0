import { DEFAULT_LIMIT } from '@doorstep/core'
import { Flags } from '@oclif/core'

/** What every report asks. */
export const reportFlags = {
  month: Flags.string({
    helpValue: 'YYYY-MM',
    description: '哪个月,不写就是本月 · which month; this one unless told',
  }),
  to: Flags.string({ required: true, helpValue: 'FILE', description: '写到哪里 · where to' }),
  limit: Flags.integer({
    min: 1,
    default: DEFAULT_LIMIT,
    description: `涉及居民的数小于它就不公开;小于 ${DEFAULT_LIMIT} 要有原因,只有站长可以 · counts about residents below it are hidden; below ${DEFAULT_LIMIT} needs a reason, chiefs only`,
  }),
  reason: Flags.string({ helpValue: 'TEXT', description: '为什么 · why' }),
  replace: Flags.boolean({ description: '盖掉已有的同名文件 · replace a file of that name' }),
}
