/**
 * What the rules about levels say: smoke, a door, a temperature. A level is true as of when it was last confirmed; when
 * nobody confirmed it for too long it is unknown, never ok. The edge is the event: a level that only goes on is none.
 */
import type { Point, SeriesView } from '../series/observation.ts'
import type { Moment } from './course.ts'
import type { Rule } from './finding.ts'
import { HOUR_MS, isExcused, MINUTE_MS, SILENT_AFTER_HOURS, type WatchedDevice } from './watched.ts'

/**
 * A test button lets a detector say that it smells smoke: what it says so near to the press is a test. Not longer, for
 * a fire may follow a test; what is confirmed afterwards counts.
 */
const TEST_MS = 60_000

export const decayOf = ({ limits }: Rule): number => (limits.decayHours ?? SILENT_AFTER_HOURS) * HOUR_MS
const lastsOf = ({ limits }: Rule): number => (limits.minutes ?? 0) * MINUTE_MS

type Level = { readonly atMs: number; readonly on: boolean; readonly value: number }

/** Of what was said from `fromMs` to `toMs`, both in. */
export function levelMoments(
  rule: Rule,
  device: WatchedDevice,
  view: SeriesView,
  fromMs: number,
  toMs: number,
): readonly Moment[] {
  const { signal } = rule
  if (signal === null) return []
  const from = Math.max(fromMs, device.fromMs)
  const points = withoutTests(view.points(device.id, signal, from, toMs + 1), device.id, view)
  const levels = levelsOf(rule, points)
  const moments: Moment[] = []
  const decayMs = decayOf(rule)
  const lastsMs = lastsOf(rule)
  const excuse = (moment: Moment): Moment =>
    isExcused(rule, device, moment.atMs, 0) ? { ...moment, excused: true } : moment
  let onSince: Level | null = null
  let isSaid = false
  for (const [at, level] of levels.entries()) {
    const nextMs = levels[at + 1]?.atMs ?? toMs + 1
    const knownUntilMs = level.atMs + decayMs
    if (!level.on) {
      onSince = null
      moments.push(excuse({ atMs: level.atMs, truth: 'cleared', value: level.value }))
    } else {
      if (onSince === null) {
        onSince = level
        isSaid = false
      }
      const sinceMs = onSince.atMs
      const dueMs = Math.max(sinceMs + lastsMs, level.atMs)
      // It has lasted long enough while it was still known, and before anybody said otherwise.
      if (isSaid || (dueMs < nextMs && dueMs < knownUntilMs)) {
        const value = lastsMs > 0 && rule.kind === 'condition' ? lastsMs / MINUTE_MS : level.value
        moments.push(excuse({ atMs: isSaid ? level.atMs : dueMs, truth: 'raised', value, sinceMs }))
        isSaid = true
      }
    }
    if (knownUntilMs < nextMs) {
      moments.push(excuse({ atMs: knownUntilMs, truth: 'unknown', value: level.value }))
      // Whether it went on meanwhile nobody knows: it has to last anew.
      onSince = null
    }
  }
  return withEnds(moments, rule, device, toMs)
}

/** Where learning or a leave ends while a level goes on, it is said again: it is no longer excused. */
function withEnds(
  moments: readonly Moment[],
  rule: Rule,
  { learnedMs, leaves }: WatchedDevice,
  toMs: number,
): readonly Moment[] {
  if (!moments.some(({ excused }) => excused)) return moments
  const ends = [learnedMs, ...(rule.urgency === 'care' ? leaves.map(({ untilMs }) => untilMs) : [])].filter(
    (ms) => ms <= toMs,
  )
  const said: Moment[] = [...moments]
  for (const endMs of ends) {
    const last = moments.findLast(({ atMs }) => atMs <= endMs)
    if (!last?.excused) continue
    const { excused: _, ...plain } = last
    said.push({ ...plain, atMs: endMs, ...(plain.truth === 'raised' ? { sinceMs: endMs } : {}) })
  }
  return said.sort((a, b) => a.atMs - b.atMs)
}

export function withoutTests(points: readonly Point[], device: string, view: SeriesView): readonly Point[] {
  const [first] = points
  if (!first) return points
  const tests = view.points(device, 'test', first.atMs - TEST_MS, points.at(-1)!.atMs + TEST_MS)
  if (tests.length === 0) return points
  return points.filter(
    ({ atMs, value }) => value === 0 || !tests.some((test) => Math.abs(test.atMs - atMs) <= TEST_MS),
  )
}

/** A gauge between its two limits goes on as it was: without that it would ring at every tremble of the value. */
function levelsOf({ kind, limits }: Rule, points: readonly Point[]): readonly Level[] {
  if (kind === 'condition') return points.map(({ atMs, value }) => ({ atMs, value, on: value === 1 }))
  const levels: Level[] = []
  const above = kind === 'gauge-above'
  const limit = above ? (limits.above ?? Infinity) : (limits.below ?? -Infinity)
  const back = (above ? limits.clearBelow : limits.clearAbove) ?? limit
  for (const { atMs, value } of points) {
    const on = above ? value > limit : value < limit
    const isBack = above ? value <= back : value >= back
    const was = levels.at(-1)?.on
    if (on || isBack) levels.push({ atMs, value, on })
    else if (was !== undefined) levels.push({ atMs, value, on: was })
  }
  return levels
}
