import { todayOf } from './dates.ts'
import type { LeaveScreen } from './screens.ts'
import { type Event, replaceTop, type State, type Step, step } from './state.ts'
import { typedDay } from './typed-day.ts'
import { typedLine } from './typed-line.ts'

export const leaveScreen = (household: string): LeaveScreen => ({
  type: 'leave',
  household,
  entry: '',
  badDate: false,
})

/** Whether everybody is away now: then ↵ alone says that they are back. */
export const isAway = ({ facts }: State, household: string): boolean =>
  facts.door?.card.household.id === household && facts.door.leave?.state === 'away'

/** The last day away and ↵; ↵ alone where nobody knows it, or where they are back. */
export function reduceLeave(
  state: State,
  screen: LeaveScreen,
  event: Extract<Event, { type: 'command' | 'digit' | 'text' }>,
): Step {
  const set = (change: Partial<LeaveScreen>) =>
    step(replaceTop(state, { ...screen, badDate: false, ...change }))
  const typed = typedLine(screen.entry, event)
  if (typed !== null) return set({ entry: typed })
  if (event.type !== 'command' || event.command !== 'enter') return step(state)
  const { household } = screen
  const entry = screen.entry.trim()
  const saving: State = { ...state, busy: ['正在存盘', 'Saving'] }
  if (entry === '' && isAway(state, household)) return step(saving, { type: 'end-leave', household })
  const until = entry === '' ? null : typedDay(entry, todayOf(state))
  if (entry !== '' && until === null) return set({ badDate: true })
  return step(saving, { type: 'note-leave', household, until })
}
