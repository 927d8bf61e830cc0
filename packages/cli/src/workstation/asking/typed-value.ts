import type { AnswerValue, Question } from '@doorstep/core'
import { timeText, todayOf } from '../dates.ts'
import type { State } from '../state.ts'
import { type Clock, typedDate, typedMoment, typedMonth, typedTime, typedYear } from './typed-date.ts'

export const clockOf = (state: Pick<State, 'nowMs' | 'timeZone'>): Clock => ({
  today: todayOf(state),
  time: timeText(state.nowMs, state.timeZone),
})

/** What was typed, as the form takes it; what cannot be understood goes as it is, and the form says why not. */
export function typedValue({ kind, appearances }: Question, entry: string, clock: Clock): unknown {
  const typed = entry.trim()
  if (typed === '') return null
  switch (kind) {
    case 'date':
      return understoodDay(appearances, typed, clock) ?? typed
    case 'time':
      return typedTime(typed, clock) ?? typed
    case 'datetime':
      return typedMoment(typed, clock) ?? typed
    case 'integer':
    case 'decimal':
    case 'range':
      return withoutSeparators(typed)
    case 'text':
      return appearances.includes('numbers') ? entry.normalize('NFKC') : entry
    default:
      return entry
  }
}

export function understoodDay(appearances: readonly string[], typed: string, clock: Clock): string | null {
  if (appearances.includes('year')) return typedYear(typed, clock.today)
  if (appearances.includes('month-year')) return typedMonth(typed, clock.today)
  return typedDate(typed, clock.today)
}

/** `12,345` is twelve thousand; `1,5` is left for the form to refuse. */
const withoutSeparators = (typed: string): string => {
  const plain = typed.normalize('NFKC')
  return /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain) ? plain.replaceAll(',', '') : plain
}

/** Digits and what stands between them in numbers of documents and telephones. */
export const isNumbers = (text: string): boolean => /^[\d+\-.,#*()\s]*$/.test(text.normalize('NFKC'))

/** An answer as one would type it. */
export function valueText({ value, kind, appearances }: Question): string {
  if (value === null) return ''
  if (kind === 'date' && typeof value === 'string') {
    if (appearances.includes('year')) return value.slice(0, 4)
    return appearances.includes('month-year') ? value.slice(0, 7) : value
  }
  if (kind === 'time' && typeof value === 'string') return shortTime(value)
  if (kind === 'datetime' && typeof value === 'string')
    return value.replace(/^(\S+)T(.*)$/, (_all, day: string, time: string) => `${day} ${shortTime(time)}`)
  return plainText(value)
}

/** `14:30:00.000+08:00` is half past two: seconds that are none are not said. */
const shortTime = (time: string): string => time.replace(/^(\d\d:\d\d)(?::00(?:\.0+)?)?(?=$|Z|[+-])/, '$1')

function plainText(value: AnswerValue): string {
  if (typeof value !== 'object') return String(value)
  if ('latitude' in value) {
    const { latitude, longitude, altitude, accuracyMetres } = value
    return [
      `${latitude} ${longitude}`,
      ...(altitude || accuracyMetres ? [String(altitude ?? 0)] : []),
      ...(accuracyMetres ? [`±${accuracyMetres}`] : []),
    ].join(' ')
  }
  return value
    .map((one) => (typeof one === 'string' ? one : plainText(one)))
    .join(isPlaces(value) ? '; ' : ' ')
}
const isPlaces = (value: readonly unknown[]): boolean => typeof value[0] === 'object'

/** An answer in a few words, as lists and summaries show it. */
export function shortAnswer(question: Question): string {
  const { value, choices, kind, appearances } = question
  if (value === null) return kind === 'note' ? '' : '–'
  if (kind === 'trigger') return '✓'
  if (appearances.includes('masked')) return '••••'
  if (choices.length === 0) return valueText(question).replaceAll('\n', ' ')
  const labelOf = (one: string) => choices.find((choice) => choice.value === one)?.label ?? one
  if (kind === 'rank' && Array.isArray(value)) return value.map((one) => labelOf(String(one))).join(' > ')
  return Array.isArray(value) ? value.map((one) => labelOf(String(one))).join(', ') : labelOf(String(value))
}
