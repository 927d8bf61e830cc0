/** A line of meters as a source: polled in turn, opened again whenever it was lost. */
import type { Problem, Result } from '@doorstep/core'
import {
  createLastingBus,
  createPoller,
  type Heard,
  type LastingBus,
  type PolledMeter,
  type Poller,
  type Port,
  systemClock,
} from '@doorstep/drivers'
import type { Sink, Source, SourceStatus } from './source.ts'

export type LineSourceOptions = {
  readonly name: string
  readonly open: (signal: AbortSignal) => Promise<Result<Port, Problem>>
  /** Of a serial line; the pauses between questions follow from it. */
  readonly baud: number | null
  /** Whatever else is counted on the way to it. */
  readonly counts: () => Readonly<Record<string, number>>
  /** As of now; asked again at each `refresh`. */
  readonly meters: () => readonly PolledMeter[]
  readonly onHeard: (heard: readonly Heard[]) => void
}

export type LineSource = Source & {
  /** Devices, consents or what is known of the lines changed. */
  refresh(): void
}

export function createLineSource({
  name,
  open,
  baud,
  counts,
  meters,
  onHeard,
}: LineSourceOptions): LineSource {
  let poller: Poller | null = null
  let bus: LastingBus | null = null
  let lastHeardMs: number | null = null
  return { name, run, status, refresh: () => poller?.setMeters(meters()) }

  async function run(sink: Sink, signal: AbortSignal): Promise<void> {
    const current = createLastingBus({ open, clock: systemClock, ...(baud !== null && { baud }) })
    const stop = () => void current.close()
    signal.addEventListener('abort', stop)
    bus = current
    poller = createPoller({
      bus: current,
      meters: meters(),
      async onHeard(heard) {
        lastHeardMs = Date.now()
        onHeard(heard)
        await sink(heard)
      },
    })
    try {
      await poller.run(signal)
    } finally {
      signal.removeEventListener('abort', stop)
      await current.close()
    }
  }

  function status(): SourceStatus {
    const polled = poller?.status()
    const problem = polled?.problem ?? bus?.state.problem ?? null
    const of = polled?.meters ?? []
    return {
      state: problem ? 'failing' : lastHeardMs === null ? 'starting' : 'running',
      lastHeardMs,
      problem,
      counts: {
        meters: of.length,
        resting: of.filter(({ isResting }) => isResting).length,
        answered: of.reduce((sum, meter) => sum + meter.answered, 0),
        timeouts: of.reduce((sum, meter) => sum + meter.timeouts, 0),
        refused: of.reduce((sum, meter) => sum + meter.refused, 0),
        opened: bus?.state.opened ?? 0,
        due: polled?.due ?? 0,
        behindMs: polled?.behindMs ?? 0,
        ...counts(),
      },
    }
  }
}
