import { defineRecord } from '../record/define.ts'

/** What people call a laptop or a gateway. */
export const station = defineRecord({
  type: 'station',
  prefix: 'sc',
  label: ['站点', 'Station'],
  space: 'community',
  version: 1,
  fields: {
    station: { type: 'id', of: ['st'], label: ['站点编号', 'Station id'], required: true },
    name: { type: 'text', label: ['名称', 'Name'], required: true, maxLength: 60 },
  },
})
