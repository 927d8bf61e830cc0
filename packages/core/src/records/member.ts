import { defineRecord } from '../record/define.ts'

/** What people call a member. Rights are in the membership log, never here. */
export const member = defineRecord({
  type: 'member',
  prefix: 'mc',
  label: ['成员', 'Member'],
  space: 'community',
  version: 1,
  fields: {
    member: { type: 'id', of: ['me'], label: ['成员编号', 'Member id'], required: true },
    name: { type: 'text', label: ['姓名', 'Name'], required: true, maxLength: 60 },
    phone: { type: 'text', label: ['电话', 'Phone'], maxLength: 30, mask: 'phone' },
  },
})
