import {
  createInvite,
  createKeyPair,
  expectOk,
  type Invite,
  type KeyPair,
  type Station,
} from '@doorstep/core'
import { TestCommunity } from '@doorstep/core/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWirePair, type WirePair } from '../memory-wire.ts'
import { HandClock } from '../session/hand-clock.fixture.ts'
import { until } from '../session/meet.fixture.ts'
import type { Wire } from '../wire.ts'
import { createInviter, type InviterDeps, MAX_WRONG_PROOFS } from './inviter.ts'
import { proveToInviter } from './newcomer.ts'
import { createPairingCode, type PairingCode } from './pairing-code.ts'
import { encodePairing, MAX_NEWCOMER_BYTES, type PairingMessage, parsePairing } from './pairing-message.ts'
import { proofOf, stretchCode } from './pairing-proof.ts'

/** A real stretch takes 0.15 s; what it costs is not what is tested here. */
const cost = { memoryKiB: 64, passes: 1 }

let community: TestCommunity
let founder: Station
let invite: Invite
beforeAll(async () => {
  ;({ community, founder } = await TestCommunity.create())
  invite = expectOk(createInvite(founder, { role: 'worker', name: '测试员丙', grids: ['一号网格'] }))
})
afterAll(() => community.close())

test('who knows the code gets the invite, and the wire is handed on only when its home is there', async () => {
  const door = openDoor()
  const { pair, result } = knock(door)
  const paired = expectOk(await result)
  expect(paired.invite).toEqual(invite)
  expect(door.ready).toEqual([])
  paired.ready()
  await until(() => door.ready.length === 1, 'the wire handed on')
  expect(door.ready[0]).toBe(pair.b)
  expect(door.inviter.wrongProofs()).toBe(0)
})

test('a wrong code is said to be wrong, and gives nothing away', async () => {
  const door = openDoor()
  const heard: Uint8Array[] = []
  const { result } = knock(door, { code: wrongCode(door.code), listen: heard })
  expect(await result).toMatchObject({ ok: false, problem: { type: 'wrong-code' } })
  expect(door.wrong).toEqual([['10.0.0.9:1', 1]])
  const said = Buffer.concat(heard).toString('latin1')
  for (const secret of [invite.id, invite.community, invite.communityName, invite.name, invite.secret])
    expect(said).not.toContain(Buffer.from(secret).toString('latin1'))
})

test('a code of somebody else costs no try', async () => {
  const door = openDoor()
  const other = createPairingCode((bytes) => new Uint8Array(bytes).fill(9))
  expect(await knock(door, { code: other }).result).toMatchObject({ problem: { type: 'unknown-code' } })
  expect(door.wrong).toEqual([])
})

test('five wrong tries, and the code is dead for who knows it too', async () => {
  const door = openDoor()
  for (let n = 1; n <= MAX_WRONG_PROOFS; n++) {
    const { result } = knock(door, { code: wrongCode(door.code), remote: `10.0.0.${n}:1` })
    expect(await result).toMatchObject({ problem: { type: 'wrong-code' } })
  }
  expect(door.wrong.map(([, count]) => count)).toEqual([1, 2, 3, 4, 5])
  expect(await knock(door).result).toMatchObject({ problem: { type: 'code-closed' } })
})

test('one who has proved itself is not shut out by what others guess meanwhile', async () => {
  const door = openDoor()
  const paired = expectOk(await knock(door).result)
  for (let n = 1; n <= MAX_WRONG_PROOFS; n++)
    await knock(door, { code: wrongCode(door.code), remote: `10.0.0.${n}:1` }).result
  paired.ready()
  await until(() => door.ready.length === 1, 'the wire handed on')
})

test('it expires by the inviter’s clock, also between challenge and proof', async () => {
  const door = openDoor()
  door.clock.set(door.expiresAt + 1)
  expect(await knock(door).result).toMatchObject({ problem: { type: 'code-expired' } })
  // Set back, as a wrong clock is: nothing but the clock decides.
  door.clock.set(door.expiresAt - 1000)
  const { pair, result } = knock(door, { hold: true })
  pair.step('ab')
  pair.step('ba')
  await until(() => pair.inFlight('ab') === 1, 'the proof under way')
  door.clock.set(door.expiresAt + 1)
  pair.release()
  expect(await result).toMatchObject({ problem: { type: 'code-expired' } })
  expect(door.inviter.newcomer()).toBeNull()
  expect(door.inviter.isBusy()).toBe(false)
})

test('withdrawn, it lets nobody in', async () => {
  const door = openDoor()
  door.open = false
  expect(await knock(door).result).toMatchObject({ problem: { type: 'code-closed' } })
  const closed = openDoor()
  closed.inviter.close()
  expect(await knock(closed).result).toMatchObject({ problem: { type: 'code-closed' } })
})

test('two at once: the second is told that somebody is on the way, and that is no wrong try', async () => {
  const door = openDoor()
  const first = knock(door)
  const second = knock(door, { remote: '10.0.0.8:1' })
  const results = [await first.result, await second.result]
  expect(results.map((result) => (result.ok ? 'in' : result.problem.type))).toEqual(['in', 'code-busy'])
  expect(door.wrong).toEqual([])
  // The first goes away without having been let in: the code is free again.
  first.pair.cut()
  await until(() => door.left === 1, 'the place free')
  expectOk(await knock(door, { remote: '10.0.0.8:1' }).result)
})

test('once somebody is in, the code is used up; the same station may come back', async () => {
  const door = openDoor()
  const first = knock(door)
  expectOk(await first.result)
  door.joined.add(Buffer.from(first.keys.publicKey).toString('hex'))
  first.pair.cut()
  expect(await knock(door, { remote: '10.0.0.8:1' }).result).toMatchObject({ problem: { type: 'code-used' } })
  expectOk(await knock(door, { keys: first.keys }).result)
})

test('a recorded proof proves nothing on another connection, under the same key or another', async () => {
  const door = openDoor()
  const sent: Uint8Array[] = []
  const first = knock(door, { overhear: sent })
  expectOk(await first.result)
  first.pair.cut()
  await until(() => door.left === 1, 'the first gone')
  for (const key of [first.keys.publicKey, createKeyPair('ed25519').publicKey]) {
    const { pair, heard } = rawVisitor(door, key)
    for (const frame of sent.slice(0, 2)) void pair.a.send(frame)
    await until(() => heard.length === 2, 'an answer to the replay')
    expect(heard.map((message) => message?.type)).toEqual(['challenge', 'refused'])
  }
  expect(door.wrong).toHaveLength(2)
})

test('who stands between with a key of their own gets no invite, and a proof that fits nowhere', async () => {
  const door = openDoor()
  const between = createKeyPair('ed25519')
  const newcomer = createKeyPair('ed25519')
  // Newcomer ↔ between, between ↔ inviter: every frame is passed on as it is.
  const near = createWirePair({ keyA: newcomer.publicKey, keyB: between.publicKey })
  const far = createWirePair({ keyA: between.publicKey, keyB: founder.identity.key })
  near.b.onFrame((frame) => void far.a.send(frame).catch(() => undefined))
  const answers: (PairingMessage | null)[] = []
  far.a.onFrame((frame) => {
    answers.push(parsePairing(frame, 'inviter'))
    void near.b.send(frame).catch(() => undefined)
  })
  door.inviter.take(far.b, '10.0.0.7:1')
  const result = await proveToInviter(near.a, newcomer.publicKey, door.code, { clock: door.clock, cost })
  expect(result).toMatchObject({ ok: false, problem: { type: 'wrong-code' } })
  expect(answers.map((answer) => answer?.type)).toEqual(['challenge', 'refused'])
  expect(door.wrong).toHaveLength(1)
})

test('a false inviter is not believed: neither with a guess, nor with the newcomer’s own proof, nor another’s invite', async () => {
  const code = createPairingCode()
  const keys = createKeyPair('ed25519')
  const text = JSON.stringify(invite)
  const answers: ((proof: Uint8Array, binding: Parameters<typeof proofOf>[2]) => PairingMessage)[] = [
    () => ({ type: 'welcome', proof: new Uint8Array(32), invite: text }),
    (proof) => ({ type: 'welcome', proof, invite: text }),
    // Knows the code, and hands over an invite that names another key: its own invite was made elsewhere.
    (_, binding) => ({
      type: 'welcome',
      proof: proofOf(stretchCode(code, keys.publicKey, cost), 'inviter', binding, text),
      invite: text,
    }),
    () => ({ type: 'challenge', nonce: new Uint8Array(32) }),
  ]
  for (const answer of answers) {
    const newcomer = createKeyPair('ed25519')
    const pair = createWirePair({ keyA: newcomer.publicKey, keyB: keys.publicKey })
    let newcomerNonce = new Uint8Array(32)
    const inviterNonce = new Uint8Array(32).fill(3)
    pair.b.onFrame((frame) => {
      const message = parsePairing(frame, 'newcomer')
      if (message?.type === 'start') {
        newcomerNonce = new Uint8Array(message.nonce)
        void pair.b.send(encodePairing({ type: 'challenge', nonce: inviterNonce }))
      } else if (message?.type === 'proof') {
        const binding = {
          inviterKey: keys.publicKey,
          newcomerKey: newcomer.publicKey,
          inviterNonce,
          newcomerNonce,
        }
        void pair.b.send(encodePairing(answer(message.proof, binding)))
      }
    })
    const clock = new HandClock()
    expect(await proveToInviter(pair.a, newcomer.publicKey, code, { clock, cost })).toMatchObject({
      problem: { type: 'not-inviting' },
    })
  }
})

test('garbage at every message ends the meeting, costs no try, and the code still lets somebody in', async () => {
  const door = openDoor()
  const start = encodePairing({ type: 'start', rendezvous: door.code.rendezvous, nonce: new Uint8Array(32) })
  const garbage = [
    new Uint8Array(0),
    Uint8Array.of(0xff, 0, 1),
    start.slice(0, -1),
    new Uint8Array(MAX_NEWCOMER_BYTES + 1),
    encodePairing({ type: 'ready' }),
    encodePairing({ type: 'challenge', nonce: new Uint8Array(32) }),
    encodePairing({ type: 'refused', reason: 'code-used' }),
    encodePairing({ type: 'welcome', proof: new Uint8Array(32), invite: '{}' }),
  ]
  for (const prelude of [[], [start]])
    for (const bytes of [...garbage, ...(prelude.length > 0 ? [start] : [])]) {
      door.clock.advance(2000)
      const { pair, closed } = rawVisitor(door, createKeyPair('ed25519').publicKey)
      for (const frame of [...prelude, bytes]) void pair.a.send(frame)
      expect(await closed).toBe('pairing ended')
    }
  // At the last message too: proved, then garbage instead of "ready".
  const proved = knock(door)
  expectOk(await proved.result)
  await proved.pair.a.send(Uint8Array.of(1))
  await until(() => door.left === 1, 'the one who proved sent away')
  expect([door.wrong, door.ready]).toEqual([[], []])
  expectOk(await knock(door).result)
})

test('garbage from the inviter’s side ends the meeting for the newcomer', async () => {
  const welcome = encodePairing({ type: 'welcome', proof: new Uint8Array(32), invite: '{}' })
  const challenge = encodePairing({ type: 'challenge', nonce: new Uint8Array(32) })
  for (const frames of [
    [Uint8Array.of(0xff)],
    [welcome],
    [challenge, challenge],
    [challenge, Uint8Array.of(0)],
    [challenge, new Uint8Array(40_000)],
  ]) {
    const newcomer = createKeyPair('ed25519')
    const pair = createWirePair({ keyA: newcomer.publicKey, keyB: founder.identity.key })
    let at = 0
    pair.b.onFrame(() => void pair.b.send(frames[at++]!).catch(() => undefined))
    const clock = new HandClock()
    const code = createPairingCode()
    expect(await proveToInviter(pair.a, newcomer.publicKey, code, { clock, cost })).toMatchObject({
      problem: { type: 'not-inviting' },
    })
  }
})

test('who says nothing is sent away; a newcomer does not wait for ever either', async () => {
  const door = openDoor()
  const { closed } = rawVisitor(door, createKeyPair('ed25519').publicKey)
  door.clock.advance(20_000)
  expect(await closed).toBe('pairing ended')
  const slow = knock(door)
  expectOk(await slow.result)
  const gone = new Promise((resolve) => slow.pair.a.onClose(resolve))
  door.clock.advance(200_000)
  expect(await gone).toBe('pairing ended')
  expect(door.left).toBe(1)

  const clock = new HandClock()
  const keys = createKeyPair('ed25519')
  const dead = createWirePair({ keyA: keys.publicKey, keyB: founder.identity.key })
  const waiting = proveToInviter(dead.a, keys.publicKey, createPairingCode(), { clock, cost })
  await until(() => clock.waiting > 0, 'the newcomer waiting')
  clock.advance(20_000)
  expect(await waiting).toMatchObject({ problem: { type: 'pairing-cut' } })
})

test('strangers at the door are few: from one machine, from all, and over time', async () => {
  const door = openDoor()
  const visit = (host: string) => rawVisitor(door, createKeyPair('ed25519').publicKey, `${host}:1`)
  const isOut = async (visitor: ReturnType<typeof rawVisitor>) => {
    await until(() => visitor.heard.length > 0, 'an answer')
    expect(visitor.heard).toEqual([{ type: 'refused', reason: 'pairing-crowded' }])
    expect(await visitor.closed).toBe('pairing ended')
  }
  for (let n = 0; n < 3; n++) visit('10.0.0.1')
  await isOut(visit('10.0.0.1'))
  for (let n = 2; n < 7; n++) visit(`10.0.0.${n}`)
  await isOut(visit('10.0.0.8'))
  // All of them are timed out; those who come again at once use up what may come at once.
  door.clock.advance(20_000)
  let turnedAway = 0
  for (let n = 0; n < 60; n++) {
    const visitor = visit(`10.0.1.${n}`)
    await pump()
    if (visitor.heard.length > 0) turnedAway++
    else visitor.pair.cut()
  }
  expect(turnedAway).toBeGreaterThan(30)
  door.clock.advance(60_000)
  expectOk(await knock(door).result)
})

/** An inviter with an open code, and what it says of itself. */
function openDoor() {
  const clock = new HandClock()
  const code = createPairingCode()
  const door = {
    clock,
    code,
    expiresAt: clock.now() + 900_000,
    open: true,
    joined: new Set<string>(),
    ready: [] as Wire[],
    wrong: [] as [string, number][],
    left: 0,
  }
  const deps: InviterDeps = {
    code,
    ownKey: founder.identity.key,
    invite: JSON.stringify(invite),
    expiresAt: door.expiresAt,
    clock,
    cost,
    isOpen: () => door.open,
    hasJoined: (key) => door.joined.has(Buffer.from(key).toString('hex')),
    onReady: (wire) => door.ready.push(wire),
    onWrong: (remote, wrong) => door.wrong.push([remote, wrong]),
    onLeft: () => door.left++,
  }
  return Object.assign(door, { inviter: createInviter(deps) })
}
type Door = ReturnType<typeof openDoor>

/** A real newcomer at the door. */
function knock(
  door: Door,
  options: {
    code?: PairingCode
    keys?: KeyPair
    remote?: string
    hold?: boolean
    listen?: Uint8Array[]
    overhear?: Uint8Array[]
  } = {},
) {
  const keys = options.keys ?? createKeyPair('ed25519')
  const pair = createWirePair({ keyA: keys.publicKey, keyB: founder.identity.key })
  if (options.hold) pair.hold()
  door.inviter.take(pair.b, options.remote ?? '10.0.0.9:1')
  const wire: Wire = {
    ...pair.a,
    send: (frame) => {
      options.overhear?.push(frame)
      return pair.a.send(frame)
    },
    onFrame: (listener) =>
      pair.a.onFrame((frame) => {
        options.listen?.push(frame)
        listener(frame)
      }),
  }
  const result = proveToInviter(wire, keys.publicKey, options.code ?? door.code, { clock: door.clock, cost })
  return { pair, keys, result }
}

/** Somebody who sends what they like. */
function rawVisitor(door: Door, key: Uint8Array, remote = '10.0.0.6:1') {
  const pair: WirePair = createWirePair({ keyA: key, keyB: founder.identity.key })
  const heard: (PairingMessage | null)[] = []
  pair.a.onFrame((frame) => heard.push(parsePairing(frame, 'inviter')))
  const closed = new Promise<string>((resolve) => pair.a.onClose(resolve))
  door.inviter.take(pair.b, remote)
  return { pair, heard, closed }
}

/** The same public part, another secret. */
function wrongCode(code: PairingCode): PairingCode {
  return { ...code, secret: code.secret === 'A'.repeat(12) ? 'B'.repeat(12) : 'A'.repeat(12) }
}

const pump = () => new Promise((resolve) => setImmediate(resolve))
