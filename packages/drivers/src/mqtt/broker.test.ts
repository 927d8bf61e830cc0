import { type Socket, connect as tcpConnect } from 'node:net'
import mqtt, { type MqttClient } from 'mqtt'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Broker, type BrokerLimits, startBroker } from './broker.ts'
import { coversFilter } from './broker-access.ts'
import { createPasswordCheck, hashPassword, isPasswordHash } from './broker-password.ts'
import type { Consumer, MqttMessage } from './message.ts'
import { createPacketGuard } from './packet-guard.ts'

const PATIENCE = { timeout: 60_000, interval: 20 }

let hash = ''
beforeAll(async () => {
  hash = await hashPassword('correct horse')
})

const running: Broker[] = []
const clients: MqttClient[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true)
  for (const broker of running.splice(0)) await broker.close()
})

async function open(limits: Partial<BrokerLimits> = {}, consumer?: Consumer) {
  const heard: MqttMessage[] = []
  const started = await startBroker(
    {
      host: '127.0.0.1',
      port: 0,
      limits,
      operates: (topic) => topic === 'esp/turn',
      clients: [
        { name: 'bridge', password: hash, mayPublish: ['zigbee2mqtt/#', 'esp/+', 'homeassistant/#'] },
        { name: 'screen', password: hash, mayPublish: [], mayFollow: ['zigbee2mqtt/#'] },
      ],
    },
    consumer ??
      (async (message) => {
        heard.push(message)
      }),
  )
  if (!started.ok) throw new Error(started.problem.code)
  const broker = started.value
  running.push(broker)
  const as = async (username: string, more: object = {}) => {
    const client = mqtt.connect({
      host: '127.0.0.1',
      port: broker.port,
      username,
      password: 'correct horse',
      reconnectPeriod: 0,
      protocolVersion: 4,
      ...more,
    })
    clients.push(client)
    client.on('error', () => {})
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve())
      client.once('error', reject)
      client.once('close', () => reject(new Error('closed')))
    })
    return client
  }
  const topics = () => heard.map(({ topic }) => topic)
  return { broker, heard, topics, as }
}

const publish = (client: MqttClient, topic: string, more: { qos?: 0 | 1 | 2; retain?: boolean } = {}) =>
  client.publishAsync(topic, '{"smoke":true}', { qos: 1, ...more })

describe('the embedded broker', () => {
  it('lets in who has the password, and nobody else', async () => {
    const { broker, as } = await open()
    await as('bridge')
    expect(broker.connected()).toEqual(['bridge'])
    await expect(as('bridge', { password: 'wrong' })).rejects.toMatchObject({ code: 5 })
    await expect(as('nobody')).rejects.toMatchObject({ code: 5 })
    await expect(as('bridge', { username: undefined, password: undefined })).rejects.toMatchObject({
      code: 5,
    })
    for (let tries = 0; tries < 6; tries += 1)
      await expect(as('screen', { password: 'x' })).rejects.toBeDefined()
    expect(broker.counts()).toMatchObject({ loginsRefused: 8, loginsPaused: 1 })
    await as('bridge', { clientId: 'mine' })
    await expect(as('screen', { clientId: 'mine' })).rejects.toBeDefined()
  })

  it.each([
    ['zigbee2mqtt/door/set', 'operatingRefused'],
    ['zigbee2mqtt/door/set/state', 'operatingRefused'],
    ['zigbee2mqtt/bridge/request/permit_join', 'operatingRefused'],
    ['esp/turn', 'operatingRefused'],
    ['tele/plug/STATE', 'publishRefused'],
    ['$SYS/x', 'publishRefused'],
  ])('refuses a publish to %s: nobody hears it, and the connection ends', async (topic, counted) => {
    const { broker, heard, as } = await open()
    const follower = await as('bridge')
    const got: string[] = []
    follower.on('message', (at) => got.push(at))
    await follower.subscribeAsync('zigbee2mqtt/#')
    const bad = await as('bridge')
    const gone = new Promise<void>((resolve) => bad.once('close', () => resolve()))
    bad.publish(topic, 'ON', { qos: 0 })
    await gone
    await publish(follower, 'zigbee2mqtt/door')
    await vi.waitUntil(() => got.length > 0, PATIENCE)
    expect(got).toEqual(['zigbee2mqtt/door'])
    expect(heard.map((one) => one.topic)).toEqual(['zigbee2mqtt/door'])
    expect(broker.counts()).toMatchObject({ [counted]: 1 })
  })

  it('lets follow only what may be followed', async () => {
    const { as, broker } = await open()
    const screen = await as('screen')
    const granted = async (filter: string) => {
      try {
        return (await screen.subscribeAsync(filter)).map(({ qos }) => qos)
      } catch {
        return [128]
      }
    }
    expect(await granted('zigbee2mqtt/+')).toEqual([0])
    for (const filter of ['#', '+/door', 'esp/x', '$SYS/#']) expect(await granted(filter)).toEqual([128])
    expect(broker.counts()).toMatchObject({ followRefused: 4 })
    expect(coversFilter('a/+/c', 'a/#')).toBe(false)
    expect(coversFilter('a/+/c', 'a/+/c')).toBe(true)
    expect(coversFilter('a/b', 'a/+')).toBe(false)
    expect(coversFilter('#', '$SYS/#')).toBe(false)
  })

  it('acknowledges when what it said is kept, not before', async () => {
    const kept = Promise.withResolvers<void>()
    let asked = false
    const { as } = await open({}, () => {
      asked = true
      return kept.promise
    })
    const client = await as('bridge')
    let acknowledged = false
    const done = publish(client, 'zigbee2mqtt/x').then(() => (acknowledged = true))
    await vi.waitUntil(() => asked, PATIENCE)
    expect(acknowledged).toBe(false)
    kept.resolve()
    await done
  })

  it('a last will is heard; a retained message is of now, or given again by who just came back', async () => {
    const { heard, as, topics } = await open()
    const client = await as('bridge', {
      will: { topic: 'zigbee2mqtt/bridge/state', payload: Buffer.from('offline'), qos: 1, retain: true },
    })
    await publish(client, 'zigbee2mqtt/x', { retain: true })
    await publish(client, 'zigbee2mqtt/x')
    expect(heard.map(({ retained }) => retained)).toEqual(['repeated', 'no'])
    const screen = await as('screen')
    const got: [string, boolean][] = []
    screen.on('message', (topic, _, { retain }) => got.push([topic, retain]))
    await screen.subscribeAsync('zigbee2mqtt/#')
    await vi.waitUntil(() => got.length === 1, PATIENCE)
    expect(got).toEqual([['zigbee2mqtt/x', true]])
    ;(client.stream as unknown as Socket).destroy()
    await vi.waitUntil(() => topics().length === 3, PATIENCE)
    expect(topics()[2]).toBe('zigbee2mqtt/bridge/state')
  })

  it('keeps no more than it may, and reads who talks too much more slowly, losing nothing', async () => {
    const { broker, as, topics } = await open({ maxRetained: 2, messagesPerSecond: 400, burst: 10 })
    const client = await as('bridge')
    await Promise.all(
      Array.from({ length: 60 }, (_, n) => publish(client, `zigbee2mqtt/${n}`, { retain: n < 3 })),
    )
    expect(new Set(topics()).size).toBe(60)
    expect(broker.counts()).toMatchObject({ retainedRefused: 1, messages: 60 })
    expect(broker.counts().slowed).toBeGreaterThan(0)
    const screen = await as('screen')
    const got: string[] = []
    screen.on('message', (topic) => got.push(topic))
    await screen.subscribeAsync('zigbee2mqtt/#')
    await publish(client, 'zigbee2mqtt/last')
    await vi.waitUntil(() => got.includes('zigbee2mqtt/last'), PATIENCE)
    expect(got.sort()).toEqual(['zigbee2mqtt/0', 'zigbee2mqtt/1', 'zigbee2mqtt/last'])
  })

  it('survives a stream cut at every byte, and takes one that comes in any two parts', async () => {
    const { broker, as, topics } = await open()
    const connect = packet(
      0x10,
      text('MQTT'),
      [4, 0xc2, 0, 60],
      text('c'),
      text('bridge'),
      text('correct horse'),
    )
    const bytes = Buffer.concat([
      connect,
      packet(0x30, text('zigbee2mqtt/x'), [...Buffer.from('{"smoke":true}')]),
    ])
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const before = topics().length
      const broken = await dial(broker.port)
      broken.write(bytes.subarray(0, cut))
      await new Promise((resolve) => broken.once('close', resolve).end())
      const whole = await dial(broker.port)
      whole.write(bytes.subarray(0, cut))
      await new Promise((resolve) => setImmediate(resolve))
      whole.write(bytes.subarray(cut))
      await vi.waitUntil(() => topics().length > before, PATIENCE)
      whole.destroy()
    }
    await publish(await as('bridge'), 'zigbee2mqtt/y')
    expect(topics().at(-1)).toBe('zigbee2mqtt/y')
    expect(new Set(topics())).toEqual(new Set(['zigbee2mqtt/x', 'zigbee2mqtt/y']))
  })

  it('survives nonsense, and lengths that promise too much', async () => {
    const { broker, as, topics } = await open({ maxPacketBytes: 1000 })
    const closed: Promise<unknown>[] = []
    let seed = 20260101
    const random = () => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
      return seed / 2 ** 32
    }
    for (let n = 0; n < 150; n += 1) {
      const socket = await dial(broker.port)
      closed.push(new Promise((resolve) => socket.once('close', resolve)))
      const noise = Uint8Array.from({ length: 1 + Math.floor(random() * 60) }, () =>
        Math.floor(random() * 256),
      )
      if (n % 3 === 0) noise.set([0x10, 0x0c, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4].slice(0, noise.length))
      socket.end(noise)
    }
    const greedy = await dial(broker.port)
    closed.push(new Promise((resolve) => greedy.once('close', resolve)))
    greedy.write(Uint8Array.of(0x10, 0xff, 0xff, 0xff, 0x7f))
    await Promise.all(closed)
    const long = await as('bridge')
    const gone = new Promise<void>((resolve) => long.once('close', () => resolve()))
    long.publish('zigbee2mqtt/long', Buffer.alloc(2000), { qos: 0 })
    await gone
    await publish(await as('bridge'), 'zigbee2mqtt/y')
    expect(topics()).toEqual(['zigbee2mqtt/y'])
    expect(broker.counts().notMqtt).toBeGreaterThan(1)
  })

  it('says when it cannot listen', async () => {
    const { broker } = await open()
    const second = await startBroker({ host: '127.0.0.1', port: broker.port, clients: [] }, async () => {})
    expect(second).toMatchObject({ ok: false, problem: { type: 'listen-failed', code: 'EADDRINUSE' } })
  })
})

describe('its parts', () => {
  it('passwords are hashed with salt, checked, and refused where the hash is none', async () => {
    const check = createPasswordCheck()
    expect(isPasswordHash(hash)).toBe(true)
    expect(await hashPassword('correct horse')).not.toBe(hash)
    expect(await check(hash, Buffer.from('correct horse'))).toBe(true)
    expect(await check(hash, Buffer.from('correct horse'))).toBe(true)
    expect(await check(hash, Buffer.from('wrong'))).toBe(false)
    const greedy = hash.replace('$16384$', '$4194304$')
    for (const bad of ['', 'correct horse', greedy, hash.slice(1), hash.replace('$8$', '$0$')]) {
      expect([bad, isPasswordHash(bad)]).toEqual([bad, false])
      expect(await check(bad, Buffer.from('correct horse'))).toBe(false)
    }
  })

  it('a guard follows packets however they are cut', () => {
    const bytes = Buffer.concat([packet(0x30, [...Buffer.alloc(300)]), packet(0xc0), packet(0x30, [1])])
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const guard = createPacketGuard(400)
      expect(guard.admits(bytes.subarray(0, cut)) && guard.admits(bytes.subarray(cut))).toBe(true)
      expect(guard.packets).toBe(3)
    }
    expect(createPacketGuard(200).admits(bytes)).toBe(false)
    expect(createPacketGuard(1e9).admits(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0xff))).toBe(false)
    expect(createPacketGuard(1e9).admits(Uint8Array.of(0xf0))).toBe(false)
  })
})

const text = (words: string): number[] => [0, Buffer.byteLength(words), ...Buffer.from(words)]

function packet(type: number, ...parts: number[][]): Buffer {
  const body = parts.flat()
  const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7]
  return Buffer.from([type, ...length, ...body])
}

function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = tcpConnect(port, '127.0.0.1', () => resolve(socket))
    socket.on('error', reject)
    socket.on('connect', () => socket.off('error', reject).on('error', () => {}))
    socket.resume()
  })
}
