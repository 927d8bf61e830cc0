import { existsSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import {
  createInvite,
  createKeyPair,
  expectOk,
  homeExists,
  listInvites,
  openStation,
  type Station,
  withdrawInvite,
} from '@doorstep/core'
import { gridOf, TestCommunity, testSecret } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { dialLan, serveLan } from '../src/lan/lan.ts'
import { SyncNode } from '../src/node/sync-node.ts'
import { syncNow } from '../src/node/sync-now.ts'
import { type CodeInvitation, inviteByCode } from '../src/pairing/invite-by-code.ts'
import { type JoinByCodeOptions, joinByCode } from '../src/pairing/join-by-code.ts'
import { createPairingCode } from '../src/pairing/pairing-code.ts'
import { type Clock, systemClock } from '../src/session/clock.ts'
import { encodeMessage, greeting } from '../src/session/message.ts'
import type { Wire } from '../src/wire.ts'

const LOOPBACK = { host: '127.0.0.1', port: 0 }
/** What a code costs to try is tested nowhere; here it only costs time. */
const cost = { memoryKiB: 64, passes: 1 }

test('a newcomer who knows the code ends as a member, with the records, and both say equal', async () => {
  await using setup = await open()
  const { founder, held, newcomer } = setup
  expectOk(await add(founder, '老楼'))
  const station = expectOk(await joinByCode(newcomer()))
  setup.community.stations.push(station)
  expect(await held.ended).toEqual({ type: 'joined', station: station.identity.station })
  await held.close()
  expect(station.member()?.role).toBe('worker')
  expect([...station.records({ type: 'building' })].map((record) => record.fields.name)).toEqual(['老楼'])
  expect(station.digest(gridOf(station))).toEqual(founder.digest(gridOf(founder)))
  expect(listInvites(founder)).toMatchObject([{ state: 'used', station: station.identity.station }, {}])
})

test('two at once: one gets in, the other hears why not, and has nothing on disk', async () => {
  await using setup = await open()
  const [one, two] = [setup.newcomer(), setup.newcomer()]
  const results = await Promise.all([joinByCode(one), joinByCode(two)])
  const joined = results.flatMap((result) => (result.ok ? [result.value] : []))
  setup.community.stations.push(...joined)
  expect(joined).toHaveLength(1)
  const refused = results.findIndex((result) => !result.ok)
  expect(results[refused]).toMatchObject({ problem: { type: expect.stringMatching(/^code-(busy|used)$/) } })
  expect(existsSync([one, two][refused]!.home)).toBe(false)
})

test('cut off after the home was made: the same code goes on where it stopped', async () => {
  await using setup = await open()
  const cut = new AbortController()
  const options = setup.newcomer()
  const joining = joinByCode({ ...options, signal: cut.signal })
  while (!homeExists(options.home)) await turn()
  cut.abort()
  expect(await joining).toMatchObject({ problem: { type: 'interrupted', home: options.home } })
  const station = expectOk(await joinByCode(options))
  setup.community.stations.push(station)
  expect(await setup.held.ended).toEqual({ type: 'joined', station: station.identity.station })
  station.dropDraft('join')
  expect(await joinByCode(options)).toMatchObject({ problem: { type: 'home-exists' } })
})

test('let in, and the inviter stopped before the first sync: the next meeting makes up for it', async () => {
  await using setup = await open()
  const { founder, held, newcomer } = setup
  const options = newcomer()
  const before = founder.membership().stations.size
  const joining = joinByCode(options)
  while (founder.membership().stations.size === before) await turn()
  await held.close()
  expect(await joining).toMatchObject({ problem: { type: 'join-cut', home: options.home } })
  const end = await held.ended
  const station = expectOk(await openStation({ home: options.home, secret: testSecret }))
  setup.community.stations.push(station)
  expect(end).toEqual({ type: 'joined-unfinished', station: station.identity.station })
  const node = new SyncNode({ station: founder, name: '甲' })
  const { port } = expectOk(await node.serve(LOOPBACK))
  const { peers } = await syncNow(station, { name: '丙', peers: [`127.0.0.1:${port}`], timeoutMs: 10_000 })
  expect(peers).toMatchObject([{ station: founder.identity.station, equal: true }])
  expect(station.member()?.role).toBe('worker')
  await node.close()
})

test('a half-made home of another invite is not written over', async () => {
  await using setup = await open()
  const cut = new AbortController()
  const options = setup.newcomer()
  const joining = joinByCode({ ...options, signal: cut.signal })
  while (!homeExists(options.home)) await turn()
  cut.abort()
  await joining
  await setup.held.close()
  const next = await hold(setup.founder)
  const address = `127.0.0.1:${next.listening.port}`
  expect(await joinByCode({ ...options, code: next.code, addresses: [address] })).toMatchObject({
    problem: { type: 'join-pending', home: options.home },
  })
  await next.close()
})

test('over real TLS, a relay with a key of its own gets no invite, and the newcomer nothing', async () => {
  await using setup = await open()
  const { founder, held, newcomer } = setup
  const between = createKeyPair('ed25519')
  const passed: Buffer[] = []
  const pass = (from: Wire, to: Wire) => {
    from.onFrame((frame) => {
      passed.push(Buffer.from(frame))
      void to.send(frame).catch(() => undefined)
    })
    from.onClose(() => to.close())
  }
  const relay = expectOk(
    await serveLan(between, LOOPBACK, async (wire) => {
      const far = expectOk(await dialLan(between, held.listening))
      pass(wire, far)
      pass(far, wire)
    }),
  )
  const options = newcomer([`127.0.0.1:${relay.port}`])
  expect(await joinByCode(options)).toMatchObject({ problem: { type: 'wrong-code' } })
  expect(setup.wrong).toEqual([4])
  expect(existsSync(options.home)).toBe(false)
  expect(passed).toHaveLength(4)
  expect(Buffer.concat(passed).toString('latin1')).not.toContain(founder.identity.community)
  await relay.close()
})

test('while a code is open a stranger hears nothing of the community; its stations meet as ever', async () => {
  await using setup = await open()
  const { community, founder, held } = setup
  const wire = expectOk(await dialLan(createKeyPair('ed25519'), held.listening))
  const heard: Uint8Array[] = []
  wire.onFrame((frame) => heard.push(frame))
  const gone = new Promise((resolve) => wire.onClose(resolve))
  const hello = { community: founder.identity.community, name: 'x', port: 0, knows: false }
  await wire.send(encodeMessage(greeting(hello)))
  await gone
  expect(heard).toEqual([])
  const colleague = await community.join(founder, '测试员乙')
  expectOk(await add(founder, '新楼'))
  const { peers } = await syncNow(colleague, {
    name: '乙',
    peers: [`127.0.0.1:${held.listening.port}`],
    timeoutMs: 10_000,
  })
  expect(peers).toMatchObject([{ station: founder.identity.station, equal: true }])
})

test('a wrong code costs a try each; after the fifth the code is dead and its invite withdrawn', async () => {
  await using setup = await open()
  const { founder, held, newcomer, wrong } = setup
  const secret = held.code.secret === 'A'.repeat(12) ? 'B'.repeat(12) : 'A'.repeat(12)
  for (let n = 0; n < 5; n++)
    expect(await joinByCode({ ...newcomer(), code: { ...held.code, secret } })).toMatchObject({
      problem: { type: 'wrong-code' },
    })
  expect(wrong).toEqual([4, 3, 2, 1, 0])
  expect(await held.ended).toEqual({ type: 'guessed' })
  expect(await joinByCode(newcomer())).toMatchObject({ problem: { type: 'code-closed' } })
  expect(listInvites(founder)).toMatchObject([{ state: 'withdrawn' }, {}])
})

test('withdrawn while it is open, from another process, it lets nobody in', async () => {
  await using setup = await open()
  const { founder, newcomer } = setup
  expectOk(withdrawInvite(founder, listInvites(founder)[0]!.id))
  expect(await joinByCode(newcomer())).toMatchObject({ problem: { type: 'code-closed' } })
})

test('it expires by the inviter’s clock alone', async () => {
  let ms = Date.parse('2031-05-06T07:08:09Z')
  const alarms: (() => void)[] = []
  const clock: Clock = {
    now: () => ms,
    after: (delayMs, task) => {
      if (delayMs > 60_000) alarms.push(task)
      return delayMs > 60_000 ? () => {} : systemClock.after(delayMs, task)
    },
  }
  await using setup = await open(clock)
  const { founder, held, newcomer } = setup
  const [invite] = listInvites(founder)
  ms = Date.parse(invite!.expiresAt) + 1
  expect(listInvites(founder)).toMatchObject([{ state: 'expired' }, {}])
  // The newcomer's own clock says that it is still good.
  expect(await joinByCode({ ...newcomer(), clock: systemClock })).toMatchObject({
    problem: { type: 'code-expired' },
  })
  expect(alarms).toHaveLength(1)
  alarms[0]!()
  expect(await held.ended).toEqual({ type: 'expired' })
})

test('a station that holds no code open says so to who asks, and nobody there is said too', async () => {
  await using setup = await open()
  const options = setup.newcomer(['127.0.0.1:1'])
  expect(await joinByCode(options)).toMatchObject({
    problem: { type: 'unreachable', address: '127.0.0.1:1' },
  })
  expect(await joinByCode({ ...options, addresses: [] })).toMatchObject({
    problem: { type: 'no-inviter-found' },
  })
  const heard: Wire[] = []
  const other = expectOk(await serveLan(createKeyPair('ed25519'), LOOPBACK, (wire) => heard.push(wire)))
  const joining = joinByCode({ ...options, addresses: [`127.0.0.1:${other.port}`] })
  while (heard.length === 0) await turn()
  await heard[0]!.send(encodeMessage({ type: 'ping', sentMs: 1, echoMs: 0, heldMs: 0 }))
  expect(await joining).toMatchObject({ problem: { type: 'not-inviting' } })
  await other.close()
  // Addresses are tried one after another: an old one does no harm.
  const station = expectOk(
    await joinByCode({ ...options, addresses: ['127.0.0.1:1', ...setup.newcomer().addresses] }),
  )
  setup.community.stations.push(station)
})

test('another code at the address is no try of this one', async () => {
  await using setup = await open()
  const code = createPairingCode((bytes) =>
    new Uint8Array(bytes).fill(setup.held.code.rendezvous.startsWith('0') ? 1 : 0),
  )
  expect(await joinByCode({ ...setup.newcomer(), code })).toMatchObject({ problem: { type: 'unknown-code' } })
  expect(setup.wrong).toEqual([])
})

const add = (station: Station, name: string) =>
  station.write('record.edit', (book) => book.create('building', gridOf(station), { set: { name } }))

async function hold(
  founder: Station,
  onWrong: (remote: string, left: number) => void = () => {},
  clock: Clock = systemClock,
): Promise<CodeInvitation> {
  const input = { role: 'worker', name: '测试员丙', grids: ['一号网格'], validMs: 15 * 60_000 } as const
  const invite = expectOk(createInvite(founder, input))
  return expectOk(
    await inviteByCode(founder, {
      name: '甲',
      invite,
      listen: [LOOPBACK],
      discover: false,
      cost,
      clock,
      onWrong,
    }),
  )
}

async function open(clock: Clock = systemClock) {
  const { community, founder } = await TestCommunity.create(['一号网格'], clock.now)
  // One invite of before, so that lists are not of one.
  expectOk(createInvite(founder, { role: 'worker', name: '测试员丁', grids: ['一号网格'], validMs: 1000 }))
  const wrong: number[] = []
  const held = await hold(founder, (_, left) => wrong.push(left), clock)
  const newcomer = (addresses = [`127.0.0.1:${held.listening.port}`]): JoinByCodeOptions => ({
    home: community.newHome(),
    secret: testSecret,
    stationName: '丙的笔记本',
    code: held.code,
    addresses,
    discover: false,
    cost,
  })
  return {
    community,
    founder,
    held,
    newcomer,
    wrong,
    [Symbol.asyncDispose]: async () => {
      await held.close()
      await community.close()
    },
  }
}
