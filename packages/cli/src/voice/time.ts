import { addDays } from '@doorstep/core'
import type { Language } from './language.ts'

/** As JSON has it: ISO 8601 in UTC. */
export const isoTime = (ms: number): string => new Date(ms).toISOString()
export const isoTimeOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms))

export type Today = {
  /** YYYY-MM-DD in the community's time zone. */
  readonly today: string
  /** IANA name. */
  readonly timeZone: string
  readonly language: Language
}

/** `今天 09:14`, `昨天 16:20`, `11-17 08:05`, `2025-11-17`: as much as one needs to know. */
export function instantWords(ms: number, { today, timeZone, language }: Today): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(ms)
  const [day = '', time = ''] = parts.split(' ')
  if (day === today) return `${language === 'zh' ? '今天' : 'today'} ${time}`
  if (day === addDays(today, -1)) return `${language === 'zh' ? '昨天' : 'yesterday'} ${time}`
  return day.slice(0, 4) === today.slice(0, 4) ? `${day.slice(5)} ${time}` : day
}

/** `2026-11-26 07:55`: paper is read on another day. */
export const instantOnPaper = (ms: number, { timeZone }: Pick<Today, 'timeZone'>): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(ms)

/** How late or how far ahead, in words: negative days lie ahead. */
export function lateWords(days: number, language: Language): string {
  if (days === 0) return language === 'zh' ? '今天' : 'today'
  const count = Math.abs(days)
  if (language === 'zh') return days > 0 ? `逾期 ${count} 天` : `还有 ${count} 天`
  const unit = count === 1 ? 'day' : 'days'
  return days > 0 ? `${count} ${unit} late` : `in ${count} ${unit}`
}
