import { defineRecord } from '../record/define.ts'

/** Who is visited how often, by whom, in which ways. A household under several takes the shortest interval. */
export const policy = defineRecord({
  type: 'policy',
  prefix: 'po',
  label: ['探访规则', 'Visit policy'],
  space: 'community',
  version: 1,
  fields: {
    name: { type: 'text', label: ['名称', 'Name'], required: true, maxLength: 80 },
    nameEn: { type: 'text', label: ['英文名称', 'English name'], maxLength: 80 },
    intervalDays: {
      type: 'integer',
      label: ['间隔天数', 'Interval in days'],
      required: true,
      min: 1,
      max: 3660,
    },
    /** True: every household, whatever its categories. */
    everyone: { type: 'boolean', label: ['适用全部住户', 'Every household'] },
    /** Not a visiting rule: for how many days records of this class are kept instead; see work/retention.ts. */
    retains: { type: 'text', label: ['保存期限适用于', 'Retention of'], maxLength: 40 },
    disabled: { type: 'boolean', label: ['停用', 'Disabled'] },
    /** Where the rule comes from, for the person who must defend it. */
    source: { type: 'text', label: ['依据', 'Basis'], maxLength: 200 },
  },
  sets: {
    categories: { label: ['适用类别', 'Categories'] },
    modes: { label: ['方式', 'Modes'] },
    roles: { label: ['谁来', 'By whom'] },
  },
})
