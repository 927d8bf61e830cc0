/**
 * What is usual in one home, from its first week: a rule that goes by a share of it then has a limit of its own there.
 * A home where nothing was used for days learns nothing, or it would never be missed.
 */
import type { SeriesView } from '../series/observation.ts'
import { signals } from '../series/observation.ts'
import { midnightOf } from '../work/quiet-hours.ts'
import { ruleFor } from './evaluate.ts'
import type { Rule } from './finding.ts'
import { DAY_MS, HOUR_MS, type WatchContext, type WatchedDevice } from './watched.ts'

/** Of the week so many days must be told whole. */
const LEAST_DAYS = 5

/**
 * Other limits for this device, as `below`; null where the rule goes by no share, the week is not over or tells too
 * little, or the device has limits of its own already. Never below the community's own limit.
 */
export function learnLimits(
  rule: Rule,
  device: WatchedDevice,
  view: SeriesView,
  { nowMs, calendar }: Pick<WatchContext, 'nowMs' | 'calendar'>,
): { readonly below: number } | null {
  const { signal, limits, kind } = rule
  const { shareOfUsual = 0, below = 0, hours = 24 } = limits
  if (kind !== 'no-use' || shareOfUsual <= 0 || signal === null || signals[signal].form !== 'register')
    return null
  if (nowMs < device.learnedMs || Object.hasOwn(device.own, rule.id) || !ruleFor(rule, device)) return null
  const uses: number[] = []
  for (let ms = device.fromMs; ms < device.learnedMs; ms += DAY_MS) {
    const fromMs = midnightOf(calendar, calendar.dayOf(ms + 12 * HOUR_MS))
    if (device.leaves.some((span) => span.fromMs < fromMs + DAY_MS && span.untilMs > fromMs)) continue
    const [use] = view.uses(device.id, signal, fromMs, fromMs + DAY_MS, DAY_MS)
    const parts =
      use === null || use === undefined
        ? view.uses(device.id, signal, fromMs, fromMs + DAY_MS, HOUR_MS)
        : [use]
    if (parts.every((part) => part !== null)) uses.push(parts.reduce<number>((sum, part) => sum + part!, 0))
  }
  if (uses.length < LEAST_DAYS) return null
  const usual = uses.sort((a, b) => a - b)[Math.floor((uses.length - 1) / 2)]!
  const own = Math.round(((usual * hours) / 24) * shareOfUsual * 1000) / 1000
  return own > below ? { below: own } : null
}
