/** Whether something may be done with somebody's data on a day: pure, so that every station answers the same. */
import { isDate } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { dateOf, yearsBetween } from './day.ts'
import { isRetired } from './device-life.ts'
import { isStanding } from './due.ts'
import { byId } from './lookups.ts'
import { plainOf } from './masked-record.ts'
import { monitoringOf, type Purpose, purposes } from './purposes.ts'
import { type RecordSet, textOf } from './record-set.ts'
import { ageOf, residentsOf } from './residents.ts'

export type ConsentState =
  | 'in-force'
  | 'withdrawn'
  /** Somebody withdrew for this purpose, and whoever gave this one did not know of it. */
  | 'outweighed'
  | 'expired'
  | 'not-yet'
  /** A child under 14 for whom no guardian spoke. */
  | 'no-guardian'

export type Permission = {
  readonly allowed: boolean
  readonly because: 'given' | 'unsaid' | 'withdrawn'
  /** The consent that decides it; null where nothing is written. */
  readonly consent: string | null
}

/** Below this age a guardian consents (PIPL 31). */
export const CHILD_UNDER_YEARS = 14

/**
 * A household's own word holds for the home; without one, that of everybody who lives there. Whoever lives there and
 * withdrew is heard first. A person without a word of their own goes by their household's.
 */
export function permissionFor(set: RecordSet, subject: string, purpose: Purpose, on: string): Permission {
  const own = wordOf(set, subject, purpose, on)
  const record = set.get(subject)
  if (record?.type === 'household') {
    const residents = residentsOf(set, record, on)
      .filter(({ present }) => present)
      .map(({ person }) => wordOf(set, person.id, purpose, on))
    const taken = residents.find((word) => word?.because === 'withdrawn')
    if (taken || own) return (taken ?? own)!
    if (residents.length > 0 && residents.every((word) => word?.allowed)) return residents[0]!
  } else if (own) return own
  else if (record?.type === 'person')
    for (const home of homesOf(set, record.id, on)) {
      const word = wordOf(set, home, purpose, on)
      if (word) return word
    }
  return { allowed: purposes[purpose].unsaid === 'allowed', because: 'unsaid', consent: null }
}

export const isAllowed = (set: RecordSet, subject: string, purpose: Purpose, on: string): boolean =>
  permissionFor(set, subject, purpose, on).allowed

/** What this subject itself said; null when it said nothing that holds or held. */
function wordOf(set: RecordSet, subject: string, purpose: Purpose, on: string): Permission | null {
  let withdrawn: string | null = null
  for (const consent of consentsOf(set, subject, purpose)) {
    const state = consentState(set, consent, on)
    if (state === 'in-force') return { allowed: true, because: 'given', consent: consent.id }
    if (state === 'withdrawn') withdrawn ??= consent.id
  }
  return withdrawn === null ? null : { allowed: false, because: 'withdrawn', consent: withdrawn }
}

export const consentsOf = (set: RecordSet, subject: string, purpose?: Purpose): readonly Projection[] =>
  [...set.referring('consent', 'subject', subject)]
    .filter((consent) => purpose === undefined || consent.fields.purpose === purpose)
    .sort(byId)

/** The first day on which it no longer holds because somebody took it back. */
export function withdrawnOn(consent: Projection): string | null {
  const days = (consent.timelines.withdrawals ?? []).flatMap(({ value }) => {
    const on = typeof value === 'object' && value !== null && !Array.isArray(value) ? value.on : null
    // A withdrawal without a day that can be read is one all the same.
    return [typeof on === 'string' && isDate(on) ? on : '0000-01-01']
  })
  return days.sort()[0] ?? null
}

const isWithdrawn = (consent: Projection, on: string): boolean => (withdrawnOn(consent) ?? '9999') <= on

export function consentState(set: RecordSet, consent: Projection, on: string): ConsentState {
  const { subject, purpose, basis } = consent.fields
  if (isWithdrawn(consent, on)) return 'withdrawn'
  if ((dateOf(consent, 'from') ?? '9999') > on) return 'not-yet'
  if ((dateOf(consent, 'until') ?? '9999') < on) return 'expired'
  // Only a consent is outweighed: what the law or a contract asks for does not rest on one.
  if (basis === 'consent') {
    const known = new Set(consent.sets.after ?? [])
    for (const other of consentsOf(set, String(subject), purpose as Purpose))
      if (other.fields.basis === 'consent' && isWithdrawn(other, on) && !known.has(other.id))
        return 'outweighed'
    const person = set.getA('person', subject)
    if (
      person &&
      needsGuardian(person, purpose as Purpose, dateOf(consent, 'from') ?? on) &&
      !textOf(consent, 'guardian')
    )
      return 'no-guardian'
  }
  return 'in-force'
}

export function needsGuardian(person: Projection, purpose: Purpose, on: string): boolean {
  const age = youngestOf(person, on)
  return purposes[purpose]?.sensitive === true && age !== null && age < CHILD_UNDER_YEARS
}

/** Of several days of birth, as of two records that were merged, the one that protects more. */
function youngestOf(person: Projection, on: string): number | null {
  const age = ageOf(person, on)
  const said = (plainOf(person).conflicts.birthDate ?? []).flatMap(({ value }) =>
    typeof value === 'string' && isDate(value) ? (yearsBetween(value, on) ?? 0) : [],
  )
  return said.length === 0 ? age : Math.min(...said, ...(age === null ? [] : [age]))
}

function homesOf(set: RecordSet, person: string, on: string): string[] {
  const homes = new Set<string>()
  for (const residence of set.referring('residence', 'person', person)) {
    if ((dateOf(residence, 'to') ?? '9999') < on) continue
    const household = textOf(residence, 'household')
    if (household) homes.add(household)
    else
      for (const one of set.referring('household', 'dwelling', String(residence.fields.dwelling)))
        homes.add(one.id)
  }
  return [...homes].sort()
}

export type NoConsent = Problem & {
  readonly type: 'no-consent'
  readonly purpose: Purpose
  readonly subject: string
  readonly because: Permission['because']
  readonly consent: string | null
}

/** Whatever the home once agreed to, it was not to this any more. */
export type DeviceRetired = Problem & {
  readonly type: 'device-retired'
  readonly device: string
  readonly on: string | null
}

const noConsent = (subject: string, purpose: Purpose, { because, consent }: Permission): NoConsent => ({
  type: 'no-consent',
  purpose,
  subject,
  because,
  consent,
})

/**
 * `monitoring` by a gateway needs somebody's word for that kind of device. A reading at a `visit` needs none while
 * somebody was met at that door on that day; after a withdrawal neither is done. Where nobody lives, nobody is asked.
 */
export function mayReadDevice(
  set: RecordSet,
  device: Projection,
  on: string,
  source: 'monitoring' | 'visit' = 'monitoring',
): Result<void, NoConsent | DeviceRetired> {
  if (isRetired(device, on))
    return fail({ type: 'device-retired', device: device.id, on: textOf(device, 'retiredOn') })
  const purpose = monitoringOf(device.fields.kind)
  for (const subject of subjectsAt(set, String(device.fields.dwelling), on)) {
    const permission = permissionFor(set, subject, purpose, on)
    const atDoor = source === 'visit' && permission.because === 'unsaid' && wasMet(set, subject, on)
    if (!permission.allowed && !atDoor) return fail(noConsent(subject, purpose, permission))
  }
  return ok(undefined)
}

/**
 * Whether a device was read by a word that no longer holds: taken back, or run out. Not where nobody ever spoke, which
 * may be news that has not arrived yet.
 */
export function hasMonitoringEnded(set: RecordSet, device: Projection, on: string): boolean {
  const may = mayReadDevice(set, device, on)
  if (may.ok || may.problem.type !== 'no-consent') return false
  if (may.problem.because === 'withdrawn') return true
  const { purpose, subject } = may.problem
  const household = set.getA('household', subject)
  const people = household ? residentsOf(set, household, on).map(({ person }) => person.id) : []
  return [subject, ...people].some((one) =>
    consentsOf(set, one, purpose).some((consent) => consentState(set, consent, on) === 'expired'),
  )
}

/** The households of a dwelling; where none is written down, the people. */
function subjectsAt(set: RecordSet, dwelling: string, on: string): string[] {
  const households = set.referring('household', 'dwelling', dwelling).map(({ id }) => id)
  if (households.length > 0) return households.sort()
  const people = set
    .referring('residence', 'dwelling', dwelling)
    .filter((residence) => (dateOf(residence, 'to') ?? '9999') >= on)
    .map((residence) => String(residence.fields.person))
  return [...new Set(people)].sort()
}

const wasMet = (set: RecordSet, household: string, on: string): boolean =>
  set
    .referring('visit', 'household', household)
    .some((visit) => visit.fields.outcome === 'met' && dateOf(visit, 'on') === on && isStanding(visit))

/** Whether a household's case may be handed to a partner of the community. */
export function mayShare(set: RecordSet, household: string, on: string): Result<void, NoConsent> {
  const permission = permissionFor(set, household, 'share-with-partner', on)
  return permission.allowed ? ok(undefined) : fail(noConsent(household, 'share-with-partner', permission))
}

/** Whether photos may be taken, and words recorded, at somebody's home. */
export function mayPhotograph(set: RecordSet, subject: string, on: string): Result<void, NoConsent> {
  const permission = permissionFor(set, subject, 'photos', on)
  return permission.allowed ? ok(undefined) : fail(noConsent(subject, 'photos', permission))
}
