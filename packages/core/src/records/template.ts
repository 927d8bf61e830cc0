import { defineRecord } from '../record/define.ts'

/**
 * A workbook that a clerk marked, so that every station fills in the same form. Each time one is added it is a record
 * of its own; of those of one name the latest that is whole counts. Written once, and only ever taken back.
 */
export const template = defineRecord({
  type: 'template',
  prefix: 'tp',
  label: ['报表模板', 'Report template'],
  space: 'community',
  version: 1,
  fields: {
    name: { type: 'text', label: ['名称', 'Name'], required: true, maxLength: 80 },
    /** Of the workbook, before it was cut into chunks. */
    bytes: { type: 'integer', label: ['字节', 'Bytes'], required: true, min: 1 },
    chunks: { type: 'integer', label: ['段数', 'Chunks'], required: true, min: 1 },
    /** Hex of SHA-256. */
    hash: { type: 'text', label: ['校验值', 'Hash'], required: true, maxLength: 64 },
    dropped: { type: 'boolean', label: ['已撤下', 'Taken down'] },
  },
  timelines: {
    /** `{at, text}`: a part of the workbook in base64, from 0. */
    content: { label: ['内容', 'Content'] },
  },
})
