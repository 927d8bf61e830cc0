/**
 * False alarms lead to a better rule: after the second of one device and rule it is proposed what to do about the next
 * one, and done by one command. What concerns life is not told less: a detector that is wrong is repaired.
 */
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import type { Rule } from '../watch/finding.ts'
import { isFalseAlarm } from './alarm-answers.ts'
import { foldAlarm } from './alarm-state.ts'
import { foldCaseRecord } from './case-state.ts'
import type { EntryPlace } from './command.ts'
import { type LeaveSaidBy, noteLeave } from './leave.ts'
import { openCase } from './open-case.ts'
import { openRecordSet, type RecordSet, textOf } from './record-set.ts'
import { adjustDevice } from './set-rule.ts'
import { deviceRulesOf, rulesOf } from './watch-rules.ts'

/** `leave`: note who is away. `threshold`: this device's own limits of the rule. `repair`: a case to mend the device. */
export type ImprovementName = 'leave' | 'threshold' | 'repair'

export type Improvement = {
  readonly do: ImprovementName
  /** How many of the false alarms speak for it. */
  readonly because: number
  /** Of a threshold: what would hold, and what holds; null else. */
  readonly limits: Readonly<Record<string, { readonly from: number; readonly to: number }>> | null
}

/** The second one teaches (domain B.2). */
const FALSE_ALARMS = 2

/**
 * What may be done, the likeliest first; nothing before the second false alarm, and no threshold where it was set since
 * the last of them.
 */
export function improvementsFor(set: RecordSet, alarm: Projection): readonly Improvement[] {
  const device = set.getA('device', alarm.fields.device)
  const code = textOf(alarm, 'rule')
  const rounds = set
    .referring('alarm', 'device', textOf(alarm, 'device') ?? '')
    .filter((one) => one.fields.rule === code)
    .flatMap((one) => foldAlarm(one).rounds)
    .filter(({ verdict }) => isFalseAlarm(verdict))
  if (!device || rounds.length < FALSE_ALARMS) return []
  const count = (wanted: string) => rounds.filter(({ verdict }) => verdict === wanted).length
  const rule = rulesOf(set).find(({ id }) => id === code)
  const limits = rule ? looser(rule, device) : null
  const household = set.getA('household', alarm.fields.household)
  const all: readonly Improvement[] = [
    ...(household && foldAlarm(alarm).rule.urgency === 'care'
      ? [{ do: 'leave' as const, because: count('away'), limits: null }]
      : []),
    ...(limits ? [{ do: 'threshold' as const, because: count('false'), limits }] : []),
    { do: 'repair', because: count('fault'), limits: null },
  ]
  return [...all].sort((a, b) => b.because - a.because)
}

/** Twice as long, or twice as much, by what the kind of rule looks at. No source gives how much: this project's own. */
const LOOSER: Readonly<Partial<Record<Rule['kind'], readonly [limit: string, times: number][]>>> = {
  'no-use': [['hours', 2]],
  silence: [['hours', 2]],
  leak: [['atLeast', 2]],
  'night-flow': [['atLeast', 2]],
  'too-much': [['above', 2]],
  'away-use': [['above', 2]],
  'gauge-above': [['minutes', 2]],
  'gauge-below': [['minutes', 2]],
  condition: [['minutes', 2]],
}

function looser(rule: Rule, device: Projection): Improvement['limits'] {
  if (rule.urgency === 'life') return null
  const own = deviceRulesOf(device)[rule.id]?.limits ?? {}
  const limits: Record<string, { from: number; to: number }> = {}
  for (const [name, times] of LOOSER[rule.kind] ?? []) {
    const from = own[name] ?? rule.limits[name]
    if (from !== undefined && from > 0) limits[name] = { from, to: from * times }
  }
  return Object.keys(limits).length > 0 ? limits : null
}

export type ImproveAlarm = {
  readonly alarm: string
  readonly do: ImprovementName
  /** Of a leave: the last day away, and who says so; a worker when not given. */
  readonly until?: string
  readonly saidBy?: LeaveSaidBy
}

export type ImprovedAlarm = {
  readonly alarm: string
  readonly did: ImprovementName
  /** The leave, the device, or the case that it is written on. */
  readonly record: string
  readonly entries: readonly EntryPlace[]
}

export type ImproveAlarmProblem = Problem & {
  readonly type:
    | 'no-such-record'
    /** `possible`: what there is. A rule about life has no looser limits; a device without a household no leave. */
    | 'no-such-improvement'
}

/** Does one of them. A case of repair that is open already is not opened twice. */
export async function improveAlarm(station: Station, input: ImproveAlarm): Promise<Result<ImprovedAlarm>> {
  const set = openRecordSet(station, { follow: false })
  const alarm = set.getA('alarm', input.alarm)
  if (!alarm) return fail({ type: 'no-such-record', id: input.alarm, wanted: 'alarm' })
  const possible = improvementsFor(set, alarm)
  const chosen = possible.find((one) => one.do === input.do)
  if (!chosen)
    return fail({
      type: 'no-such-improvement',
      alarm: alarm.id,
      asked: input.do,
      possible: possible.map((one) => one.do),
    })
  const device = textOf(alarm, 'device')!
  const did = { alarm: alarm.id, did: input.do }
  switch (input.do) {
    case 'leave': {
      const noted = await noteLeave(station, {
        household: textOf(alarm, 'household')!,
        saidBy: input.saidBy ?? 'worker',
        ...(input.until === undefined ? {} : { until: input.until }),
      })
      return noted.ok ? ok({ ...did, record: noted.value.leave, entries: noted.value.entries }) : noted
    }
    case 'threshold': {
      const record = set.getA('device', device)!
      const code = textOf(alarm, 'rule')!
      const to = Object.entries(chosen.limits!).map(([name, { to: value }]) => [name, value] as const)
      const adjusted = await adjustDevice(station, {
        ...{ device, rule: code, alarm: alarm.id },
        limits: { ...deviceRulesOf(record)[code]?.limits, ...Object.fromEntries(to) },
        reason: '误报后放宽 · Looser after false alarms',
      })
      return adjusted.ok ? ok({ ...did, record: device, entries: adjusted.value.entries }) : adjusted
    }
    case 'repair': {
      const record = set.getA('device', device)!
      const name = textOf(record, 'name') ?? foldAlarm(alarm).rule.label[0]
      const title = `检修设备 · Repair the device: ${name}`
      const household = textOf(alarm, 'household')
      const known = [...set.ofType('case')].find(
        (one) =>
          one.space === alarm.space &&
          one.fields.title === title &&
          one.fields.household === (household ?? undefined) &&
          foldCaseRecord(one).open,
      )
      if (known) return ok({ ...did, record: known.id, entries: [] })
      const opened = await openCase(station, {
        ...(household === null ? { space: alarm.space } : { household }),
        ...{ kind: 'device', title, source: 'device' },
      })
      return opened.ok ? ok({ ...did, record: opened.value.case, entries: opened.value.entries }) : opened
    }
  }
}
