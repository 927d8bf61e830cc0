/** What was said to be nothing and is found all the same: whoever was well on Monday may not be on Tuesday. */
import { ruleFor } from '../watch/evaluate.ts'
import type { Finding, Rule } from '../watch/finding.ts'
import { QUIET_HOURS, tellAtMs, type WatchedDevice } from '../watch/watched.ts'
import { foldAlarm } from './alarm-state.ts'
import { calendarOf } from './day.ts'
import { isToTellAgain } from './raise-alarm.ts'
import { type RecordSet, textOf } from './record-set.ts'

/**
 * Alarms to be raised again now, as findings for `raiseFinding`: of care alone, of homes that may be watched and are
 * not away, once the rule's own window has passed since the verdict, and outside the quiet hours.
 */
export function stillFound(
  set: RecordSet,
  nowMs: number,
  rules: readonly Rule[],
  devices: ReadonlyMap<string, WatchedDevice>,
): readonly Finding[] {
  const context = { calendar: calendarOf(set), quietHours: QUIET_HOURS }
  return [...set.ofType('alarm')].flatMap((alarm): Finding[] => {
    const fold = foldAlarm(alarm)
    if (fold.open || fold.state !== 'raised' || fold.rule.urgency !== 'care') return []
    const device = devices.get(textOf(alarm, 'device') ?? '')
    const given = rules.find(({ id }) => id === fold.rule.id)
    const rule = device && given && ruleFor(given, device)
    if (!rule || device.leaves.some(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs)) return []
    const finding = {
      ...{ rule: rule.id, device: device.id, state: 'raised' as const },
      ...{ sinceMs: fold.sinceMs, atMs: nowMs, figures: fold.figures },
    }
    return isToTellAgain(fold, finding, rule) && tellAtMs(rule, device, context, nowMs) <= nowMs
      ? [finding]
      : []
  })
}
