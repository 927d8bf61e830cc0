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
        support: ['诊断文件', 'Support file'],
      },
    },
    /** How many entries or records. */
    count: { type: 'integer', label: ['条数', 'Count'], min: 0 },
    /** A station's id, or in words. */
    to: { type: 'text', label: ['给谁', 'For whom'], maxLength: 120 },
    /** Whom a copy is about. */
    subject: { type: 'id', of: ['pe', 'hh'], label: ['关于', 'About'] },
    reason: { type: 'text', label: ['原因', 'Reason'], maxLength: 200 },
  },
  sets: { spaces: { label: ['空间', 'Spaces'] } },
})
