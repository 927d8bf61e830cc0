import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Socket, connect as tcpConnect } from 'node:net'
import mqtt from 'mqtt'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Heard } from '../heard.ts'
import { startBroker } from './broker.ts'
import { hashPassword } from './broker-password.ts'
import { createMqttListener } from './client.ts'
import { discoverMqtt } from './discover.ts'
import type { MqttMessage } from './message.ts'
import { runSimulatedBridge } from './simulate-bridge.ts'
import { createSimulatedSensor, type SensorBehaviour, type SensorKind } from './simulate-sensor.ts'
import { createMqttSource } from './source.ts'

const PATIENCE = { timeout: 60_000, interval: 20 }

let password = ''
beforeAll(async () => {
  password = await hashPassword('pw')
})

const clients = () => [{ name: 'b', password, mayPublish: ['zigbee2mqtt/#', 'homeassistant/#', 'esp/#'] }]

async function openBroker(port = 0) {
  const started = await startBroker({ host: '127.0.0.1', port, clients: clients() }, async () => {})
  if (!started.ok) throw new Error(started.problem.code)
  const url = `mqtt://127.0.0.1:${started.value.port}`
  return { broker: started.value, url, login: { url, username: 'b', password: 'pw' } }
}

/** Passes bytes on, and tells what kinds of packets came from the client. */
async function tap(to: number) {
  const types: number[] = []
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = tcpConnect(to, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    far.pipe(near)
    let left = Buffer.alloc(0)
    near.on('data', (bytes: Buffer) => {
      far.write(bytes)
      left = Buffer.concat([left, bytes])
      for (;;) {
        const more = left.length > 2 && left[1]! >= 128
        const length = left.length < 2 ? 1e9 : more ? (left[1]! & 127) + left[2]! * 128 : left[1]!
        const whole = (more ? 3 : 2) + length
        if (left.length < whole) break
        types.push(left[0]! >> 4)
        left = left.subarray(whole)
      }
    })
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port,
    types,
    cut,
    close() {
      cut()
      server.close()
    },
  }
}

describe('a listener', () => {
  it('follows, acknowledges, comes back after every cut, and never publishes a thing', async () => {
    const { broker, login } = await openBroker()
    const line = await tap(broker.port)
    const heard: MqttMessage[] = []
    const stop = new AbortController()
    const listener = createMqttListener({
      ...login,
      url: `mqtt://127.0.0.1:${line.port}`,
      filters: ['zigbee2mqtt/bridge/devices', 'zigbee2mqtt/#'],
      maxBackoffMs: 30,
    })
    const run = listener.run(async (message) => void heard.push(message), stop.signal)
    await vi.waitUntil(() => listener.state().connected, PATIENCE)
    listener.follow(['esp/x', 'not/allowed'])
    await vi.waitUntil(() => listener.counts().refusedTopics === 1, PATIENCE)
    const bridge = mqtt.connect({
      ...login,
      host: '127.0.0.1',
      port: broker.port,
      reconnectPeriod: 0,
      protocolVersion: 4,
    })
    await bridge.publishAsync('esp/x', '1', { qos: 1 })
    await vi.waitUntil(() => heard.length === 1, PATIENCE)
    await bridge.publishAsync('zigbee2mqtt/kept', '{"smoke":true}', { qos: 1, retain: true })
    await vi.waitUntil(() => heard.length === 2, PATIENCE)
    for (let times = 1; times <= 3; times += 1) {
      line.cut()
      await vi.waitUntil(() => listener.counts().connects === times + 1, PATIENCE)
      await vi.waitUntil(() => heard.filter(({ retained }) => retained === 'kept').length >= times, PATIENCE)
      await bridge.publishAsync('esp/x', String(times), { qos: 1 })
      await vi.waitUntil(
        () => heard.some(({ topic, payload }) => topic === 'esp/x' && payload.toString() === String(times)),
        PATIENCE,
      )
    }
    stop.abort()
    await run
    bridge.end(true)
    expect(heard.filter(({ retained }) => retained === 'no').map(({ topic }) => topic)).toContain(
      'zigbee2mqtt/kept',
    )
    // CONNECT, PUBACK, SUBSCRIBE, PINGREQ, DISCONNECT; never 3, PUBLISH.
    expect([...new Set(line.types)].filter((type) => ![1, 4, 8, 12, 14].includes(type))).toEqual([])
    expect(line.types).toContain(4)
    line.close()
    await broker.close()
  })

  it('says why it is not connected, waits longer each time, and stops when told to', async () => {
    const { broker, login } = await openBroker()
    const waits: number[] = []
    const stop = new AbortController()
    const clock = {
      nowMs: () => Date.now(),
      after(delayMs: number, run: () => void) {
        waits.push(delayMs)
        if (waits.length === 8) stop.abort()
        const timer = setTimeout(run, 0)
        return () => clearTimeout(timer)
      },
    }
    const refused = createMqttListener(
      { ...login, password: 'no', filters: ['a'], maxBackoffMs: 8000, random: () => 0.5 },
      clock,
    )
    await refused.run(async () => {}, stop.signal)
    expect(waits).toEqual([750, 1500, 3000, 6000, 6000, 6000, 6000, 6000])
    expect(refused.state().problem).toMatchObject({ type: 'mqtt-broker-away', code: 'refused-5' })
    await broker.close()
    const gone = await discoverMqtt({ url: login.url, forMs: 300 }, AbortSignal.timeout(30_000))
    expect(gone).toMatchObject({ ok: false, problem: { code: 'ECONNREFUSED' } })
  })

  it('does not acknowledge what could not be kept, and gives up with the reason', async () => {
    const { broker, login } = await openBroker()
    const bridge = mqtt.connect({ ...login, host: '127.0.0.1', port: broker.port, protocolVersion: 4 })
    await bridge.publishAsync('zigbee2mqtt/x', '{"smoke":true}', { qos: 1, retain: true })
    const listener = createMqttListener({ ...login, filters: ['zigbee2mqtt/#'] })
    const full = listener.run(() => Promise.reject(new Error('disk full')), AbortSignal.timeout(60_000))
    await expect(full).rejects.toThrow('disk full')
    bridge.end(true)
    await broker.close()
  })
})

describe('a source', () => {
  it.each(['its own broker', 'another broker'] as const)(
    '%s: simulated sensors end as what was heard',
    async (which) => {
      const other = which === 'another broker' ? await openBroker() : null
      const source = createMqttSource({
        name: 'zigbee',
        ...(other === null
          ? { broker: { host: '127.0.0.1', port: 0, clients: clients() } }
          : { listener: { ...other.login, clientId: 'gateway' } }),
      })
      const heard: Heard[] = []
      const stop = new AbortController()
      const run = source.run(async (batch) => void heard.push(...batch), stop.signal)
      await vi.waitUntil(() => other !== null || source.listening() !== null, PATIENCE)
      const url = other?.url ?? `mqtt://127.0.0.1:${source.listening()!.port}`
      const plan: [SensorKind, SensorBehaviour[]][] = [
        ['smoke', ['alarm']],
        ['smoke', ['test']],
        ['sos', ['alarm', 'twice']],
        ['door', ['offline']],
        ['plug', ['clock-ahead']],
        ['smoke', ['stuck', 'battery']],
      ]
      const sensors = plan.map(([kind, behaviours], index) =>
        createSimulatedSensor({ kind, name: `room ${index}/${kind}`, index, behaviours }),
      )
      const end = new AbortController()
      const simulated = runSimulatedBridge(
        { url, username: 'b', password: 'pw', sensors, speed: 200 },
        end.signal,
      )
      const of = (index: number) =>
        heard
          .filter(({ address }) => address === sensors[index]!.ieee)
          .map(({ signal, value }) => `${signal} ${value}`)
      await vi.waitUntil(
        () =>
          of(0).join().includes('smoke 1') &&
          of(0).at(-1) !== undefined &&
          of(0).lastIndexOf('smoke 0') > of(0).indexOf('smoke 1'),
        PATIENCE,
      )
      await vi.waitUntil(
        () =>
          of(1).includes('test 1') &&
          of(2).includes('sos 1') &&
          of(3).includes('online 0') &&
          of(5).includes('smoke 1'),
        PATIENCE,
      )
      expect(of(1)).not.toContain('smoke 1')
      expect(of(2).filter((one) => one === 'sos 1')).toHaveLength(1)
      expect(of(5)).toContain('battery-low 1')
      expect(of(5).slice(of(5).indexOf('smoke 1'))).not.toContain('smoke 0')
      expect(
        heard.every(({ atMs, protocol }) => protocol === 'mqtt' && Math.abs(atMs - Date.now()) < 600_000),
      ).toBe(true)
      expect(source.status()).toMatchObject({ state: 'running', problem: null })
      expect(source.status().counts).toMatchObject({ alarmsUnderTest: 1 })
      expect(source.devices().map(({ model }) => model)).toContain('TS0215A_sos')
      end.abort()
      expect(await simulated).toMatchObject({ ok: true })
      await vi.waitUntil(() => source.status().problem !== null, PATIENCE)
      expect(source.status()).toMatchObject({
        state: 'failing',
        problem: { type: 'mqtt-bridge-away', bridges: ['zigbee2mqtt'] },
      })
      if (other !== null) {
        const found = await discoverMqtt({ ...other.login, forMs: 1500 }, AbortSignal.timeout(60_000))
        expect(
          found.ok && found.value.devices.map(({ name, signals }) => [name, signals.includes('smoke')]),
        ).toEqual(sensors.map(({ name }) => [name, name.endsWith('smoke')]))
      }
      stop.abort()
      await run
      await other?.broker.close()
    },
  )
})

describe('devices are heard, never operated', () => {
  it('only the simulated bridge publishes, and it will not where devices take commands', () => {
    const source = new URL('../', import.meta.url)
    const publishers = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.test)\.ts$/.test(file))
      .filter((file) =>
        /\.publish(?:Async)?\(|\bcmd: 'publish'/.test(readFileSync(new URL(file, source), 'utf8')),
      )
    expect(publishers).toEqual(['mqtt/simulate-bridge.ts'])
    expect(() => createSimulatedSensor({ kind: 'plug', name: 'x/set', index: 0 })).toThrow(RangeError)
  })
})
