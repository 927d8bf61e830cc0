import type { Words } from '../voice/language.ts'
import { reduceChoose } from './asking/reduce-choose.ts'
import { pending, withLeft } from './asking/steps.ts'
import type { Facts } from './facts.ts'
import { isQuestion, placeAt } from './form-place.ts'
import { openAlarms, reduceAlarm, withSeenAlarms } from './reduce-alarm.ts'
import { reduceCase } from './reduce-case.ts'
import { withSeenDoubles } from './reduce-claim.ts'
import { reduceDiary } from './reduce-diary.ts'
import { reduceDispatch } from './reduce-dispatch.ts'
import { reduceDoor, reduceDropDraft, reduceQuick } from './reduce-door.ts'
import { reduceErrand, reduceNewErrand } from './reduce-errand.ts'
import { reduceForm } from './reduce-form.ts'
import { reduceLeave } from './reduce-leave.ts'
import { reduceConflict, reduceList, scroll } from './reduce-list.ts'
import { reduceMeters } from './reduce-meters.ts'
import { reduceNewCase } from './reduce-new-case.ts'
import { reduceNotice, reduceSheet } from './reduce-paper.ts'
import { afterResident, reduceMerge, reducePeople } from './reduce-people.ts'
import { photoShown, reducePhotos } from './reduce-photos.ts'
import { reduceReveal, revealed, withoutExpired } from './reduce-reveal.ts'
import { reduceSync } from './reduce-sync.ts'
import { doorRows, isLeft } from './rows.ts'
import { movePick, type Screen } from './screens.ts'
import {
  backTo,
  type Event,
  pop,
  popKeeping,
  push,
  replaceTop,
  type State,
  type Step,
  step,
  topOf,
} from './state.ts'

/** Everything the workstation does, without a screen: the state and an event give the next state and what is to be done. */
export function reduce(state: State, event: Event): Step {
  const { state: next, effects } = reduced(state, event)
  return { state: withSeenAlarms(withSeenDoubles(next)), effects }
}

function reduced(state: State, event: Event): Step {
  switch (event.type) {
    case 'facts':
      return step(withFacts(state, event.facts))
    case 'clock':
      return step(withoutExpired({ ...state, nowMs: event.nowMs }))
    case 'revealed':
      return revealed(state, event)
    case 'photo-shown':
      return step(photoShown(state, event))
    case 'size':
      return step({ ...state, size: { columns: event.columns, rows: event.rows } })
    case 'visited':
      return step(afterVisit(state, event))
    case 'case-opened':
      return step({
        ...(topOf(state).type === 'new-case' ? pop(state) : state),
        busy: null,
        notice: { tone: 'good', words: ['案件已存盘', 'Case saved'] },
      })
    case 'resident-saved':
      return step(afterResident(state, event.words))
    case 'noted':
      return step(afterNote(state, event.words))
    case 'done':
      return step({
        ...(event.leave ? pop(state) : state),
        busy: null,
        notice: { tone: 'good', words: event.words },
      })
    case 'failed':
      return step({ ...state, busy: null, notice: { tone: 'warn', words: event.words } })
    case 'progress':
      return step({ ...state, notice: { tone: 'quiet', words: event.words } })
    case 'form-how': {
      const top = topOf(state)
      return step(top.type === 'form' ? replaceTop(state, { ...top, how: event.how }) : state)
    }
    case 'notice-written': {
      const top = topOf(state)
      const below = { ...state, busy: null }
      if (top.type === 'meters') return step(replaceTop(below, { ...top, file: event.file, scroll: 0 }))
      return step(top.type === 'notice' ? replaceTop(below, { ...top, file: event.file }) : below)
    }
    case 'form-left':
      return leftForm(state)
    case 'form-at':
    case 'form-typed':
    case 'form-refused':
      return reduceForm(state, event)
    case 'command':
    case 'digit':
    case 'text':
      return reduceKey({ ...state, notice: null, asked: isClaim(event) ? state.asked : null }, event)
  }
}

const isClaim = (event: KeyEvent): boolean => event.type === 'command' && event.command === 'claim'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>

function reduceKey(state: State, event: KeyEvent): Step {
  const global = event.type === 'command' ? reduceGlobal(state, event.command) : null
  if (global) return global
  // What is being written is written first; a second ↵ would write it twice.
  if (state.busy) return step(state)
  const screen = topOf(state)
  switch (screen.type) {
    case 'door':
      return reduceDoor(state, screen, event)
    case 'drop-draft':
      return reduceDropDraft(state, screen, event)
    case 'quick':
      return reduceQuick(state, screen, event)
    case 'form':
      return reduceForm(state, event)
    case 'choose-form':
      return reduceChoose(state, screen, event)
    case 'new-case':
      return reduceNewCase(state, screen, event)
    case 'case':
      return reduceCase(state, screen, event)
    case 'dispatch':
      return reduceDispatch(state, screen, event)
    case 'conflict':
      return reduceConflict(state, screen, event)
    case 'diary':
      return reduceDiary(state, screen, event)
    case 'people':
      return reducePeople(state, screen, event)
    case 'merge':
      return reduceMerge(state, screen, event)
    case 'reveal':
      return reduceReveal(state, screen, event)
    case 'alarm':
      return reduceAlarm(state, screen, event)
    case 'leave':
      return reduceLeave(state, screen, event)
    case 'errand':
      return reduceErrand(state, screen, event)
    case 'new-errand':
      return reduceNewErrand(state, screen, event)
    case 'sheet':
      return reduceSheet(state, screen, event)
    case 'notice':
      return reduceNotice(state, screen, event)
    case 'meters':
      return reduceMeters(state, screen, event)
    case 'photos':
      return reducePhotos(state, screen, event)
    case 'sync':
      return reduceSync(state, screen, event)
    case 'day':
      return step(reduceDay(state, screen, event))
    case 'visit':
    case 'sweep':
    case 'overview':
    case 'help':
      return step(scroll(state, screen, event))
    default:
      return reduceList(state, screen, event)
  }
}

/** The evening's two ways out: to meet others now, or to write a file to carry. */
function reduceDay(state: State, screen: Extract<Screen, { type: 'day' }>, event: KeyEvent): State {
  if (event.type === 'command' && event.command === 'write-bundle')
    return push(state, { type: 'sync', prompt: { kind: 'write', text: '' }, scroll: 0 })
  return event.type === 'command' && event.command === 'sync'
    ? push(state, { type: 'sync', prompt: null, scroll: 0 })
    : scroll(state, screen, event)
}

function reduceGlobal(state: State, command: Extract<Event, { type: 'command' }>['command']): Step | null {
  const screen = topOf(state)
  switch (command) {
    case 'quit':
      return step(state, { type: 'quit' })
    case 'lock':
      return step(state, { type: 'lock' })
    case 'language': {
      const language = state.language === 'zh' ? 'en' : 'zh'
      return step({ ...state, language }, { type: 'language', language })
    }
    case 'help':
      return screen.type === 'help'
        ? step(pop(state))
        : step(push(state, { type: 'help', of: screen.type, scroll: 0 }))
    case 'alarms':
      return step(openAlarms(state))
    case 'back':
      return goBack(state, screen)
    default:
      return null
  }
}

/** Out of what is being typed first, then off the screen; what was typed is kept. */
function goBack(state: State, screen: Screen): Step {
  switch (screen.type) {
    case 'quick':
      return step(screen.typing ? replaceTop(state, { ...screen, typing: false }) : popKeeping(state))
    case 'diary':
      // Where there is nothing to be done there is no list to go back to.
      return step(
        screen.entry === null || (state.facts.diary ?? []).length === 0
          ? popKeeping(state)
          : replaceTop(state, { ...screen, entry: null }),
      )
    case 'people':
      // What is typed is there again when one comes back; nothing typed is left for the list.
      return step(
        screen.entry !== '' || (state.facts.people?.rows.length ?? 0) === 0
          ? popKeeping(state)
          : replaceTop(state, { ...screen, entry: null }),
      )
    case 'conflict':
      return step(screen.entry === null ? pop(state) : replaceTop(state, { ...screen, entry: null }))
    case 'sync':
      return step(screen.prompt ? replaceTop(state, { ...screen, prompt: null }) : pop(state))
    case 'form':
      return leaveForm(state, screen)
    default:
      return step(popKeeping(state))
  }
}

/**
 * A form is on the disk already, save for the one answer being typed: that is taken along, and if the form does not
 * take it, the form stays open and says why. A second Esc then leaves without it.
 */
function leaveForm(state: State, screen: Extract<Screen, { type: 'form' }>): Step {
  const place = placeAt(state)
  const typed = place && isQuestion(place) && !screen.problem ? pending(state, screen, place) : null
  if (!place || !typed) return leftForm(withLeft(state, screen))
  const { household } = screen
  return step(state, { type: 'answer', household, ref: place.ref, value: typed.value, after: 'leave' })
}

function leftForm(state: State): Step {
  const screen = topOf(state)
  const notice = {
    tone: 'quiet',
    words: ['没填完的已存在本机', 'What is filled in so far is saved on this machine'],
  } as const
  if (screen.type !== 'form') return step({ ...state, notice })
  const { household, left } = screen
  return step(
    { ...pop(state), notice },
    ...(Object.keys(left).length > 0
      ? [{ type: 'keep-typed', household, left, at: screen.at ?? 'summary' } as const]
      : []),
  )
}

function withFacts(state: State, facts: Partial<Facts>): State {
  let next = { ...state, facts: { ...state.facts, ...facts } }
  if (!state.facts.board && next.facts.board) next = selectNextDoor(next)
  const screen = topOf(next)
  if (facts.drafts && state.facts.drafts.size === 0 && facts.drafts.size > 0 && screen.type === 'today')
    return offerDraft(next, screen)
  return next
}

/** At the start: the first door where nothing was noted today. */
function selectNextDoor(state: State): State {
  const [first, ...rest] = state.screens
  if (first?.type !== 'today') return state
  const rows = doorRows(state, first.scope)
  const at = Math.max(0, rows.findIndex(isLeft))
  return { ...state, screens: [{ ...first, pick: { id: rows[at]?.id ?? null, at } }, ...rest] }
}

/** After a crash, or a laptop snapped shut: the door whose form is half filled is the one that is selected. */
function offerDraft(state: State, screen: Extract<Screen, { type: 'today' }>): State {
  const [draft] = [...state.facts.drafts.values()].sort((a, b) => b.atMs - a.atMs)
  const door = state.facts.board?.doors.find((one) => one.id === draft?.household)
  if (!draft || !door) return state
  const scope = doorRows(state, screen.scope).includes(door) ? screen.scope : 'all'
  const at = doorRows(state, scope).indexOf(door)
  return {
    ...replaceTop(state, { ...screen, scope, pick: { id: door.id, at } }),
    notice: {
      tone: 'warn',
      words: [
        `${door.door} 有没填完的表单(${draft.answered}/${draft.of} 题)。↵ 进门接着填`,
        `${door.door}: a half-filled form (${draft.answered} of ${draft.of}). ↵ to go on`,
      ],
    },
  }
}

/** Written or ticked: the list stays, and shows what is left; where there was none, one is back where one was. */
function afterNote(state: State, words: Words): State {
  const screen = topOf(state)
  const next =
    screen.type === 'diary'
      ? (state.facts.diary ?? []).length === 0 || screen.entry !== null
        ? pop(state)
        : state
      : state
  return { ...next, busy: null, notice: { tone: 'good', words } }
}

const OUTCOMES: Readonly<Record<string, Words>> = {
  met: ['见到本人', 'met'],
  absent: ['无人应答', 'nobody home'],
  refused: ['拒访', 'refused'],
}

/** On disk; the next door is the one selected. */
function afterVisit(state: State, { household, outcome, cases }: Extract<Event, { type: 'visited' }>): State {
  const top = topOf(state)
  let next = state
  if (top.type === 'form') next = backTo(state, 'door')
  else if (top.type === 'quick') next = pop(state)
  const [first, ...rest] = next.screens
  if (first?.type === 'today') {
    const rows = doorRows(next, first.scope)
    const stays = rows.some((door) => door.id === household)
    // The one that took its place is held by its id: the door may come back, with an alarm.
    const pick = stays
      ? movePick(rows, { id: household, at: first.pick.at }, 1)
      : movePick(rows, first.pick, 0)
    next = { ...next, screens: [{ ...first, pick }, ...rest] }
  }
  const door = next.facts.board?.doors.find((one) => one.id === household)?.door ?? ''
  const [zh, en] = OUTCOMES[outcome]!
  return {
    ...next,
    busy: null,
    notice: {
      tone: 'good',
      words: [
        `已存盘:${door} ${zh}${cases > 0 ? `,新案件 ${cases} 件` : ''}`,
        `Saved: ${door} ${en}${cases > 0 ? `, ${cases} new case${cases === 1 ? '' : 's'}` : ''}`,
      ],
    },
  }
}
