/**
 * Who moves in and out, goes away and comes back, or dies: each one act, written on the residence with what it changed,
 * so that it can be taken back and read later.
 */
import { randomId } from '../ids.ts'
import type { Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import { canonical } from '../record/fold.ts'
import { isObject } from '../record/place.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { cleanText, type EntryPlace, findRecord, stationCalendar, withEntries } from './command.ts'
import { plainOf } from './masked-record.ts'
import { idsMeaning, oneRecord, spread } from './merged-ids.ts'
import { textOf } from './record-set.ts'
import { isWithdrawnResidence } from './residents.ts'

export type ResidenceAct = 'moved-in' | 'moved-out' | 'away' | 'returned' | 'nominal' | 'died' | 'corrected'

export type ResidenceDetails = {
  /** Choices of `residence.relation`, `.kind` and `.state`; `present` when no state is given. */
  readonly relation?: string
  readonly kind?: string
  readonly state?: string
  /** YYYY-MM-DD; unknown when not given. */
  readonly from?: string
}

export type ResidenceProblem = Problem & {
  readonly type:
    | 'no-such-record'
    | 'invalid-field'
    | 'person-elsewhere'
    | 'lives-there'
    | 'no-residence'
    | 'several-residences'
    | 'nothing-to-undo'
    | 'changed-since'
}

type Fields = Readonly<Record<string, Value>>

/** A new residence of somebody in a household: the first thing on its history. */
export function openResidence(
  book: Draftbook,
  person: string,
  household: Projection,
  { relation, kind, state = 'present', from }: ResidenceDetails,
  today: string,
): Result<string> {
  if (from !== undefined && (!isDate(from) || from > today))
    return fail({
      type: 'invalid-field',
      record: 'residence',
      field: 'from',
      rule: isDate(from) ? 'too-late' : 'date',
      value: from,
    })
  const set = {
    person,
    dwelling: household.fields.dwelling ?? null,
    household: household.id,
    relation: relation ?? null,
    kind: kind ?? null,
    state,
    from: from ?? null,
  }
  const act = { id: randomId('ra'), act: 'moved-in', on: from ?? today, before: {}, after: { state } }
  return book.create('residence', household.space, { set, append: { acts: [act] } })
}

export type ChangedResidence = {
  readonly person: string
  readonly residences: readonly string[]
  readonly act: ResidenceAct
  readonly on: string
  readonly entries: readonly EntryPlace[]
}

/** Somebody who is on the register moves into a household of the same grid. Where they lived stays theirs until they move out. */
export async function moveIn(
  station: Station,
  input: { readonly person: string; readonly household: string } & ResidenceDetails,
): Promise<Result<ChangedResidence>> {
  const today = stationCalendar(station).dayOf(station.now)
  return withEntries(
    await station.write('person.add', (book) => {
      const person = findRecord(book, 'person', input.person)
      if (!person.ok) return person
      const household = findRecord(book, 'household', input.household)
      if (!household.ok) return household
      if (person.value.space !== household.value.space)
        return fail({ type: 'person-elsewhere', person: input.person, household: input.household })
      const open = openResidences(book, input.person, household.value.id)
      if (open[0]) return fail({ type: 'lives-there', person: input.person, household: input.household })
      const residence = openResidence(book, input.person, household.value, input, today)
      if (!residence.ok) return residence
      return ok({
        person: input.person,
        residences: [residence.value],
        act: 'moved-in' as const,
        on: input.from ?? today,
      })
    }),
  )
}

export type ChangeResidence = {
  readonly person: string
  /** Which one, of somebody who lives in two places. */
  readonly household?: string
  /** YYYY-MM-DD; today when not given. Nothing that is still to come. */
  readonly on?: string
  readonly reason?: string
}

export const moveOut = (
  station: Station,
  input: ChangeResidence & { readonly destination?: string },
): Promise<Result<ChangedResidence>> =>
  change(station, input, 'moved-out', (on) => ({ to: on, destination: input.destination?.trim() || null }))

export const setAway = (station: Station, input: ChangeResidence): Promise<Result<ChangedResidence>> =>
  change(station, input, 'away', () => ({ state: 'away' }))

export const setReturned = (station: Station, input: ChangeResidence): Promise<Result<ChangedResidence>> =>
  change(station, input, 'returned', () => ({ state: 'present' }))

/** 空挂: registered here, and not living here. */
export const setNominal = (station: Station, input: ChangeResidence): Promise<Result<ChangedResidence>> =>
  change(station, input, 'nominal', () => ({ state: 'nominal' }))

/** Relation and kind as they should have been. */
export const correctResidence = (
  station: Station,
  input: ChangeResidence & { readonly set: Fields },
): Promise<Result<ChangedResidence>> => change(station, input, 'corrected', () => input.set)

/** Ends every residence, and says on the person when. */
export const recordDeath = (
  station: Station,
  input: Omit<ChangeResidence, 'household'>,
): Promise<Result<ChangedResidence>> => change(station, input, 'died', (on) => ({ to: on }))

async function change(
  station: Station,
  input: ChangeResidence,
  act: ResidenceAct,
  fieldsOn: (on: string) => Fields,
): Promise<Result<ChangedResidence>> {
  const today = stationCalendar(station).dayOf(station.now)
  const { on = today } = input
  const invalid = (broken: string) =>
    fail({ type: 'invalid-field', record: 'residence', field: 'to', rule: broken, value: on })
  if (!isDate(on)) return invalid('date')
  if (on > today) return invalid('too-late')
  const after = fieldsOn(on)
  return withEntries(
    await station.write('residence.change', (book) => {
      const person = findRecord(book, 'person', input.person)
      if (!person.ok) return person
      const open = openResidences(book, input.person, input.household)
      if (open.length === 0 && act !== 'died') return fail({ type: 'no-residence', person: input.person })
      const homes = new Set(
        open.map(
          ({ fields }) => [...idsMeaning(book, String(fields.household ?? fields.dwelling))].sort()[0]!,
        ),
      )
      if (act !== 'died' && homes.size > 1)
        return fail({ type: 'several-residences', person: input.person, households: [...homes] })
      const id = randomId('ra')
      const note = { id, act, on, ...(input.reason?.trim() ? { reason: input.reason.trim() } : {}) }
      for (const residence of open) {
        const from = textOf(residence, 'from')
        if (typeof after.to === 'string' && from !== null && from > after.to) return invalid('before-start')
        const before = pick(plainOf(residence), Object.keys(after))
        const edited = book.edit(
          residence.id,
          { set: after, append: { acts: [{ ...note, before, after }] } },
          residence.space,
        )
        if (!edited.ok) return edited
      }
      if (act === 'died') {
        const edited = editPerson(book, input.person, { diedOn: on })
        if (!edited.ok) return edited
      }
      return ok({ person: input.person, residences: open.map((one) => one.id), act, on })
    }),
  )
}

const pick = (record: Projection, names: readonly string[]): Record<string, Value> =>
  Object.fromEntries(names.map((name) => [name, record.fields[name] ?? null]))

/** Not ended and not withdrawn; of one household when it is named. */
function openResidences(
  book: Pick<Draftbook, 'records' | 'copies'>,
  person: string,
  household?: string,
): readonly Projection[] {
  const homes = household === undefined ? null : idsMeaning(book, household)
  return residencesOf(book, person).filter(
    (one) =>
      textOf(one, 'to') === null &&
      !isWithdrawnResidence(one) &&
      (homes === null || homes.has(String(one.fields.household))),
  )
}

/** Of everybody who is one with that person. */
function residencesOf(book: Pick<Draftbook, 'records' | 'copies'>, person: string): readonly Projection[] {
  const ids = idsMeaning(book, person)
  const spaces = new Set([...ids].flatMap((id) => book.copies(id).map(({ space }) => space)))
  return [...spaces].flatMap((space) =>
    [...book.records({ space, type: 'residence' })].filter(
      ({ fields }) => ids.has(String(fields.person)) && fields.movedTo === undefined,
    ),
  )
}

function editPerson(book: Draftbook, person: string, set: Fields): Result<void> {
  const one = oneRecord(book, person)
  for (const [member, part] of one ? spread(one, { set }) : []) {
    const edited = book.edit(member.id, part)
    if (!edited.ok) return edited
  }
  return ok(undefined)
}

export type UndoneResidence = {
  readonly person: string
  readonly undone: ResidenceAct
  readonly on: string
  readonly entries: readonly EntryPlace[]
}

/**
 * Takes back the last act on somebody's residences: what it changed is as it was, if nobody changed it since. A moving
 * in that was a mistake is withdrawn: it stays to be read, and counts nowhere.
 */
export async function undoResidence(
  station: Station,
  input: { readonly person: string; readonly reason: string },
): Promise<Result<UndoneResidence>> {
  const reason = cleanText('residence', 'withdrawn', input.reason, 300)
  if (!reason.ok) return reason
  const today = stationCalendar(station).dayOf(station.now)
  return withEntries(
    await station.write('residence.change', (book) => {
      const person = findRecord(book, 'person', input.person)
      if (!person.ok) return person
      const residences = residencesOf(book, input.person).filter((one) => !isWithdrawnResidence(one))
      const last = residences
        .flatMap(standingActs)
        .sort((a, b) => b.at - a.at || (a.item < b.item ? 1 : -1))[0]
      if (!last) return fail({ type: 'nothing-to-undo', person: input.person })
      for (const residence of residences) {
        const act = standingActs(residence).find(({ id }) => id === last.id)
        if (!act) continue
        const changed = changedBy(act)
        if (!changed.every((name) => stillSays(residence, name, act.after[name] ?? null)))
          return fail({ type: 'changed-since', person: input.person })
        const set =
          act.act === 'moved-in'
            ? { withdrawn: reason.value, to: textOf(residence, 'from') ?? today }
            : Object.fromEntries(changed.map((name) => [name, act.before[name] ?? null]))
        const note = { id: randomId('ra'), act: 'undone', of: act.id, on: today, reason: reason.value }
        const edited = book.edit(residence.id, { set, append: { acts: [note] } }, residence.space)
        if (!edited.ok) return edited
      }
      if (last.act === 'died') {
        const edited = editPerson(book, input.person, { diedOn: null })
        if (!edited.ok) return edited
      }
      return ok({ person: input.person, undone: last.act, on: last.on })
    }),
  )
}

/** What an act said anew; what it found so already may have been written by somebody else meanwhile. */
const changedBy = ({ before, after }: Pick<ResidenceActRow, 'before' | 'after'>): readonly string[] =>
  Object.keys(after).filter((name) => canonical(after[name] ?? null) !== canonical(before[name] ?? null))

/** Also as one of two that were written apart. */
function stillSays(residence: Projection, name: string, value: Value): boolean {
  const { fields, conflicts } = plainOf(residence)
  const said = [fields[name] ?? null, ...(conflicts[name] ?? []).map((one) => one.value)]
  return said.some((one) => canonical(one) === canonical(value))
}

export type ResidenceActRow = {
  /** The act, the same on every residence that it changed. */
  readonly id: string
  /** Names the timeline item: the order of those of one moment. */
  readonly item: string
  readonly residence: string
  readonly act: ResidenceAct
  readonly on: string
  readonly reason: string | null
  readonly before: Fields
  readonly after: Fields
  readonly undone: boolean
  readonly by: string
  /** Milliseconds since 1970, by the author's clock. */
  readonly at: number
}

const ACTS: ReadonlySet<unknown> = new Set<ResidenceAct>([
  ...(['moved-in', 'moved-out', 'away', 'returned', 'nominal', 'died', 'corrected'] as const),
])

/** Everything that was said of a residence, the oldest first; what was taken back is marked. */
export function actsOf(residence: Projection): readonly ResidenceActRow[] {
  const items = plainOf(residence).timelines.acts ?? []
  const undone = new Set<Value>()
  for (const { value } of items) if (isObject(value) && value.act === 'undone') undone.add(value.of ?? null)
  return items
    .flatMap(({ id: item, value, by, at }): ResidenceActRow[] => {
      if (!isObject(value) || !ACTS.has(value.act) || typeof value.id !== 'string') return []
      const { id, act, on, reason, before, after } = value
      return [
        {
          ...{ id, item, by, at },
          residence: residence.id,
          act: act as ResidenceAct,
          on: textIn(on) ?? '',
          reason: textIn(reason),
          before: isObject(before) ? before : {},
          after: isObject(after) ? after : {},
          undone: undone.has(id),
        },
      ]
    })
    .sort((a, b) => a.at - b.at || (a.item < b.item ? -1 : 1))
}

const textIn = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null)

const standingActs = (residence: Projection): readonly ResidenceActRow[] =>
  actsOf(residence).filter(({ undone }) => !undone)
