import { chooseForm, openForm, startForm } from './asking/reduce-choose.ts'
import { dropLastGlyph } from './cells.ts'
import { AT_DOOR, turned } from './how.ts'
import { reduceClaim } from './reduce-claim.ts'
import { openDiary } from './reduce-diary.ts'
import { openErrands } from './reduce-errand.ts'
import { leaveScreen } from './reduce-leave.ts'
import { goElsewhere, scroll } from './reduce-list.ts'
import { openPeople } from './reduce-people.ts'
import { doorRows } from './rows.ts'
import {
  ASKED_CHOICES,
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

/** The form that ↵ at a door begins; the others are chosen from a list. */
export const VISIT_FORM = 'home-safety-check'

/** What ↵ does at a door. */
export type NextAtDoor = 'draft' | 'next-door' | 'visit' | 'neighbour' | 'emergency' | 'case'

/**
 * The likely next thing: go on with a half-filled form; where nobody was met today, what the chain asks for today, or
 * else walk on; walk on when the visit is done; start one otherwise.
 */
export function nextAtDoor(state: State, household: string): NextAtDoor {
  if (state.facts.drafts.has(household)) return 'draft'
  const { board, door } = state.facts
  if (door?.card.household.id !== household) return 'visit'
  if (door.visitedToday) return 'next-door'
  const row = board?.doors.find(({ id }) => id === household)
  if (!board || !row || row.today === null) return 'visit'
  const next = row.absence?.next
  if (!next || next.dueOn > board.day) return 'next-door'
  if (next.step !== 'again') return next.step
  // Just noted: one walks on. Back at the door later in the day, one knocks.
  return state.nowMs - (row.todayAtMs ?? 0) < WALKED_ON_MS ? 'next-door' : 'visit'
}

const WALKED_ON_MS = 30 * 60_000

/** What comes next where nobody was met, though it be not today's yet. */
export const chainStepAt = (state: State, household: string) =>
  state.facts.board?.doors.find(({ id }) => id === household)?.absence?.next?.step ?? null

export function reduceDoor(state: State, screen: DoorScreen, event: KeyEvent): Step {
  if (event.type !== 'command') return step(state)
  const { household } = screen
  switch (event.command) {
    case 'enter':
      return goOnAt(state, household)
    case 'chain':
      return takeStep(state, household, chainStepAt(state, household))
    case 'diary':
      return step(openDiary(state, household))
    case 'people':
      return step(openPeople(state, household))
    case 'visit':
      return state.facts.drafts.has(household) ? openVisit(state, household) : chooseForm(state, household)
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
          at: 0,
          entry: '',
          badDate: false,
        }),
      )
    case 'claim':
    case 'claim-stair':
      return reduceClaim(state, household, event.command)
    case 'reveal':
      return step(push(state, { type: 'reveal', household, only: null, at: 0, seen: null }))
    case 'leave':
      return step(push(state, leaveScreen(household)))
    case 'errands':
      return step(openErrands(state, household))
    case 'notice':
      return step(push(state, { type: 'notice', household, file: null }))
    case 'meters':
      return step(push(state, { type: 'meters', household, file: null, scroll: 0 }))
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

function goOnAt(state: State, household: string): Step {
  const next = nextAtDoor(state, household)
  switch (next) {
    case 'next-door':
      return step(walkOn(state))
    case 'draft':
    case 'visit':
      return openVisit(state, household)
    default:
      return takeStep(state, household, next)
  }
}

/** One step of the chain: knocking once more, asking somebody else, or the case, which is opened at once. */
function takeStep(state: State, household: string, next: ReturnType<typeof chainStepAt>): Step {
  switch (next) {
    case 'again':
      return step(push(state, quick(household, 'absent')))
    case 'neighbour':
    case 'emergency':
      return step(push(state, quick(household, 'absent', next)))
    case 'case':
      return step({ ...state, busy: ['正在开案', 'Opening the case'] }, { type: 'absence-case', household })
    default:
      return step({
        ...state,
        notice: { tone: 'quiet', words: ['没有要接着做的一步', 'There is no next step here'] },
      })
  }
}

const quick = (household: string, outcome: Outcome, contact: QuickScreen['contact'] = null): QuickScreen => ({
  type: 'quick',
  household,
  outcome,
  contact,
  next: 0,
  note: '',
  typing: false,
})

/** Goes on where a draft was left, else with the form of a visit. */
function openVisit(state: State, household: string): Step {
  const draft = state.facts.drafts.get(household)
  if (draft) return openForm(state, household, draft.form, draft.person)
  const offered = state.facts.forms.find((one) => one.id === VISIT_FORM)
  return offered ? startForm(state, household, offered) : openForm(state, household, VISIT_FORM, null)
}

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

const VISIT_CHOICES = NEXT_CHOICES.map((inDays) => ({ heard: false, inDays }))

/** What the numbers choose. */
export const choicesOf = ({ contact }: QuickScreen) => (contact === null ? VISIT_CHOICES : ASKED_CHOICES)

/** Two keys: what happened, and ↵. A number says when to come again; `t` adds a word. */
export function reduceQuick(state: State, screen: QuickScreen, event: KeyEvent): Step {
  const set = (change: Partial<QuickScreen>) => step(replaceTop(state, { ...screen, ...change }))
  const choices = choicesOf(screen)
  if (event.type === 'text') return set({ note: screen.note + event.text })
  if (event.type === 'digit')
    return event.digit >= 1 && event.digit <= choices.length ? set({ next: event.digit - 1 }) : step(state)
  switch (event.command) {
    case 'up':
      return set({ next: Math.max(0, screen.next - 1) })
    case 'down':
      return set({ next: Math.min(choices.length - 1, screen.next + 1) })
    case 'mode':
      return set({ how: turned(screen.how ?? AT_DOOR) })
    case 'note':
      return set({ typing: true })
    case 'reveal':
      return step(push(state, { type: 'reveal', household: screen.household, only: null, at: 0, seen: null }))
    case 'erase':
      return set({ note: dropLastGlyph(screen.note) })
    case 'clear':
      return set({ note: '' })
    case 'enter': {
      if (screen.typing) return set({ typing: false })
      const { household, outcome, contact, note, next } = screen
      const chosen = choices[next]
      return step(
        { ...state, busy: ['正在存盘', 'Saving'] },
        {
          ...{ type: 'visit', household, outcome, contact, note },
          heard: chosen?.heard ?? false,
          nextInDays: chosen?.inDays ?? null,
          ...(screen.how ? { how: screen.how } : {}),
        },
      )
    }
    default:
      return step(state)
  }
}
