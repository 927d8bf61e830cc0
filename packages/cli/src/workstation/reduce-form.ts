import type { FormPlace, Question } from '@doorstep/core'
import { reduceAgain } from './asking/reduce-again.ts'
import { reduceList, reduceNumber } from './asking/reduce-choices.ts'
import { reduceOrder } from './asking/reduce-order.ts'
import { movedOnScale } from './asking/scale.ts'
import {
  armed,
  clear,
  confirm,
  erase,
  type FormEvent,
  type FormKey,
  leave,
  refuse,
  retype,
  shownText,
  standAt,
  type,
} from './asking/steps.ts'
import { type Way, wayOf } from './asking/way.ts'
import type { FormFacts } from './facts.ts'
import { isQuestion, placeAt, placeFrom, questionsOf } from './form-place.ts'
import { AT_DOOR, turned } from './how.ts'
import { type FormScreen, NEXT_CHOICES } from './screens.ts'
import { type Effect, push, replaceTop, type State, type Step, step, topOf } from './state.ts'

/** One place at a time; an answer moves on, and every answer is on the disk before the next place shows. */
export function reduceForm(state: State, event: FormEvent): Step {
  const screen = topOf(state)
  if (screen.type !== 'form') return step(state)
  switch (event.type) {
    case 'form-at':
      return step(standAt({ ...state, busy: null }, screen, event.at))
    case 'form-refused':
      return step(replaceTop({ ...state, busy: null }, { ...screen, problem: event.problem }))
    case 'form-typed':
      return step(replaceTop(state, { ...screen, left: { ...event.left, ...screen.left } }))
  }
  if (event.type === 'command' && event.command === 'mode') {
    const how = turned(screen.how ?? AT_DOOR)
    return step(replaceTop(state, { ...screen, how }), { type: 'keep-how', household: screen.household, how })
  }
  if (event.type === 'command' && event.command === 'drop-draft')
    return step(push(state, { type: 'drop-draft', household: screen.household }))
  if (event.type === 'command' && event.command === 'form-language')
    return step(state, { type: 'form-language' })
  const { form } = state.facts
  if (screen.at === null || !form) return step(state)
  if (event.type === 'command' && event.command === 'newer-form')
    return step(form.newer ? { ...state, busy: ['正在换', 'Moving on'] } : state, ...newerForm(form, screen))
  if (event.type === 'command' && event.command === 'reveal') return step(askToReveal(state, screen))
  const place = placeAt(state)
  if (screen.at === 'summary' || !place) return reduceSummary(state, screen, event)
  return reducePlace(state, screen, place, event)
}

const newerForm = ({ newer }: FormFacts, { household }: FormScreen): readonly Effect[] =>
  newer ? [{ type: 'newer-form', household }] : []

/** Why it is to be looked at is asked, as everywhere; then it is the answer. */
function askToReveal(state: State, screen: FormScreen): State {
  const hidden = state.facts.form?.register[screen.at ?? '']?.hidden
  if (!hidden) return state
  const { record, field } = hidden
  return push(state, {
    type: 'reveal',
    household: screen.household,
    only: { record, field },
    at: 0,
    seen: null,
  })
}

function reducePlace(state: State, screen: FormScreen, place: FormPlace, event: FormKey): Step {
  const way = wayOf(place)
  const special = specially(state, screen, place, way, event)
  if (special) return special
  if (event.type === 'text') return isQuestion(place) ? type(state, screen, place, event.text) : step(state)
  if (event.type === 'digit') return step(state)
  switch (event.command) {
    case 'previous':
    case 'up':
    case 'left':
      return leave(state, screen, place, -1)
    case 'next':
    case 'down':
    case 'right':
      return leave(state, screen, place, 1)
    case 'enter':
      return confirm(state, screen, place)
    case 'erase':
      return isQuestion(place) ? erase(state, screen, place) : step(state)
    case 'clear':
      return clear(state, screen, place, way)
    case 'more':
    case 'less':
      return repeat(state, screen, place, event.command)
    default:
      return step(state)
  }
}

/** What a way of asking does with a key by itself; null leaves it to what is common to all. */
function specially(
  state: State,
  screen: FormScreen,
  place: FormPlace,
  way: Way,
  event: FormKey,
): Step | null {
  if (!isQuestion(place)) return reduceAgain(state, screen, place, event)
  switch (way) {
    case 'number':
    case 'numbers':
    case 'tick':
      return event.type === 'digit' ? reduceNumber(state, screen, place, event.digit) : null
    case 'list':
    case 'ticks':
      return reduceList(state, screen, place, event)
    case 'order':
      return reduceOrder(state, screen, place, event)
    case 'scale':
      return reduceScale(state, screen, place, event)
    case 'lines':
      return reduceLines(state, screen, place, event)
    default:
      return null
  }
}

function reduceScale(state: State, screen: FormScreen, question: Question, event: FormKey): Step | null {
  const { range } = question
  if (event.type !== 'command' || !range) return null
  const steps = SCALE_KEYS[event.command]
  return steps ? retype(state, screen, movedOnScale(range, shownText(screen, question), steps)) : null
}
const SCALE_KEYS: Readonly<Partial<Record<string, number>>> = {
  left: -1,
  right: 1,
  'page-up': -10,
  'page-down': 10,
}

/** Several lines: ↵ begins a new one, and on an empty one it is done. */
function reduceLines(state: State, screen: FormScreen, question: Question, event: FormKey): Step | null {
  if (event.type !== 'command' || event.command !== 'enter' || screen.entry === null) return null
  const text = screen.entry
  if (text === '' || text.endsWith('\n'))
    return confirm(state, { ...screen, entry: text.replace(/\s+$/, '') }, question)
  return retype(state, screen, `${text}\n`)
}

function repeat(state: State, screen: FormScreen, place: FormPlace, how: 'more' | 'less'): Step {
  const inside = isQuestion(place) ? place.repeat : null
  if (!inside)
    return step({
      ...state,
      notice: { tone: 'quiet', words: ['这一题不成组', 'This question does not repeat'] },
    })
  const { ref, index } = inside
  if (how === 'less' && !screen.hand.armed) return step(armed(state, screen))
  return step(state, {
    type: 'repeat',
    household: screen.household,
    ref: how === 'more' ? ref : `${ref}[${index + 1}]`,
    change: how === 'more' ? 'add' : 'remove',
  })
}

function reduceSummary(state: State, screen: FormScreen, event: FormKey): Step {
  const form = state.facts.form!
  if (event.type === 'digit')
    return event.digit >= 1 && event.digit <= NEXT_CHOICES.length
      ? step(replaceTop(state, { ...screen, next: event.digit - 1 }))
      : step(state)
  if (event.type !== 'command') return step(state)
  const scroll = SUMMARY_SCROLL[event.command]
  if (scroll)
    return step(
      replaceTop(state, {
        ...screen,
        hand: { ...screen.hand, mark: Math.max(0, (screen.hand.mark ?? 0) + scroll) },
      }),
    )
  if (event.command === 'previous' || event.command === 'up' || event.command === 'left')
    return step(standAt(state, screen, placeFrom(form.places, 'summary', -1)))
  if (event.command !== 'enter') return step(state)
  const [problem] = form.problems
  if (!problem)
    return step(
      { ...state, busy: ['正在存盘', 'Saving'] },
      {
        type: 'save-form',
        household: screen.household,
        nextInDays: NEXT_CHOICES[screen.next] ?? null,
        ...(screen.how ? { how: screen.how } : {}),
      },
    )
  const open = questionsOf(form.places).find((question) => question.path === problem.question)
  if (!open) return refuse(state, screen, problem)
  const there = standAt(state, screen, open.ref)
  return step(replaceTop(there, { ...(topOf(there) as FormScreen), problem }))
}
const SUMMARY_SCROLL: Readonly<Partial<Record<string, number>>> = {
  down: 1,
  'page-up': -8,
  'page-down': 8,
}
