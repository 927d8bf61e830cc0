import { addDays, daysBetween } from '@doorstep/core'
import type { Language } from '../voice/language.ts'

/** Days and times as they are said. */

const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] as const

/** `11月24日`, `24 Nov`; with the year when it is another one. */
export function dayText(day: string, today: string, language: Language): string {
  const [year = '', month = '', date = ''] = day.split('-')
  const other = year !== today.slice(0, 4)
  if (language === 'zh') return `${other ? `${year}年` : ''}${Number(month)}月${Number(date)}日`
  const name = new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', { month: 'short', timeZone: 'UTC' })
  return `${Number(date)} ${name}${other ? ` ${year}` : ''}`
}

export function weekdayText(day: string, language: Language): string {
  const date = new Date(`${day}T00:00:00Z`)
  return language === 'zh'
    ? WEEKDAYS[date.getUTCDay()]!
    : date.toLocaleDateString('en-GB', { weekday: 'short', timeZone: 'UTC' })
}

/** `今天`, `昨天`, `明天`, else the day. */
export function nearDayText(day: string, today: string, language: Language): string {
  const words: Readonly<Record<number, readonly [string, string]>> = {
    0: ['今天', 'today'],
    [-1]: ['昨天', 'yesterday'],
    1: ['明天', 'tomorrow'],
  }
  const near = words[daysBetween(today, day)]
  return near ? near[language === 'zh' ? 0 : 1] : dayText(day, today, language)
}

/** `HH:MM` on the community's clocks. */
export const timeText = (ms: number, timeZone: string): string => partsOf(ms, timeZone).time

/** `09:12`, `昨天 17:40`, `11月20日 08:05`. */
export function whenText(ms: number, nowMs: number, timeZone: string, language: Language): string {
  const then = partsOf(ms, timeZone)
  const now = partsOf(nowMs, timeZone)
  if (then.day === now.day) return then.time
  return `${nearDayText(then.day, now.day, language)} ${then.time}`
}

/** Whole days since, by the calendar. */
export const daysSince = (ms: number, nowMs: number, timeZone: string): number =>
  daysBetween(partsOf(ms, timeZone).day, partsOf(nowMs, timeZone).day)

export const dayIn = (today: string, days: number): string => addDays(today, days)

const formats = new Map<string, Intl.DateTimeFormat>()

function partsOf(ms: number, timeZone: string): { day: string; time: string } {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
    formats.set(timeZone, format)
  }
  const [day = '', time = ''] = format.format(ms).split(' ')
  return { day, time }
}

/** How late or how far ahead: `逾期 2 天`, `今天`, `还剩 3 天`. */
export function lateText(overdueDays: number, language: Language): string {
  if (overdueDays === 0) return language === 'zh' ? '今天' : 'today'
  const days = Math.abs(overdueDays)
  if (language === 'zh') return overdueDays > 0 ? `逾期 ${days} 天` : `还剩 ${days} 天`
  return overdueDays > 0
    ? `${days} day${days === 1 ? '' : 's'} late`
    : `${days} day${days === 1 ? '' : 's'} left`
}

/** `3 天后`, `明天`, `12 天前`. */
export function aheadText(day: string, today: string, language: Language): string {
  const days = daysBetween(today, day)
  if (Math.abs(days) <= 1) return nearDayText(day, today, language)
  const count = Math.abs(days)
  if (language === 'zh') return days > 0 ? `${count} 天后` : `${count} 天前`
  return days > 0 ? `in ${count} days` : `${count} days ago`
}

/** The community's day on this clock, YYYY-MM-DD. */
export const todayOf = ({ nowMs, timeZone }: { readonly nowMs: number; readonly timeZone: string }): string =>
  partsOf(nowMs, timeZone).day
