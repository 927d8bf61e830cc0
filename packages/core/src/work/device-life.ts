/** How old a device may get, what it needs next, and what hung in its place before: pure, from records alone. */
import type { Projection } from '../record/project.ts'
import { addDays, dateOf, daysBetween } from './day.ts'
import { isNorm, type Norms, normsOf } from './device-norms.ts'
import { byId } from './lookups.ts'
import { type RecordSet, textOf } from './record-set.ts'

/** `printed`: it stands on the device. `life`: so many years after it was installed. */
export type Expiry = { readonly on: string; readonly because: 'printed' | 'life' }

export function expiryOf(device: Projection, norms: Norms): Expiry | null {
  const printed = dateOf(device, 'expiresOn')
  if (printed !== null) return { on: printed, because: 'printed' }
  const installed = dateOf(device, 'installedOn')
  const code = `life-${String(device.fields.kind)}`
  const life = isNorm(code) ? norms.get(code) : undefined
  if (installed === null || !life) return null
  return { on: addYears(installed, life.value), because: 'life' }
}

/** The 29th of February becomes the 28th. */
function addYears(day: string, years: number): string {
  const whole = Math.floor(years)
  const moved = `${String(Number(day.slice(0, 4)) + whole).padStart(4, '0')}${day.slice(4)}`
  const start = moved.endsWith('-02-29') ? addDays(moved.replace('-29', '-28'), 0) : moved
  return addDays(start, Math.round((years - whole) * 365))
}

/** From that day on it is not read. */
export const isRetired = (device: Projection, on: string): boolean =>
  (dateOf(device, 'retiredOn') ?? '9999') <= on

/** `replace`: its time is over. `battery`: it said that little is left. */
export type DeviceTask = {
  readonly device: string
  readonly kind: string
  readonly name: string | null
  readonly task: 'replace' | 'battery'
  /** The day it expires, or on which the battery was low. */
  readonly on: string
}

/** What devices of a home need by a day, the earliest first; `aheadDays` shows what is to come. */
export function deviceTasks(
  set: RecordSet,
  household: Projection,
  { on, norms = normsOf(set) }: { readonly on: string; readonly norms?: Norms },
): readonly DeviceTask[] {
  const dwelling = textOf(household, 'dwelling')
  if (dwelling === null) return []
  const devices = set.referring('device', 'dwelling', dwelling)
  if (devices.length === 0) return []
  const until = addDays(on, norms.get('expiry-ahead')!.value)
  const tasks: DeviceTask[] = []
  for (const device of devices) {
    if (device.space !== household.space || isRetired(device, on)) continue
    const about = {
      device: device.id,
      kind: textOf(device, 'kind') ?? 'other',
      name: textOf(device, 'name'),
    }
    const expiry = expiryOf(device, norms)
    if (expiry && expiry.on <= until) tasks.push({ ...about, task: 'replace', on: expiry.on })
    const low = batteryLowOn(device, norms)
    if (low !== null && low <= on) tasks.push({ ...about, task: 'battery', on: low })
  }
  return tasks.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.device < b.device ? -1 : 1))
}

/** How long a task rests after somebody was met at that door: it does not ask for a visit every day. */
const RESTS_DAYS = 30

/** The day by which a task asks for a visit: on its own, or a month after the last one that met somebody since. */
export const taskDueOn = ({ on }: DeviceTask, lastMetOn: string | null): string =>
  lastMetOn !== null && lastMetOn >= on ? addDays(lastMetOn, RESTS_DAYS) : on

/** The day of its newest word on its battery, if that was low and it was not changed since. */
function batteryLowOn(device: Projection, norms: Norms): string | null {
  let newest: { on: string; value: number } | null = null
  for (const { value } of device.timelines.daily ?? []) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue
    if (value.item !== 'battery' || typeof value.on !== 'string' || typeof value.value !== 'number') continue
    if (newest === null || value.on >= newest.on) newest = { on: value.on, value: value.value }
  }
  if (newest === null || newest.value >= norms.get('battery-low')!.value) return null
  const changed = dateOf(device, 'batteryOn')
  return changed !== null && changed >= newest.on ? null : newest.on
}

/** A device with those that hung in its place before it, itself first. */
export function predecessorsOf(set: RecordSet, device: Projection): readonly Projection[] {
  const chain = [device]
  const seen = new Set([device.id])
  for (let next = set.getA('device', device.fields.replaces); next; ) {
    if (seen.has(next.id)) break
    seen.add(next.id)
    chain.push(next)
    next = set.getA('device', next.fields.replaces)
  }
  return chain
}

/** Another hangs in its place: what it counted goes on there. */
export const isReplaced = (set: RecordSet, device: Projection): boolean =>
  set.referring('device', 'replaces', device.id).length > 0

/** The devices of a home that are in use on a day. */
export const standingDevices = (set: RecordSet, household: Projection, on: string): readonly Projection[] =>
  [...set.referring('device', 'dwelling', textOf(household, 'dwelling') ?? '')]
    .filter((device) => device.space === household.space && !isRetired(device, on))
    .sort(byId)

/** Whole months in use, until it was retired; null where nobody wrote down when it was installed. */
export function monthsInUse(device: Projection, on: string): number | null {
  const installed = dateOf(device, 'installedOn')
  if (installed === null) return null
  const until = dateOf(device, 'retiredOn') ?? on
  return Math.max(0, Math.floor(daysBetween(installed, until) / 30.44))
}

/** The days from `from` to `until`, both included, of which there is a word from the device on its record, sorted. */
export function daysHeard(device: Projection, from: string, until: string): readonly string[] {
  const days = new Set<string>()
  for (const { value } of device.timelines.daily ?? [])
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value.on === 'string')
      if (value.on >= from && value.on <= until) days.add(value.on)
  return [...days].sort()
}
