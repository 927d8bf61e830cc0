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
const LAST_WORD_MS = 2000

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
  const given = new Map<string, Publication>()
  // A broker that was started anew forgot them; zigbee2mqtt gives them again, too.
  client.on('connect', () => {
    for (const one of given.values())
      client.publish(one.topic, one.payload, { qos: 1, retain: true }, () => {})
  })
  const retained = (topic: string, payload: unknown): Publication => ({
    topic: `${base}/${topic}`,
    payload: JSON.stringify(payload),
    retain: true,
  })
  // A broker that went away acknowledges nothing, and must not keep anybody from ending this.
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
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
  await publish(
    retained('bridge/state', { state: 'offline' }),
    setTimeout(LAST_WORD_MS, undefined, { ref: false }),
  )
  await client.endAsync(true)
  return ok(undefined)

  async function publish(publication: Publication, until: Promise<unknown> = stopped): Promise<void> {
    if (isCommandTopic(publication.topic)) throw new RangeError(`${publication.topic} would operate a device`)
    if (publication.retain) given.set(publication.topic, publication)
    const sent = client.publishAsync(publication.topic, publication.payload, {
      qos: 1,
      retain: publication.retain,
    })
    // Ended before it was acknowledged.
    sent.catch(() => {})
    await Promise.race([sent, until])
  }
}
