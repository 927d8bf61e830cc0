/** What rules are and what they say: the contract between evaluating them and acting on them. */
import type { Signal } from '../series/observation.ts'

/**
 * `life`: smoke, gas, a call for help: told at once, at any hour. `care`: somebody may not be well (nothing used, door
 * not opened): by phone first, outside the quiet hours. `upkeep`: the thing needs somebody, not the person: leaks,
 * batteries, a device that fell silent.
 */
export type Urgency = 'life' | 'care' | 'upkeep'

/** Who is asked, in order, and after how many minutes without an answer of the one before. */
export type AlarmStep = {
  readonly step: 'phone' | 'worker' | 'chief'
  readonly afterMinutes: number
}

export type RuleKind =
  | 'no-use'
  | 'leak'
  | 'night-flow'
  | 'too-much'
  /** Something is used where everybody said to be away. */
  | 'away-use'
  | 'gauge-above'
  | 'gauge-below'
  | 'condition'
  | 'event'
  | 'silence'

/** A rule is data; what each kind means, and which limits it has, is said where it is evaluated. */
export type Rule = {
  /** Stable: `water-none-24h`. */
  readonly id: string
  readonly label: readonly [zh: string, en: string]
  readonly kind: RuleKind
  /** Null for silence, which is of the whole device. */
  readonly signal: Signal | null
  /**
   * By kind: thresholds in the signal's unit, windows in hours, times of the community's day in hours. `rearmHours`: an
   * episode is over when so much time passed since the rule last held, and what comes sooner belongs to it.
   */
  readonly limits: Readonly<Record<string, number>>
  /** `close`: only where the home agreed to be watched closely. */
  readonly applies: 'all' | 'close'
  readonly urgency: Urgency
  /** Of the case that it opens or joins. */
  readonly caseKind: string
  readonly grade: 'ordinary' | 'serious'
  readonly chain: readonly AlarmStep[]
  readonly disabled: boolean
  readonly source: readonly [zh: string, en: string]
}

/**
 * What a rule says of a device at a moment. `unknown`: a level that nobody confirmed for too long; it is never taken for
 * `cleared`. Device, rule and `sinceMs` name an episode, so that whoever evaluates the same data finds the same one.
 */
export type Finding = {
  readonly rule: string
  readonly device: string
  readonly state: 'raised' | 'cleared' | 'unknown'
  /** When the episode began, milliseconds since 1970. */
  readonly sinceMs: number
  /** The moment it is said of. */
  readonly atMs: number
  /** What was compared, for people: `{used, below, hours}`. */
  readonly figures: Readonly<Record<string, number>>
}
