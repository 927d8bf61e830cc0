/** What a sweep is, which doors it goes to, and what was noted at them: from records alone. */
import { isObject } from '../record/place.ts'
import type { Projection } from '../record/project.ts'
import { dateOf } from './day.ts'
import { isStanding } from './due.ts'
import { byId } from './lookups.ts'
import { isMasked, shown } from './mask.ts'
import { plainOf } from './masked-record.ts'
import { type RecordSet, textOf } from './record-set.ts'
import { categoriesOf } from './residents.ts'

export type SweepState = 'planned' | 'open' | 'ended' | 'closed'

export type Sweep = {
  readonly id: string
  /** Those opened together in several grids share it; of one alone it is its id. */
  readonly round: string
  readonly space: string
  readonly name: string
  readonly form: string | null
  readonly from: string
  readonly to: string
  /** Masked like a household's tags. */
  readonly tag: string | null
  readonly buildings: readonly string[]
  readonly state: SweepState
  /** The day its first standing close states. */
  readonly closedOn: string | null
  readonly by: string
  readonly at: number
}

export function sweepOf(set: RecordSet, record: Projection, on: string): Sweep {
  const from = dateOf(record, 'from') ?? '9999-12-31'
  const to = dateOf(record, 'to') ?? from
  const closedOn = closedDay(record)
  return {
    id: record.id,
    round: textOf(record, 'round') ?? record.id,
    space: record.space,
    name: textOf(record, 'name') ?? record.id,
    form: textOf(record, 'form'),
    from,
    to,
    tag: shown('sweep', 'tag', plainOf(record).fields.tag, set.viewer) as string | null,
    buildings: [...(record.sets.buildings ?? [])].sort(),
    state: closedOn !== null ? 'closed' : on < from ? 'planned' : on > to ? 'ended' : 'open',
    closedOn,
    by: record.createdBy,
    at: record.createdAt,
  }
}

/** A close holds until somebody who knew of it reopens; one made apart from that holds too. */
function closedDay(record: Projection): string | null {
  const reopened = new Set<string>()
  const closes: { id: string; on: string }[] = []
  for (const { id, value } of record.timelines.steps ?? []) {
    if (!isObject(value)) continue
    if (value.step === 'close') closes.push({ id, on: String(value.on) })
    if (value.step === 'reopen' && Array.isArray(value.saw))
      for (const seen of value.saw) if (typeof seen === 'string') reopened.add(seen)
  }
  const days = closes.filter(({ id }) => !reopened.has(id)).map(({ on }) => on)
  return days.sort()[0] ?? null
}

/** Whether the doors of a sweep would tell this viewer what is masked: who bears a tag. */
export const hidesDoors = (set: RecordSet, record: Projection): boolean =>
  typeof plainOf(record).fields.tag === 'string' && isMasked('household', 'tags', set.viewer)

export const sweepRecords = (set: RecordSet): readonly Projection[] => [...set.ofType('sweep')].sort(byId)

/** The households it goes to, those that came since included. Tags and categories are as on its first day. */
export function sweepDoors(set: RecordSet, record: Projection): readonly Projection[] {
  const tag = plainOf(record).fields.tag
  const buildings = record.sets.buildings ?? []
  const from = dateOf(record, 'from') ?? '9999-12-31'
  const candidates =
    buildings.length > 0
      ? buildings.flatMap((id) => householdsIn(set, id, record.space))
      : [...set.ofType('household')].filter(({ space }) => space === record.space)
  if (typeof tag !== 'string' || tag === '') return candidates
  return candidates.filter(
    (household) =>
      plainOf(household).sets.tags?.includes(tag) || categoriesOf(set, household, from).includes(tag),
  )
}

export const householdsIn = (set: RecordSet, building: string, space: string): readonly Projection[] =>
  set
    .referring('dwelling', 'building', building)
    .flatMap(({ id }) => set.referring('household', 'dwelling', id))
    .filter((household) => household.space === space)

/** `formless`: somebody was met, and the sweep's form is not filled in yet. */
export type DoorState = 'visited' | 'refused' | 'formless' | 'absent' | 'open'

/** What was noted at a door in the days of a sweep; withdrawn visits do not count. In no promised order. */
export const visitsIn = (
  set: RecordSet,
  household: string,
  days: { readonly from: string; readonly to: string },
): readonly Projection[] =>
  set.referring('visit', 'household', household).filter((visit) => {
    const on = dateOf(visit, 'on')
    return isStanding(visit) && on !== null && on >= days.from && on <= days.to
  })

export function doorState(visits: readonly Projection[], form: string | null): DoorState {
  const outcomes = new Set(visits.map((visit) => outcomeIn(visit, form)))
  for (const state of ['visited', 'refused', 'formless', 'absent'] as const)
    if (outcomes.has(state)) return state
  return 'open'
}

export function outcomeIn({ fields }: Projection, form: string | null): DoorState {
  if (fields.outcome === 'met') return form === null || fields.form === form ? 'visited' : 'formless'
  return fields.outcome === 'refused' ? 'refused' : fields.outcome === 'absent' ? 'absent' : 'open'
}

/** Nobody has to go there any more. */
export const isDone = (state: DoorState): boolean => state === 'visited' || state === 'refused'
