/**
 * How use between readings becomes use in steps. A reading at 00:28 and one at 01:19 do not say what the register was at
 * 01:00. Between two readings that are no further apart than one and a half steps it is taken to have moved evenly; over
 * a longer time only if it did not move at all. A step is told where the register is known at both its ends, so what
 * the steps of a run say adds up to what the register moved.
 */
import type { CleanRegister } from './clean-register.ts'

const MOST_STEPS_APART = 1.5

/** The register at a moment, counted from the last change of meter. */
type Known = { readonly meter: number; readonly moved: number }

export function spreadUses(
  { stretches, counted }: CleanRegister,
  fromMs: number,
  untilMs: number,
  stepMs: number,
): (number | null)[] {
  const uses: (number | null)[] = []
  let at = 0
  let meter = 0
  let moved = 0
  const knownAt = (ms: number): Known | null => {
    for (; at < stretches.length && stretches[at]!.untilMs <= ms; at++) {
      const { use } = stretches[at]!
      if (use === null) {
        meter++
        moved = 0
      } else moved += use
    }
    const stretch = stretches[at]
    // The last reading's own moment.
    if (!stretch) return counted.at(-1)?.atMs === ms ? { meter, moved } : null
    if (ms < stretch.fromMs) return null
    if (ms === stretch.fromMs) return { meter, moved }
    const lasts = stretch.untilMs - stretch.fromMs
    if (stretch.use === null || (stretch.use > 0 && lasts > MOST_STEPS_APART * stepMs)) return null
    return { meter, moved: moved + (stretch.use * (ms - stretch.fromMs)) / lasts }
  }
  let before = knownAt(fromMs)
  for (let start = fromMs; start + stepMs <= untilMs; start += stepMs) {
    const after = knownAt(start + stepMs)
    uses.push(before && after && before.meter === after.meter ? rounded(after.moved - before.moved) : null)
    before = after
  }
  return uses
}

/** Differences of sums carry noise of the binary number. */
const rounded = (use: number): number => Math.max(0, Math.round(use * 1e9) / 1e9)
