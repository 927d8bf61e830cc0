import type { Projection } from '../record/project.ts'
import { definitionOf } from '../records/registry.ts'
import { dateOf, daysBetween } from './day.ts'
import { dispatchesOf } from './dispatch.ts'
import { type DispatchState, foldDispatch } from './dispatch-state.ts'
import { type Author, authorOf, byId } from './lookups.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type DeskRef = {
  readonly space: string
  readonly name: string
  readonly kind: string
  readonly grid: string
}

/** Every desk whose card is here, by name. */
export function listDesks(set: RecordSet): readonly DeskRef[] {
  return [...set.ofType('desk')]
    .flatMap((card) => {
      const [space, grid] = [textOf(card, 'space'), textOf(card, 'grid')]
      if (space === null || grid === null) return []
      return [{ space, grid, name: textOf(card, 'name') ?? space, kind: textOf(card, 'kind') ?? 'partner' }]
    })
    .sort((a, b) => (a.name === b.name ? (a.space < b.space ? -1 : 1) : a.name < b.name ? -1 : 1))
}

/** The desks that somebody means by an id, a space, a name, or a part of one. */
export function findDesks(set: RecordSet, text: string): readonly DeskRef[] {
  const desks = listDesks(set)
  const exact = desks.filter((desk) => desk.space === text || desk.name === text)
  return exact.length > 0 ? exact : desks.filter((desk) => text !== '' && desk.name.includes(text))
}

export type DispatchRow = {
  readonly id: string
  readonly desk: string
  readonly kind: string
  readonly title: string
  readonly about: string | null
  readonly grade: string | null
  readonly address: string | null
  readonly deadline: string | null
  readonly lateDays: number
  readonly state: DispatchState
  readonly open: boolean
  readonly from: string | null
  /** The case it comes from, where that is here. */
  readonly case: string | null
}

export type DispatchStepRow = {
  readonly id: string
  readonly step: string
  readonly note: string | null
  readonly by: Author
  readonly atMs: number
  readonly outside: boolean
}

export type DispatchCard = DispatchRow & {
  readonly note: string | null
  readonly bring: string | null
  /** What was told besides, with its label. */
  readonly told: readonly {
    readonly field: string
    readonly label: readonly [zh: string, en: string]
    readonly value: string
  }[]
  readonly steps: readonly DispatchStepRow[]
}

/** Those that wait for somebody first, then by deadline; `on` is the day lateness is counted on. */
export function listDispatches(
  set: RecordSet,
  filter: { readonly on: string; readonly desk?: string; readonly open?: boolean },
): readonly DispatchRow[] {
  const cases = casesOf(set)
  return [...set.ofType('dispatch')]
    .filter((record) => textOf(record, 'title') !== null)
    .filter((record) => filter.desk === undefined || record.space === filter.desk)
    .map((record) => dispatchRow(set, record, filter.on, cases))
    .filter((row) => filter.open === undefined || row.open === filter.open)
    .sort((a, b) => {
      const [dueA, dueB] = [a.deadline ?? '9999-99-99', b.deadline ?? '9999-99-99']
      return rank(a) - rank(b) || (dueA < dueB ? -1 : dueA > dueB ? 1 : a.id < b.id ? -1 : 1)
    })
}

/** To be done; done and not yet ended; ended. */
const rank = ({ open, state }: DispatchRow): number => (!open ? 2 : isAnswered(state) ? 1 : 0)
const isAnswered = (state: DispatchState): boolean =>
  state === 'done' || state === 'cannot' || state === 'not-ours'

export function dispatchCard(
  set: RecordSet,
  id: string,
  options: { readonly on: string },
): DispatchCard | null {
  const record = set.getA('dispatch', id)
  if (!record) return null
  const fields = definitionOf('dispatch')!.fields
  return {
    ...dispatchRow(set, record, options.on, casesOf(set)),
    note: textOf(record, 'note'),
    bring: textOf(record, 'bring'),
    told: TOLD.flatMap((field) => {
      const value = textOf(record, field)
      return value === null ? [] : [{ field, label: fields[field]!.label, value }]
    }),
    steps: dispatchSteps(set, record),
  }
}

const TOLD = ['household', 'phone', 'emergencyContact', 'emergencyPhone', 'mind', 'caseNote']

export const dispatchSteps = (set: RecordSet, record: Projection): readonly DispatchStepRow[] =>
  foldDispatch(record).steps.map(({ by, at, ...step }) => ({ ...step, by: authorOf(set, by), atMs: at }))

export const deskName = (set: RecordSet, space: string): string =>
  textOf([...set.referring('desk', 'space', space)].sort(byId)[0], 'name') ?? space

function dispatchRow(
  set: RecordSet,
  record: Projection,
  on: string,
  cases: ReadonlyMap<string, string>,
): DispatchRow {
  const { state, open } = foldDispatch(record)
  const deadline = dateOf(record, 'dueOn')
  const waits = open && !isAnswered(state)
  return {
    id: record.id,
    desk: deskName(set, record.space),
    kind: textOf(record, 'kind') ?? 'case',
    title: textOf(record, 'title') ?? record.id,
    about: textOf(record, 'about'),
    grade: textOf(record, 'grade'),
    address: textOf(record, 'address'),
    deadline,
    lateDays: deadline !== null && waits ? Math.max(0, daysBetween(deadline, on)) : 0,
    state,
    open,
    from: textOf(record, 'from'),
    case: cases.get(record.id) ?? null,
  }
}

function casesOf(set: RecordSet): ReadonlyMap<string, string> {
  const cases = new Map<string, string>()
  for (const record of set.ofType('case'))
    for (const { dispatch } of dispatchesOf(record)) cases.set(dispatch, record.id)
  return cases
}
