import { defineRecord, movedTo, moving } from '../record/define.ts'

/**
 * Whether two records are about one person, home or dwelling. The id derives from the two, so that stations apart write
 * to the same one. What was said is on a timeline and stays; what holds of it is folded, see work/merge-state.ts.
 */
export const merge = defineRecord({
  type: 'merge',
  prefix: 'mg',
  label: ['合并', 'Merge'],
  space: 'grid',
  version: 1,
  fields: {
    /** The smaller id of the two. */
    one: { type: 'id', of: ['pe', 'hh', 'dw'], label: ['一条', 'One'], required: true },
    other: { type: 'id', of: ['pe', 'hh', 'dw'], label: ['另一条', 'The other'], required: true },
    movedTo,
  },
  timelines: {
    ...moving,
    /**
     * `{id, same, over, on, reason, keep?, past?}`. `over`: acts it takes the place of. `keep`: the one that goes on.
     * `past`: by field and record, what is given up of it, by a digest: what is written there later is shown.
     */
    acts: { label: ['合并与分开', 'Merged and separated'] },
  },
})
