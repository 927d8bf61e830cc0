import { dropLastGlyph } from './cells.ts'
import { reduceClaim } from './reduce-claim.ts'
import { goElsewhere, scroll } from './reduce-list.ts'
import { doorRows } from './rows.ts'
import {
  formScreen,
  NEXT_CHOICES,
  type Outcome,
  pickedAt,
  pickFirst,
  type QuickScreen,
  type Screen,
} from './screens.ts'
import { type Event, pop, push, replaceTop, type State, type Step, step } from './state.ts'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>
type DoorScreen = Extract<Screen, { type: 'door' }>

/** The form of a visit; more forms will be a list to choose from. */
export const VISIT_FORM = 'home-safety-check'

/** What ↵ does at a door: go on with a half-filled form, start a visit, or walk on when it is done. */
export function nextAtDoor(state: State, household: string): 'draft' | 'next-door' | 'visit' {
  if (state.facts.drafts.has(household)) return 'draft'
  return state.facts.door?.card.household.id === household && state.facts.door.visitedToday
    ? 'next-door'
    : 'visit'
}

export function reduceDoor(state: State, screen: DoorScreen, event: KeyEvent): Step {
  if (event.type !== 'command') return step(state)
  const { household } = screen
  switch (event.command) {
    case 'enter':
      return nextAtDoor(state, household) === 'next-door' ? step(walkOn(state)) : openForm(state, household)
    case 'visit':
      return openForm(state, household)
    case 'met':
    case 'absent':
    case 'refused':
      return step(push(state, quick(household, event.command)))
    case 'new-case':
      return step(
        push(state, {
          type: 'new-case',
          household,
          step: 'kind',
          kind: '',
          title: '',
          grade: 'ordinary',
          entry: '',
          badDate: false,
        }),
      )
    case 'claim':
    case 'claim-stair':
      return reduceClaim(state, household, event.command)
    case 'reveal':
      return step(push(state, { type: 'reveal', household, only: null, at: 0, seen: null }))
    case 'photos':
      return step(push(state, { type: 'photos', household, at: 0, seen: null }))
    case 'history':
      return step(push(state, { type: 'history', household, pick: pickFirst }))
    case 'cases':
      return step(push(state, { type: 'cases', household, scope: 'all', pick: pickFirst }))
    case 'drop-draft':
      return step(state.facts.drafts.has(household) ? push(state, { type: 'drop-draft', household }) : state)
    case 'up':
    case 'down':
    case 'page-up':
    case 'page-down':
      return step(scroll(state, screen, event))
    default:
      return step(goElsewhere(state, event.command))
  }
}

const quick = (household: string, outcome: Outcome): QuickScreen => ({
  type: 'quick',
  household,
  outcome,
  next: 0,
  note: '',
  typing: false,
})

const openForm = (state: State, household: string): Step =>
  step(push({ ...state, facts: { ...state.facts, form: null } }, formScreen(household, VISIT_FORM)), {
    type: 'open-form',
    household,
    form: VISIT_FORM,
  })

/** The door that the first screen has selected. */
function walkOn(state: State): State {
  const [first] = state.screens
  if (first?.type !== 'today') return pop(state)
  const rows = doorRows(state, first.scope)
  const door = rows[pickedAt(rows, first.pick)]
  if (door) return replaceTop(state, { type: 'door', household: door.id, scroll: 0 })
  return {
    ...state,
    screens: [first],
    notice: { tone: 'good', words: ['今天的门都走完了', 'Every door of today is done'] },
  }
}

export function reduceDropDraft(
  state: State,
  screen: Extract<Screen, { type: 'drop-draft' }>,
  event: KeyEvent,
): Step {
  if (event.type !== 'command' || event.command !== 'enter') return step(state)
  const below = pop(state)
  return step(below.screens.at(-1)?.type === 'form' ? pop(below) : below, {
    type: 'drop-draft',
    household: screen.household,
  })
}

/** Two keys: what happened, and ↵. A number says when to come again; `t` adds a word. */
export function reduceQuick(state: State, screen: QuickScreen, event: KeyEvent): Step {
  const set = (change: Partial<QuickScreen>) => step(replaceTop(state, { ...screen, ...change }))
  if (event.type === 'text') return set({ note: screen.note + event.text })
  if (event.type === 'digit')
    return event.digit >= 1 && event.digit <= NEXT_CHOICES.length
      ? set({ next: event.digit - 1 })
      : step(state)
  switch (event.command) {
    case 'up':
      return set({ next: Math.max(0, screen.next - 1) })
    case 'down':
      return set({ next: Math.min(NEXT_CHOICES.length - 1, screen.next + 1) })
    case 'note':
      return set({ typing: true })
    case 'erase':
      return set({ note: dropLastGlyph(screen.note) })
    case 'clear':
      return set({ note: '' })
    case 'enter': {
      if (screen.typing) return set({ typing: false })
      const { household, outcome, note, next } = screen
      return step(
        { ...state, busy: ['正在存盘', 'Saving'] },
        { type: 'visit', household, outcome, note, nextInDays: NEXT_CHOICES[next] ?? null },
      )
    }
    default:
      return step(state)
  }
}
