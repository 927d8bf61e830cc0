/** What of a day of readings goes into the device's record and travels: a few numbers, never the readings. */
import type { CleanRegister } from './clean-register.ts'
import { type Point, type SeriesView, type Signal, signals } from './observation.ts'
import type { SeriesStore } from './series-store.ts'
import { spreadUses } from './spread-uses.ts'

/** Of a register. Uses are in its unit; null where the readings do not tell. */
export type RegisterDay = {
  /** The register at the day's last reading that counts. */
  readonly value: number
  readonly use: number | null
  /** The longest time that it did not move, in hours, within the day. */
  readonly dryHours: number
  /** The least of an hour between midnight and six: what runs while everybody sleeps. */
  readonly nightLow: number | null
  /** 0 to 23, counted from the day's beginning: the hour of most use. */
  readonly peakHour: number | null
  /** Hours of which the readings do not tell the use. */
  readonly untoldHours: number
}
/** Of a condition: how often it came to be so. Of a battery: how much was left. */
export type TimesDay = { readonly value: number }
export type DaySummary = { readonly signal: Signal; readonly unit: string } & (RegisterDay | TimesDay)

const HOUR_MS = 3_600_000
const NIGHT_HOURS = 6
/** Of which most must be told for the least of them to mean something. */
const NIGHT_TOLD = 4

/** What says how somebody lives; alarms have records of their own. */
const COUNTED: readonly Signal[] = ['door-open', 'motion']

/** Empty where nothing was read on the day. `fromMs` to `untilMs` is the community's day. */
export function daySummaries(
  series: Pick<SeriesStore, 'signalsOf' | 'cleaned' | 'points'>,
  device: string,
  fromMs: number,
  untilMs: number,
): DaySummary[] {
  const known = series.signalsOf(device)
  const told = known.flatMap(({ signal }): DaySummary[] => {
    const { form, unit } = signals[signal]
    if (form === 'register') {
      const day = registerDay(series.cleaned(device, signal, fromMs, untilMs), fromMs, untilMs)
      return day ? [{ signal, unit, ...day }] : []
    }
    if (!COUNTED.includes(signal) && signal !== 'battery') return []
    const points = series.points(device, signal, fromMs, untilMs)
    const last = points.at(-1)
    if (!last) return []
    return [
      { signal, unit, value: signal === 'battery' ? last.value : timesOn(series, device, signal, points) },
    ]
  })
  if (told.length > 0) return told
  // A smoke alarm with nothing to say was heard all the same: how often it is, is asked in its review.
  const isHeard = known.some(({ signal }) => series.points(device, signal, fromMs, untilMs).length > 0)
  return isHeard ? [{ signal: 'online', unit: '', value: 1 }] : []
}

export function registerDay(clean: CleanRegister, fromMs: number, untilMs: number): RegisterDay | null {
  const last = clean.counted.findLast(({ atMs }) => atMs < untilMs)
  if (!last || last.atMs < fromMs) return null
  const hours = spreadUses(clean, fromMs, untilMs, HOUR_MS)
  const [use = null] = spreadUses(clean, fromMs, untilMs, untilMs - fromMs)
  const night = hours.slice(0, NIGHT_HOURS).filter((one) => one !== null)
  const most = Math.max(0, ...hours.map((one) => one ?? 0))
  return {
    value: last.value,
    use: use === null ? null : rounded(use),
    dryHours: Math.round(longestStill(clean, fromMs, untilMs) / (HOUR_MS / 10)) / 10,
    nightLow: night.length >= NIGHT_TOLD ? rounded(Math.min(...night)) : null,
    peakHour: most > 0 ? hours.indexOf(most) : null,
    untoldHours: hours.filter((one) => one === null).length,
  }
}

/** A tenth of a litre: what is finer comes of spreading over hours, and travels for nothing. */
const rounded = (use: number): number => Math.round(use * 1e4) / 1e4

function longestStill({ stretches }: CleanRegister, fromMs: number, untilMs: number): number {
  let longest = 0
  let since: number | null = null
  for (const stretch of stretches) {
    if (stretch.use !== 0) {
      since = null
      continue
    }
    since ??= stretch.fromMs
    longest = Math.max(longest, Math.min(stretch.untilMs, untilMs) - Math.max(since, fromMs))
  }
  return longest
}

/** A level that was confirmed is not one more time. */
function timesOn(
  series: Pick<SeriesView, 'points'>,
  device: string,
  signal: Signal,
  points: readonly Point[],
): number {
  const first = points[0]!.atMs
  let before = series.points(device, signal, first - 24 * HOUR_MS, first).at(-1)?.value ?? 0
  let times = 0
  for (const { value } of points) {
    if (value === 1 && before === 0) times++
    before = value
  }
  return times
}
