import { defineRecord, movedTo, moving } from '../record/define.ts'

/**
 * Everybody of a household is away (外出报备), as somebody said: until then nobody wonders that nothing is used there.
 * Who comes back early says so on `ends`; what holds of several is folded in work/leave-state.ts, so that of what is
 * said apart the shorter absence holds.
 */
export const leave = defineRecord({
  type: 'leave',
  prefix: 'le',
  label: ['外出报备', 'Leave'],
  space: 'grid',
  version: 1,
  fields: {
    household: { type: 'id', of: ['hh'], label: ['住户', 'Household'], required: true },
    /** The first day away. */
    from: { type: 'date', label: ['起', 'From'], required: true },
    /** The last day away; without one it holds for a while, and is asked about. */
    until: { type: 'date', label: ['止', 'Until'] },
    saidBy: {
      type: 'choice',
      label: ['谁说的', 'Who said so'],
      required: true,
      choices: {
        resident: ['本人', 'A resident'],
        family: ['家属', 'The family'],
        worker: ['网格员', 'A worker'],
        phone: ['电话', 'By phone'],
      },
    },
    note: { type: 'text', label: ['备注', 'Note'], maxLength: 300 },
    /** Written by mistake, and why: it never was. */
    withdrawn: { type: 'text', label: ['撤回原因', 'Withdrawn because'], maxLength: 300 },
    movedTo,
  },
  timelines: {
    ...moving,
    /** `{on: YYYY-MM-DD, saidBy}`: somebody is back on that day. */
    ends: { label: ['提前回来', 'Back early'] },
  },
})
