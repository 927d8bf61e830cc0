import type { Result } from '../result.ts'
import type { CleanRegister } from './clean-register.ts'
import type { RefusedBecause } from './limits.ts'
import type { Observation, Point, SeriesView, Signal } from './observation.ts'
import type { PrunedSeries } from './prune-series.ts'
import type { RetentionBySignal } from './retention.ts'
import type { DamagedDay } from './series-memory.ts'
import type { SeriesProblem } from './series-problem.ts'

export type Appended = {
  readonly kept: number
  /** Said before, to the value. */
  readonly duplicates: number
  /** Kept, and older than the newest of their series. */
  readonly late: number
  /** Not kept; `at`: its place in what was given. */
  readonly refused: readonly { readonly at: number; readonly reason: RefusedBecause }[]
}

export type SeriesOfDevice = { readonly signal: Signal; readonly newest: Point }

/** Raw readings of a gateway: one file beside the store, sealed, that never travels. */
export interface SeriesStore extends SeriesView {
  /**
   * On disk when it resolves; those asked for together share one disk write. Whether the home allows it is asked before.
   * A reading said twice is kept once; two values of one moment are both kept.
   */
  append(observations: readonly Observation[]): Promise<Result<Appended, SeriesProblem>>
  /** Every device something is kept of. */
  devices(): readonly string[]
  /** What is kept of a device. */
  signalsOf(device: string): readonly SeriesOfDevice[]
  /** As they came, impossible ones too. */
  raw(device: string, signal: Signal, fromMs: number, untilMs: number): readonly Point[]
  /** A register's stretches from before `fromMs` to after `untilMs`, and the dirt in them. */
  cleaned(device: string, signal: Signal, fromMs: number, untilMs: number): CleanRegister
  /** Sorts what was acknowledged into days; goes on by itself in the background when there is much of it. */
  compact(): Promise<Result<void, SeriesProblem>>
  /**
   * Takes away all that is known of a device, from the file and its log. `settled` false: another process is reading,
   * and the log is emptied later.
   */
  erase(device: string): Promise<Result<{ readonly settled: boolean }, SeriesProblem>>
  /**
   * Thins out and drops what is older than it may be kept; `retention` overrules single signals. Meant for once a day:
   * it sorts the journal first.
   */
  prune(nowMs: number, retention?: RetentionBySignal): Promise<Result<PrunedSeries, SeriesProblem>>
  /** Days that did not open when they were read: what they held is not told. */
  damaged(): readonly DamagedDay[]
  /** Waits for what was asked to be appended, then lets go. */
  close(): Promise<void>
}
