import type { Value } from '../record/change.ts'
import { defineRecord } from '../record/define.ts'

/**
 * What the community says of its working days: of one year the holidays and the weekends that are worked (调休), and,
 * in a record of its own, the hours of a working day. Ids derive from the community and the year, so that two chiefs
 * who load the same file apart write the same record. See work/work-calendar.ts.
 */
export const calendar = defineRecord({
  type: 'calendar',
  prefix: 'wc',
  label: ['工作日历', 'Working calendar'],
  space: 'community',
  version: 1,
  fields: {
    year: { type: 'integer', label: ['年份', 'Year'], min: 1900, max: 9998 },
    /** `{'2027-02-06': ['off', '春节'], '2027-02-20': ['on', '春节']}`: what is not named follows the built-in data, then the weekday. */
    days: { type: 'json', label: ['假日与调休', 'Holidays and worked weekends'], check: brokenDays },
    /** `09:00-12:00,13:00-18:00`, in the community's time zone. */
    hours: { type: 'text', label: ['工作时间', 'Working hours'], maxLength: 120 },
    source: { type: 'text', label: ['依据', 'Basis'], maxLength: 200 },
  },
})

function brokenDays(value: Value): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'calendar-days'
  return Object.keys(value).length > 366 ? 'too-long' : null
}
