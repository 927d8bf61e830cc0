/**
 * A simulated zigbee2mqtt on a real broker. The one place in Doorstep that publishes anything, and it publishes as a
 * bridge does: states, availability, names. Nothing of it is on the way from a broker to a home's records.
 */
import { setTimeout } from 'node:timers/promises'
import { fail, ok, type Result } from '@doorstep/core'
import type { BrokerAway } from './client.ts'
import type { Publication, SimulatedSensor } from './simulate-sensor.ts'
import { isCommandTopic } from './topic.ts'

export type SimulatedBridgeOptions = {
  readonly url: string
  readonly username?: string
  readonly password?: string
  readonly base?: string
  readonly sensors: readonly SimulatedSensor[]
  /** Its names are on the broker. */
  readonly onBegun?: () => void
  /** The sensors' time runs so many times as fast. Default 1. */
  readonly speed?: number
}

const STEP_MS = 200

/** Until `signal` is aborted; then the bridge says that it stops. A broker that cannot be reached at first is a problem. */
export async function runSimulatedBridge(
  { url, base = 'zigbee2mqtt', sensors, speed = 1, onBegun, ...login }: SimulatedBridgeOptions,
  signal: AbortSignal,
): Promise<Result<void, BrokerAway>> {
  const { connectAsync } = await import('mqtt')
  const { hostname: host, port } = new URL(url)
  let client: Awaited<ReturnType<typeof connectAsync>>
  try {
    client = await connectAsync(
      `mqtt://${host}:${Number(port) || 1883}`,
      {
        protocolVersion: 4,
        clientId: `${base}-simulated-${process.pid}`,
        will: {
          topic: `${base}/bridge/state`,
          payload: Buffer.from('{"state":"offline"}'),
          qos: 1,
          retain: true,
        },
        connectTimeout: 10_000,
        ...login,
      },
      false,
    )
  } catch (error) {
    const { code } = error as { code?: string | number }
    const text = typeof code === 'number' ? `refused-${code}` : (code ?? 'no-answer')
    return fail({ type: 'mqtt-broker-away', host, port: Number(port) || 1883, code: text })
  }
  client.on('error', () => {})
  const retained = (topic: string, payload: unknown): Publication => ({
    topic: `${base}/${topic}`,
    payload: JSON.stringify(payload),
    retain: true,
  })
  const startMs = Date.now()
  await publish(retained('bridge/state', { state: 'online' }))
  await publish(
    retained(
      'bridge/devices',
      sensors.map(({ description }) => description),
    ),
  )
  for (const { name } of sensors) await publish(retained(`${name}/availability`, { state: 'online' }))
  onBegun?.()
  while (!signal.aborted) {
    const nowMs = Date.now()
    for (const sensor of sensors)
      for (const one of sensor.at((nowMs - startMs) * speed, nowMs)) await publish(one)
    await setTimeout(STEP_MS, undefined, { signal }).catch(() => {})
  }
  await publish(retained('bridge/state', { state: 'offline' }))
  await client.endAsync()
  return ok(undefined)

  async function publish(publication: Publication): Promise<void> {
    if (isCommandTopic(publication.topic)) throw new RangeError(`${publication.topic} would operate a device`)
    await client.publishAsync(publication.topic, publication.payload, { qos: 1, retain: publication.retain })
  }
}
