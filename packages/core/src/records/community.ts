import { defineRecord } from '../record/define.ts'

export const community = defineRecord({
  type: 'community',
  prefix: 'cm',
  label: ['社区', 'Community'],
  space: 'community',
  version: 1,
  fields: {
    name: { type: 'text', label: ['名称', 'Name'], required: true, maxLength: 80 },
    /** IANA zone: days of due lists and deadlines are days there. */
    timeZone: { type: 'text', label: ['时区', 'Time zone'], maxLength: 60 },
    /** Without word of a station for so many days, its chief is warned. */
    warnAfterDays: {
      type: 'integer',
      label: ['几天没有消息就提醒', 'Days without word before a warning'],
      min: 1,
      max: 365,
    },
    /** How residents reach the office, as it is printed on notices and receipts. */
    contact: { type: 'text', label: ['联系方式', 'How to reach the office'], maxLength: 160 },
    divisionCode: { type: 'text', label: ['区划代码', 'Division code'], maxLength: 20 },
  },
})
