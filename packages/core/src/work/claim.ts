import { derivedId } from '../ids.ts'
import type { Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { bare } from './address.ts'
import { buildingOf, ClaimBook, MAX_DAYS, weekOf } from './claim-book.ts'
import { placeText } from './claim-list.ts'
import type { ClaimScope, FoldedClaim } from './claim-state.ts'
import { type EntryPlace, withEntries } from './command.ts'
import { addDays, calendarOf } from './day.ts'
import type { Language } from './language.ts'
import { authorOf } from './lookups.ts'
import type { RecordSet } from './record-set.ts'
import type { Sweep } from './sweep.ts'

/** One door, or those of a building, of one of its units (a stair) or floors. */
export type ClaimPlace =
  | { readonly household: string }
  | {
      readonly building: string
      readonly unit?: string
      readonly floor?: number
      /** Of a building that is kept in two grids: in which. */
      readonly space?: string
    }

export type TakeClaim = {
  readonly place: ClaimPlace
  /** Id of a sweep; without one it is for the lists of the day. */
  readonly sweep?: string
  /** The last day it holds: of the sweep when not given, else today. */
  readonly until?: string
  /** Doors that others have claimed too. */
  readonly also?: boolean
  /** The member who is to go there: a chief says so. This station's member when not given. */
  readonly for?: string
  /** In which language the place is worded. */
  readonly language?: Language
}

export type TakenClaim = {
  /** Null when the same was claimed already, and nothing was written. */
  readonly claim: string | null
  readonly place: string
  readonly until: string
  /** Households that it takes. */
  readonly doors: readonly string[]
  /** Households inside that others had claimed, and that were left to them. */
  readonly left: readonly string[]
  readonly entries: readonly EntryPlace[]
}

export type ClaimProblem = Problem & {
  readonly type:
    | 'no-such-record'
    /** The sweep has ended or was closed. */
    | 'sweep-over'
    | 'not-in-sweep'
    | 'nothing-to-claim'
    /** `claims`: by whom and when. */
    | 'claimed-already'
    /** Somebody was there. */
    | 'door-done'
    | 'nothing-claimed'
    | 'role-may-not'
    | 'invalid-field'
}

/** What is meant, in the records of a set: where, and which doors of it are in question. */
type Target = {
  readonly space: string
  readonly building: string | null
  readonly scope: ClaimScope
  readonly doors: readonly Projection[]
}

/**
 * Says that this member goes to these doors. Nothing stops a colleague who is apart from saying the same: both stay, and
 * both are shown, until one gives way or somebody was there. `set`: the records of this station, of that grid at least.
 */
export async function takeClaim(
  station: Station,
  set: RecordSet,
  input: TakeClaim,
): Promise<Result<TakenClaim, ClaimProblem | Problem>> {
  const today = calendarOf(set).dayOf(station.now)
  const book = new ClaimBook(set, today)
  const sweep = sweepIn(book, input.sweep)
  if (!sweep.ok) return sweep
  const target = targetOf(set, book, input, sweep.value)
  if (!target.ok) return target
  const until = untilOf(input.until, today, sweep.value)
  if (!until.ok) return until
  const me = input.for ?? station.identity.member
  const isGiven = me !== station.identity.member
  const wanted = { book, me, sweep: input.sweep ?? null, also: input.also === true }
  const choice = chosen(set, target.value, wanted)
  if (!choice.ok) return choice
  const { left, doors, saw, same } = choice.value
  const taken = { place: placeText(set, target.value, input.language), until: until.value, doors, left }
  if (same) return ok({ ...taken, claim: null, until: same.until, entries: [] })
  const { space, building, scope } = target.value
  const home = input.sweep ?? weekOf(today)
  const id = derivedId('cl', [space, home, building ?? ''])
  const value = takeValue(scope, { except: left, on: today, until: until.value, saw })
  const timeline = isGiven ? 'gives' : 'takes'
  const append = { [timeline]: [isGiven ? { ...value, for: me } : value] }
  let known: ReadonlySet<string> = new Set()
  const written = withEntries(
    await station.write(isGiven ? 'claim.give' : 'claim.take', (draft) => {
      const there = draft.get(id, space)
      known = new Set(there?.timelines[timeline]?.map((item) => item.id))
      const kind = input.sweep === undefined ? { week: home } : { sweep: home }
      const done = there
        ? draft.edit(id, { append }, space)
        : draft.create('claim', space, { set: { ...kind, building }, append }, id)
      return done.ok ? ok({}) : done
    }),
  )
  if (!written.ok) return written
  const items = station.get(id, space)?.timelines[timeline] ?? []
  const claim = items.find((item) => !known.has(item.id) && item.by === station.identity.member)?.id ?? null
  return ok({ ...taken, claim, entries: written.value.entries })
}

function sweepIn(book: ClaimBook, id: string | undefined): Result<Sweep | null, ClaimProblem> {
  if (id === undefined) return ok(null)
  const known = book.sweep(id)
  if (!known) return fail({ type: 'no-such-record', id, wanted: 'sweep' })
  const { state, name, to, closedOn } = known.sweep
  if (state === 'ended' || state === 'closed')
    return fail({ type: 'sweep-over', sweep: id, name, state, on: closedOn ?? to })
  return ok(known.sweep)
}

function targetOf(
  set: RecordSet,
  book: ClaimBook,
  { place, language }: { readonly place: ClaimPlace; readonly language?: Language },
  sweep: Sweep | null,
): Result<Target, ClaimProblem> {
  const asked = 'household' in place ? place.household : place.building
  const record =
    'household' in place
      ? set.getA('household', asked, sweep?.space)
      : set.getA('building', asked, place.space ?? sweep?.space)
  if (!record || !set.isKept(record.id))
    return fail({
      type: 'no-such-record',
      id: asked,
      wanted: 'household' in place ? 'household' : 'building',
    })
  const { space } = record
  const building = 'household' in place ? buildingOf(set, record) : record.id
  const scope: ClaimScope =
    'household' in place
      ? { door: record.id, unit: null, floor: null }
      : {
          door: null,
          unit: place.unit === undefined ? null : bare(place.unit),
          floor: place.floor ?? null,
        }
  const all = book.doorsIn({ building, space }, scope)
  const among = sweep && book.sweep(sweep.id)!.doors
  const doors = all.filter(({ id }) => !among || among.has(id))
  if (all.length === 0)
    return fail({ type: 'nothing-to-claim', place: placeText(set, { building, space, scope }, language) })
  if (doors.length === 0)
    return fail({
      type: 'not-in-sweep',
      place: placeText(set, { building, space, scope }, language),
      sweep: sweep!.id,
      name: sweep!.name,
    })
  return ok({ space, building, scope, doors })
}

function untilOf(
  asked: string | undefined,
  today: string,
  sweep: Sweep | null,
): Result<string, ClaimProblem> {
  const last = sweep?.to ?? addDays(today, MAX_DAYS)
  const until = asked ?? sweep?.to ?? today
  const rule = !isDate(until) ? 'date' : until < today ? 'too-early' : until > last ? 'too-late' : null
  if (rule === null) return ok(until)
  const field = { record: 'claim', field: 'until', value: until, min: today, max: last }
  return fail({ type: 'invalid-field', rule, ...field })
}

/** Of the doors that are meant, those to take: not where somebody was, nor, of several, where others go. */
function chosen(
  set: RecordSet,
  { doors, scope }: Target,
  wanted: {
    readonly book: ClaimBook
    readonly me: string
    readonly sweep: string | null
    readonly also: boolean
  },
): Result<
  {
    readonly doors: readonly string[]
    readonly left: readonly string[]
    readonly saw: readonly string[]
    /** This member's own claim of just this. */
    readonly same: FoldedClaim | null
  },
  ClaimProblem
> {
  const { book, me, sweep, also } = wanted
  const open = doors
    .filter(({ id }) => !book.isDoneFor(id, sweep))
    .map(({ id }) => ({ id, claims: book.at(id) }))
  if (open.length === 0) return fail({ type: 'door-done', households: doors.map(({ id }) => id) })
  const all = new Map(open.flatMap(({ claims }) => claims.map((claim) => [claim.id, claim] as const)))
  const same = [...all.values()].find(
    (claim) => claim.by === me && claim.sweep === sweep && isSameScope(claim.scope, scope),
  )
  const isTaken = ({ claims }: { readonly claims: readonly FoldedClaim[] }) =>
    claims.some(({ by, sweep: its }) => by !== me && (its === sweep || its === null || sweep === null))
  const left = also ? [] : open.filter(isTaken).map(({ id }) => id)
  const mine = open.map(({ id }) => id).filter((id) => !left.includes(id))
  if (mine.length === 0)
    return fail({
      type: 'claimed-already',
      household: doors.length === 1 ? doors[0]!.id : null,
      claims: [...all.values()]
        .filter(({ by }) => by !== me)
        .map(({ id, by, at }) => ({ claim: id, by, name: authorOf(set, by).name, at })),
    })
  const covered = same !== undefined && mine.every((id) => book.at(id).includes(same))
  return ok({ doors: mine, left, saw: [...all.keys()].sort(), same: covered ? same : null })
}

const isSameScope = (a: ClaimScope, b: ClaimScope): boolean =>
  a.door === b.door &&
  a.floor === b.floor &&
  (a.unit === null ? null : bare(a.unit)) === (b.unit === null ? null : bare(b.unit))

const takeValue = (
  { door, unit, floor }: ClaimScope,
  {
    except,
    ...rest
  }: {
    readonly except: readonly string[]
    readonly on: string
    readonly until: string
    readonly saw: readonly string[]
  },
): { readonly [name: string]: Value } => ({
  ...(door === null ? {} : { door }),
  ...(unit === null ? {} : { unit }),
  ...(floor === null ? {} : { floor }),
  ...(except.length > 0 ? { except: [...except] } : {}),
  on: rest.on,
  until: rest.until,
  saw: [...rest.saw],
})

export type ReleaseClaim = {
  readonly place: ClaimPlace
  /** Only what was claimed for this sweep; all of it when not given. */
  readonly sweep?: string
  /** Of another member: for chiefs. */
  readonly of?: string
  readonly language?: Language
}

export type ReleasedClaim = {
  /** Claims given up whole, and those that go on without some of their doors. */
  readonly claims: readonly string[]
  readonly doors: readonly string[]
  readonly entries: readonly EntryPlace[]
}

/** Gives doors up. Of a claim that reaches further, the rest is kept. */
export async function releaseClaim(
  station: Station,
  set: RecordSet,
  input: ReleaseClaim,
): Promise<Result<ReleasedClaim, ClaimProblem | Problem>> {
  const today = calendarOf(set).dayOf(station.now)
  const book = new ClaimBook(set, today)
  const target = targetOf(set, book, input, null)
  if (!target.ok) return target
  const whose = input.of ?? station.identity.member
  const meant = new Set(target.value.doors.map(({ id }) => id))
  const held = book
    .claims()
    .filter((claim) => claim.by === whose && claim.space === target.value.space && !book.isOver(claim))
    .filter((claim) => input.sweep === undefined || claim.sweep === input.sweep)
    .map((claim) => ({ claim, doors: book.doorsOf(claim).filter((id) => meant.has(id)) }))
    .filter(({ doors }) => doors.length > 0)
  if (held.length === 0)
    return fail({
      type: 'nothing-claimed',
      place: placeText(set, target.value, input.language),
      by: authorOf(set, whose).name,
    })
  const byRecord = Map.groupBy(held, ({ claim }) => claim.record)
  const timeline = whose === station.identity.member ? 'releases' : 'clears'
  const action = timeline === 'releases' ? 'claim.release' : 'claim.clear'
  const written = withEntries(
    await station.write(action, (draft) => {
      for (const [record, some] of byRecord) {
        const append = { [timeline]: endValues(book, some, today) }
        const edited = draft.edit(record, { append }, target.value.space)
        if (!edited.ok) return edited
      }
      return ok({})
    }),
  )
  if (!written.ok) return written
  return ok({
    claims: held.map(({ claim }) => claim.id),
    doors: [...new Set(held.flatMap(({ doors }) => doors))].sort(),
    entries: written.value.entries,
  })
}

function endValues(
  book: ClaimBook,
  held: readonly { readonly claim: FoldedClaim; readonly doors: readonly string[] }[],
  on: string,
): Value[] {
  const isWhole = ({ claim, doors }: (typeof held)[number]) => book.doorsOf(claim).length === doors.length
  const whole = held.filter(isWhole).map(({ claim }) => claim.id)
  return [
    ...(whole.length > 0 ? [{ of: whole, on }] : []),
    ...held
      .filter((one) => !isWhole(one))
      .map(({ claim, doors }) => ({ of: [claim.id], doors: [...doors], on })),
  ]
}
