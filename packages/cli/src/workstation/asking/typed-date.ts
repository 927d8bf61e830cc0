import { addDays, daysBetween, isDate } from '@doorstep/core'

/** Days, times and moments as one types them with one hand. What is understood is always shown back before ↵. */

export type Clock = {
  /** YYYY-MM-DD. */
  readonly today: string
  /** HH:MM. */
  readonly time: string
}

const DAY_WORDS: readonly (readonly [RegExp, number])[] = [
  [/^(今天?|today|tod?|\.)$/, 0],
  [/^(昨天?|yesterday|y(es?)?)$/, -1],
  [/^(明天?|tomorrow|tom)$/, 1],
  [/^前天?$/, -2],
  [/^后天?$/, 2],
  [/^大前天$/, -3],
  [/^大后天$/, 3],
]
const WEEKDAYS = '一二三四五六日'
const ENGLISH_WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const WEEKS: Readonly<Record<string, number>> = { 上: -1, last: -1, 下: 1, next: 1 }

/**
 * YYYY-MM-DD or null: `today`, `昨天`, `7` and `+7` in a week, `-3` three days ago, `周五` of this week, `上周五`,
 * `3-5`, `0305` and `3月5日` the nearest such day, `20260305` and `2026-03-05` in full.
 */
export function typedDate(text: string, today: string): string | null {
  const typed = plain(text)
  const word = DAY_WORDS.find(([words]) => words.test(typed))
  if (word) return addDays(today, word[1])
  const days = /^([+-])?(\d{1,3})(?:天(前|后))?$/.exec(typed)
  if (days) return addDays(today, Number(days[2]) * (days[1] === '-' || days[3] === '前' ? -1 : 1))
  const weekday = weekdayIn(typed, today)
  if (weekday) return weekday
  const [, year, month, day] =
    /^(?:(\d{4})[-/.年 ]?)?(\d{1,2})[-/.月 ](\d{1,2})[日号]?$/.exec(typed) ??
    /^(\d{4})?(\d{2})(\d{2})$/.exec(typed) ??
    []
  if (month === undefined || day === undefined) return null
  const tail = `${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return year === undefined ? nearest(tail, today) : real(`${year}-${tail}`)
}

function weekdayIn(typed: string, today: string): string | null {
  const [, week = '', name = ''] =
    /^([上下这本])?(?:周|星期|礼拜)([一二三四五六日天])$/.exec(typed) ??
    /^(?:(last|next|this) )?(mon|tue|wed|thu|fri|sat|sun)[a-z]*$/.exec(typed) ??
    []
  const at = name.length > 1 ? ENGLISH_WEEKDAYS.indexOf(name) : WEEKDAYS.indexOf(name === '天' ? '日' : name)
  if (name === '' || at < 0) return null
  const monday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7
  return addDays(today, at - monday + 7 * (WEEKS[week] ?? 0))
}

/** Of this year's, last year's and next year's, the one that is nearest: nobody fills in a day half a year away unsaid. */
function nearest(tail: string, today: string): string | null {
  const year = Number(today.slice(0, 4))
  const days = [year, year - 1, year + 1].flatMap((one) => real(`${one}-${tail}`) ?? [])
  return days.sort((a, b) => Math.abs(daysBetween(today, a)) - Math.abs(daysBetween(today, b)))[0] ?? null
}

const real = (day: string): string | null => (isDate(day) ? day : null)
const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase()

/** The first day of a month: `11` of this year, `2026-11`, `202611`, `2026年11月`. */
export function typedMonth(text: string, today: string): string | null {
  const typed = plain(text)
  const [, year, month] = /^(\d{4})[-/.年 ]?(\d{1,2})月?$/.exec(typed) ?? /^()(\d{1,2})月?$/.exec(typed) ?? []
  if (month === undefined) return typedDate(text, today)?.replace(/\d\d$/, '01') ?? null
  return real(`${year || today.slice(0, 4)}-${month.padStart(2, '0')}-01`)
}

/** The first day of a year: `2026`, `今年`, `去年`. */
export function typedYear(text: string, today: string): string | null {
  const typed = plain(text)
  const words: Readonly<Record<string, number>> = { 今年: 0, 去年: -1, 明年: 1, 前年: -2 }
  if (Object.hasOwn(words, typed)) return `${Number(today.slice(0, 4)) + words[typed]!}-01-01`
  const [, year] = /^(\d{4})年?$/.exec(typed) ?? []
  return year === undefined ? null : real(`${year}-01-01`)
}

/** HH:MM or null: `14:30`, `1430`, `930`, `9`, `14点半`, `下午2点`, `2:30pm`, `now`. */
export function typedTime(text: string, { time }: Pick<Clock, 'time'>): string | null {
  const typed = plain(text)
  if (/^(now|现在|\.)$/.test(typed)) return time
  const [, before = '', hours, minutes = '0', half, after = ''] =
    /^(上午|下午|晚上|早上|中午|凌晨)?\s*(\d{1,2})(?:\s*[:.点时 ]\s*(\d{1,2})?分?)?(半)?\s*(am|pm)?$/.exec(
      typed,
    ) ??
    /^()(\d{1,2})(\d{2})()\s*(am|pm)?$/.exec(typed) ??
    []
  if (hours === undefined) return null
  const late = /下午|晚上|pm/.test(before + after)
  const hour = Number(hours) + (late && Number(hours) < 12 ? 12 : 0)
  const early = after === 'am' && hour === 12
  const minute = half ? 30 : Number(minutes)
  if (hour > 23 || minute > 59) return null
  return `${String(early ? 0 : hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

/** YYYY-MM-DDTHH:MM or null: a day and a time as above; a time alone is today's. */
export function typedMoment(text: string, clock: Clock): string | null {
  const typed = plain(text)
  const [, packedDay, packedTime] = /^(\d{8})(\d{4})$/.exec(typed) ?? []
  const split = /^(.*\S)(?:\s+|t(?=\d))(\S.*)$/.exec(typed)
  const day = packedDay ?? split?.[1]
  const time = packedTime ?? split?.[2]
  if (day !== undefined && time !== undefined) {
    const [on, at] = [typedDate(day, clock.today), typedTime(time, clock)]
    if (on && at) return `${on}T${at}`
  }
  const alone = typedTime(typed, clock)
  return alone && `${clock.today}T${alone}`
}
