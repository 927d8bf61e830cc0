import type {
  Absence,
  AlarmCard,
  AlarmRow,
  AttachmentRow,
  CaseCard,
  CaseKind,
  CaseNotice,
  CaseRow,
  ConflictRow,
  DayTally,
  DispatchCard,
  DispatchRow,
  ErrandCard,
  ErrandRow,
  FieldChange,
  FormPlace,
  FormProblem,
  HiddenFact,
  HouseholdCard,
  LeaveRow,
  MatchedBy,
  Mismatch,
  OwnWork,
  PersonWarning,
  Quarantined,
  Suggestion,
  SweepCard,
  Value,
  VisitRow,
  WhereState,
} from '@doorstep/core'
import type { MeetingAttempts } from '@doorstep/sync'
import type { ChiefView } from '../station/chief-view.ts'
import type { SpaceTruth, Unheard, VisitTruth } from '../station/sync-truth.ts'
import type { ClockWarning } from '../voice/clock-doubt-text.ts'
import type { SheetPart } from '../voice/home-sheet-words.ts'
import type { Words } from '../voice/language.ts'
import type { SyncProgressNow } from '../voice/sync-progress.ts'
import type { SheetFound } from './data/sheet.ts'
import type { TypedResident } from './typed-resident.ts'

/** What the screens show, as plain data made outside of them. Everything in it is masked for its viewer already. */

/** What the screen on top needs to know; asked for by the state, answered by the desk. */
export type Need =
  | { readonly type: 'search'; readonly text: string }
  | { readonly type: 'door'; readonly household: string }
  | { readonly type: 'cases'; readonly household: string | null; readonly scope: 'open' | 'late' | 'all' }
  | { readonly type: 'case'; readonly id: string }
  | { readonly type: 'dispatches'; readonly scope: 'open' | 'late' | 'all' }
  | { readonly type: 'dispatch'; readonly id: string }
  | { readonly type: 'alarm'; readonly id: string }
  | { readonly type: 'errands'; readonly household: string }
  | { readonly type: 'errand'; readonly id: string }
  | { readonly type: 'conflicts' }
  | { readonly type: 'quarantine' }
  | { readonly type: 'sync' }
  | { readonly type: 'history'; readonly household: string }
  | { readonly type: 'meters'; readonly household: string }
  | { readonly type: 'sweeps' }
  | { readonly type: 'diary'; readonly household: string | null; readonly scope: 'open' | 'all' }
  | { readonly type: 'people'; readonly household: string; readonly draft: string | null }
  | { readonly type: 'merge'; readonly keep: string; readonly other: string }
  | { readonly type: 'day' }
  | { readonly type: 'overview' }

export type DoorRow = {
  /** Of the household. */
  readonly id: string
  readonly space: string
  readonly stair: string
  readonly room: string
  readonly door: string
  readonly name: string
  readonly categories: readonly string[]
  readonly mind: string | null
  /** Words of core's `minds`, or a community's own. */
  readonly minds: readonly string[]
  readonly promise: string | null
  /** What is to be done there by today, the first line of it. */
  readonly todo: string | null
  readonly absence: Absence | null
  /** An errand for them that is appointed or due by today, the first of them. */
  readonly errand: string | null
  /** Names of further rules that ask for a visit. */
  readonly also: readonly string[]
  readonly policy: string | null
  readonly attempts: number
  readonly promised: boolean
  /** A device there that asks for the visit: it expires, or its battery is low. */
  readonly device: string | null
  /** Null: no rule covers it. */
  readonly overdueDays: number | null
  readonly dueOn: string | null
  /** What was noted today, the last one. */
  readonly today: string | null
  /** When that was written down; null when nothing was. */
  readonly todayAtMs: number | null
  /** Title of an open case that a device reported. */
  readonly alarm: string | null
  readonly openCases: number
  /** Past their limit, or serious ones on their last day. */
  readonly lateCases: number
  /** Who goes there, as far as it is still to be done. */
  readonly claims: readonly ClaimMark[]
  /** The open sweep it belongs to, for which it is claimed. */
  readonly sweep: string | null
}

/** A home's sheet of its meters, as it is said. */
export type MetersFacts = {
  readonly household: string
  readonly door: string
  readonly parts: readonly SheetPart[]
}

/** A claim at a door. */
export type ClaimMark = {
  readonly claim: string
  /** A name. */
  readonly by: string
  readonly mine: boolean
  readonly atMs: number
  readonly until: string
  readonly sweep: string | null
  /** With the whole stair, floor or building. */
  readonly wide: boolean
  /** Somebody else has claimed it for the same thing. */
  readonly double: boolean
}

export type Board = {
  /** YYYY-MM-DD, the community's day. */
  readonly day: string
  /** Every door, in walking order. */
  readonly doors: readonly DoorRow[]
  readonly visitedToday: number
  /** To be done by today, at no door. */
  readonly todos: readonly TodoLine[]
  /** What colleagues wrote since yesterday evening. */
  readonly news: readonly NewsLine[]
  readonly openCases: number
  readonly lateCases: number
  /** Soon late. */
  readonly soonCases: number
  /** Own steps that did not count, answers to own requests; to a chief, what waits. */
  readonly notices: readonly CaseNotice[]
  readonly conflicts: number
  readonly held: number
  readonly openSweeps: number
}

/** Something to be done, or a line of the diary. */
export type TodoLine = {
  readonly id: string
  readonly household: string | null
  readonly door: string
  readonly text: string
  readonly on: string | null
  readonly by: string
  readonly dueOn: string | null
  readonly overdueDays: number
  readonly doneOn: string | null
  readonly open: boolean
  /** What the register says was promised at this door. */
  readonly promise: boolean
}

/** Somebody who belongs to a household. */
export type PersonLine = {
  readonly id: string
  readonly name: string
  readonly phone: string
  readonly relation: string | null
  readonly age: number | null
  readonly state: string | null
  readonly present: boolean
  readonly categories: readonly string[]
  readonly mismatch: Mismatch['state'] | null
  /** Who they may be one with, and why. */
  readonly alike: { readonly id: string; readonly why: string } | null
}

export type PeopleFacts = {
  readonly household: string
  readonly rows: readonly PersonLine[]
  readonly suggestions: readonly Suggestion[]
  /** What is being typed, as it is understood. */
  readonly draft: {
    readonly typed: TypedResident
    readonly warnings: readonly PersonWarning[]
    readonly alike: readonly string[]
  } | null
}

export type MergeFacts = {
  readonly keep: string
  readonly other: string
  readonly sides: readonly [MergeSide, MergeSide]
  readonly rows: readonly {
    readonly id: string
    readonly label: Words
    readonly values: readonly [Value, Value]
  }[]
}
export type MergeSide = { readonly name: string; readonly address: string }

export type NewsLine = {
  readonly kind: 'visit' | 'case' | 'diary' | 'ticked'
  readonly door: string
  readonly by: string
  readonly atMs: number
  readonly what: string | null
}

export type DayFacts = {
  readonly tally: DayTally
  readonly open: readonly TodoLine[]
  readonly news: readonly NewsLine[]
  /** Where tomorrow begins. */
  readonly first: { readonly door: string; readonly name: string } | null
  /** Whose holidays nobody has told, so that limits of cases count plain weekdays. */
  readonly unknownYears: readonly number[]
}

/** A half-filled form that lies on this disk, sealed. */
export type DraftNote = {
  readonly household: string
  readonly form: string
  readonly person: string | null
  readonly atMs: number
  readonly answered: number
  readonly of: number
}

export type DoorFacts = {
  readonly card: HouseholdCard
  readonly door: string
  readonly visitedToday: boolean
  /** To be done here, whenever. */
  readonly todos: readonly TodoLine[]
  readonly errands: readonly ErrandRow[]
  /** Without a verdict. */
  readonly alarms: readonly AlarmRow[]
  /** Who said that everybody is away, or will be; the first. */
  readonly leave: LeaveRow | null
  readonly meters: readonly MeterLine[]
  /** What this member sees masked, the emergency number first. */
  readonly masked: readonly MaskedThing[]
}

/** One masked field: whose it is, what it is called, and what is shown of it. */
export type MaskedThing = {
  readonly record: string
  readonly field: string
  readonly whose: string
  readonly label: Words
  readonly shown: string
}

/** One meter at a glance. */
export type MeterLine = {
  readonly kind: string
  readonly name: string | null
  /** Per day where the meter counts up, else as read; oldest first. */
  readonly days: readonly number[]
  readonly lastText: string
  readonly lastOn: string
  readonly lastDay: number | null
  readonly usual: number | null
  readonly unit: string
  readonly expiresOn: string | null
}

export type CaseLine = CaseRow

export type MatchLine = {
  readonly id: string
  readonly household: string
  readonly kind: 'household' | 'person'
  readonly title: string
  readonly address: string
  /** By what it was found, and where somebody is. */
  readonly why: MatchedBy
  readonly state: WhereState | null
  readonly overdueDays: number | null
}

/** What others are known to hold, by what they said themselves: on every screen. */
export type SyncTruth = {
  /** Entries of this station that no other station is known to hold on disk. */
  readonly onlyHere: number
  /** When the oldest of those was written; null without any, or when that is not known. */
  readonly aloneSinceMs: number | null
  readonly lastMetMs: number | null
  /** Live meetings: names, and whether all of them are proved equal. */
  readonly meeting: readonly string[]
  /** Another process of this home meets others in this one's place. */
  readonly elsewhere: boolean
  readonly equal: boolean
  /** Entries still to go and to come over live wires, and how far that is. */
  readonly toSend: number
  readonly toReceive: number
  readonly progress: SyncProgressNow | null
  /** Stations without word for as long as the community set; for a chief alone. */
  readonly unheard: readonly Unheard[]
  /** This machine's clock is off, by a gateway's word. */
  readonly clock: ClockWarning | null
}

/** A wire that is up. */
export type LivePeer = {
  readonly via: 'lan' | 'mesh' | 'memory'
  readonly sent: number
  readonly toSend: number
  readonly received: number
  readonly toReceive: number
}

export type SyncFacts = {
  readonly station: string
  readonly name: string
  readonly listening: string | null
  readonly spaces: readonly SpaceTruth[]
  /** By station. */
  readonly live: ReadonlyMap<string, LivePeer>
  readonly lastVisit: VisitTruth | null
  readonly visitsToday: { readonly count: number; readonly onlyHere: number }
  readonly work: OwnWork
  readonly unheard: readonly Unheard[]
  readonly clock: ClockWarning | null
  readonly held: number
  readonly refused: number
  /** The last time it was looked for others and none was found. */
  readonly tried: MeetingAttempts | null
}

export type QuarantineLine = Quarantined & {
  readonly fromName: string
  readonly releasable: boolean
  readonly refusedForGood: boolean
}

/** A form that may be filled in at a door. */
export type FormOffer = {
  readonly id: string
  readonly version: string
  readonly title: Words
  /** Whether it is about one of the household's people: it may be where it is offered for both. */
  readonly aboutPerson: 'not' | 'may' | 'must'
}

/** What the register has to do with a question. */
export type RegisterNote = {
  /** Known, and hidden from this member. */
  readonly hidden: HiddenFact | null
  /** The question began with what is known. */
  readonly isKnown: boolean
  /** A changed answer goes back to the register. */
  readonly isSaved: boolean
}

export type FormFacts = {
  readonly title: string
  /** Name of the one of the household's people whom it is about. */
  readonly about: string | null
  /** In the order in which they are asked. */
  readonly places: readonly FormPlace[]
  readonly answered: number
  readonly of: number
  /** The form's own languages, and which of them it speaks now; none when it has no translations. */
  readonly languages: readonly string[]
  readonly spoken: string | null
  readonly problems: readonly FormProblem[]
  readonly hazards: readonly {
    readonly title: string
    readonly serious: boolean
    readonly dueOn: string | null
    readonly dueInDays: number | null
  }[]
  /** By ref. */
  readonly register: Readonly<Record<string, RegisterNote>>
  /** What saving will change in the register. */
  readonly changes: readonly FieldChange[]
  /** The form is known in another version than this was begun with. */
  readonly newer: { readonly from: string; readonly to: string } | null
  /** Why questions between the last and this one are left out. */
  readonly skipped: Skipped | null
  /** On the summary: everything that is left out, by reason. */
  readonly leftOut: readonly Skipped[]
  /** Answers of a draft that found no place in a newer version of the form. */
  readonly notCarriedOver: readonly FormProblem[]
}

export type Skipped = { readonly count: number; readonly because: string }

export type Facts = {
  readonly board: Board | null
  readonly drafts: ReadonlyMap<string, DraftNote>
  readonly search: {
    readonly text: string
    readonly matches: readonly MatchLine[]
    /** What was typed is the code of a printed sheet. */
    readonly sheet?: SheetFound | null
  } | null
  readonly door: DoorFacts | null
  /** Of the household at the door; the newest first. */
  readonly photos: readonly AttachmentRow[]
  readonly cases: readonly CaseLine[] | null
  readonly case: CaseCard | null
  /** Kinds a new case may be of, as the community has them. */
  readonly kinds: readonly CaseKind[]
  /** Without a verdict, the most pressing first. */
  readonly alarms: readonly AlarmRow[]
  readonly alarm: AlarmCard | null
  readonly errands: readonly ErrandRow[] | null
  readonly errand: ErrandCard | null
  readonly dispatches: readonly DispatchRow[] | null
  readonly dispatch: DispatchCard | null
  readonly conflicts: readonly (ConflictRow & { readonly id: string })[] | null
  readonly quarantine: readonly QuarantineLine[] | null
  readonly sync: SyncFacts | null
  readonly truth: SyncTruth | null
  readonly history: readonly VisitRow[] | null
  readonly sweeps: readonly SweepCard[] | null
  readonly diary: readonly TodoLine[] | null
  readonly people: PeopleFacts | null
  readonly merge: MergeFacts | null
  readonly day: DayFacts | null
  readonly overview: ChiefView | null
  readonly meters: MetersFacts | null
  readonly form: FormFacts | null
  /** What may be filled in at a door. */
  readonly forms: readonly FormOffer[]
  /** Who is at which door now: household to names. */
  readonly presence: ReadonlyMap<string, string>
}

export const noFacts: Facts = {
  board: null,
  drafts: new Map(),
  search: null,
  door: null,
  photos: [],
  cases: null,
  case: null,
  kinds: [],
  alarms: [],
  alarm: null,
  errands: null,
  errand: null,
  dispatches: null,
  dispatch: null,
  conflicts: null,
  quarantine: null,
  sync: null,
  truth: null,
  history: null,
  sweeps: null,
  diary: null,
  people: null,
  merge: null,
  day: null,
  overview: null,
  meters: null,
  form: null,
  forms: [],
  presence: new Map(),
}
