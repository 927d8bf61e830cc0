import type {
  AlarmDeed,
  AlarmMeans,
  AlarmVerdict,
  CaseStep,
  ErrandKind,
  ErrandStep,
  FormProblem,
  ReportStep,
  RevealReason,
} from '@doorstep/core'
import type { NoticeKind } from '../paper/notice-paper.ts'
import type { Language, Words } from '../voice/language.ts'
import { type Facts, type Need, noFacts } from './facts.ts'
import type { How } from './how.ts'
import type { Command } from './keys.ts'
import { type CaseQuestion, type Outcome, pickFirst, type Screen, type Settlement } from './screens.ts'

export type Notice = { readonly tone: 'good' | 'warn' | 'quiet'; readonly words: Words }

export type State = {
  readonly language: Language
  /** IANA name of the community's time zone. */
  readonly timeZone: string
  readonly nowMs: number
  readonly size: { readonly columns: number; readonly rows: number }
  readonly who: {
    readonly member: string
    /** Of the member. */
    readonly id: string
    readonly grids: string
    readonly releases: boolean
    /** A chief: of more than their own doors. */
    readonly leads: boolean
    /** Sees what was sent to a desk, and no doors. */
    readonly outside: boolean
    /** Made-up people: said on every screen. */
    readonly practice: boolean
  }
  /** The last one is on the screen; the first is `today`, or `dispatches` for those outside. */
  readonly screens: readonly Screen[]
  readonly facts: Facts
  readonly notice: Notice | null
  /** Typed and left by Esc: there again when the same place is opened again. */
  readonly parked: ReadonlyMap<string, Screen>
  /** Something is being written or fetched: keys that would start the same again wait. */
  readonly busy: Words | null
  /** Double claims that were seen on this screen: keys of claims.ts. */
  readonly seenDoubles: ReadonlySet<string>
  /** Alarms that were looked at here: keys of alarms.ts. */
  readonly seenAlarms: ReadonlySet<string>
  /** A door that others have claimed, and that this member is about to claim all the same. */
  readonly asked: string | null
}

export type Event =
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'digit'; readonly digit: number }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'facts'; readonly facts: Partial<Facts> }
  | { readonly type: 'clock'; readonly nowMs: number }
  | { readonly type: 'size'; readonly columns: number; readonly rows: number }
  /** The form is open, or an answer was taken: go to this question. */
  | { readonly type: 'form-at'; readonly at: string }
  | { readonly type: 'form-left' }
  /** How the visit of the open form is made, as it was kept beside its draft. */
  | { readonly type: 'form-how'; readonly how: How }
  | { readonly type: 'notice-written'; readonly file: string }
  /** What was typed in this form and left untaken, before it was closed. */
  | { readonly type: 'form-typed'; readonly left: Readonly<Record<string, string>> }
  | { readonly type: 'form-refused'; readonly problem: FormProblem }
  /** A visit is on disk. */
  | {
      readonly type: 'visited'
      readonly household: string
      readonly outcome: Outcome
      readonly cases: number
    }
  | { readonly type: 'case-opened'; readonly id: string }
  /** Written down, and ready to be drawn. */
  | { readonly type: 'photo-shown'; readonly record: string; readonly untilMs: number }
  /** A line of the diary is on disk, or ticked. */
  | { readonly type: 'noted'; readonly words: Words }
  /** What was said of somebody who lives at a door is on disk. */
  | { readonly type: 'resident-saved'; readonly words: Words }
  | { readonly type: 'done'; readonly words: Words; readonly leave?: boolean }
  | { readonly type: 'failed'; readonly words: Words }
  | { readonly type: 'progress'; readonly words: Words }
  /** Written down, and so to be seen. */
  | {
      readonly type: 'revealed'
      readonly record: string
      readonly field: string
      readonly texts: readonly string[]
      readonly untilMs: number
    }

/** What is to be done in the world; the desk does it and answers with events. */
export type Effect =
  | {
      readonly type: 'open-form'
      readonly household: string
      readonly form: string
      readonly person: string | null
      readonly version?: string
      readonly how?: How
    }
  /** On to the version of the form that is known now. */
  | { readonly type: 'newer-form'; readonly household: string }
  | {
      readonly type: 'answer'
      readonly household: string
      readonly ref: string
      readonly value: unknown
      readonly after: 'next' | 'previous' | 'stay' | 'leave'
    }
  /** Kept beside the draft: what was typed and not taken. */
  | {
      readonly type: 'keep-typed'
      readonly household: string
      readonly at: string
      readonly left: Readonly<Record<string, string>>
    }
  /** The next of the form's own languages. */
  | { readonly type: 'form-language' }
  | {
      readonly type: 'repeat'
      readonly household: string
      readonly ref: string
      readonly change: 'add' | 'remove'
    }
  | {
      readonly type: 'save-form'
      readonly household: string
      readonly nextInDays: number | null
      readonly how?: How
    }
  | { readonly type: 'keep-how'; readonly household: string; readonly how: How }
  | { readonly type: 'print-notice'; readonly household: string; readonly kind: NoticeKind }
  | { readonly type: 'print-meters'; readonly household: string }
  | { readonly type: 'send-print'; readonly file: string }
  | {
      readonly type: 'answer-alarm'
      readonly id: string
      readonly did: AlarmDeed
      readonly means: AlarmMeans
      readonly verdict: AlarmVerdict | null
      readonly note: string
    }
  | {
      readonly type: 'improve-alarm'
      readonly id: string
      readonly way: 'threshold' | 'repair'
    }
  /** Until a day, or nobody knows when. */
  | { readonly type: 'note-leave'; readonly household: string; readonly until: string | null }
  | { readonly type: 'end-leave'; readonly household: string }
  | {
      readonly type: 'open-errand'
      readonly household: string
      readonly kind: ErrandKind
      readonly what: string
      readonly dueOn: string | null
    }
  | {
      readonly type: 'step-errand'
      readonly id: string
      readonly step: ErrandStep
      readonly papers: readonly string[]
      readonly fen: number
      readonly receipt: string | null
      readonly on: string | null
      readonly relation: string
      readonly note: string
    }
  | { readonly type: 'drop-draft'; readonly household: string }
  | {
      readonly type: 'visit'
      readonly household: string
      readonly outcome: Outcome
      readonly contact: 'neighbour' | 'emergency' | null
      readonly heard: boolean
      readonly how?: How
      readonly note: string
      readonly nextInDays: number | null
    }
  | {
      readonly type: 'open-case'
      readonly household: string
      readonly kind: string
      readonly title: string
      readonly grade: 'ordinary' | 'serious'
      readonly dueOn: string | null
    }
  | {
      readonly type: 'step-case'
      readonly id: string
      readonly step: CaseStep
      /** As typed; a day as YYYY-MM-DD, a choice by its name. */
      readonly said: Readonly<Partial<Record<CaseQuestion, string>>>
      /** Of a word on a request. */
      readonly of: string | null
    }
  | {
      readonly type: 'add-diary'
      readonly household: string | null
      readonly space: string | null
      readonly text: string
      readonly dueInDays: number | null
    }
  | { readonly type: 'add-person'; readonly household: string; readonly text: string }
  | {
      readonly type: 'move-out'
      readonly person: string
      readonly household: string
      readonly destination: string
    }
  | { readonly type: 'away'; readonly person: string; readonly household: string; readonly back: boolean }
  | { readonly type: 'take-back'; readonly person: string; readonly reason: string }
  | {
      readonly type: 'merge'
      readonly keep: string
      readonly other: string
      readonly take: readonly string[]
    }
  | { readonly type: 'not-same'; readonly one: string; readonly other: string }
  | { readonly type: 'tick-diary'; readonly id: string }
  | { readonly type: 'keep-promise'; readonly household: string }
  | { readonly type: 'absence-case'; readonly household: string }
  /** Of a door, or of its whole stair. */
  | {
      readonly type: 'claim'
      readonly household: string
      readonly stair: boolean
      readonly sweep: string | null
      readonly also: boolean
    }
  | { readonly type: 'release-claim'; readonly household: string; readonly stair: boolean }
  | { readonly type: 'report'; readonly id: string; readonly step: ReportStep; readonly note: string }
  | { readonly type: 'settle'; readonly settlement: Settlement }
  | { readonly type: 'release'; readonly id: string }
  | {
      readonly type: 'reveal'
      readonly record: string
      readonly field: string
      readonly reason: RevealReason
    }
  | { readonly type: 'show-photo'; readonly record: string; readonly reason: RevealReason }
  | { readonly type: 'sync-now' }
  | { readonly type: 'call'; readonly address: string }
  | { readonly type: 'write-bundle'; readonly path: string }
  | { readonly type: 'read-bundle'; readonly path: string }
  | { readonly type: 'language'; readonly language: Language }
  | { readonly type: 'lock' }
  | { readonly type: 'quit' }

export type Step = { readonly state: State; readonly effects: readonly Effect[] }

export const step = (state: State, ...effects: readonly Effect[]): Step => ({ state, effects })

export const initialState = (
  given: Pick<State, 'language' | 'timeZone' | 'nowMs' | 'size' | 'who'>,
): State => ({
  ...given,
  screens: [
    given.who.outside
      ? { type: 'dispatches', scope: 'open', pick: pickFirst }
      : { type: 'today', scope: 'due', pick: pickFirst },
  ],
  facts: noFacts,
  notice: null,
  parked: new Map(),
  busy: null,
  seenDoubles: new Set(),
  seenAlarms: new Set(),
  asked: null,
})

export const topOf = (state: State): Screen => state.screens.at(-1)!
/** Onto the stack; what was typed there and left by Esc is there again. */
export function push(state: State, screen: Screen): State {
  const key = parkingKey(screen)
  const kept = key === null ? undefined : state.parked.get(key)
  if (key === null || !kept) return { ...state, screens: [...state.screens, screen] }
  const parked = new Map(state.parked)
  parked.delete(key)
  return { ...state, parked, screens: [...state.screens, kept] }
}
/** Leaves the top screen by Esc, keeping what was typed there. */
export function popKeeping(state: State): State {
  const screen = topOf(state)
  const key = hasTyped(screen) ? parkingKey(screen) : null
  return pop(key === null ? state : { ...state, parked: new Map(state.parked).set(key, screen) })
}
const parkingKey = (screen: Screen): string | null => {
  if (screen.type === 'new-case') return `new-case ${screen.household}`
  if (screen.type === 'quick') return `quick ${screen.household} ${screen.outcome} ${screen.contact}`
  if (screen.type === 'diary') return `diary ${screen.household}`
  if (screen.type === 'people') return `people ${screen.household}`
  if (screen.type === 'dispatch') return `dispatch ${screen.id}`
  if (screen.type === 'errand') return `errand ${screen.id}`
  if (screen.type === 'alarm') return `alarm ${screen.id}`
  if (screen.type === 'new-errand') return `new-errand ${screen.household}`
  if (screen.type === 'leave') return `leave ${screen.household}`
  return screen.type === 'case' ? `case ${screen.id}` : null
}
const hasTyped = (screen: Screen): boolean =>
  (screen.type === 'new-case' && screen.step !== 'kind') ||
  (screen.type === 'diary' && (screen.entry ?? '') !== '') ||
  (screen.type === 'people' && (screen.entry ?? '') !== '') ||
  (screen.type === 'quick' && (screen.note !== '' || screen.next !== 0)) ||
  ((screen.type === 'errand' || screen.type === 'alarm') && screen.pending !== null) ||
  (screen.type === 'new-errand' && screen.step !== 'kind') ||
  (screen.type === 'leave' && screen.entry !== '') ||
  ((screen.type === 'case' || screen.type === 'dispatch') && screen.pending !== null)
/** Back by one; the first screen stays. */
export const pop = (state: State): State =>
  state.screens.length > 1 ? { ...state, screens: state.screens.slice(0, -1) } : state
export const replaceTop = (state: State, screen: Screen): State => ({
  ...state,
  screens: [...state.screens.slice(0, -1), screen],
})
/** Back to the nearest screen of this type, or to the first. */
export function backTo(state: State, type: Screen['type']): State {
  const at = state.screens.findLastIndex((screen) => screen.type === type)
  return { ...state, screens: state.screens.slice(0, Math.max(1, at + 1)) }
}

/** The facts that the screen on top stands on; a help screen shows through to the one below. */
export function needOf(state: State): Need | null {
  const screen = topOf(state)
  switch (screen.type) {
    case 'search':
      return { type: 'search', text: screen.text }
    case 'door':
    case 'form':
    case 'choose-form':
    case 'quick':
    case 'new-case':
    case 'drop-draft':
    case 'photos':
    case 'sheet':
    case 'notice':
    case 'new-errand':
    case 'leave':
      return { type: 'door', household: screen.household }
    case 'cases':
      return { type: 'cases', household: screen.household, scope: screen.scope }
    case 'case':
      return { type: 'case', id: screen.id }
    case 'alarm':
      return { type: 'alarm', id: screen.id }
    case 'errands':
      return { type: 'errands', household: screen.household }
    case 'errand':
      return { type: 'errand', id: screen.id }
    case 'dispatches':
      return { type: 'dispatches', scope: screen.scope }
    case 'dispatch':
      return { type: 'dispatch', id: screen.id }
    case 'reveal':
      return screen.household === null ? { type: 'conflicts' } : { type: 'door', household: screen.household }
    case 'conflicts':
    case 'conflict':
      return { type: 'conflicts' }
    case 'quarantine':
      return { type: 'quarantine' }
    case 'sync':
      return { type: 'sync' }
    case 'meters':
      return { type: 'meters', household: screen.household }
    case 'history':
    case 'visit':
      return { type: 'history', household: screen.household }
    case 'sweeps':
    case 'sweep':
      return { type: 'sweeps' }
    case 'diary':
      return { type: 'diary', household: screen.household, scope: screen.scope }
    case 'people':
      return {
        type: 'people',
        household: screen.household,
        draft: screen.doing === 'add' ? screen.entry : null,
      }
    case 'merge':
      return { type: 'merge', keep: screen.keep, other: screen.other }
    case 'day':
      return { type: 'day' }
    case 'overview':
      return { type: 'overview' }
    case 'today':
    case 'alarms':
    case 'help':
      return null
  }
}
