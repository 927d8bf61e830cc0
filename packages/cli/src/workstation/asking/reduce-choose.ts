import type { ResidentRow } from '@doorstep/core'
import type { FormOffer } from '../facts.ts'
import { type ChooseFormScreen, formScreen } from '../screens.ts'
import { type Event, pop, push, replaceTop, type State, type Step, step } from '../state.ts'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>

const peopleHere = (state: State, household: string): readonly ResidentRow[] =>
  state.facts.door?.card.household.id === household ? state.facts.door.card.residents : []

/** Whom a form may be about at this door, in the order of their number keys; null is the household itself. */
export function subjectsHere(
  state: State,
  household: string,
  form: string | null,
): readonly (ResidentRow | null)[] {
  const offer = state.facts.forms.find((one) => one.id === form)
  return [...(offer?.aboutPerson === 'may' ? [null] : []), ...peopleHere(state, household)]
}

/** Opens a form: at once where there is nothing to choose; about a person after asking whom. */
export function startForm(state: State, household: string, offer: FormOffer): Step {
  const nobody = peopleHere(state, household).length === 0
  if (offer.aboutPerson === 'not' || (offer.aboutPerson === 'may' && nobody))
    return openForm(state, household, offer.id, null)
  if (nobody)
    return step({
      ...state,
      notice: {
        tone: 'warn',
        words: [
          '这张表单问的是某个人,这一户还没有登记住人。先登记住人。',
          'This form is about a person, and nobody is registered here. Register who lives here first.',
        ],
      },
    })
  return step(push(state, { type: 'choose-form', household, form: offer.id, at: 0 }))
}

export const openForm = (state: State, household: string, form: string, person: string | null): Step =>
  step(push({ ...state, facts: { ...state.facts, form: null } }, formScreen(household, form, person)), {
    type: 'open-form',
    household,
    form,
    person,
  })

/** `v` at a door: one form opens at once, of several one is chosen. */
export function chooseForm(state: State, household: string): Step {
  const [first, ...others] = state.facts.forms
  if (!first) return step(state)
  return others.length === 0
    ? startForm(state, household, first)
    : step(push(state, { type: 'choose-form', household, form: null, at: 0 }))
}

export function reduceChoose(state: State, screen: ChooseFormScreen, event: KeyEvent): Step {
  const { household, form } = screen
  const people = subjectsHere(state, household, form)
  const { forms } = state.facts
  const count = form === null ? forms.length : people.length
  const choose = (at: number): Step => {
    const chosen = form === null ? forms[at] : undefined
    const below = pop(state)
    if (chosen) return startForm(below, household, chosen)
    const person = form === null ? undefined : people[at]
    return form !== null && person !== undefined
      ? openForm(below, household, form, person?.person ?? null)
      : step(state)
  }
  const move = (by: number): Step =>
    step(replaceTop(state, { ...screen, at: Math.max(0, Math.min(count - 1, screen.at + by)) }))
  if (event.type === 'digit') return choose(event.digit - 1)
  if (event.type !== 'command') return step(state)
  switch (event.command) {
    case 'up':
      return move(-1)
    case 'down':
      return move(1)
    case 'enter':
      return choose(screen.at)
    default:
      return step(state)
  }
}
