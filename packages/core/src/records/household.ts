import { defineRecord, movedTo, moving } from '../record/define.ts'

export const household = defineRecord({
  type: 'household',
  prefix: 'hh',
  label: ['住户', 'Household'],
  space: 'grid',
  version: 1,
  fields: {
    dwelling: { type: 'id', of: ['dw'], label: ['房屋', 'Dwelling'], required: true },
    name: { type: 'text', label: ['户名', 'Household name'], maxLength: 80 },
    number: { type: 'text', label: ['户号', 'Household number'], maxLength: 40 },
    phone: { type: 'text', label: ['联系电话', 'Phone'], maxLength: 30, mask: 'phone' },
    emergencyContact: { type: 'text', label: ['紧急联系人', 'Emergency contact'], maxLength: 80 },
    emergencyPhone: {
      type: 'text',
      label: ['紧急联系电话', 'Emergency phone'],
      maxLength: 30,
      mask: 'phone',
    },
    /** What to mind at this door: a dog, poor hearing, a dialect. First on the screen. */
    mind: { type: 'text', label: ['当心', 'Mind'], maxLength: 300 },
    /** What concerns somebody's health and whoever goes in: an infectious illness. Read with a reason, like a file. */
    healthMind: { type: 'text', label: ['健康提醒', 'Health warning'], maxLength: 300, mask: 'text' },
    promise: { type: 'text', label: ['答应过', 'Promised'], maxLength: 300 },
    note: { type: 'text', label: ['备注', 'Note'], maxLength: 2000 },
    movedTo,
  },
  sets: {
    /** Decide which visit policies apply: `elderly-alone-80`, `low-income`, … */
    categories: { label: ['类别', 'Categories'] },
    /** What to mind, in words that every screen knows: work/minds.ts. */
    minds: { label: ['当心事项', 'To mind'] },
    tags: { label: ['标签', 'Tags'] },
  },
  timelines: {
    ...moving,
    /** Why a category holds: `{categories, document?, saidBy?, on}`. */
    basis: { label: ['类别依据', 'Basis of categories'] },
  },
})
