import type { Value } from '../record/change.ts'
import { defineRecord, type Field } from '../record/define.ts'

const limit = (zh: string, en: string) =>
  ({
    type: 'text',
    label: [zh, en],
    maxLength: 12,
    check: (value) => brokenLimit(value),
  }) as const satisfies Field

/**
 * A kind of case (案件类别), with how long each stage of it may take: `4wh` working hours, `2wd` working days, `24h`
 * hours, `7d` days, `none`. What a record leaves open is as the program has it (work/case-kinds.ts). The id derives
 * from the community and the code.
 */
export const caseKind = defineRecord({
  type: 'kind',
  prefix: 'ck',
  label: ['案件类别', 'Case kind'],
  space: 'community',
  version: 1,
  fields: {
    code: { type: 'text', label: ['代码', 'Code'], required: true, maxLength: 60 },
    name: { type: 'text', label: ['名称', 'Name'], maxLength: 80 },
    nameEn: { type: 'text', label: ['英文名称', 'English name'], maxLength: 80 },
    accept: limit('受理时限', 'Limit to accept'),
    verify: limit('核实时限', 'Limit to verify'),
    register: limit('立案时限', 'Limit to register'),
    dispatch: limit('派遣时限', 'Limit to dispatch'),
    handle: limit('处置时限', 'Limit to handle'),
    /** Of those that are serious. */
    handleSerious: limit('严重时处置时限', 'Limit to handle when serious'),
    check: limit('核查时限', 'Limit to check'),
    close: limit('结案时限', 'Limit to close'),
    callBack: limit('回访时限', 'Limit to call back'),
    /** Whether whoever reported it is called afterwards. */
    callBackWanted: { type: 'boolean', label: ['要回访', 'Call back'] },
    /** A serious one is closed with a picture of the result, or a written reason why there is none. */
    pictureWanted: { type: 'boolean', label: ['结案要照片', 'Picture of the result'] },
    /** Warned at so much of a limit, in per cent. */
    warnAt: { type: 'integer', label: ['提醒于时限的百分之', 'Warn at per cent'], min: 1, max: 99 },
    desk: { type: 'text', label: ['通常派给', 'Usual desk'], maxLength: 80 },
    disabled: { type: 'boolean', label: ['停用', 'Disabled'] },
    source: { type: 'text', label: ['依据', 'Basis'], maxLength: 200 },
  },
})

const brokenLimit = (value: Value): string | null =>
  typeof value === 'string' && /^(none|\d{1,4}(wh|wd|h|d))$/.test(value) ? null : 'time-limit'
