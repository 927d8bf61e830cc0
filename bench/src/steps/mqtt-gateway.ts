import { createCommunity, expectOk, type Observation, openSeries } from '@doorstep/core'
import { createMqttSource, hashPassword } from '@doorstep/drivers'
import { SECRET } from '../community.ts'
import { step } from '../step.ts'

/** Each second: CPU time spent so far, and messages read so far. */
export type MqttSample = { readonly cpuMs: number; readonly messages: number }
export type MqttServed = {
  readonly samples: readonly MqttSample[]
  readonly kept: number
  readonly messages: number
  readonly counts: Readonly<Record<string, number>>
}

/** The gateway's process: our own broker, or a listener to another, the reader, and the store of readings behind it. */
step<{ home: string; brokerPort: number | null; expects: number }>(
  async ({ home, brokerPort, expects }, { ready, stopped }): Promise<MqttServed> => {
    const options = { community: '测试社区', member: '测试员甲', stationName: '网关', grids: ['第1网格'] }
    const station = expectOk(await createCommunity({ home, secret: SECRET, ...options }))
    const series = expectOk(openSeries(station))
    const password = await hashPassword('bench')
    const source = createMqttSource({
      name: 'bench',
      ...(brokerPort === null
        ? {
            broker: {
              host: '127.0.0.1',
              port: 0,
              clients: [{ name: 'bench', password, mayPublish: ['zigbee2mqtt/#'] }],
            },
          }
        : { listener: { url: `mqtt://127.0.0.1:${brokerPort}`, clientId: 'bench-gateway' } }),
    })
    let kept = 0
    const stop = new AbortController()
    const run = source.run(async (heard) => {
      const observations = heard.map(
        ({ address, signal, atMs, value }): Observation => ({ device: `de-${address}`, signal, atMs, value }),
      )
      kept += expectOk(await series.append(observations)).kept
    }, stop.signal)
    while (brokerPort === null ? source.listening() === null : (source.status().counts.connects ?? 0) === 0)
      await new Promise((resolve) => setTimeout(resolve, 10))
    const samples: MqttSample[] = []
    const sampling = setInterval(() => {
      const { user, system } = process.cpuUsage()
      samples.push({
        cpuMs: (user + system) / 1000,
        messages: source.status().counts.messages ?? 0,
      })
    }, 1000)
    ready({ port: source.listening()?.port ?? brokerPort })
    await stopped
    clearInterval(sampling)
    // A broker between the two has acknowledged what it may not have handed on yet.
    const deadline = performance.now() + 60_000
    while ((source.status().counts.messages ?? 0) < expects && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10))
    // Hands on what it had gathered.
    stop.abort()
    await run
    const { counts } = source.status()
    series.close()
    await station.close()
    return { samples, kept, messages: counts.messages ?? 0, counts }
  },
)
