/** How a device did in a quarter: worked out from the records of that time, the same on every station that has them. */
import type { Projection } from '../record/project.ts'
import { isFalseAlarm } from './alarm-answers.ts'
import { foldAlarm } from './alarm-state.ts'
import { addDays, type Calendar, dateOf, daysBetween } from './day.ts'
import { daysHeard, expiryOf, monthsInUse } from './device-life.ts'
import type { Norms } from './device-norms.ts'
import { byId } from './lookups.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type Quarter = { readonly name: string; readonly from: string; readonly until: string }

/** `2026Q4`; null for what is none. Days of the community's calendar, both included. */
export function quarterOf(name: string): Quarter | null {
  const [, year, at] = /^(\d{4})Q([1-4])$/.exec(name) ?? []
  if (year === undefined) return null
  const month = (Number(at) - 1) * 3 + 1
  const from = `${year}-${String(month).padStart(2, '0')}-01`
  const next = month === 10 ? `${Number(year) + 1}-01-01` : `${year}-${String(month + 3).padStart(2, '0')}-01`
  return { name, from, until: addDays(next, -1) }
}

export const quarterAt = (day: string): string =>
  `${day.slice(0, 4)}Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`

export type DeviceFigures = {
  /** Days of the quarter on which it was in use, and on how many of them it was heard; null: it is not read. */
  readonly days: number
  readonly daysHeard: number | null
  readonly onlinePercent: number | null
  readonly alarms: number
  readonly answered: number
  readonly falseAlarms: number
  /** Of those with a verdict; null where there are fewer than the norm asks for. */
  readonly falsePercent: number | null
  /** Something was wrong, and the device said so. */
  readonly trueAlarms: number
  /** Who relied on it: answers to its alarms by the role of who gave them, cases it opened or joined, sheets printed. */
  readonly usedBy: readonly { readonly role: string; readonly answers: number }[]
  readonly cases: readonly string[]
  readonly sheetsPrinted: number
  /** Cases about it that people brought up. */
  readonly complaints: readonly string[]
  readonly priceYuan: number | null
  readonly yuanPerMonth: number | null
  readonly paidBy: string | null
  readonly monthsInUse: number | null
  readonly expiresOn: string | null
  /** By the end of the quarter, or by today within it. */
  readonly expired: boolean
}

/** This project's own: a device that has been read for a few days is not judged by how often it was heard. */
const LEAST_DAYS = 14

/** It may hang in the home for years before it is noted, and be asked for the first time then. */
const readSince = (device: Projection, calendar: Calendar): string =>
  [calendar.dayOf(device.createdAt), daysHeard(device, '', '9999')[0] ?? '9999'].sort()[0]!

export function deviceFigures(
  set: RecordSet,
  device: Projection,
  quarter: Quarter,
  { on, calendar, norms }: { readonly on: string; readonly calendar: Calendar; readonly norms: Norms },
): DeviceFigures {
  // A day is summed up when it is over.
  const until = [quarter.until, addDays(on, -1), dateOf(device, 'retiredOn') ?? '9999'].sort()[0]!
  const from = [quarter.from, dateOf(device, 'installedOn') ?? '', readSince(device, calendar)].sort().at(-1)!
  const within = (ms: number) => {
    const day = calendar.dayOf(ms)
    return day >= quarter.from && day <= quarter.until && day <= on
  }
  const days = Math.max(0, daysBetween(from, until) + 1)
  const heard = textOf(device, 'protocol') === null ? null : daysHeard(device, from, until).length
  const folds = [...set.referring('alarm', 'device', device.id)].sort(byId).map(foldAlarm)
  const rounds = folds.flatMap((fold) => fold.rounds).filter(({ raisedAtMs }) => within(raisedAtMs))
  const judged = rounds.filter(({ verdict }) => verdict !== null)
  const falseAlarms = judged.filter(({ verdict }) => isFalseAlarm(verdict)).length
  const answers = rounds.flatMap((round) => round.answers)
  const complaints = [...set.referring('case', 'device', device.id)]
    .filter((one) => one.fields.source !== 'device' && within(one.createdAt))
    .map(({ id }) => id)
    .sort()
  const price = device.fields.priceYuan
  const months = monthsInUse(device, until)
  const expiry = expiryOf(device, norms)
  const homes = set.referring('household', 'dwelling', String(device.fields.dwelling)).map(({ id }) => id)
  return {
    days,
    daysHeard: heard,
    onlinePercent: heard === null || days < LEAST_DAYS ? null : Math.round((100 * heard) / days),
    alarms: rounds.length,
    answered: judged.length,
    falseAlarms,
    falsePercent:
      judged.length === 0 || judged.length < norms.get('false-least')!.value
        ? null
        : Math.round((100 * falseAlarms) / judged.length),
    trueAlarms: judged.filter(({ verdict }) => verdict === 'true').length,
    usedBy: [...Map.groupBy(answers, ({ role }) => role ?? 'unknown')]
      .map(([role, some]) => ({ role, answers: some.length }))
      .sort((a, b) => (a.role < b.role ? -1 : 1)),
    cases: [
      ...new Set(
        folds
          .filter(({ rounds: all }) => all.some((one) => within(one.raisedAtMs)))
          .flatMap(({ cases }) => cases),
      ),
    ].sort(),
    sheetsPrinted: homes.flatMap((home) =>
      set
        .referring('export', 'subject', home)
        .filter((one) => one.fields.what === 'meters' && within(one.createdAt)),
    ).length,
    complaints,
    priceYuan: typeof price === 'number' ? price : null,
    yuanPerMonth:
      typeof price === 'number' && months !== null && months > 0
        ? Math.round((100 * price) / months) / 100
        : null,
    paidBy: textOf(device, 'paidBy'),
    monthsInUse: months,
    expiresOn: expiry?.on ?? null,
    expired: expiry !== null && expiry.on <= until,
  }
}
