/** How long raw readings are kept, and how they grow fewer, as data. Daily summaries are records and go by theirs. */
import { type CleanRegister, cleanRegister } from './clean-register.ts'
import { registerLimits } from './limits.ts'
import { type Point, type Signal, signals } from './observation.ts'

/** Days of age, each at least the one before: all as it came, then by hours, then by days, then nothing. */
export type SeriesRetention = {
  readonly rawDays: number
  readonly hourDays: number
  readonly dayDays: number
}

const YEAR = 365
/**
 * As short as serves (PIPL 19): a quarter as it came, for a false alarm to be looked into; a year and a month by hours,
 * for a home's own past; three years by days, as cases. What only happened or was so is of no use by hours.
 */
const byForm: Readonly<Record<(typeof signals)[Signal]['form'], SeriesRetention>> = {
  register: { rawDays: 90, hourDays: YEAR + 31, dayDays: 3 * YEAR },
  gauge: { rawDays: 30, hourDays: 90, dayDays: YEAR + 31 },
  condition: { rawDays: 90, hourDays: YEAR + 31, dayDays: YEAR + 31 },
  event: { rawDays: YEAR + 31, hourDays: YEAR + 31, dayDays: YEAR + 31 },
}

export type RetentionBySignal = Readonly<Partial<Record<Signal, SeriesRetention>>>

export const retentionOf = (signal: Signal, own: RetentionBySignal = {}): SeriesRetention =>
  own[signal] ?? byForm[signals[signal].form]

/** 0: as it came; 1: by hours; 2: by days. */
export type Thinned = 0 | 1 | 2

const HOUR_MS = 3_600_000
type BucketOf = (atMs: number) => number | string

export const hourOf: BucketOf = (atMs) => Math.floor(atMs / HOUR_MS)

/**
 * The readings of `points` that stand for all of them: real ones, none made. Of registers those that count, the first and
 * the last of each bucket and those around a change, so that steps of the bucket's length say what they said before.
 * `around`: the readings before and after, which settle what counts.
 */
export function thin(
  signal: Signal,
  points: readonly Point[],
  bucketOf: BucketOf,
  around: readonly Point[] = points,
): Point[] {
  const { form } = signals[signal]
  if (form === 'event') return [...points]
  if (form !== 'register') return keepIn(points, bucketOf, form === 'gauge' ? extremes : edges)
  const clean = cleanRegister(around, registerLimits[signal]!)
  const [first, last] = [points[0]?.atMs ?? 0, points.at(-1)?.atMs ?? 0]
  const counted = clean.counted.filter(({ atMs }) => atMs >= first && atMs <= last)
  const changes = momentsOfChange(clean)
  return keepIn(counted, bucketOf, (bucket) => bucket.filter(({ atMs }) => changes.has(atMs)))
}

function momentsOfChange({ stretches, dirt }: CleanRegister): Set<number> {
  const changed = new Set(dirt.filter(({ kind }) => kind === 'rollover').map(({ atMs }) => atMs))
  return new Set(
    stretches.flatMap(({ fromMs, untilMs, use }) =>
      use === null || changed.has(untilMs) ? [fromMs, untilMs] : [],
    ),
  )
}

const extremes = (bucket: readonly Point[]): Point[] => {
  const by = (a: Point, b: Point) => a.value - b.value
  const sorted = [...bucket].sort(by)
  return [sorted[0]!, sorted.at(-1)!]
}
const edges = (bucket: readonly Point[]): Point[] =>
  bucket.filter(
    ({ value }, at) =>
      (at > 0 && bucket[at - 1]!.value !== value) ||
      (at + 1 < bucket.length && bucket[at + 1]!.value !== value),
  )

/** The first and the last of each bucket, and what else `also` takes of it. */
function keepIn(
  points: readonly Point[],
  bucketOf: BucketOf,
  also: (bucket: readonly Point[]) => readonly Point[],
): Point[] {
  const kept = new Set<Point>()
  let from = 0
  for (let at = 1; at <= points.length; at++) {
    if (at < points.length && bucketOf(points[at]!.atMs) === bucketOf(points[from]!.atMs)) continue
    const bucket = points.slice(from, at)
    for (const point of [bucket[0]!, bucket.at(-1)!, ...also(bucket)]) kept.add(point)
    from = at
  }
  return points.filter((point) => kept.has(point))
}
