import {
  fail,
  ok,
  type Problem,
  type Projection,
  type RecordSet,
  type Result,
  type Station,
  titleOf,
} from '@doorstep/core'
import { drivers } from '@doorstep/drivers'
import type { Language } from '../voice/language.ts'

export type DailyJson = {
  readonly on: string
  readonly item: string
  readonly value: number | string | null
  readonly unit: string
  readonly readAt: string
}

export type DeviceJson = {
  readonly id: string
  readonly dwelling: string
  readonly households: readonly string[]
  /** The address of the home it is in. */
  readonly home: string
  readonly name: string | null
  readonly kind: string | null
  readonly protocol: string | null
  /** On its line. */
  readonly address: string | null
  readonly installedOn: string | null
  readonly expiresOn: string | null
  readonly last: DailyJson | null
}

export function listDevices(set: RecordSet, language: Language): DeviceJson[] {
  return [...set.ofType('device')]
    .map((device) => deviceJson(set, device, language))
    .sort((a, b) => (a.home === b.home ? (a.id < b.id ? -1 : 1) : a.home < b.home ? -1 : 1))
}

function deviceJson(set: RecordSet, device: Projection, language: Language): DeviceJson {
  const dwelling = set.getA('dwelling', device.fields.dwelling)
  const text = (field: string) => {
    const value = device.fields[field]
    return typeof value === 'string' ? value : null
  }
  return {
    id: device.id,
    dwelling: String(device.fields.dwelling),
    households: dwelling
      ? set
          .referring('household', 'dwelling', dwelling.id)
          .map((household) => household.id)
          .sort()
      : [],
    home: dwelling ? titleOf(set, dwelling, language) : '',
    name: text('name'),
    kind: text('kind'),
    protocol: text('protocol'),
    address: text('address'),
    installedOn: text('installedOn'),
    expiresOn: text('expiresOn'),
    last: lastDaily(device),
  }
}

/** The newest of its daily readings, by day and then by when it was read. */
function lastDaily(device: Projection): DailyJson | null {
  let last: DailyJson | null = null
  for (const { value } of device.timelines.daily ?? []) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue
    const { on, item, unit, readAt } = value
    if (typeof on !== 'string' || typeof item !== 'string' || typeof readAt !== 'string') continue
    if (last && `${last.on} ${last.readAt}` >= `${on} ${readAt}`) continue
    const read = typeof value.value === 'number' || typeof value.value === 'string' ? value.value : null
    last = { on, item, value: read, unit: String(unit ?? ''), readAt }
  }
  return last
}

export type NewDevice = {
  readonly household: Projection
  readonly kind: string
  readonly protocol: string
  /** As it is printed on the meter; shorter ones are filled up with zeros where the protocol fixes a length. */
  readonly address: string
  readonly name?: string
}

export type AddDeviceProblem = Problem & {
  readonly type: 'not-supported' | 'invalid-request' | 'device-known' | 'invalid-field' | 'role-may-not'
}

/** A device in the household's dwelling: it stays there when people move. */
export async function addDevice(
  station: Station,
  { household, kind, protocol, address, name }: NewDevice,
): Promise<Result<{ device: string; address: string; dwelling: string; entries: readonly unknown[] }>> {
  const known = lineAddress(protocol, address)
  if (!known.ok) return known
  const dwelling = String(household.fields.dwelling)
  const written = await station.write('record.edit', (book) => {
    for (const other of book.records({ space: household.space, type: 'device' }))
      if (
        other.fields.movedTo === undefined &&
        other.fields.protocol === protocol &&
        other.fields.address === known.value
      )
        return fail({ type: 'device-known', device: other.id, address: known.value })
    return book.create('device', household.space, {
      set: { dwelling, kind, protocol, address: known.value, name: name?.trim() || null },
    })
  })
  if (!written.ok) return written
  const entries = written.value.entries.map(({ space, log, seq }) => ({ space, log, seq }))
  return ok({ device: written.value.value, address: known.value, dwelling, entries })
}

/** Whether the protocol is known and could put a question to this address. */
function lineAddress(protocol: string, typed: string): Result<string> {
  const driver = drivers.find((one) => one.protocol === protocol)
  if (!driver) return fail({ type: 'not-supported', protocol, supported: drivers.map((one) => one.protocol) })
  // Wildcards ask whoever is on the line; a record is about one meter.
  if (protocol === 'dlt645' && !/^\d{1,12}$/.test(typed))
    return fail({ type: 'invalid-request', reason: 'address', address: typed })
  const address = protocol === 'dlt645' ? typed.padStart(12, '0') : typed
  const asked = driver.encodeRead({ type: 'address', address })
  return asked.ok ? ok(address) : asked
}
