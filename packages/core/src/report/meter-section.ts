/** Devices and what homes use, in a month: counts with the small ones hidden, and what nobody's own use follows from. */
import { recordTypes } from '../records/registry.ts'
import { signals } from '../series/observation.ts'
import { foldAlarm } from '../work/alarm-state.ts'
import { type Calendar, dateOf } from '../work/day.ts'
import { daysHeard, expiryOf, isReplaced, isRetired } from '../work/device-life.ts'
import { normsOf } from '../work/device-norms.ts'
import { averageOf, METERED, type MeterDay, type Metered, meterDays, stretch } from '../work/meter-days.ts'
import { type Quartiles, quartilesOf, STEPS } from '../work/peer-band.ts'
import { isAllowed } from '../work/permission.ts'
import { monitoringOf } from '../work/purposes.ts'
import { type RecordSet, textOf } from '../work/record-set.ts'
import { compareNames } from './name-order.ts'
import { daysOf, type Period } from './period.ts'
import { ProtectedTable, type Shown } from './protect.ts'

type Label = readonly [zh: string, en: string]

export type DeviceKindRow = {
  readonly kind: string
  readonly label: Label
  /** In use at the end of the period. */
  readonly devices: Shown
  /** Of those, with a word from them in the period. */
  readonly heard: Shown
  /** Of those, past their life. */
  readonly expired: Shown
  /** Alarms raised in the period. */
  readonly alarms: Shown
}

export type MeterUse = {
  readonly kind: Metered
  readonly label: Label
  readonly unit: string
  /** Of homes that agreed, per day; null where they are fewer than eleven, or all alike. */
  readonly quartiles: Quartiles | null
  /** Of each day, the home in the middle. */
  readonly days: readonly { readonly day: string; readonly middle: number | null }[]
}

export type MeterSection = {
  readonly kinds: readonly DeviceKindRow[]
  readonly total: DeviceKindRow
  readonly use: readonly MeterUse[]
}

export type MeterAsk = {
  readonly period: Period
  /** The last day that is told of. */
  readonly asOf: string
  /** Spaces of the grids. */
  readonly spaces: ReadonlySet<string>
  readonly limit: number
  readonly calendar: Calendar
}

export function meterSection(set: RecordSet, ask: MeterAsk): MeterSection {
  return { ...kindRows(set, ask), use: METERED.flatMap((kind) => useOf(set, kind, ask) ?? []) }
}

function kindRows(set: RecordSet, { period, asOf, spaces, limit, calendar }: MeterAsk) {
  const norms = normsOf(set)
  const counts = new Map<string, { devices: number; heard: number; expired: number; alarms: number }>()
  const all = { devices: 0, heard: 0, expired: 0, alarms: 0 }
  for (const device of set.ofType('device')) {
    if (!spaces.has(device.space)) continue
    const kind = textOf(device, 'kind') ?? 'other'
    const row = counts.get(kind) ?? { devices: 0, heard: 0, expired: 0, alarms: 0 }
    counts.set(kind, row)
    const installed = dateOf(device, 'installedOn') ?? calendar.dayOf(device.createdAt)
    const isInUse = installed <= asOf && !isRetired(device, asOf)
    const alarms = set
      .referring('alarm', 'device', device.id)
      .flatMap((alarm) => foldAlarm(alarm).rounds)
      .filter(({ raisedAtMs }) => {
        const day = calendar.dayOf(raisedAtMs)
        return day >= period.from && day <= asOf
      }).length
    for (const count of [row, all]) {
      count.alarms += alarms
      if (!isInUse) continue
      count.devices++
      if (daysHeard(device, period.from, asOf).length > 0) count.heard++
      if ((expiryOf(device, norms)?.on ?? '9999') <= asOf) count.expired++
    }
  }
  const table = new ProtectedTable()
  const cellsOf = (count: typeof all) => {
    const devices = table.cell(count.devices)
    const heard = table.cell(count.heard)
    const expired = table.cell(count.expired)
    const parts = { devices, heard, expired, alarms: table.cell(count.alarms) }
    return { ...parts, silent: table.partOf(heard, devices), sound: table.partOf(expired, devices) }
  }
  const total = cellsOf(all)
  const rows = [...counts]
    .sort(([a], [b]) => compareNames(a, b))
    .map(([kind, count]) => ({ kind, cells: cellsOf(count) }))
  if (rows.length > 0)
    for (const part of ['devices', 'heard', 'expired', 'alarms', 'silent', 'sound'] as const)
      table.sum(
        rows.map(({ cells }) => cells[part]),
        total[part],
      )
  const shown = table.shown(limit)
  const labels: Readonly<Record<string, Label>> = recordTypes.device.fields.kind.choices
  const rowOf = (kind: string, label: Label, cells: typeof total): DeviceKindRow => ({
    ...{ kind, label },
    devices: shown(cells.devices),
    heard: shown(cells.heard),
    expired: shown(cells.expired),
    alarms: shown(cells.alarms),
  })
  return {
    kinds: rows.map(({ kind, cells }) => rowOf(kind, labels[kind] ?? [kind, kind], cells)),
    total: rowOf('', ['合计', 'All'], total),
  }
}

/** A home counts in the month with this share of its days known. */
const LEAST_SHARE = 0.75

/**
 * Each home goes in as a step, and what comes out is the average of three homes in whole steps, as in the band of the
 * resident's sheet: whoever has the reports of a grid, of all grids and of the month before learns no more than a step.
 */
function useOf(set: RecordSet, kind: Metered, { period, asOf, spaces, calendar }: MeterAsk): MeterUse | null {
  const homes: (readonly MeterDay[])[] = []
  const purpose = monitoringOf(kind)
  for (const device of set.ofType('device')) {
    if (device.fields.kind !== kind || !spaces.has(device.space) || isRetired(device, asOf)) continue
    if (isReplaced(set, device)) continue
    const [home, ...others] = set.referring('household', 'dwelling', String(device.fields.dwelling))
    if (!home || others.length > 0 || !isAllowed(set, home.id, purpose, asOf)) continue
    homes.push(stretch(meterDays(set, device, calendar, period.from), period.from, asOf))
  }
  if (homes.length === 0) return null
  const told = (values: readonly number[]) => {
    const quartiles = quartilesOf(values, STEPS[kind])
    return typeof quartiles === 'string' ? null : quartiles
  }
  const days = daysOf({ from: period.from, until: asOf })
  const least = Math.ceil(days.length * LEAST_SHARE)
  return {
    kind,
    label: recordTypes.device.fields.kind.choices[kind],
    unit: signals[kind].unit,
    quartiles: told(homes.flatMap((home) => averageOf(home, least)?.perDay ?? [])),
    days: days.map((day, at) => ({
      day,
      middle: told(homes.flatMap((home) => home[at]?.use ?? []))?.middle ?? null,
    })),
  }
}
