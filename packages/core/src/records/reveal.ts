import { defineRecord } from '../record/define.ts'

/**
 * Who looked at what of one record in one year. The id derives from the record and the year, so that two stations
 * add to the same one, an entry stays small, and a year can be erased alone. What was seen is never in it.
 */
export const reveal = defineRecord({
  type: 'reveal',
  prefix: 'rv',
  label: ['查看记录', 'Reveals'],
  space: 'grid',
  version: 1,
  fields: {
    record: {
      type: 'id',
      of: ['hh', 'pe', 'vi', 'ca', 'cn', 'mc', 'at'],
      label: ['记录', 'Record'],
      required: true,
    },
    year: { type: 'integer', label: ['年份', 'Year'], required: true },
  },
  timelines: {
    /** `{field, reason}`: a code of revealReasons, or what somebody wrote. Who and when is in the entry. */
    seen: { label: ['看过', 'Seen'] },
  },
})
