import { defineRecord } from '../record/define.ts'

/**
 * A piece of what a form holds: an entry carries so much and no more. The id derives from the bytes, so that what two
 * versions share is there once, and whoever reads it can tell whether it is what was meant.
 */
export const piece = defineRecord({
  type: 'piece',
  prefix: 'pc',
  label: ['表单内容', 'Piece of a form'],
  space: 'community',
  version: 1,
  fields: {
    /** Base64. */
    data: { type: 'text', label: ['数据', 'Data'], required: true, maxLength: 40_000 },
  },
})
