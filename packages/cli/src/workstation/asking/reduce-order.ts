import type { Question } from '@doorstep/core'
import { emptyHand, type FormScreen } from '../screens.ts'
import { replaceTop, type State, type Step, step } from '../state.ts'
import { answer, type FormKey } from './steps.ts'

/** As it stands on the screen: being made, as answered, or as the form lists it. */
export function orderShown({ hand }: FormScreen, { value, choices }: Question): readonly string[] {
  if (hand.order) return hand.order
  const answered = Array.isArray(value) ? (value as readonly string[]) : []
  return [...answered, ...choices.map((one) => one.value).filter((one) => !answered.includes(one))]
}

/**
 * Numbers say the order, first to last; with the last but one it is whole and goes on. Or the arrows mark a row, space
 * takes it up, the arrows carry it, space or ↵ puts it down.
 */
export function reduceOrder(
  state: State,
  screen: FormScreen,
  question: Question,
  event: FormKey,
): Step | null {
  const order = orderShown(screen, question)
  if (event.type === 'digit') return takeByNumber(state, screen, question, order, event.digit)
  if (event.type !== 'command') return null
  const { hand } = screen
  const set = (change: Partial<FormScreen['hand']>): Step =>
    step(replaceTop(state, { ...screen, problem: null, hand: { ...hand, ...change } }))
  switch (event.command) {
    case 'up':
    case 'down': {
      const by = event.command === 'up' ? -1 : 1
      if (hand.mark === null) return set({ mark: by === 1 ? 0 : order.length - 1 })
      const mark = Math.max(0, Math.min(order.length - 1, hand.mark + by))
      return hand.held ? set({ order: swapped(order, hand.mark, mark), mark, taken: 0 }) : set({ mark })
    }
    case 'take':
      return hand.mark === null ? set({ mark: 0 }) : set({ held: !hand.held })
    case 'enter':
      return hand.held ? set({ held: false }) : null
    case 'clear':
      return hand.order ? step(replaceTop(state, { ...screen, problem: null, hand: emptyHand })) : null
    default:
      return null
  }
}

function takeByNumber(
  state: State,
  screen: FormScreen,
  question: Question,
  order: readonly string[],
  digit: number,
): Step {
  const value = question.choices[digit - 1]?.value
  const { taken } = screen.hand
  const first = order.slice(0, taken)
  if (value === undefined || first.includes(value)) return step(state)
  const next = [...first, value, ...order.slice(taken).filter((one) => one !== value)]
  const hand = { ...emptyHand, order: next, taken: taken + 1 }
  return hand.taken >= next.length - 1
    ? answer(state, { ...screen, hand }, question.ref, next)
    : step(replaceTop(state, { ...screen, problem: null, hand }))
}

function swapped(order: readonly string[], from: number, to: number): readonly string[] {
  const next = [...order]
  const [moved] = next.splice(from, 1)
  next.splice(to, 0, moved!)
  return next
}
