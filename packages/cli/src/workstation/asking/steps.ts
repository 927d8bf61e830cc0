import type { FormPlace, Question } from '@doorstep/core'
import { dropLastGlyph } from '../cells.ts'
import { isQuestion, placeFrom } from '../form-place.ts'
import { emptyHand, type FormScreen } from '../screens.ts'
import { type Event, replaceTop, type State, type Step, step, topOf } from '../state.ts'
import { clockOf, isNumbers, typedValue, valueText } from './typed-value.ts'
import { isFilter, isTypedWay, type Way, wayOf } from './way.ts'

/** What every way of asking does: answering, moving, typing, and that nothing typed is lost on the way. */

export type FormEvent = Extract<
  Event,
  { type: 'command' | 'digit' | 'text' | 'form-at' | 'form-refused' | 'form-typed' }
>
export type FormKey = Extract<FormEvent, { type: 'command' | 'digit' | 'text' }>

/** At another place, with empty hands; what was typed and left there is there again. */
export function standAt(state: State, screen: FormScreen, at: string): State {
  const stays = at === screen.at
  return replaceTop(state, {
    ...screen,
    at,
    entry: screen.left[at] ?? null,
    problem: null,
    hand: stays ? { ...screen.hand, armed: false } : emptyHand,
  })
}

export const answer = (
  state: State,
  screen: FormScreen,
  ref: string,
  value: unknown,
  after: 'next' | 'previous' | 'stay' = 'next',
): Step => {
  const { [ref]: _taken, ...left } = screen.left
  return step(replaceTop(state, { ...screen, left }), {
    type: 'answer',
    household: screen.household,
    ref,
    value,
    after,
  })
}

/** What stands in the line that is typed in. */
export const shownText = (screen: FormScreen, question: Question): string =>
  screen.entry ?? (isFilter(wayOf(question)) ? '' : valueText(question))

/** Words are added to; a number or a date typed anew replaces the old one. */
const startOf = (question: Question): string =>
  question.kind === 'text' || question.kind === 'upload' ? valueText(question) : ''

export function type(state: State, screen: FormScreen, question: Question, text: string): Step {
  if (!isTypedWay(wayOf(question))) return step(state)
  return retype(state, screen, (screen.entry ?? startOf(question)) + text)
}

export const retype = (state: State, screen: FormScreen, entry: string): Step =>
  step(replaceTop(state, { ...screen, entry, problem: null, hand: emptyHand }))

export function clear(state: State, screen: FormScreen, place: FormPlace, way: Way): Step {
  if (!isQuestion(place)) return step(state)
  return isTypedWay(way) && !(isFilter(way) && !screen.entry)
    ? retype(state, screen, '')
    : answer(state, screen, place.ref, null, 'stay')
}

/** ↵: takes what is typed; without that, goes on where nothing is missing. */
export function confirm(state: State, screen: FormScreen, place: FormPlace): Step {
  if (!isQuestion(place)) return step(moved(state, screen, 1))
  const typed = pending(state, screen, place)
  if (typed) {
    const missing = typed.value === null && place.required
    if (missing) return refuse(state, screen, missingOf(place))
    const wrong = refusalOf(place, typed.value)
    return wrong ? refuse(state, screen, wrong) : answer(state, screen, place.ref, typed.value)
  }
  if (place.kind === 'trigger' && place.value === null) return answer(state, screen, place.ref, true)
  if (place.required && place.value === null && place.kind !== 'note' && !place.readonly)
    return refuse(state, screen, missingOf(place))
  return step(moved(state, screen, 1))
}

/**
 * Away without ↵: what is typed is taken along. If the form does not take it, it stays and says why; the second time
 * it is left as it was typed, to be there when one comes back.
 */
export function leave(state: State, screen: FormScreen, place: FormPlace, by: 1 | -1): Step {
  const typed = isQuestion(place) ? pending(state, screen, place) : null
  if (!typed) return step(moved(state, screen, by))
  if (screen.problem) {
    const kept = withLeft(state, screen)
    return step(moved(kept, topOf(kept) as FormScreen, by))
  }
  const wrong = isQuestion(place) ? refusalOf(place, typed.value) : null
  if (wrong) return refuse(state, screen, wrong)
  return answer(state, screen, place.ref, typed.value, by === 1 ? 'next' : 'previous')
}

/** The form with what is being typed kept beside its question. */
export function withLeft(state: State, screen: FormScreen): State {
  if (screen.at === null || screen.entry === null) return state
  return replaceTop(state, { ...screen, left: { ...screen.left, [screen.at]: screen.entry } })
}

const moved = (state: State, screen: FormScreen, by: 1 | -1): State =>
  standAt(state, screen, placeFrom(state.facts.form!.places, screen.at, by))

/** An answer that was begun and not taken yet; what only finds a choice is none. */
export function pending(
  state: State,
  screen: FormScreen,
  question: Question,
): { readonly value: unknown } | null {
  const way = wayOf(question)
  if (way === 'order') return screen.hand.order && { value: screen.hand.order }
  if (screen.entry === null || isFilter(way)) return null
  return { value: typedValue(question, screen.entry, clockOf(state)) }
}

/** What this terminal refuses before the form is asked. */
function refusalOf(question: Question, value: unknown): FormScreen['problem'] {
  if (question.kind === 'text' && question.appearances.includes('numbers') && !isNumbers(String(value ?? '')))
    return { ...problemAt(question), type: 'answer-wrong-type', reason: '', expected: 'numbers' }
  return null
}

export const refuse = (state: State, screen: FormScreen, problem: FormScreen['problem']): Step =>
  step(replaceTop(state, { ...screen, problem }))

const problemAt = (question: Question) => ({ question: question.path, label: question.label })

const missingOf = (question: Question): FormScreen['problem'] => ({
  ...problemAt(question),
  type: 'answer-required',
  reason: question.problem?.type === 'answer-required' ? question.problem.reason : '',
})

/** The last character typed, or the last of the answer that stands. */
export const erase = (state: State, screen: FormScreen, question: Question): Step =>
  retype(state, screen, dropLastGlyph(shownText(screen, question)))

/** Removing takes the same key twice: there is no bringing back. */
export const armed = (state: State, screen: FormScreen): State => ({
  ...replaceTop(state, { ...screen, hand: { ...screen.hand, armed: true } }),
  notice: { tone: 'warn', words: ['再按一次就去掉这一组', 'The same key once more removes it'] },
})
