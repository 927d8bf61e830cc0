import { defineRecord, movedTo, moving } from '../record/define.ts'

/**
 * What is said of one device in one quarter, and what was decided about it. The id derives from both. How it did is
 * worked out from the records of that quarter whenever it is asked for; what a decision rested on stays with it.
 */
export const review = defineRecord({
  type: 'review',
  prefix: 'qr',
  label: ['设备评估', 'Device review'],
  space: 'grid',
  version: 1,
  fields: {
    device: { type: 'id', of: ['de'], label: ['设备', 'Device'], required: true },
    quarter: { type: 'text', label: ['季度', 'Quarter'], required: true, maxLength: 6 },
    movedTo,
  },
  timelines: {
    ...moving,
    /** `{from: resident|family|worker, wants: keep|repair|retire|undecided, words?}` */
    says: { label: ['意见', 'What people say'] },
    /** `{choice: keep|repair|retire, why, figures, saw: [ids of decisions]}`, by a chief. */
    decisions: { label: ['决定', 'Decisions'] },
  },
})
