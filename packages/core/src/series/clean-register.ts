/**
 * What a register tells when it was read with dirt in it. Nothing is made up: readings that cannot all be true are
 * settled by doubting as few of them as possible, and where that says nothing, nothing is said.
 *
 * One reading follows another when it is not lower, and not higher than can have flowed in between. Of all ways through
 * the readings the one is taken that leaves out fewest; going on from another value altogether (a meter was changed)
 * costs as much as leaving out `CHANGE_COST`, so a new meter is believed after that many readings and a spike never is.
 */
import type { RegisterLimits } from './limits.ts'
import type { Point } from './observation.ts'

/**
 * `two-values`: of one moment; `negative-step`: left out because it is lower than the one before it, or higher than those after;
 * `jump`: left out because so much cannot have flowed; `rollover`: the register began again at 0, and the use is known;
 * `step-back`: it went back by its last digits and on from there; `meter-change`: it went on from elsewhere, and in both
 * the use in between is not known; `gap`: nothing was read for over a day.
 */
export type DirtKind =
  | 'two-values'
  | 'negative-step'
  | 'jump'
  | 'rollover'
  | 'step-back'
  | 'meter-change'
  | 'gap'
export type Dirt = { readonly kind: DirtKind; readonly atMs: number }

/** Between two readings that count. `use` null: it is not known, the register went on from elsewhere. */
export type Stretch = { readonly fromMs: number; readonly untilMs: number; readonly use: number | null }
export type CleanRegister = {
  readonly stretches: readonly Stretch[]
  /** The readings that count. */
  readonly counted: readonly Point[]
  readonly dirt: readonly Dirt[]
}

const CHANGE_COST = 6
const ROLLOVER_COST = 1
/** A single low reading is left out; three are where the register is now. */
const STEP_BACK_COST = 2
/** So many readings in a row may be left out; more than that are a meter of their own. */
const MOST_LEFT_OUT = 24
const HOUR_MS = 3_600_000
/** As in the published counts of this kind of data. */
export const GAP_MS = 24 * HOUR_MS

type Link = { readonly use: number | null; readonly cost: number; readonly kind: DirtKind | null }
const STEPPED_BACK: Link = { use: null, cost: STEP_BACK_COST, kind: 'step-back' }
const CHANGED: Link = { use: null, cost: CHANGE_COST, kind: 'meter-change' }

/** `points` in order of time, each there once. */
export function cleanRegister(points: readonly Point[], limits: RegisterLimits): CleanRegister {
  const way = bestWay(points, limits)
  const stretches: Stretch[] = []
  const dirt: Dirt[] = []
  const counted = way.map((at) => points[at]!)
  for (let n = 1; n < way.length; n++) {
    const [before, after] = [counted[n - 1]!, counted[n]!]
    const { use, kind } = linkOf(before, after, limits) ?? CHANGED
    stretches.push({ fromMs: before.atMs, untilMs: after.atMs, use })
    if (kind) dirt.push({ kind, atMs: after.atMs })
    if (after.atMs - before.atMs > GAP_MS) dirt.push({ kind: 'gap', atMs: before.atMs })
  }
  const kept = new Set(way)
  let before: Point | null = null
  points.forEach((point, at) => {
    if (kept.has(at)) before = point
    else dirt.push({ kind: whyLeftOut(point, before, counted, limits), atMs: point.atMs })
  })
  return { stretches, counted, dirt }
}

function whyLeftOut(
  point: Point,
  before: Point | null,
  counted: readonly Point[],
  limits: RegisterLimits,
): DirtKind {
  if (isCounted(counted, point.atMs)) return 'two-values'
  if (before === null || point.value < before.value) return 'negative-step'
  return point.value - before.value > mostBetween(before, point, limits) ? 'jump' : 'negative-step'
}

function isCounted(counted: readonly Point[], atMs: number): boolean {
  let low = 0
  let high = counted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (counted[middle]!.atMs < atMs) low = middle + 1
    else high = middle
  }
  return counted[low]?.atMs === atMs
}

const mostBetween = (a: Point, b: Point, { mostInAnHour, slack }: RegisterLimits): number =>
  (mostInAnHour * (b.atMs - a.atMs)) / HOUR_MS + slack

/** How the second may come after the first without a change of meter; null where it may not. */
function linkOf(a: Point, b: Point, limits: RegisterLimits): Link | null {
  const moved = b.value - a.value
  const most = mostBetween(a, b, limits)
  if (moved >= 0) return moved <= most ? { use: moved, cost: 0, kind: null } : null
  if (-moved <= limits.mostBack + 1e-9) return STEPPED_BACK
  for (const width of limits.widths) {
    const use = b.value + width - a.value
    // A register that is far from its end has not come round, however long nobody looked.
    if (a.value < width && b.value >= 0 && use >= 0 && use <= Math.min(most, width / 100))
      return { use, cost: ROLLOVER_COST, kind: 'rollover' }
  }
  return null
}

const followsAtOnce = (a: Point, b: Point, limits: RegisterLimits): boolean =>
  a.atMs < b.atMs && linkOf(a, b, limits)?.cost === 0

/** The places of the readings that count. */
function bestWay(points: readonly Point[], limits: RegisterLimits): number[] {
  const score = new Float64Array(points.length)
  const from = new Int32Array(points.length)
  let lastOdd = Number.NEGATIVE_INFINITY
  for (let at = 0; at < points.length; at++) {
    score[at] = 1
    from[at] = -1
    const odd = at > 0 && !followsAtOnce(points[at - 1]!, points[at]!, limits)
    if (odd) lastOdd = at
    // Where all has been well for long, nothing is better than the reading before.
    const reach = at - lastOdd > MOST_LEFT_OUT ? 1 : MOST_LEFT_OUT + 1
    for (let back = at - 1; back >= 0 && back >= at - reach; back--) {
      if (points[back]!.atMs === points[at]!.atMs || score[back]! + 1 < score[at]!) continue
      const { cost } = linkOf(points[back]!, points[at]!, limits) ?? CHANGED
      const sum = score[back]! + 1 - cost
      // Of two ways that are as good, the one that doubts the later reading.
      if (sum < score[at]! || (sum === score[at]! && from[at] === -1)) continue
      score[at] = sum
      from[at] = back
    }
  }
  let last = points.length - 1
  for (let at = last - 1; at >= 0 && at >= points.length - 1 - MOST_LEFT_OUT; at--)
    if (score[at]! > score[last]!) last = at
  const way: number[] = []
  for (let at = last; at >= 0; at = from[at]!) way.push(at)
  return way.reverse()
}
