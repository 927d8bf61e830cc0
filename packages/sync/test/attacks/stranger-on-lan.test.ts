import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import {
  createInvite,
  createKeyPair,
  expectOk,
  findInvite,
  grantRequest,
  joinWithInvite,
  type KeyPair,
  type Station,
} from '@doorstep/core'
import { chanceFrom } from '@doorstep/core/fuzz'
import { gridOf, TestCommunity, testSecret } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { dialLan } from '../../src/lan/lan.ts'
import { tlsIdentity } from '../../src/lan/tls-identity.ts'
import { SyncNode } from '../../src/node/sync-node.ts'
import { until } from '../../src/session/meet.fixture.ts'
import { encodeMessage, greeting, parseMessage } from '../../src/session/message.ts'

// All on 127.0.0.0/8, where one machine has many addresses: strangers call from 127.0.0.66, colleagues from elsewhere.
const LOOPBACK = { host: '127.0.0.1', port: 0 }
const STRANGER_HOST = '127.0.0.66'

const add = (station: Station, name: string) =>
  station.write('record.edit', (book) => book.create('building', gridOf(station), { set: { name } }))

/** The types of `tls` do not know that its options go on to the socket's. */
const FROM: object = { localAddress: STRANGER_HOST }

/** A TLS connection of somebody with a key of its own. */
async function call(port: number, keys: KeyPair = createKeyPair('ed25519')): Promise<TLSSocket> {
  const identity = tlsIdentity(keys)
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      ...identity,
      host: '127.0.0.1',
      port,
      ...FROM,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
    })
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', reject)
    socket.on('error', () => undefined)
    socket.resume()
  })
}

const framed = (body: Uint8Array): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  return Buffer.concat([head, body])
}

const ended = (socket: Socket): Promise<void> =>
  new Promise((resolve) => (socket.destroyed ? resolve() : socket.once('close', () => resolve())))

/** A colleague meets the station all the same. */
async function meets(setup: Awaited<ReturnType<typeof open>>): Promise<void> {
  const { founder, worker, port } = setup
  expectOk(await add(founder, '之后'))
  const caller = new SyncNode({ station: worker, name: '乙' })
  try {
    expectOk(await caller.dial(`127.0.0.1:${port}`))
    await until(() => caller.states().some(({ equal }) => equal), 'the colleague equal')
  } finally {
    await caller.close()
  }
}

test('S1 garbage over TLS, of every length and in pieces of every size, ends that connection and nothing else', async () => {
  await using setup = await open()
  const chance = chanceFrom(11)
  const closings: Promise<void>[] = []
  for (let n = 0; n < 24; n++) {
    const socket = await call(setup.port)
    closings.push(ended(socket))
    const body = Buffer.from(Array.from({ length: 1 + chance.below(400) }, () => chance.below(256)))
    const bytes = n % 3 === 0 ? framed(body) : n % 3 === 1 ? Buffer.concat([Buffer.from([0x7f]), body]) : body
    for (let at = 0; at < bytes.length; at += 1 + chance.below(40)) socket.write(bytes.subarray(at, at + 40))
    socket.end()
    if (n % 6 === 5) await Promise.all(closings.splice(0))
  }
  await until(() => setup.node.sessions().length === 0, 'all of them gone')
  await meets(setup)
})

test('S1 a frame that comes byte by byte, and one that is promised and never comes, are waited for a few seconds and cost what has come', async () => {
  await using setup = await open()
  const slow = await call(setup.port)
  const promised = await call(setup.port)
  const before = process.memoryUsage().arrayBuffers
  promised.write(Buffer.from([0x00, 0x0f, 0xff, 0xff]))
  slow.write(Buffer.from([0x00, 0x0f, 0xff, 0xff]))
  for (let n = 0; n < 2000 && !slow.destroyed; n++) {
    slow.write(Buffer.from([n & 255]))
    if (n % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  // Two megabytes were promised.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  await meets(setup)
  await Promise.all([ended(slow), ended(promised)])
})

test('S1 a stranger who greets and keeps the line busy is told nothing, and sent away after half a minute of a manual clock', async () => {
  let nowMs = 1_000_000
  const timers: { at: number; task: () => void; off: boolean }[] = []
  const clock = {
    now: () => nowMs,
    after: (delayMs: number, task: () => void) => {
      const timer = { at: nowMs + delayMs, task, off: false }
      timers.push(timer)
      return () => {
        timer.off = true
      }
    },
  }
  await using setup = await open({ clock })
  const { founder, port } = setup
  expectOk(await add(founder, '不说'))
  const wire = expectOk(await dialLan(createKeyPair('ed25519'), { host: '127.0.0.1', port }))
  const heard: string[] = []
  let closed = ''
  wire.onFrame((frame) => heard.push(expectOk(parseMessage(frame)).type))
  wire.onClose((reason) => {
    closed = reason
  })
  const { community } = founder.identity
  const hello = greeting({ community, name: '陌', port: 0, knows: true })
  for (let second = 0; second < 40 && closed === ''; second++) {
    await wire.send(encodeMessage(hello)).catch(() => undefined)
    await wire
      .send(encodeMessage({ type: 'heads', asks: true, spaces: [{ space: gridOf(founder), heads: [] }] }))
      .catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 5))
    nowMs += 1000
    for (const timer of timers.splice(0).filter(({ off }) => !off))
      if (timer.at <= nowMs) timer.task()
      else timers.push(timer)
  }
  await until(() => closed !== '', 'sent away')
  expect(new Set(heard)).toEqual(new Set(['hello', 'ping', 'bye']))
})

test('S1 a thousand connections from one machine: a quarter of the places at most, eight of them as strangers, and a colleague gets in', async () => {
  await using setup = await open()
  const { node, port } = setup
  const raw: Socket[] = []
  for (let n = 0; n < 1000; n++) {
    const socket = connectTcp({ host: '127.0.0.1', port, localAddress: STRANGER_HOST })
    socket.on('error', () => undefined)
    raw.push(socket)
    if (n % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await until(
    () => raw.filter((socket) => socket.destroyed || socket.closed).length >= 1000 - 64,
    'most dropped',
  )
  await meets(setup)
  for (const socket of raw) socket.destroy()
  await Promise.all(raw.map(ended))
  // With TLS, each with a key of its own.
  // Those that hung up count until the station has heard of it.
  const callUntilHeard = (): Promise<TLSSocket> => call(port).catch(callUntilHeard)
  const strangers = await Promise.all(Array.from({ length: 24 }, callUntilHeard))
  await until(
    () => strangers.filter((socket) => socket.destroyed || socket.readyState !== 'open').length >= 16,
    'sixteen turned away',
  )
  expect(node.sessions().length).toBeLessThanOrEqual(8)
  await meets(setup)
  for (const socket of strangers) socket.destroy()
})

test('S1 join requests without an invite, with a wrong one, and with a stranger’s, let nobody in; after eight the line is cut', async () => {
  await using setup = await open()
  const { founder, port, community } = setup
  const invite = expectOk(createInvite(founder, { role: 'worker', name: '测试员戊', grids: [] }))
  const joined = expectOk(joinWithInvite(community.newHome(), testSecret, invite, { stationName: '戊' }))
  community.stations.push(joined.station)
  const { request } = joined
  const members = founder.membership().members.size
  const wire = expectOk(await dialLan(createKeyPair('ed25519'), { host: '127.0.0.1', port }))
  const answers: (string | null)[] = []
  let closed = false
  wire.onFrame((frame) => {
    const message = expectOk(parseMessage(frame))
    if (message.type === 'granted') answers.push(message.problem)
  })
  wire.onClose(() => {
    closed = true
  })
  const tries = [
    'no json',
    '{}',
    JSON.stringify({ ...request, invite: 'in-0000' }),
    JSON.stringify({ ...request, proof: 'AAAA' }),
    // Somebody else's keys under a request that was overheard.
    JSON.stringify({ ...request, key: Buffer.from(createKeyPair('ed25519').publicKey).toString('base64') }),
    JSON.stringify({ ...request, stationName: '别名' }),
    JSON.stringify({ ...request, claim: Buffer.alloc(64).toString('base64') }),
    JSON.stringify({ ...request, community: 'co-0000' }),
    '{}',
    '{}',
  ]
  for (const text of tries)
    await wire.send(encodeMessage({ type: 'join', request: text })).catch(() => undefined)
  await until(() => closed, 'cut off')
  expect(answers.every((answer) => answer !== null)).toBe(true)
  expect(founder.membership().members.size).toBe(members)
  expect(findInvite(founder, invite.id)?.state).toBe('open')
  await meets(setup)
})

test('A3 an invite whose request is sent by two machines at once, by one twice, and again a day later, lets in one', async () => {
  await using setup = await open()
  const { founder, community } = setup
  const invite = expectOk(createInvite(founder, { role: 'worker', name: '测试员戊', grids: [] }))
  const requests = ['一', '二'].map((stationName) => {
    const joined = expectOk(joinWithInvite(community.newHome(), testSecret, invite, { stationName }))
    community.stations.push(joined.station)
    return joined.request
  })
  const members = founder.membership().members.size
  const [one, same, two] = await Promise.all(
    [requests[0]!, requests[0]!, requests[1]!].map((request) => grantRequest(founder, request)),
  )
  expect(one?.ok).toBe(true)
  expect(same).toEqual(one)
  expect(two).toMatchObject({ problem: { type: 'invite-used' } })
  expect(await grantRequest(founder, requests[0]!)).toEqual(one)
  expect(await grantRequest(founder, requests[1]!)).toMatchObject({ problem: { type: 'invite-used' } })
  expect(founder.membership().members.size).toBe(members + 1)
})

test('A3 a newcomer with a name that no card takes uses up its invite like any other', async () => {
  await using setup = await open()
  const { founder, community } = setup
  for (const stationName of ['', ' ', '长'.repeat(5000)]) {
    const invite = expectOk(createInvite(founder, { role: 'worker', name: '测试员戊', grids: [] }))
    const joined = expectOk(joinWithInvite(community.newHome(), testSecret, invite, { stationName }))
    community.stations.push(joined.station)
    expectOk(await grantRequest(founder, joined.request))
    expect(findInvite(founder, invite.id)?.state).toBe('used')
  }
})

async function open(more: { clock?: ConstructorParameters<typeof SyncNode>[0]['clock'] } = {}) {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const node = new SyncNode({ station: founder, name: '甲', ...(more.clock ? { clock: more.clock } : {}) })
  const { port } = expectOk(await node.serve(LOOPBACK))
  return {
    community,
    founder,
    worker,
    node,
    port,
    async [Symbol.asyncDispose]() {
      await node.close()
      await community.close()
    },
  }
}
