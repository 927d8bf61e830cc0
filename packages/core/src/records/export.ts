import { defineRecord } from '../record/define.ts'

/** What left this station as a file or on paper: written before it leaves, and never changed. */
export const exportRecord = defineRecord({
  type: 'export',
  prefix: 'ex',
  label: ['导出', 'Export'],
  space: 'community',
  version: 1,
  fields: {
    what: {
      type: 'choice',
      label: ['内容', 'What'],
      required: true,
      choices: {
        bundle: ['数据包', 'Bundle'],
        'person-copy': ['个人资料副本', 'Copy for a person'],
        report: ['报表', 'Report'],
        table: ['表格', 'Table'],
        submissions: ['填报', 'Submissions'],
        support: ['诊断文件', 'Support file'],
        sheet: ['纸质表单', 'Printed form'],
        notice: ['门口通知', 'Notice for the door'],
        receipt: ['代办回执', 'Receipt of an errand'],
        meters: ['用水用电单', 'Sheet of meters'],
        review: ['设备评估', 'Review of devices'],
      },
    },
    /** How many entries or records. */
    count: { type: 'integer', label: ['条数', 'Count'], min: 0 },
    /** A station's id, or in words. */
    to: { type: 'text', label: ['给谁', 'For whom'], maxLength: 120 },
    /** Whom a copy is about. */
    subject: { type: 'id', of: ['pe', 'hh'], label: ['关于', 'About'] },
    /** Of a table or a report: which one, in what form, and what was asked of it. */
    name: { type: 'text', label: ['名称', 'Name'], maxLength: 120 },
    format: { type: 'text', label: ['格式', 'Format'], maxLength: 20 },
    filters: { type: 'text', label: ['条件', 'Filters'], maxLength: 300 },
    columns: { type: 'text', label: ['列', 'Columns'], maxLength: 2000 },
    masked: { type: 'boolean', label: ['打了星号', 'Masked'] },
    reason: { type: 'text', label: ['原因', 'Reason'], maxLength: 200 },
  },
  sets: { spaces: { label: ['空间', 'Spaces'] } },
})
