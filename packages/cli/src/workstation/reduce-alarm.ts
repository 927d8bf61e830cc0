import type { AlarmCard, AlarmDeed, AlarmMeans, AlarmVerdict } from '@doorstep/core'
import type { Words } from '../voice/language.ts'
import { alarmKey, unseenAlarms } from './alarms.ts'
import { dropLastGlyph } from './cells.ts'
import { leaveScreen } from './reduce-leave.ts'
import { type AlarmScreen, pickFirst } from './screens.ts'
import { type Event, push, replaceTop, type State, type Step, step, topOf } from './state.ts'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>

export type AlarmChoice = {
  readonly words: Words
  readonly did: AlarmDeed
  readonly means: AlarmMeans
  readonly verdict: AlarmVerdict | null
}

/** What may be said of an alarm, under the same numbers always: by phone first, then at the door. */
export const ALARM_CHOICES: readonly AlarmChoice[] = [
  { words: ['电话联系上:没事', 'Phoned: all is well'], did: 'phoned', means: 'phone', verdict: 'false' },
  { words: ['电话联系上:外出了', 'Phoned: away from home'], did: 'phoned', means: 'phone', verdict: 'away' },
  { words: ['电话联系上:要去看', 'Phoned: go and look'], did: 'phoned', means: 'phone', verdict: null },
  { words: ['电话没人接', 'Phone not answered'], did: 'nobody', means: 'phone', verdict: null },
  { words: ['到门口:确有情况', 'At the door: true'], did: 'visited', means: 'door', verdict: 'true' },
  { words: ['到门口:没事', 'At the door: all is well'], did: 'visited', means: 'door', verdict: 'false' },
  { words: ['到门口:没人应', 'At the door: nobody'], did: 'nobody', means: 'door', verdict: null },
  { words: ['设备坏了', 'The device is faulty'], did: 'visited', means: 'door', verdict: 'fault' },
  { words: ['在测试', 'It was a test'], did: 'phoned', means: 'phone', verdict: 'test' },
]
const FIRST_AT_DOOR = 4

export const alarmScreen = (id: string): AlarmScreen => ({ type: 'alarm', id, at: null, pending: null })

/** The one there is, here or anywhere; else all that are. */
export function openAlarms(state: State): State {
  const screen = topOf(state)
  if (state.who.outside || screen.type === 'alarms' || screen.type === 'alarm') return state
  const here = 'household' in screen && screen.household !== null ? screen.household : null
  const mine = state.facts.alarms.filter(({ household }) => here !== null && household === here)
  const [only, ...others] = mine.length > 0 ? mine : state.facts.alarms
  if (only && others.length === 0) return push(state, alarmScreen(only.id))
  return push(state, { type: 'alarms', pick: pickFirst })
}

/** What may be said here; nothing once it was said what it was. */
export function choicesAt({ facts, screens }: State): readonly AlarmChoice[] {
  const screen = screens.at(-1)
  return screen?.type === 'alarm' && facts.alarm?.id === screen.id && facts.alarm.open ? ALARM_CHOICES : []
}

/** After false alarms, once it was said what this one was: what to do about the next. */
export function improvementsAt({ facts, screens }: State): AlarmCard['improvements'] {
  const screen = screens.at(-1)
  return screen?.type === 'alarm' && facts.alarm?.id === screen.id ? facts.alarm.improvements : []
}

/** The likely one stands marked: by phone while that is the next step, else at the door. */
export const markedAt = ({ facts }: State, screen: AlarmScreen): number =>
  screen.at ?? (!facts.alarm?.open || facts.alarm.chain.next?.step === 'phone' ? 0 : FIRST_AT_DOOR)

export function reduceAlarm(state: State, screen: AlarmScreen, event: KeyEvent): Step {
  const card = state.facts.alarm
  if (card?.id !== screen.id) return step(state)
  if (screen.pending) return reduceNote(state, screen, screen.pending, event)
  const set = (change: Partial<AlarmScreen>) => step(replaceTop(state, { ...screen, ...change }))
  const choices = choicesAt(state)
  const better = improvementsAt(state)
  const choose = (at: number) => {
    if (choices[at]) return set({ at, pending: { at, note: '' } })
    return better[at] ? improve(state, card, better[at]) : step(state)
  }
  const marked = markedAt(state, screen)
  if (event.type === 'digit') return choose(event.digit - 1)
  if (event.type === 'text') return step(state)
  switch (event.command) {
    case 'up':
      return set({ at: Math.max(0, marked - 1) })
    case 'down':
      return set({ at: Math.max(0, Math.min(choices.length + better.length - 1, marked + 1)) })
    case 'enter':
      return choose(marked)
    case 'reveal':
      return step(
        card.contact && card.household
          ? push(state, {
              ...{ type: 'reveal', household: card.household, at: 0, seen: null },
              only: { record: card.household, field: card.contact.field },
            })
          : state,
      )
    case 'door':
      return step(
        card.household ? push(state, { type: 'door', household: card.household, scroll: 0 }) : state,
      )
    case 'cases':
      return step(card.case ? push(state, { type: 'case', id: card.case, at: 0, pending: null }) : state)
    default:
      return step(state)
  }
}

/** Of a leave the day is asked; the others are done at once. */
function improve(state: State, { id, household }: AlarmCard, one: AlarmCard['improvements'][number]): Step {
  if (one.do === 'leave') return step(household ? push(state, leaveScreen(household)) : state)
  return step({ ...state, busy: ['正在存盘', 'Saving'] }, { type: 'improve-alarm', id, way: one.do })
}

/** A note may be added; ↵ saves with it or without. */
function reduceNote(
  state: State,
  screen: AlarmScreen,
  pending: NonNullable<AlarmScreen['pending']>,
  event: KeyEvent,
): Step {
  const set = (note: string) => step(replaceTop(state, { ...screen, pending: { ...pending, note } }))
  if (event.type === 'text') return set(pending.note + event.text)
  if (event.type !== 'command') return step(state)
  switch (event.command) {
    case 'erase':
      return set(dropLastGlyph(pending.note))
    case 'clear':
      return set('')
    case 'enter': {
      const { did, means, verdict } = ALARM_CHOICES[pending.at]!
      return step(
        {
          ...replaceTop(state, { ...screen, at: null, pending: null }),
          busy: ['正在存盘', 'Saving'],
        },
        { type: 'answer-alarm', id: screen.id, did, means, verdict, note: pending.note },
      )
    }
    default:
      return step(state)
  }
}

/** Looked at: on its own screen, in the list of all, and at its door. */
export function withSeenAlarms(state: State): State {
  const screen = topOf(state)
  const seen = unseenAlarms(state).filter(
    ({ id, household }) =>
      screen.type === 'alarms' ||
      (screen.type === 'alarm' && screen.id === id) ||
      (screen.type === 'door' && screen.household === household),
  )
  if (seen.length === 0) return state
  return { ...state, seenAlarms: new Set([...state.seenAlarms, ...seen.map(alarmKey)]) }
}
