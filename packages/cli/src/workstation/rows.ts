import type { DoorRow } from './facts.ts'
import type { Screen } from './screens.ts'
import type { State } from './state.ts'

type Identified = { readonly id: string }

/** The doors of the first screen: those to visit, or every one. */
export function doorRows(state: State, scope: 'due' | 'all'): readonly DoorRow[] {
  const { board } = state.facts
  if (!board) return []
  if (scope === 'all') return board.doors
  return board.doors.filter(isForToday)
}

/** Due, or pressing in another way: an alarm, a case past its limit, something promised. */
const isForToday = ({ overdueDays, alarm, lateCases, todo, errand }: DoorRow): boolean =>
  (overdueDays !== null && overdueDays >= 0) ||
  alarm !== null ||
  lateCases > 0 ||
  todo !== null ||
  errand !== null

/** Of those, where nothing was noted today. */
export const isLeft = (door: DoorRow): boolean => isForToday(door) && door.today === null

/** What a list screen lists. */
export function rowsOf(state: State, screen: Screen): readonly Identified[] {
  const { facts } = state
  switch (screen.type) {
    case 'today':
      return doorRows(state, screen.scope)
    case 'search':
      return facts.search?.matches ?? []
    case 'cases':
      return facts.cases ?? []
    case 'alarms':
      return facts.alarms
    case 'errands':
      return facts.errands ?? []
    case 'dispatches':
      return facts.dispatches ?? []
    case 'conflicts':
      return facts.conflicts ?? []
    case 'quarantine':
      return facts.quarantine ?? []
    case 'history':
      return facts.history ?? []
    case 'diary':
      return facts.diary ?? []
    case 'people':
      return facts.people?.rows ?? []
    case 'merge':
      return facts.merge?.rows ?? []
    case 'sweeps':
      return (facts.sweeps ?? []).map(({ round }) => ({ id: round }))
    default:
      return []
  }
}

/** Rows of body between the head and the foot: two and a rule above, a notice and the keys below. */
export const bodyRows = (rows: number): number => Math.max(3, rows - 5)
