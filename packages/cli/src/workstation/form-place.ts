import type { FormPlace, Question, Repeat } from '@doorstep/core'
import type { FormScreen } from './screens.ts'
import { type State, topOf } from './state.ts'

/** The place on the screen; null on the summary, while opening, and elsewhere. */
export function placeAt(state: State): FormPlace | null {
  const screen = topOf(state)
  if (screen.type !== 'form') return null
  return state.facts.form?.places.find((place) => place.ref === screen.at) ?? null
}

export const isQuestion = (place: FormPlace): place is Question => place.kind !== 'repeat'
export const questionsOf = (places: readonly FormPlace[]): readonly Question[] => places.filter(isQuestion)

/** The place `by` places on, among those that are asked; after the last comes the summary. */
export function placeFrom(places: readonly FormPlace[], at: FormScreen['at'], by: 1 | -1): string {
  const index = at === 'summary' ? places.length : places.findIndex((place) => place.ref === at)
  return (
    places[Math.max(0, index + by)]?.ref ?? (places.length === 0 || by === 1 ? 'summary' : places[0]!.ref)
  )
}

/** Where somebody who comes back goes on: the first required question without an answer, else the summary. */
export const firstOpen = (places: readonly FormPlace[]): string =>
  questionsOf(places).find((one) => one.value === null && one.required && one.kind !== 'note')?.ref ??
  'summary'

/** The questions of each repetition of a repeat, those of repeats inside included. */
export const repetitionsOf = (
  places: readonly FormPlace[],
  { ref, count }: Repeat,
): readonly (readonly Question[])[] =>
  Array.from({ length: count }, (_, at) =>
    questionsOf(places).filter((one) => one.ref.startsWith(`${ref}[${at + 1}]/`)),
  )
