import {
  deviceAt,
  expiryOf,
  fail,
  isRetired,
  type Norms,
  normsOf,
  ok,
  type Problem,
  type Projection,
  type RecordSet,
  type Result,
  type Station,
  textOf,
  titleOf,
  type Value,
} from '@doorstep/core'
import { isOfItsLine, READABLE_PROTOCOLS, readingPlans, splitAddress } from '@doorstep/drivers'
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
  readonly maker: string | null
  readonly model: string | null
  readonly installedOn: string | null
  /** As it is printed on the device, or by the life of its kind; null where neither is known. */
  readonly expiresOn: string | null
  readonly expiryBecause: 'printed' | 'life' | null
  readonly expired: boolean
  readonly retiredOn: string | null
  readonly retiredBecause: string | null
  readonly last: DailyJson | null
}

/** Those in use; `all`: the retired too. */
export function listDevices(
  set: RecordSet,
  { language, on, all = false }: { readonly language: Language; readonly on: string; readonly all?: boolean },
): DeviceJson[] {
  const norms = normsOf(set)
  return [...set.ofType('device')]
    .filter((device) => all || !isRetired(device, on))
    .map((device) => deviceJson(set, device, { language, on, norms }))
    .sort((a, b) => (a.home === b.home ? (a.id < b.id ? -1 : 1) : a.home < b.home ? -1 : 1))
}

export function deviceJson(
  set: RecordSet,
  device: Projection,
  { language, on, norms }: { readonly language: Language; readonly on: string; readonly norms: Norms },
): DeviceJson {
  const dwelling = set.getA('dwelling', device.fields.dwelling)
  const text = (field: string) => textOf(device, field)
  const expiry = expiryOf(device, norms)
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
    maker: text('maker'),
    model: text('model'),
    installedOn: text('installedOn'),
    expiresOn: expiry?.on ?? null,
    expiryBecause: expiry?.because ?? null,
    expired: expiry !== null && expiry.on <= on,
    retiredOn: text('retiredOn'),
    retiredBecause: text('retiredBecause'),
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
    if (item === 'online') continue
    if (last && `${last.on} ${last.readAt}` >= `${on} ${readAt}`) continue
    const read = typeof value.value === 'number' || typeof value.value === 'string' ? value.value : null
    last = { on, item, value: read, unit: String(unit ?? ''), readAt }
  }
  return last
}

export type NewDevice = {
  readonly household: Projection
  readonly kind: string
  /** Of one that is read; neither is known of an alarm that only sounds. */
  readonly protocol?: string
  /** As it is printed on the meter; shorter ones are filled up with zeros where the protocol fixes a length. */
  readonly address?: string
  readonly name?: string
  /** Further fields of the record. */
  readonly set?: Readonly<Record<string, Value>>
}

export type AddDeviceProblem = Problem & {
  readonly type: 'not-supported' | 'invalid-request' | 'device-known' | 'invalid-field' | 'role-may-not'
}

/** A device in the household's dwelling: it stays there when people move. */
export async function addDevice(
  station: Station,
  { household, kind, protocol, address, name, set = {} }: NewDevice,
): Promise<
  Result<{
    device: string
    protocol: string | null
    address: string | null
    dwelling: string
    entries: readonly unknown[]
  }>
> {
  const known = protocol === undefined || address === undefined ? null : lineAddress(protocol, address)
  if (known?.ok === false) return known
  const at = known?.value ?? null
  const dwelling = String(household.fields.dwelling)
  const written = await station.write('record.edit', (book) => {
    const other = at === null ? null : deviceAt(book, household.space, protocol!, at)
    if (other) return fail({ type: 'device-known', device: other.id, address: at })
    return book.create('device', household.space, {
      set: { ...set, dwelling, kind, protocol: protocol ?? null, address: at, name: name?.trim() || null },
    })
  })
  if (!written.ok) return written
  const entries = written.value.entries.map(({ space, log, seq }) => ({ space, log, seq }))
  return ok({ device: written.value.value, protocol: protocol ?? null, address: at, dwelling, entries })
}

/** Heard at a broker, or read by the utility and imported from its export; never asked. */
const UNASKED: readonly string[] = ['mqtt', 'utility']
/** Where the protocol fixes how many digits an address has. */
const DIGITS: Readonly<Record<string, number>> = { dlt645: 12, cjt188: 14 }

/** Whether the protocol is known and could put a question to this address. */
export function lineAddress(protocol: string, typed: string): Result<string> {
  if (UNASKED.includes(protocol))
    return /^\S{1,40}$/.test(typed)
      ? ok(typed)
      : fail({ type: 'invalid-request', reason: 'address', address: typed })
  const [plan] = readingPlans(protocol)
  if (!plan) return fail({ type: 'not-supported', protocol, supported: [...READABLE_PROTOCOLS, ...UNASKED] })
  const { driver } = plan
  const { line, address: on } = splitAddress(typed)
  const wrong = () => fail({ type: 'invalid-request' as const, reason: 'address', address: typed })
  const digits = DIGITS[driver.protocol]
  const address = digits === undefined ? on : on.padStart(digits, '0')
  // Wildcards ask whoever is on the line; a record is about one meter.
  if (!/^\d+$/.test(on) || address === driver.anyAddress) return wrong()
  if (line !== null && !isOfItsLine(protocol, address)) return wrong()
  const asked = driver.encodeRead({ type: 'address', address })
  return asked.ok ? ok(line === null ? address : `${line}/${address}`) : asked
}
