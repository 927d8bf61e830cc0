import type { Problem } from '@doorstep/core'
import type { Heard } from '@doorstep/drivers'

/** Takes what was heard together. Resolves when it is kept, or was found not to be kept: until then, hear no more. */
export type Sink = (heard: readonly Heard[]) => Promise<void>

export type SourceStatus = {
  /** `starting`: nothing heard of it yet. `failing`: it tries again by itself, or is started again. */
  readonly state: 'starting' | 'running' | 'failing'
  /** Milliseconds since 1970; null: never. */
  readonly lastHeardMs: number | null
  /** Why it fails now; null while it does not. */
  readonly problem: Problem | null
  /** Since it started, by name: `asked`, `answered`, `noReply`, … Counts only, never an address. */
  readonly counts: Readonly<Record<string, number>>
}

/** Something that hears devices: a line that is polled, a listener for DTUs, a broker. */
export interface Source {
  /** Devices, consents or settings changed: whatever it asks for is asked for anew. */
  refresh?(): void
  /** As in the configuration; stable, and no word about a home. */
  readonly name: string
  /** Until `signal` is aborted. Rejects, or resolves before that, when it cannot go on: then it is started again, later. */
  run(sink: Sink, signal: AbortSignal): Promise<void>
  status(): SourceStatus
}
