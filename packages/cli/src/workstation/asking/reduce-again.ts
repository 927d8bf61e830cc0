import type { Repeat } from '@doorstep/core'
import { repetitionsOf } from '../form-place.ts'
import { emptyHand, type FormScreen } from '../screens.ts'
import { replaceTop, type State, type Step, step } from '../state.ts'
import { armed, confirm, type FormKey } from './steps.ts'

/** After the last repetition: 1 adds one, 2 or ↵ goes on; the arrows mark one, ↵ opens it, x twice removes it. */
export function reduceAgain(state: State, screen: FormScreen, place: Repeat, event: FormKey): Step | null {
  const { hand } = screen
  const change = (ref: string, how: 'add' | 'remove'): Step =>
    step(state, { type: 'repeat', household: screen.household, ref, change: how })
  const set = (more: Partial<FormScreen['hand']>): Step =>
    step(replaceTop(state, { ...screen, problem: null, hand: { ...hand, armed: false, ...more } }))
  if (event.type === 'digit') {
    if (event.digit === 1) return change(place.ref, 'add')
    return event.digit === 2 ? confirm(state, screen, place) : step(state)
  }
  if (event.type !== 'command') return null
  switch (event.command) {
    case 'more':
      return change(place.ref, 'add')
    case 'up':
      if (hand.mark === null) return null
      return set({ mark: hand.mark === 0 ? null : hand.mark - 1 })
    case 'down':
      if (place.count === 0) return null
      return set({ mark: Math.min(place.count - 1, (hand.mark ?? -1) + 1) })
    case 'clear':
    case 'less':
      if (hand.mark === null) return step(state)
      return hand.armed ? change(`${place.ref}[${hand.mark + 1}]`, 'remove') : step(armed(state, screen))
    case 'enter': {
      if (hand.mark === null) return null
      const [first] = repetitionsOf(state.facts.form!.places, place)[hand.mark] ?? []
      return first
        ? step(replaceTop(state, { ...screen, at: first.ref, entry: null, problem: null, hand: emptyHand }))
        : step(state)
    }
    default:
      return null
  }
}
