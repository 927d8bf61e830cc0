/** A device is put in another's place, or is not used any more. */
import type { Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import type { device as definition } from '../records/device.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { type EntryPlace, findRecord, stationCalendar, withEntries } from './command.ts'
import { withdrawConsent } from './consent.ts'
import { dateOf } from './day.ts'
import { isRetired } from './device-life.ts'
import { consentState, consentsOf } from './permission.ts'
import { monitoringOf } from './purposes.ts'
import { openRecordSet, type RecordSet, textOf } from './record-set.ts'

export type WhyRetired = keyof typeof definition.fields.retiredBecause.choices

export type DeviceChangeProblem = Problem & {
  readonly type: 'no-such-record' | 'record-moved' | 'device-retired' | 'device-known' | 'invalid-field'
}

/** What the new one has of the old one unless it is said otherwise. */
const KEPT = ['dwelling', 'kind', 'name', 'protocol', 'owner', 'paidBy', 'reportsEveryMinutes', 'close']

export type ReplaceDevice = {
  readonly device: string
  /** YYYY-MM-DD; today when not given. */
  readonly on?: string
  /** Where the old one stood when it was taken down. */
  readonly lastRegister?: number
  /** Of the new one: what it shows, its address, its maker … */
  readonly set?: Readonly<Record<string, Value>>
}

/** The old one keeps its own history and its last register; the new one names it, and begins its own. */
export async function replaceDevice(
  station: Station,
  { device: id, on = stationCalendar(station).dayOf(station.now), lastRegister, set = {} }: ReplaceDevice,
): Promise<
  Result<{ readonly device: string; readonly replaced: string; readonly entries: readonly EntryPlace[] }>
> {
  if (!isDate(on)) return fail({ type: 'invalid-field', record: 'device', field: 'on', rule: 'date' })
  return withEntries(
    await station.write('record.edit', (book) => {
      const found = standing(book, id)
      if (!found.ok) return found
      const { space, fields } = found.value
      const content: Record<string, Value> = { installedOn: on }
      for (const name of KEPT) content[name] = fields[name] ?? null
      Object.assign(content, set, { replaces: id })
      const { protocol, address } = content
      if (typeof address === 'string' && typeof protocol === 'string') {
        const known = deviceAt(book, space, protocol, address)
        if (known && known.id !== id) return fail({ type: 'device-known', device: known.id, address })
      }
      const made = book.create('device', space, { set: content })
      if (!made.ok) return made
      const retired = book.edit(id, {
        set: {
          retiredOn: on,
          retiredBecause: 'replaced',
          ...(lastRegister === undefined ? {} : { lastRegister }),
        },
      })
      return retired.ok ? ok({ device: made.value, replaced: id }) : retired
    }),
  )
}

/** Behind a colon stands an edition or what a device's registers mean: its line knows nothing of that. */
const nameOf = (protocol: string): string => protocol.split(':', 1)[0]!

/** The device in use that answers at an address of a line; null where there is none. */
export function deviceAt(
  book: Pick<Draftbook, 'records'>,
  space: string,
  protocol: string,
  address: string,
): Projection | null {
  for (const one of book.records({ space, type: 'device' }))
    if (
      one.fields.movedTo === undefined &&
      dateOf(one, 'retiredOn') === null &&
      nameOf(String(one.fields.protocol)) === nameOf(protocol) &&
      one.fields.address === address
    )
      return one
  return null
}

export type RetireDevice = {
  readonly device: string
  readonly because: WhyRetired
  readonly on?: string
  readonly lastRegister?: number
}

export type RetiredDevice = {
  readonly device: string
  readonly on: string
  /** Consents that were for this device alone: they ended with it. */
  readonly consentsEnded: readonly string[]
  readonly entries: readonly EntryPlace[]
}

/**
 * From that day on it is not read. Where no other device of its kind is left in the home, the consents for reading one
 * end with it. Its raw readings are erased by the gateway that has them, when it hears of this.
 */
export async function retireDevice(
  station: Station,
  { device: id, because, on = stationCalendar(station).dayOf(station.now), lastRegister }: RetireDevice,
): Promise<Result<RetiredDevice>> {
  if (!isDate(on)) return fail({ type: 'invalid-field', record: 'device', field: 'on', rule: 'date' })
  const written = withEntries(
    await station.write('record.edit', (book) => {
      const found = standing(book, id)
      if (!found.ok) return found
      const edited = book.edit(id, {
        set: {
          retiredOn: on,
          retiredBecause: because,
          ...(lastRegister === undefined ? {} : { lastRegister }),
        },
      })
      return edited.ok ? ok({ device: id, on }) : edited
    }),
  )
  if (!written.ok) return written
  const entries = [...written.value.entries]
  const consentsEnded: string[] = []
  for (const consent of consentsLeft(station, id, on)) {
    const withdrawn = await withdrawConsent(station, { consent, reason: `设备停用 device retired ${id}` })
    if (!withdrawn.ok) return withdrawn
    consentsEnded.push(consent)
    entries.push(...withdrawn.value.entries)
  }
  return ok({ ...written.value, consentsEnded, entries })
}

function standing(book: Draftbook, id: string): Result<Projection, DeviceChangeProblem> {
  const found = findRecord(book, 'device', id)
  if (!found.ok) return found
  const on = textOf(found.value, 'retiredOn')
  return on === null ? found : fail({ type: 'device-retired', device: id, on })
}

function consentsLeft(station: Station, id: string, on: string): readonly string[] {
  const device = station.get(id)
  if (!device) return []
  const set = openRecordSet(station, { follow: false, spaces: [device.space] })
  const purpose = monitoringOf(device.fields.kind)
  return subjectsOf(set, device).flatMap((subject) =>
    standsAnother(set, device, purpose, on)
      ? []
      : consentsOf(set, subject, purpose)
          .filter((consent) => consentState(set, consent, on) === 'in-force')
          .map((consent) => consent.id),
  )
}

/** The households of its dwelling, and whoever lives there. */
function subjectsOf(set: RecordSet, device: Projection): readonly string[] {
  const dwelling = String(device.fields.dwelling)
  const subjects = new Set(set.referring('household', 'dwelling', dwelling).map((one) => one.id))
  for (const residence of set.referring('residence', 'dwelling', dwelling))
    subjects.add(String(residence.fields.person))
  return [...subjects].sort()
}

const standsAnother = (set: RecordSet, device: Projection, purpose: string, on: string): boolean =>
  set
    .referring('device', 'dwelling', String(device.fields.dwelling))
    .some((one) => one.id !== device.id && !isRetired(one, on) && monitoringOf(one.fields.kind) === purpose)

/** That a gateway erased the raw readings of a retired device, and how many there were. */
export async function noteErased(
  station: Station,
  { device: id, observations }: { readonly device: string; readonly observations: number },
): Promise<Result<{ readonly device: string; readonly entries: readonly EntryPlace[] }>> {
  const on = stationCalendar(station).dayOf(station.now)
  return withEntries(
    await station.write('device.read', (book) => {
      const found = findRecord(book, 'device', id)
      if (!found.ok) return found
      const edited = book.edit(id, { append: { erased: [{ on, observations }] } })
      return edited.ok ? ok({ device: id }) : edited
    }),
  )
}
