/** How far a sweep has come: counts that follow from claims and visits, the same wherever the same records are. */
import type { Projection } from '../record/project.ts'
import { addressOf, addressText, walkingKey } from './address.ts'
import { buildingOf, ClaimBook, type DoorClaim } from './claim-book.ts'
import { dateOf } from './day.ts'
import type { Language } from './language.ts'
import { type Author, authorOf, byId, type GridRef, gridOf } from './lookups.ts'
import { type RecordSet, textOf } from './record-set.ts'
import {
  type DoorState,
  doorState,
  hidesDoors,
  isDone,
  outcomeIn,
  type Sweep,
  type SweepState,
  sweepDoors,
  sweepOf,
  sweepRecords,
  visitsIn,
} from './sweep.ts'

/** Every door is one of visited, refused, claimed, unclaimed; the other counts are about some of these. */
export type SweepCounts = {
  readonly doors: number
  readonly visited: number
  readonly refused: number
  /** Nobody has been let in, and somebody goes there. */
  readonly claimed: number
  readonly unclaimed: number
  /** Of the claimed: by two or more. */
  readonly doubleClaimed: number
  /** Of those still to visit: somebody knocked and nobody was home. */
  readonly nobodyHome: number
  /** Of those still to visit: somebody was met, without the form of the sweep. */
  readonly formless: number
  /** Doors answered to two or more visits. */
  readonly doubleVisited: number
}

export type SweepDoor = {
  readonly household: string
  readonly address: string
  readonly space: string
  readonly building: string | null
  readonly state: DoorState
  readonly claims: readonly DoorClaim[]
  readonly double: boolean
  readonly visits: readonly {
    readonly visit: string
    readonly outcome: string | null
    readonly on: string | null
    readonly by: Author
    readonly atMs: number
  }[]
  readonly doubleVisited: boolean
}

export type WorkerCounts = {
  readonly by: Author
  /** Doors this member still goes to, and those of them that others do too. */
  readonly claimed: number
  readonly doubleClaimed: number
  readonly visited: number
  readonly refused: number
  readonly nobodyHome: number
  readonly formless: number
}

export type SweepCard = {
  readonly round: string
  readonly name: string
  readonly form: string | null
  readonly from: string
  readonly to: string
  readonly tag: string | null
  /** The liveliest of its parts. */
  readonly state: SweepState
  readonly by: Author
  readonly atMs: number
  readonly counts: SweepCounts
  readonly parts: readonly {
    readonly sweep: string
    readonly grid: GridRef | null
    readonly space: string
    readonly state: SweepState
    readonly closedOn: string | null
    readonly counts: SweepCounts
  }[]
  readonly buildings: readonly {
    readonly building: string | null
    readonly name: string
    readonly space: string
    readonly counts: SweepCounts
  }[]
  readonly workers: readonly WorkerCounts[]
  /** In walking order; empty for a viewer to whom a list by tag would tell what is masked. */
  readonly doors: readonly SweepDoor[]
}

const LIVELIEST: readonly SweepState[] = ['open', 'planned', 'ended', 'closed']

/** The newest first, those that are over last. */
export function listSweeps(
  set: RecordSet,
  filter: { readonly on: string; readonly open?: boolean; readonly language?: Language },
): readonly SweepCard[] {
  const rounds = Map.groupBy(sweepRecords(set), (record) => textOf(record, 'round') ?? record.id)
  return [...rounds.values()]
    .map((records) => cardOf(set, records, filter))
    .filter(({ state }) => filter.open !== true || state === 'open')
    .sort(
      (a, b) =>
        LIVELIEST.indexOf(a.state) - LIVELIEST.indexOf(b.state) ||
        (a.from > b.from ? -1 : a.from < b.from ? 1 : a.round < b.round ? -1 : 1),
    )
}

/** `id`: of a sweep's record or of its round; null when neither is here. */
export function sweepCard(
  set: RecordSet,
  id: string,
  options: { readonly on: string; readonly language?: Language },
): SweepCard | null {
  const all = sweepRecords(set)
  const round = textOf(set.getA('sweep', id), 'round') ?? id
  const records = all.filter((record) => record.id === id || textOf(record, 'round') === round)
  return records.length === 0 ? null : cardOf(set, records, options)
}

function cardOf(
  set: RecordSet,
  records: readonly Projection[],
  { on, language = 'zh' }: { readonly on: string; readonly language?: Language },
): SweepCard {
  const parts = [...records].sort(byId).map((record) => {
    const to = dateOf(record, 'to') ?? on
    // After its end it is shown as it stood on its last day.
    const day = on < to ? on : to
    return { record, sweep: sweepOf(set, record, on), doors: doorsOf(set, record, day, language) }
  })
  const [first] = parts as [(typeof parts)[number]]
  const { name, form, from, to, tag } = first.sweep
  const doors = parts.flatMap((part) => part.doors)
  return {
    round: first.sweep.round,
    ...{ name, form, from, to, tag },
    state: LIVELIEST.find((state) => parts.some(({ sweep }) => sweep.state === state))!,
    by: authorOf(set, first.sweep.by),
    atMs: first.sweep.at,
    counts: countsOf(doors),
    parts: parts.map((part) => ({
      sweep: part.sweep.id,
      grid: gridOf(set, part.sweep.space),
      space: part.sweep.space,
      state: part.sweep.state,
      closedOn: part.sweep.closedOn,
      counts: countsOf(part.doors),
    })),
    buildings: buildingsOf(set, doors, language),
    workers: workersOf(set, parts),
    doors: parts.flatMap((part) => (hidesDoors(set, part.record) ? [] : part.doors)),
  }
}

function doorsOf(set: RecordSet, record: Projection, day: string, language: Language): readonly SweepDoor[] {
  const book = new ClaimBook(set, day)
  const sweep = sweepOf(set, record, day)
  return sweepDoors(set, record)
    .map((household) => ({ household, walk: walkingKey(set, household) }))
    .sort((a, b) => (a.walk < b.walk ? -1 : 1))
    .map(({ household }) => doorOf(set, book, sweep, household, language))
}

function doorOf(
  set: RecordSet,
  book: ClaimBook,
  sweep: Sweep,
  household: Projection,
  language: Language,
): SweepDoor {
  const visits = visitsIn(set, household.id, sweep)
  const state = doorState(visits, sweep.form)
  // Whoever goes there for another sweep does not go there for this one.
  const claims = isDone(state)
    ? []
    : book.shownAt(household.id, true).filter((one) => one.sweep === null || one.sweep.id === sweep.id)
  return {
    household: household.id,
    address: addressText(addressOf(set, household), language),
    space: household.space,
    building: buildingOf(set, household),
    state,
    claims,
    double: new Set(claims.map(({ by }) => by.member)).size > 1,
    visits: [...visits]
      .sort((a, b) => {
        const [onA, onB] = [dateOf(a, 'on') ?? '', dateOf(b, 'on') ?? '']
        return onA < onB ? -1 : onA > onB ? 1 : byId(a, b)
      })
      .map((visit) => ({
        visit: visit.id,
        outcome: textOf(visit, 'outcome'),
        on: dateOf(visit, 'on'),
        by: authorOf(set, visit.createdBy),
        atMs: visit.createdAt,
      })),
    doubleVisited: visits.filter(({ fields }) => fields.outcome !== 'absent').length > 1,
  }
}

function countsOf(doors: readonly SweepDoor[]): SweepCounts {
  const count = (is: (door: SweepDoor) => boolean) => doors.filter(is).length
  const isOpen = (door: SweepDoor) => !isDone(door.state)
  return {
    doors: doors.length,
    visited: count(({ state }) => state === 'visited'),
    refused: count(({ state }) => state === 'refused'),
    claimed: count((door) => isOpen(door) && door.claims.length > 0),
    unclaimed: count((door) => isOpen(door) && door.claims.length === 0),
    doubleClaimed: count((door) => isOpen(door) && door.double),
    nobodyHome: count(({ state }) => state === 'absent'),
    formless: count(({ state }) => state === 'formless'),
    doubleVisited: count(({ doubleVisited }) => doubleVisited),
  }
}

function buildingsOf(
  set: RecordSet,
  doors: readonly SweepDoor[],
  language: Language,
): SweepCard['buildings'] {
  const groups = Map.groupBy(doors, ({ space, building }) => `${space}/${building ?? ''}`)
  return [...groups.values()].map((some) => {
    const { building, space } = some[0]!
    return {
      building,
      name: addressText(addressOf(set, set.getA('building', building, space)), language),
      space,
      counts: countsOf(some),
    }
  })
}

function workersOf(
  set: RecordSet,
  parts: readonly { readonly sweep: Sweep; readonly doors: readonly SweepDoor[] }[],
): readonly WorkerCounts[] {
  const workers = new Map<string, { -readonly [K in keyof WorkerCounts]: WorkerCounts[K] }>()
  const of = (by: Author) => {
    let counts = workers.get(by.member)
    if (!counts) {
      const none = { claimed: 0, doubleClaimed: 0, visited: 0, refused: 0, nobodyHome: 0, formless: 0 }
      counts = { by, ...none }
      workers.set(by.member, counts)
    }
    return counts
  }
  for (const { sweep, doors } of parts)
    for (const door of doors) {
      for (const by of distinct(door.claims.map((claim) => claim.by))) {
        of(by).claimed++
        if (door.double) of(by).doubleClaimed++
      }
      const done = new Map<string, { by: Author; states: Set<DoorState> }>()
      for (const { visit, by } of door.visits) {
        const known = done.get(by.member) ?? { by, states: new Set() }
        known.states.add(outcomeIn(set.getA('visit', visit)!, sweep.form))
        done.set(by.member, known)
      }
      for (const { by, states } of done.values()) {
        if (states.has('visited')) of(by).visited++
        if (states.has('refused')) of(by).refused++
        if (states.has('absent')) of(by).nobodyHome++
        if (states.has('formless')) of(by).formless++
      }
    }
  return [...workers.values()].sort((a, b) => (a.by.member < b.by.member ? -1 : 1))
}

const distinct = (authors: readonly Author[]): readonly Author[] => [
  ...new Map(authors.map((one) => [one.member, one])).values(),
]
