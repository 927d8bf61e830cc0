import { type ReportStep, reportSteps } from '@doorstep/core'
import { dropLastGlyph } from './cells.ts'
import { reduceChoices } from './choice-list.ts'
import type { DispatchScreen } from './screens.ts'
import { type Event, replaceTop, type State, type Step, step } from './state.ts'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>

/** What may be reported, in the order of the keys. */
export const reportsHere = Object.keys(reportSteps) as readonly ReportStep[]

export const reportNeedsNote = (one: ReportStep): boolean => 'needs' in reportSteps[one]

/** One dispatch: what is asked above, what may be reported below. */
export function reduceDispatch(state: State, screen: DispatchScreen, event: KeyEvent): Step {
  const card = state.facts.dispatch
  if (card?.id !== screen.id || !card.open) return step(state)
  const { pending } = screen
  if (pending) return reducePending(state, screen, pending, event)
  const choose = (at: number) => {
    const chosen = reportsHere[at]
    return step(
      chosen
        ? replaceTop(state, { ...screen, at, pending: { step: chosen, note: '', missing: false } })
        : state,
    )
  }
  return reduceChoices(state, screen, event, reportsHere.length, choose)
}

function reducePending(
  state: State,
  screen: DispatchScreen,
  pending: NonNullable<DispatchScreen['pending']>,
  event: KeyEvent,
): Step {
  const set = (change: Partial<typeof pending>) =>
    step(replaceTop(state, { ...screen, pending: { ...pending, missing: false, ...change } }))
  if (event.type === 'text') return set({ note: pending.note + event.text })
  if (event.type !== 'command') return step(state)
  switch (event.command) {
    case 'erase':
      return set({ note: dropLastGlyph(pending.note) })
    case 'clear':
      return set({ note: '' })
    case 'enter': {
      const note = pending.note.trim()
      if (note === '' && reportNeedsNote(pending.step)) return set({ missing: true })
      return step(
        { ...replaceTop(state, { ...screen, pending: null, at: 0 }), busy: ['正在存盘', 'Saving'] },
        { type: 'report', id: screen.id, step: pending.step, note },
      )
    }
    default:
      return step(state)
  }
}
