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
    divisionCode: { type: 'text', label: ['区划代码', 'Division code'], maxLength: 20 },
  },
})
