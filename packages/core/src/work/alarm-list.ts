/** Alarms as lists and cards show them: masked for the viewer, the most pressing first. */
import type { Projection } from '../record/project.ts'
import { QUIET_HOURS } from '../watch/watched.ts'
import { addressOf, addressText, shortAddress } from './address.ts'
import { type AlarmVerdict, isFalseAlarm } from './alarm-answers.ts'
import { type AlarmChain, alarmChain } from './alarm-chain.ts'
import {
  type AlarmFold,
  type AlarmRule,
  type AlarmState,
  type FoldedAnswer,
  foldAlarm,
} from './alarm-state.ts'
import { calendarOf } from './day.ts'
import { type Improvement, improvementsFor } from './improve-alarm.ts'
import type { Language } from './language.ts'
import { type Author, authorOf, type GridRef, gridOf } from './lookups.ts'
import { shown } from './mask.ts'
import { plainOf } from './masked-record.ts'
import type { QuietHours } from './quiet-hours.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type AlarmRow = {
  readonly id: string
  readonly grid: GridRef | null
  readonly household: string | null
  readonly householdName: string | null
  readonly dwelling: string | null
  readonly address: string
  /** `1-2-301`, as workers say it. */
  readonly door: string
  readonly device: string
  readonly deviceName: string | null
  readonly deviceKind: string | null
  readonly rule: AlarmRule
  readonly state: AlarmState
  readonly sinceMs: number
  /** When it was raised, the last time where it was raised again; by the gateway's clock. */
  readonly raisedAtMs: number
  readonly round: number
  readonly figures: Readonly<Record<string, number>>
  /** Nobody has said yet what it was. */
  readonly open: boolean
  readonly verdict: AlarmVerdict | null
  /** People said different things apart. */
  readonly disputed: boolean
  readonly answerCount: number
  readonly chain: AlarmChain
  /** The last one, open or not. */
  readonly case: string | null
  /** False alarms of this device by this rule, this one included. */
  readonly falseAlarms: number
}

export type AlarmAnswerRow = Omit<FoldedAnswer, 'by' | 'notBeforeMs'> & { readonly by: Author }

export type AlarmCard = AlarmRow & {
  readonly signals: AlarmFold['signals']
  readonly answers: readonly AlarmAnswerRow[]
  /** After false alarms: what to do about the next one, once it was said what this one was. */
  readonly improvements: readonly Improvement[]
  /** Whom to phone, masked: the number is given out by `reveal` alone. */
  readonly contact: {
    readonly name: string | null
    readonly phone: string | null
    /** Which field of which record `reveal` is asked for. */
    readonly field: 'emergencyPhone' | 'phone'
  } | null
}

export type AlarmFilter = {
  readonly nowMs: number
  readonly open?: boolean
  /** A grid's space. */
  readonly grid?: string
  readonly household?: string
  readonly device?: string
  /** The project's own when not given. */
  readonly quiet?: QuietHours
  readonly language?: Language
}

const URGENCY = { life: 0, care: 1, upkeep: 2 } as const

/** Open ones first, by urgency, the longest waiting first; then those that are over, the newest first. */
export function listAlarms(set: RecordSet, filter: AlarmFilter): readonly AlarmRow[] {
  const { household, device } = filter
  const records =
    household !== undefined
      ? set.referring('alarm', 'household', household)
      : device !== undefined
        ? set.referring('alarm', 'device', device)
        : set.ofType('alarm')
  const rows: AlarmRow[] = []
  for (const record of records) {
    if (filter.grid !== undefined && record.space !== filter.grid) continue
    if (device !== undefined && record.fields.device !== device) continue
    if (filter.open !== undefined && foldAlarm(record).open !== filter.open) continue
    rows.push(alarmRow(set, record, filter))
  }
  return rows.sort(byPressure)
}

function byPressure(a: AlarmRow, b: AlarmRow): number {
  if (a.open !== b.open) return a.open ? -1 : 1
  if (!a.open) return b.raisedAtMs - a.raisedAtMs || (a.id < b.id ? -1 : 1)
  return (
    URGENCY[a.rule.urgency] - URGENCY[b.rule.urgency] || a.raisedAtMs - b.raisedAtMs || (a.id < b.id ? -1 : 1)
  )
}

export function alarmCard(set: RecordSet, id: string, filter: AlarmFilter): AlarmCard | null {
  const record = set.getA('alarm', id)
  if (!record) return null
  const fold = foldAlarm(record)
  return {
    ...alarmRow(set, record, filter),
    signals: fold.signals,
    answers: fold.answers.map(({ by, notBeforeMs: _, ...one }) => ({ ...one, by: authorOf(set, by) })),
    improvements: fold.open ? [] : improvementsFor(set, record),
    contact: contactOf(set, set.getA('household', record.fields.household)),
  }
}

function alarmRow(set: RecordSet, record: Projection, filter: AlarmFilter): AlarmRow {
  const { nowMs, language = 'zh', quiet = QUIET_HOURS } = filter
  const fold = foldAlarm(record)
  const household = set.getA('household', record.fields.household)
  const dwelling = set.getA('dwelling', record.fields.dwelling, record.space)
  const device = set.getA('device', record.fields.device)
  const { current, cases } = fold
  return {
    id: record.id,
    grid: gridOf(set, record.space),
    household: household?.id ?? null,
    householdName:
      household && (shown('household', 'name', household.fields.name, set.viewer) as string | null),
    dwelling: dwelling?.id ?? null,
    address: addressText(addressOf(set, household ?? dwelling), language),
    door: shortAddress(addressOf(set, household ?? dwelling)),
    device: textOf(record, 'device') ?? '',
    deviceName: textOf(device, 'name'),
    deviceKind: textOf(device, 'kind'),
    rule: fold.rule,
    state: fold.state,
    sinceMs: fold.sinceMs,
    raisedAtMs: current.raisedAtMs,
    round: current.round,
    figures: fold.figures,
    open: fold.open,
    verdict: current.verdict,
    disputed: current.disputed,
    answerCount: current.answers.length,
    chain: alarmChain(fold, {
      nowMs,
      calendar: calendarOf(set),
      quiet,
      hasPhone: contactOf(set, household) !== null,
    }),
    case: cases.at(-1) ?? null,
    falseAlarms: falseAlarmsOf(set, record),
  }
}

/** The emergency contact first; where there is none, the home itself. */
function contactOf(set: RecordSet, household: Projection | null): AlarmCard['contact'] {
  if (!household) return null
  const plain = plainOf(household)
  const field = textOf(plain, 'emergencyPhone') !== null ? 'emergencyPhone' : 'phone'
  const phone = plain.fields[field]
  const { emergencyContact, name } = plain.fields
  if (textOf(plain, field) === null) return null
  const who =
    field === 'emergencyPhone' ? (['emergencyContact', emergencyContact] as const) : (['name', name] as const)
  return {
    name: shown('household', who[0], who[1], set.viewer) as string | null,
    phone: shown('household', field, phone, set.viewer) as string | null,
    field,
  }
}

/** How often this device and rule raised an alarm that was none, as far as it was said. */
export function falseAlarmsOf(set: RecordSet, alarm: Projection): number {
  let count = 0
  for (const one of set.referring('alarm', 'device', textOf(alarm, 'device') ?? ''))
    if (one.fields.rule === alarm.fields.rule)
      for (const { verdict } of foldAlarm(one).rounds) if (isFalseAlarm(verdict)) count++
  return count
}
