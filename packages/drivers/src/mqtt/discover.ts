/** Who is on a broker: listens for a while and tells. */
import { fail, ok, type Result } from '@doorstep/core'
import type { Clock } from '../contract.ts'
import { systemClock } from '../system-clock.ts'
import { type BrokerAway, createMqttListener, type MqttClientOptions } from './client.ts'
import type { MqttDevice } from './device-memory.ts'
import { createMqttReader, type ReaderOptions } from './reader.ts'

export type Discovered = {
  readonly devices: readonly MqttDevice[]
  readonly counts: Readonly<Record<string, number>>
}

/** Ends after `forMs`, or when `signal` is aborted, with what there was; a broker that never answered is a problem. */
export async function discoverMqtt(
  options: Omit<MqttClientOptions, 'filters' | 'clientId'> & {
    readonly reader?: ReaderOptions
    readonly forMs: number
  },
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<Result<Discovered, BrokerAway>> {
  const reader = createMqttReader(options.reader)
  const listener = createMqttListener({ ...options, filters: reader.filters }, clock)
  const over = new AbortController()
  const cancel = clock.after(options.forMs, () => over.abort())
  try {
    await listener.run(
      async (message) => {
        reader.hear(message)
        listener.follow(reader.topics())
      },
      AbortSignal.any([signal, over.signal]),
    )
  } finally {
    cancel()
  }
  reader.tick(clock.nowMs())
  const { problem } = listener.state()
  if ((listener.counts().connects ?? 0) === 0 && problem !== null) return fail(problem)
  return ok({ devices: reader.devices(), counts: { ...reader.counts(), ...listener.counts() } })
}
