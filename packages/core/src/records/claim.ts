import { defineRecord } from '../record/define.ts'

/**
 * Who goes to which doors of one building: in one sweep, or, for the lists of the day, in one week. The id derives from
 * these, so that stations apart add to the same record, and none grows without end. Every claim is a value on a
 * timeline and stays; what holds of it is folded, see work/claim-state.ts.
 */
export const claim = defineRecord({
  type: 'claim',
  prefix: 'cl',
  label: ['认领', 'Claims'],
  space: 'grid',
  version: 1,
  fields: {
    building: { type: 'id', of: ['bu'], label: ['楼栋', 'Building'] },
    sweep: { type: 'id', of: ['sw'], label: ['敲门行动', 'Sweep'] },
    /** The Monday of the week in which claims without a sweep were made. */
    week: { type: 'date', label: ['周', 'Week'] },
  },
  timelines: {
    /** `{door?, unit?, floor?, except?: [household ids], on, until, saw: [ids of takes]}`. */
    takes: { label: ['认领', 'Taken'] },
    /** The same, with `for: member`: a chief says who goes there. */
    gives: { label: ['派给', 'Given'] },
    /** `{of: [ids of takes], doors?: [household ids], on}`, by whoever they belong to. */
    releases: { label: ['让出', 'Released'] },
    /** The same, by a chief, of somebody else's. */
    clears: { label: ['撤销', 'Cleared'] },
  },
})
