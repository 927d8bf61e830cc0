import { defineRecord, movedTo, moving } from '../record/define.ts'

/**
 * A line of the diary of visits (民情日记): what somebody heard, saw or promised, and whether there is something to do
 * about it. What is to be done stands on the list of its day, and of every day after, until somebody ticks it.
 */
export const diary = defineRecord({
  type: 'diary',
  prefix: 'dy',
  label: ['民情日记', 'Diary'],
  space: 'grid',
  version: 1,
  fields: {
    /** The day it was written, in the community's time zone. */
    on: { type: 'date', label: ['日期', 'Date'], required: true },
    text: { type: 'text', label: ['内容', 'Text'], required: true, maxLength: 1000 },
    household: { type: 'id', of: ['hh'], label: ['住户', 'Household'] },
    person: { type: 'id', of: ['pe'], label: ['人员', 'Person'] },
    /** The day it is to be done; without one there is nothing to do. */
    dueOn: { type: 'date', label: ['要办的日子', 'To do on'] },
    movedTo,
  },
  timelines: {
    ...moving,
    /** `{on, note?}`: done; the first one holds, whoever else ticks it too. */
    ticks: { label: ['办好', 'Ticked'] },
  },
})
