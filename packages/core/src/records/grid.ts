import { defineRecord } from '../record/define.ts'

/** The grid as everyone may see it: what happens at its doors lives in the grid's own space. */
export const grid = defineRecord({
  type: 'grid',
  prefix: 'gr',
  label: ['网格', 'Grid'],
  space: 'community',
  version: 1,
  fields: {
    name: { type: 'text', label: ['名称', 'Name'], required: true, maxLength: 80 },
    space: { type: 'id', of: ['sp'], label: ['空间', 'Space'], required: true },
    /** CJ/T 349-2010: 20 digits; not checked beyond that, local rules differ. */
    code: { type: 'text', label: ['网格编码', 'Grid code'], maxLength: 20 },
  },
})
