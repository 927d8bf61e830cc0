/**
 * How alarms are handled, from records alone (docs/alarms.md has every definition): how soon somebody answered, was at
 * the door, said what it was; and how many were none, by rule, device and maker. An alarm that was raised again counts
 * again. Where a clock contradicts the gateway's, the time is not known and not counted.
 */
import { type AlarmVerdict, isFalseAlarm } from './alarm-answers.ts'
import { type AlarmRound, type FoldedAnswer, foldAlarm } from './alarm-state.ts'
import { addDays, calendarOf, startOfDay } from './day.ts'
import { type RecordSet, textOf } from './record-set.ts'

/** Minutes; null where nothing was measured. */
export type Spread = {
  readonly count: number
  readonly medianMinutes: number | null
  readonly p90Minutes: number | null
}

export type AlarmMeasure = {
  readonly of: 'all' | 'rule' | 'device' | 'maker'
  readonly id: string
  readonly label: readonly [zh: string, en: string]
  readonly raised: number
  /** No verdict yet. */
  readonly open: number
  readonly verdicts: Readonly<Record<AlarmVerdict, number>>
  /** Of those with a verdict, in per cent; tests are left out. Null where there are none. */
  readonly falsePercent: number | null
  readonly firstAnswer: Spread
  /** Somebody at the door, met there or not. */
  readonly atDoor: Spread
  readonly verdict: Spread
  /** Answers whose time is not known: a clock was wrong. */
  readonly timesUnknown: number
}

/** Of alarms raised from `from` to `until`, both counted: all together, then rules, makers and devices by name. */
export function alarmMeasures(
  set: RecordSet,
  from: string,
  until: string,
  options: { readonly grid?: string } = {},
): readonly AlarmMeasure[] {
  const calendar = calendarOf(set)
  const [fromMs, toMs] = [startOfDay(calendar, from), startOfDay(calendar, addDays(until, 1))]
  const rows = new Map<string, Counting>()
  const row = (of: AlarmMeasure['of'], id: string, label: readonly [string, string]): Counting => {
    const key = `${of} ${id}`
    const known = rows.get(key)
    if (known) return known
    const made: Counting = { of, id, label, rounds: [] }
    rows.set(key, made)
    return made
  }
  row('all', 'all', ['全部', 'All'])
  for (const record of set.ofType('alarm')) {
    if (options.grid !== undefined && record.space !== options.grid) continue
    const { rule, rounds } = foldAlarm(record)
    const counted = rounds.filter(({ raisedAtMs }) => fromMs <= raisedAtMs && raisedAtMs < toMs)
    if (counted.length === 0) continue
    const device = set.getA('device', record.fields.device)
    const id = textOf(record, 'device') ?? ''
    const name = textOf(device, 'name') ?? id
    const maker = textOf(device, 'maker')
    for (const one of [
      row('all', 'all', ['全部', 'All']),
      row('rule', rule.id, rule.label),
      row('device', id, [name, name]),
      ...(maker === null ? [] : [row('maker', maker, [maker, maker])]),
    ])
      one.rounds.push(...counted)
  }
  const order = { all: 0, rule: 1, maker: 2, device: 3 }
  return [...rows.values()]
    .map(measured)
    .sort((a, b) => order[a.of] - order[b.of] || (a.label[1] < b.label[1] ? -1 : 1))
}

type Counting = Pick<AlarmMeasure, 'of' | 'id' | 'label'> & { readonly rounds: AlarmRound[] }

function measured({ rounds, ...row }: Counting): AlarmMeasure {
  const verdicts = { true: 0, fault: 0, false: 0, away: 0, test: 0 }
  for (const { verdict } of rounds) if (verdict !== null) verdicts[verdict]++
  const none = rounds.filter(({ verdict }) => isFalseAlarm(verdict)).length
  const told = none + verdicts.true
  return {
    ...row,
    raised: rounds.length,
    open: rounds.filter(({ verdict }) => verdict === null).length,
    verdicts,
    falsePercent: told === 0 ? null : Math.round((1000 * none) / told) / 10,
    firstAnswer: spread(rounds, ({ answers }) => answers),
    atDoor: spread(rounds, ({ answers }) => answers.filter(({ means }) => means === 'door')),
    // Two who decided apart: it was known when the first of them knew.
    verdict: spread(rounds, ({ answers }) => answers.filter(({ verdict }) => verdict !== null)),
    timesUnknown: rounds.flatMap(({ answers }) => answers).filter((one) => one.clockDoubtful).length,
  }
}

function spread(rounds: readonly AlarmRound[], of: (round: AlarmRound) => readonly FoldedAnswer[]): Spread {
  const minutes = rounds
    .flatMap((round) => {
      const answers = of(round)
      // One whose time is not known may have been the first.
      if (answers.length === 0 || answers.some(({ clockDoubtful }) => clockDoubtful)) return []
      return [(Math.min(...answers.map(({ atMs }) => atMs)) - round.raisedAtMs) / 60_000]
    })
    .sort((a, b) => a - b)
  const at = (share: number): number | null =>
    minutes.length === 0
      ? null
      : Math.round(10 * minutes[Math.max(0, Math.ceil(share * minutes.length) - 1)]!) / 10
  return { count: minutes.length, medianMinutes: at(0.5), p90Minutes: at(0.9) }
}
