import type { CaseStep, ErrandKind, ErrandStep, FormProblem, ReportStep, Value } from '@doorstep/core'
import type { How } from './how.ts'

/** Where somebody is. Screens lie on a stack; Esc takes the top one away and nothing else. */

/** What is selected in a list: by id, so that nothing moves under a finger when others change the list. */
export type Pick = { readonly id: string | null; readonly at: number }

export type Outcome = 'met' | 'absent' | 'refused'

export type Screen =
  | { readonly type: 'today'; readonly scope: 'due' | 'all'; readonly pick: Pick }
  | { readonly type: 'search'; readonly text: string; readonly pick: Pick }
  | { readonly type: 'door'; readonly household: string; readonly scroll: number }
  | FormScreen
  /** Which form, and about whom. */
  | ChooseFormScreen
  | SheetScreen
  | NoticeScreen
  | MetersScreen
  /** Those without a verdict. */
  | { readonly type: 'alarms'; readonly pick: Pick }
  | AlarmScreen
  | LeaveScreen
  | { readonly type: 'errands'; readonly household: string; readonly pick: Pick }
  | ErrandScreen
  | NewErrandScreen
  | QuickScreen
  | NewCaseScreen
  | {
      readonly type: 'cases'
      readonly household: string | null
      readonly scope: 'open' | 'late' | 'all'
      readonly pick: Pick
    }
  | CaseScreen
  /** The first screen of those who see nothing but what was sent to their desk. */
  | { readonly type: 'dispatches'; readonly scope: 'open' | 'late' | 'all'; readonly pick: Pick }
  | DispatchScreen
  | { readonly type: 'conflicts'; readonly pick: Pick }
  | {
      readonly type: 'conflict'
      readonly record: string
      readonly field: string
      readonly at: number
      /** A new wording being typed, or null. */
      readonly entry: string | null
    }
  | { readonly type: 'quarantine'; readonly pick: Pick }
  | {
      readonly type: 'sync'
      readonly prompt: { readonly kind: 'call' | 'write' | 'read'; readonly text: string } | null
      readonly scroll: number
    }
  | { readonly type: 'history'; readonly household: string; readonly pick: Pick }
  | { readonly type: 'visit'; readonly household: string; readonly visit: string; readonly scroll: number }
  | RevealScreen
  /** Sweeps, with the doors that two have claimed. */
  | { readonly type: 'sweeps'; readonly pick: Pick }
  | { readonly type: 'sweep'; readonly round: string; readonly scroll: number }
  | PhotosScreen
  | DiaryScreen
  | PeopleScreen
  | MergeScreen
  /** What this day came to: for the evening, and what colleagues did for the morning. */
  | { readonly type: 'day'; readonly scroll: number }
  /** How every grid and everybody stands. */
  | { readonly type: 'overview'; readonly scroll: number }
  /** Asks once more before a half-filled form is thrown away. */
  | { readonly type: 'drop-draft'; readonly household: string }
  | { readonly type: 'help'; readonly of: ScreenType; readonly scroll: number }

export type ScreenType = Screen['type']

export type FormScreen = {
  readonly type: 'form'
  readonly household: string
  readonly form: string
  /** Whom it is about, of a form about one of the household's people. */
  readonly person: string | null
  /** A place's ref, or the summary at the end; null while the form is being opened. */
  readonly at: string | 'summary' | null
  /** Being typed; null shows the answer there is. */
  readonly entry: string | null
  readonly problem: FormProblem | null
  /** Which of NEXT_CHOICES is chosen on the summary. */
  readonly next: number
  /** At the door, when not given. */
  readonly how?: How
  readonly hand: Hand
  /** Typed, refused, and left as it was: there again when one comes back to its question. By ref. */
  readonly left: Readonly<Record<string, string>>
}

export type ChooseFormScreen = {
  readonly type: 'choose-form'
  readonly household: string
  /** Chosen already, of a form about one of the household's people; null while it is to be chosen. */
  readonly form: string | null
  readonly at: number
}

/** What one does with the keys at one place of a form, beside typing. */
export type Hand = {
  /** The marked row of a list, an order or the repetitions; how far a summary is scrolled. */
  readonly mark: number | null
  /** An order being made: values of choices. The first `taken` were put there by number. */
  readonly order: readonly string[] | null
  readonly taken: number
  /** The marked row goes where the mark goes. */
  readonly held: boolean
  /** To be removed by the same key once more. */
  readonly armed: boolean
}
export const emptyHand: Hand = { mark: null, order: null, taken: 0, held: false, armed: false }

/** A printed sheet, about to be typed in: which day it says is all that is asked. */
export type SheetScreen = {
  readonly type: 'sheet'
  readonly code: string
  readonly household: string
  readonly address: string
  readonly form: string
  readonly version: string
  readonly formTitle: string
  readonly printedOn: string
  readonly before: { readonly by: string; readonly on: string } | null
  readonly entry: string
  readonly badDate: boolean
}

export type ErrandScreen = {
  readonly type: 'errand'
  readonly id: string
  /** Which of the steps that may come now is selected. */
  readonly at: number
  /** A chosen step, with what it asks for being typed. */
  readonly pending: { readonly step: ErrandStep; readonly text: string; readonly missing: boolean } | null
}

/** An alarm: what is known above, what may be said of it below. */
export type AlarmScreen = {
  readonly type: 'alarm'
  readonly id: string
  /** Which of the choices is marked; null: the likely one, by whose turn it is. */
  readonly at: number | null
  /** A choice that was made, with a note being typed. */
  readonly pending: { readonly at: number; readonly note: string } | null
}

/** Everybody of a household goes away, or is back: the last day away is typed, or nothing. */
export type LeaveScreen = {
  readonly type: 'leave'
  readonly household: string
  readonly entry: string
  readonly badDate: boolean
}

export type NewErrandScreen = {
  readonly type: 'new-errand'
  readonly household: string
  readonly step: 'kind' | 'what' | 'due'
  readonly kind: ErrandKind
  readonly what: string
  readonly entry: string
  readonly badDate: boolean
}

/** The home's sheet of its meters; `file` once it is written as a PDF. */
export type MetersScreen = {
  readonly type: 'meters'
  readonly household: string
  readonly file: string | null
  readonly scroll: number
}

/** Which notice to leave at the door; `file` once it is written. */
export type NoticeScreen = {
  readonly type: 'notice'
  readonly household: string
  readonly file: string | null
}

export const formScreen = (household: string, form: string, person: string | null = null): FormScreen => ({
  type: 'form',
  household,
  form,
  person,
  at: null,
  entry: null,
  problem: null,
  next: 0,
  hand: emptyHand,
  left: {},
})

/** A visit without a form: one key says what happened, one saves. */
export type QuickScreen = {
  readonly type: 'quick'
  readonly household: string
  readonly outcome: Outcome
  /** Who is asked instead of the resident. */
  readonly contact: 'neighbour' | 'emergency' | null
  /** Of NEXT_CHOICES; of ASKED_CHOICES where somebody else is asked. */
  readonly next: number
  /** At the door, when not given. */
  readonly how?: How
  readonly note: string
  readonly typing: boolean
}

/** What is to be done at a door or everywhere, and a line being written. */
export type DiaryScreen = {
  readonly type: 'diary'
  readonly household: string | null
  /** The grid in which a line without a door is written. */
  readonly space: string | null
  readonly scope: 'open' | 'all'
  readonly pick: Pick
  /** Being typed, or null. */
  readonly entry: string | null
  /** Of WHEN_CHOICES. */
  readonly when: number
}

/** Who belongs to a household, and a line being written: somebody new, where one moved to, why something is taken back. */
export type PeopleScreen = {
  readonly type: 'people'
  readonly household: string
  readonly pick: Pick
  readonly doing: 'add' | 'out' | 'undo'
  /** Being typed, or null. */
  readonly entry: string | null
}

/** Two records of people side by side. */
export type MergeScreen = {
  readonly type: 'merge'
  readonly household: string
  readonly keep: string
  readonly other: string
  /** Which of the fields that differ is marked. */
  readonly at: number
  /** Fields in which the other's value holds. */
  readonly take: readonly string[]
}

/** What is masked here, and why somebody wants to see it: a number gives the reason, and the text is shown for a while. */
export type RevealScreen = {
  readonly type: 'reveal'
  /** At this door; null in a conflict. */
  readonly household: string | null
  /** The one thing of a conflict, or of a question in a form; null at a door, which has several. */
  readonly only: { readonly record: string; readonly field: string } | null
  readonly at: number
  readonly seen: {
    readonly record: string
    readonly field: string
    readonly texts: readonly string[]
    readonly untilMs: number
  } | null
}

/** The photos, scans and recordings of a household: a number gives the reason, and the picture is shown for a while. */
export type PhotosScreen = {
  readonly type: 'photos'
  readonly household: string
  readonly at: number
  readonly seen: { readonly record: string; readonly untilMs: number } | null
}

export type NewCaseScreen = {
  readonly type: 'new-case'
  readonly household: string
  readonly step: 'kind' | 'title' | 'grade' | 'due'
  readonly kind: string
  readonly title: string
  readonly grade: 'ordinary' | 'serious'
  /** Which of the kinds is marked. */
  readonly at: number
  readonly entry: string
  /** The typed date cannot be read. */
  readonly badDate: boolean
}

/** What a step asks for, one after the other. */
export type CaseQuestion = 'note' | 'due' | 'to' | 'because' | 'satisfaction' | 'spokeTo' | 'noPhoto'

export type CaseScreen = {
  readonly type: 'case'
  readonly id: string
  /** Which of the steps that may come now is selected. */
  readonly at: number
  /** A chosen step, with what was said of it so far; `asked` is the place in its questions. */
  readonly pending: {
    readonly step: CaseStep
    readonly asked: number
    readonly said: Readonly<Partial<Record<CaseQuestion, string>>>
    readonly missing: boolean
  } | null
}

export type DispatchScreen = {
  readonly type: 'dispatch'
  readonly id: string
  /** Which of the reports is selected. */
  readonly at: number
  /** A chosen report with its note. */
  readonly pending: { readonly step: ReportStep; readonly note: string; readonly missing: boolean } | null
}

export type Settlement = { readonly record: string; readonly field: string } & (
  | { readonly write: string }
  | { readonly value: Value }
)

export const pickFirst: Pick = { id: null, at: 0 }

/** Where the picked row is now; when it has gone, the one that took its place. */
export function pickedAt(rows: readonly { readonly id: string }[], pick: Pick): number {
  const at = pick.id === null ? -1 : rows.findIndex((one) => one.id === pick.id)
  return at >= 0 ? at : Math.max(0, Math.min(pick.at, rows.length - 1))
}

export function movePick(rows: readonly { readonly id: string }[], pick: Pick, by: number): Pick {
  const at = Math.max(0, Math.min(pickedAt(rows, pick) + by, rows.length - 1))
  return { id: rows[at]?.id ?? null, at }
}

/** After which days one comes again: by the rules, tomorrow, in three days, in a week. */
export const NEXT_CHOICES = [null, 1, 3, 7] as const

/** What a line of the diary asks for: nothing, or to be done tomorrow, in three days, in a week. */
export const WHEN_CHOICES = [null, 1, 3, 7] as const

/** What came of asking others: nothing, or that all is well, and when to come again. */
export const ASKED_CHOICES = [
  { heard: false, inDays: null },
  { heard: true, inDays: null },
  { heard: true, inDays: 1 },
  { heard: true, inDays: 3 },
  { heard: true, inDays: 7 },
] as const
