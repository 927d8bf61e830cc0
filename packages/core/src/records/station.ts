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
  /** When a chief gave a forgotten passphrase's laptop back to its worker: `{fingerprint}` of the request. */
  timelines: { rescues: { label: ['找回口令', 'Rescued'] } },
})
