import { defineRecord } from '../record/define.ts'

/**
 * That a record was erased, by whom and why, without what was in it (PIPL 47: the proof without the data). Its id
 * derives from the erased record's; only an erasure writes it, and nothing erases it.
 */
export const erasure = defineRecord({
  type: 'erasure',
  prefix: 'er',
  label: ['删除证明', 'Erasure'],
  space: 'grid',
  version: 1,
  fields: {
    record: { type: 'text', label: ['记录编号', 'Record'], required: true, maxLength: 40 },
    recordType: { type: 'text', label: ['记录种类', 'Type of record'], maxLength: 40 },
  },
  timelines: {
    /** `{reason, by, at, parts}`: a retention class or a reason without names, a member, ISO time, how many parts. */
    acts: { label: ['删除经过', 'Acts of erasure'] },
  },
})
