import { isDate } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import type { consent as definition } from '../records/consent.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { cleanText, type EntryPlace, findRecord, stationCalendar, withEntries } from './command.ts'
import { dateOf } from './day.ts'
import type { Language } from './language.ts'
import { type Author, authorOf } from './lookups.ts'
import { shown } from './mask.ts'
import { idsMeaning, oneRecord } from './merged-ids.ts'
import { type ConsentState, consentState, consentsOf, needsGuardian, withdrawnOn } from './permission.ts'
import { monitoringOf, type Purpose } from './purposes.ts'
import { titleOf } from './queries.ts'
import { openRecordSet, type RecordSet, textOf } from './record-set.ts'
import { residentsOf } from './residents.ts'

export type LegalBasis = keyof typeof definition.fields.basis.choices
export type ConsentHow = keyof typeof definition.fields.how.choices

export type GiveConsent = {
  /** A household or a person. */
  readonly subject: string
  readonly purpose: Purpose
  /** `consent` when not given. */
  readonly basis?: LegalBasis
  /** Needed for a consent. */
  readonly how?: ConsentHow
  /** Who spoke for a child under 14. */
  readonly guardian?: string
  /** YYYY-MM-DD; today when not given. */
  readonly from?: string
  /** The last day. */
  readonly until?: string
  readonly note?: string
}

export type ConsentProblem = Problem & {
  readonly type:
    | 'no-such-record'
    | 'not-a-subject'
    /** `needs`: `how` or `guardian`. */
    | 'consent-incomplete'
    | 'consent-withdrawn'
    | 'invalid-field'
}

export async function giveConsent(
  station: Station,
  input: GiveConsent,
): Promise<Result<{ readonly consent: string; readonly entries: readonly EntryPlace[] }>> {
  const { purpose, basis = 'consent', how, until, from = stationCalendar(station).dayOf(station.now) } = input
  const guardian = input.guardian?.trim() || null
  if (basis === 'consent' && how === undefined) return fail({ type: 'consent-incomplete', needs: 'how' })
  if (until !== undefined && (!isDate(until) || until < from))
    return fail({
      type: 'invalid-field',
      record: 'consent',
      field: 'until',
      rule: isDate(until) ? 'before-start' : 'date',
    })
  return withEntries(
    await station.write('consent.give', (book) => {
      const subject = book.get(input.subject)
      if (!subject) return fail({ type: 'no-such-record', id: input.subject })
      if (subject.type !== 'household' && subject.type !== 'person')
        return fail({ type: 'not-a-subject', id: subject.id })
      if (
        basis === 'consent' &&
        subject.type === 'person' &&
        guardian === null &&
        needsGuardian(oneRecord(book, subject.id)?.view ?? subject, purpose, from)
      )
        return fail({ type: 'consent-incomplete', needs: 'guardian' })
      const after: string[] = []
      const subjects = idsMeaning(book, subject.id)
      for (const other of book.records({ type: 'consent' }))
        if (
          subjects.has(String(other.fields.subject)) &&
          other.fields.purpose === purpose &&
          withdrawnOn(other) !== null
        )
          after.push(other.id)
      const given = book.create('consent', subject.space, {
        set: {
          subject: subject.id,
          purpose,
          basis,
          how: how ?? null,
          guardian,
          from,
          until: until ?? null,
          note: input.note?.trim() || null,
        },
        add: { after },
      })
      return given.ok ? ok({ consent: given.value }) : given
    }),
  )
}

export type WithdrawnConsent = {
  readonly consent: string
  readonly purpose: string
  /** Devices that are no longer read from this day on. */
  readonly stopped: readonly string[]
  readonly entries: readonly EntryPlace[]
}

/** As easy as giving (PIPL 15), and for good: who agrees again, gives a new consent. */
export async function withdrawConsent(
  station: Station,
  input: { readonly consent: string; readonly reason: string },
): Promise<Result<WithdrawnConsent>> {
  const reason = cleanText('consent', 'withdrawals', input.reason, 300)
  if (!reason.ok) return reason
  const on = stationCalendar(station).dayOf(station.now)
  const written = withEntries(
    await station.write('consent.withdraw', (book) => {
      const found = findRecord(book, 'consent', input.consent)
      if (!found.ok) return found
      const { id, fields } = found.value
      const already = withdrawnOn(found.value)
      if (already !== null) return fail({ type: 'consent-withdrawn', consent: id, on: already })
      const edited = book.edit(id, { append: { withdrawals: [{ on, reason: reason.value }] } })
      return edited.ok ? ok({ consent: id, purpose: String(fields.purpose) }) : edited
    }),
  )
  if (!written.ok) return written
  return ok({ ...written.value, stopped: devicesUnder(station, written.value.consent) })
}

function devicesUnder(station: Station, id: string): readonly string[] {
  const consent = station.get(id)
  if (!consent) return []
  const set = openRecordSet(station, { follow: false, spaces: [consent.space] })
  const { subject, purpose } = consent.fields
  const homes = [set.getA('household', subject)?.fields.dwelling]
  for (const residence of set.referring('residence', 'person', String(subject)))
    homes.push(residence.fields.dwelling)
  return homes
    .flatMap((dwelling) => set.referring('device', 'dwelling', String(dwelling)))
    .filter((device) => monitoringOf(device.fields.kind) === purpose)
    .map(({ id: device }) => device)
    .sort()
}

export type ConsentRow = {
  readonly id: string
  readonly subject: string
  readonly title: string
  readonly purpose: string
  readonly basis: string | null
  readonly how: string | null
  readonly guardian: string | null
  readonly from: string | null
  readonly until: string | null
  readonly withdrawnOn: string | null
  readonly state: ConsentState
  readonly by: Author
  readonly atMs: number
}

/** Of a household, with everybody who belongs to it, or of a person; the newest first. */
export function listConsents(
  set: RecordSet,
  subject: string,
  options: { readonly on: string; readonly language?: Language },
): readonly ConsentRow[] {
  const household = set.getA('household', subject)
  const people = household ? residentsOf(set, household, options.on).map(({ person }) => person.id) : []
  return [...new Set([set.idOf(subject), ...people])]
    .flatMap((one) => consentsOf(set, one))
    .map((consent) => consentRow(set, consent, options))
    .sort((a, b) => b.atMs - a.atMs || (a.id < b.id ? -1 : 1))
}

function consentRow(
  set: RecordSet,
  consent: Projection,
  { on, language = 'zh' }: { readonly on: string; readonly language?: Language },
): ConsentRow {
  const subject = textOf(consent, 'subject') ?? ''
  const about = set.get(subject)
  return {
    id: consent.id,
    subject,
    title: about ? subjectTitle(set, about, language) : subject,
    purpose: textOf(consent, 'purpose') ?? '',
    basis: textOf(consent, 'basis'),
    how: textOf(consent, 'how'),
    guardian: shown('consent', 'guardian', consent.fields.guardian, set.viewer) as string | null,
    from: dateOf(consent, 'from'),
    until: dateOf(consent, 'until'),
    withdrawnOn: withdrawnOn(consent),
    state: consentState(set, consent, on),
    by: authorOf(set, consent.createdBy),
    atMs: consent.createdAt,
  }
}

const subjectTitle = (set: RecordSet, about: Projection, language: Language): string =>
  about.type === 'person'
    ? String(shown('person', 'name', about.fields.name, set.viewer) ?? about.id)
    : titleOf(set, about, language)
