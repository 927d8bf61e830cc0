import type { Question } from '@doorstep/core'
import type { FormScreen } from './screens.ts'
import { type State, topOf } from './state.ts'

/** The question on the screen; null on the summary, while opening, and elsewhere. */
export function questionAt(state: State): Question | null {
  const screen = topOf(state)
  if (screen.type !== 'form') return null
  return state.facts.form?.questions.find((question) => question.ref === screen.at) ?? null
}

/** The place `by` questions on, among those that are asked; after the last comes the summary. */
export function placeFrom(questions: readonly Question[], at: FormScreen['at'], by: 1 | -1): string {
  const index = at === 'summary' ? questions.length : questions.findIndex((question) => question.ref === at)
  return (
    questions[Math.max(0, index + by)]?.ref ??
    (questions.length === 0 || by === 1 ? 'summary' : questions[0]!.ref)
  )
}

/** Where somebody who comes back goes on: the first required question without an answer, else the summary. */
export const firstOpen = (questions: readonly Question[]): string =>
  questions.find((question) => question.value === null && question.required && question.kind !== 'note')
    ?.ref ?? 'summary'
