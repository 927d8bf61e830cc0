/**
 * From messages to what was heard, handed on in batches. What may mean danger is handed on at once, and acknowledged when
 * it is kept; the rest gathers for a moment, since keeping something a hundred times a second costs a hundred times as much.
 */
import type { Clock } from '../contract.ts'
import type { Heard } from '../heard.ts'
import type { Consumer } from './message.ts'
import type { MqttReader } from './reader.ts'
import { urgentSignals } from './said.ts'

const GATHER_MS = 500
const TICK_MS = 1000
/** Beyond it messages wait to be acknowledged until the rest is kept. */
const MAX_WAITING = 5000

export type MqttHearing = {
  readonly consumer: Consumer
  /** When something was last heard, milliseconds since 1970; null: never. */
  readonly lastHeardMs: number | null
  /** Hands on what is left. */
  close(): Promise<void>
}

/** `fail`: the sink rejected. `onTick`: a second went by. */
export function hearMqtt(
  reader: MqttReader,
  sink: (heard: readonly Heard[]) => Promise<void>,
  fail: (error: unknown) => void,
  clock: Clock,
  onTick: () => void = () => {},
): MqttHearing {
  let waiting: Heard[] = []
  let lastHeardMs: number | null = null
  let handing: Promise<void> = Promise.resolve()
  let gathering: (() => void) | null = null
  let stopTick = clock.after(TICK_MS, tick)

  return {
    consumer: (message) => gather(reader.hear(message)),
    get lastHeardMs() {
      return lastHeardMs
    },
    async close() {
      stopTick()
      await handOn()
    },
  }

  function tick(): void {
    stopTick = clock.after(TICK_MS, tick)
    gather(reader.tick(clock.nowMs())).catch(fail)
    onTick()
  }

  async function gather(heard: readonly Heard[]): Promise<void> {
    if (heard.length === 0) return
    for (const one of heard) {
      waiting.push(one)
      lastHeardMs = Math.max(lastHeardMs ?? 0, one.atMs)
    }
    const urgent = heard.some(({ signal, value }) => value === 1 && urgentSignals.has(signal))
    if (urgent || waiting.length >= MAX_WAITING) return handOn()
    gathering ??= clock.after(GATHER_MS, () => {
      handOn().catch(fail)
    })
  }

  /** One batch after the other. */
  function handOn(): Promise<void> {
    gathering?.()
    gathering = null
    const next = handing.then(async () => {
      const batch = waiting
      waiting = []
      if (batch.length > 0) await sink(batch)
    })
    handing = next.catch(() => {})
    return next
  }
}
