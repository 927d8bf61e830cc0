import type { Question } from '@doorstep/core'
import type { FormScreen } from '../screens.ts'
import { replaceTop, type State, type Step, step } from '../state.ts'
import { placesOfChoices } from './choice-filter.ts'
import { answer, type FormKey } from './steps.ts'

/** A few choices: the number is the answer. Of several, it ticks and unticks. */
export function reduceNumber(state: State, screen: FormScreen, question: Question, digit: number): Step {
  const { kind, ref, choices } = question
  if (kind === 'trigger') return digit === 1 ? answer(state, screen, ref, true) : step(state)
  const choice = choices[digit - 1]
  if (!choice) return step(state)
  if (kind === 'select-one') return answer(state, screen, ref, choice.value)
  return tick(state, screen, question, choice.value)
}

const chosenOf = ({ value }: Question): readonly string[] =>
  Array.isArray(value) ? (value as readonly string[]) : []

/** In the form's order; without any the question is unanswered. */
function tick(state: State, screen: FormScreen, question: Question, one: string): Step {
  const chosen = new Set(chosenOf(question))
  if (!chosen.delete(one)) chosen.add(one)
  const next = question.choices.map(({ value }) => value).filter((value) => chosen.has(value))
  return answer(state, screen, question.ref, next.length === 0 ? null : next, 'stay')
}

/** Which choice is marked: by hand, else the first that fits what is typed. Null marks none. */
export function markedChoice(screen: FormScreen, fitting: readonly number[]): number | null {
  if (fitting.length === 0) return null
  if (screen.hand.mark === null) return (screen.entry ?? '').trim() === '' ? null : 0
  return Math.min(screen.hand.mark, fitting.length - 1)
}

const PAGE = 10

/** A long list: typing narrows it, arrows mark, ↵ takes what is marked; of several, it ticks and goes on asking. */
export function reduceList(
  state: State,
  screen: FormScreen,
  question: Question,
  event: FormKey,
): Step | null {
  const { kind, ref, choices } = question
  const several = kind === 'select-many'
  const typed = screen.entry ?? ''
  if (several && event.type === 'text' && event.text === ' ' && typed.trim() === '')
    return take(state, screen, question)
  if (event.type !== 'command') return null
  const by = LIST_KEYS[event.command]
  if (by !== undefined) {
    const fitting = placesOfChoices(choices, typed)
    const at = markedChoice(screen, fitting) ?? standingAt(question, fitting)
    const mark = Math.max(0, Math.min(fitting.length - 1, at + by))
    return step(replaceTop(state, { ...screen, problem: null, hand: { ...screen.hand, mark } }))
  }
  if (event.command !== 'enter') return null
  if (typed.trim() !== '' || (!several && screen.hand.mark !== null))
    return several ? take(state, screen, question) : choose(state, screen, ref, question)
  return null
}
const LIST_KEYS: Readonly<Partial<Record<string, number>>> = {
  up: -1,
  down: 1,
  'page-up': -PAGE,
  'page-down': PAGE,
}

/** Before the first key the mark is just above the list, or on the answer that stands. */
const standingAt = ({ value, choices }: Question, fitting: readonly number[]): number =>
  typeof value === 'string' ? fitting.indexOf(choices.findIndex((one) => one.value === value)) : -1

const markedValue = (screen: FormScreen, { choices }: Question): string | undefined => {
  const fitting = placesOfChoices(choices, screen.entry ?? '')
  const marked = markedChoice(screen, fitting)
  return marked === null ? undefined : choices[fitting[marked]!]?.value
}

function choose(state: State, screen: FormScreen, ref: string, question: Question): Step {
  const value = markedValue(screen, question)
  return value === undefined ? nothingFits(state, screen, question) : answer(state, screen, ref, value)
}

function take(state: State, screen: FormScreen, question: Question): Step {
  const value = markedValue(screen, question)
  if (value === undefined)
    return (screen.entry ?? '').trim() === '' ? step(state) : nothingFits(state, screen, question)
  const filtered = (screen.entry ?? '').trim() !== ''
  const hand = filtered ? { ...screen.hand, mark: null } : screen.hand
  return tick(state, { ...screen, entry: null, hand }, question, value)
}

const nothingFits = (state: State, screen: FormScreen, { path, label }: Question): Step =>
  step(
    replaceTop(state, { ...screen, problem: { type: 'choice-unknown', question: path, label, reason: '' } }),
  )
