/** A broker as a source of what is heard: our own, or one that runs already. */
import type { Problem } from '@doorstep/core'
import type { Clock } from '../contract.ts'
import type { Heard } from '../heard.ts'
import { systemClock } from '../system-clock.ts'
import { type Broker, type BrokerOptions, startBroker } from './broker.ts'
import { createMqttListener, type MqttClientOptions, type MqttListener } from './client.ts'
import type { MqttDevice } from './device-memory.ts'
import { hearMqtt, type MqttHearing } from './hear-mqtt.ts'
import { createMqttReader, type ReaderOptions } from './reader.ts'

export type MqttSourceOptions = {
  /** No word about a home. */
  readonly name: string
  readonly reader?: ReaderOptions
} & (
  | { readonly broker: Omit<BrokerOptions, 'operates'> }
  | { readonly listener: Omit<MqttClientOptions, 'filters'> }
)

/** A zigbee2mqtt said that it stops, or was lost: nothing is heard of its devices. */
export type BridgeAway = { readonly type: 'mqtt-bridge-away'; readonly bridges: readonly string[] }

export type MqttSource = {
  readonly name: string
  run(sink: (heard: readonly Heard[]) => Promise<void>, signal: AbortSignal): Promise<void>
  status(): {
    readonly state: 'starting' | 'running' | 'failing'
    readonly lastHeardMs: number | null
    readonly problem: Problem | null
    readonly counts: Readonly<Record<string, number>>
  }
  /** Who was seen on it, whether registered or not. */
  devices(): readonly MqttDevice[]
  /** Where our own broker listens, while it does. */
  listening(): { readonly address: string; readonly port: number } | null
}

export function createMqttSource(options: MqttSourceOptions, clock: Clock = systemClock): MqttSource {
  const reader = createMqttReader(options.reader)
  const listener: MqttListener | null =
    'listener' in options ? createMqttListener({ ...options.listener, filters: reader.filters }, clock) : null
  let broker: Broker | null = null
  let hearing: MqttHearing | null = null
  let stopped: Problem | null = null
  let brokerCounts: Readonly<Record<string, number>> = {}

  return {
    name: options.name,
    devices: () => reader.devices(),
    listening: () => broker && { address: broker.address, port: broker.port },
    async run(sink, signal) {
      const failed = Promise.withResolvers<never>()
      failed.promise.catch(() => {})
      const running = new AbortController()
      const all = AbortSignal.any([signal, running.signal])
      const mine = hearMqtt(reader, sink, failed.reject, clock, () => listener?.follow(reader.topics()))
      hearing = mine
      stopped = null
      try {
        const work = listener !== null ? listener.run(mine.consumer, all) : serve(mine, all)
        await Promise.race([work, failed.promise])
      } finally {
        running.abort()
        await mine.close()
      }
    },
    status() {
      const away = reader.bridgesAway()
      const problem: Problem | null =
        stopped ??
        listener?.state().problem ??
        (away.length > 0 ? ({ type: 'mqtt-bridge-away', bridges: away } satisfies BridgeAway) : null)
      const lastHeardMs = hearing?.lastHeardMs ?? null
      return {
        state: problem !== null ? 'failing' : lastHeardMs === null ? 'starting' : 'running',
        lastHeardMs,
        problem,
        counts: { ...reader.counts(), ...(broker?.counts() ?? brokerCounts), ...listener?.counts() },
      }
    },
  }

  async function serve(mine: MqttHearing, signal: AbortSignal): Promise<void> {
    if (!('broker' in options)) throw new Error('a source has a broker or a listener')
    const started = await startBroker({ ...options.broker, operates: reader.operates }, mine.consumer, clock)
    if (!started.ok) {
      stopped = started.problem
      return
    }
    broker = started.value
    const over = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => over.resolve(), { once: true })
    if (!signal.aborted) await over.promise
    brokerCounts = started.value.counts()
    broker = null
    await started.value.close()
  }
}
