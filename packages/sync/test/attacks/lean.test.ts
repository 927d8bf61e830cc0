import { eraseRecords, expectOk, ok, type Station } from '@doorstep/core'
import { gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { meet, meetUntilEqual, until } from '../../src/session/meet.fixture.ts'
import { FEATURES, greeting, type Message, parseMessage } from '../../src/session/message.ts'
import { meetLiar } from './meet.ts'

test('S16 two that read a space say its segments in the lean form; a single edit, acts and what was erased go as they are', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  const ids = await addMany(founder, 40)
  const { a, b, said } = listen(founder, worker)
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  const lean = said('lean').length
  expect(lean).toBeGreaterThan(0)
  expect(b.state()).toMatchObject({ refused: 0, toReceive: 0 })
  // Counted as they are on the disk, the same at both ends.
  expect(Math.abs(b.state().takenBytes / a.state().sentBytes - 1)).toBeLessThan(0.05)
  const before = said('segment').length
  await addMany(founder, 1)
  await until(() => count(worker) === 41 && a.isEqual() && b.isEqual(), 'the edit there')
  expect([said('lean').length, said('segment').length]).toEqual([lean, before + 1])
  a.close()
  expectOk(await eraseRecords(founder, ids, { reason: '请求' }))
  const third = await setup.community.join(founder, '测试员丙')
  const again = listen(founder, third)
  await until(() => again.a.isEqual() && again.b.isEqual(), 'the third equal')
  expect(count(third)).toBe(1)
})

test('S16 a peer that cannot read what came says so, is sent all as it is, and ends equal; in the next meeting it is tried anew', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  await addMany(founder, 200)
  const { readLean } = worker
  let asked = 0
  worker.readLean = (_bytes, segments) => {
    asked++
    return ok(Array<null>(segments).fill(null))
  }
  const { a, b, said } = listen(founder, worker)
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  // What was under way already, and none after that.
  expect(asked).toBe(said('lean').length)
  expect(asked).toBeLessThan(4)
  expect(said('segment').length).toBeGreaterThan(3)
  expect(b.state()).toMatchObject({ refused: 0, toReceive: 0 })
  expect(count(worker)).toBe(200)
  a.close()
  worker.readLean = readLean
  await addMany(founder, 40)
  const next = listen(founder, worker)
  await until(() => next.a.isEqual() && next.b.isEqual(), 'equal again')
  expect([count(worker), next.said('lean').length]).toEqual([240, 1])
})

test('S16 a lying sender spoils nothing but its own meeting: no author is blamed, and the same entries come from another', async () => {
  await using setup = await open()
  const { community, founder, worker } = setup
  await addMany(founder, 40)
  const third = await community.join(founder, '测试员丙')
  const rows = founder.outgoing(gridOf(founder), []).map(({ row }) => row)
  const { bytes, count: segments } = founder.leanSegments(rows, worker.identity.station)!
  // A nonce, or a key of a log: somewhere where nothing is packed.
  const lie = Buffer.from(bytes)
  lie[lie.length >> 1]! ^= 1
  const liar = meetLiar(worker, third.identity.key)
  liar.hello()
  liar.say({ type: 'lean', count: segments, bytes: lie })
  await until(
    () => liar.heard.some(({ type }) => type === 'ack') || liar.session.state().closed !== null,
    'acknowledged, or hung up on',
  )
  expect(count(worker)).toBe(0)
  expect(Object.values(worker.quarantine()).flat()).toEqual([])
  liar.session.close()
  await meetUntilEqual(founder, worker)
  expect(count(worker)).toBe(40)
})

test('S16 frames that cannot be read are borne as long as they may have been under way; bombs and what is malformed are not', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  const third = await setup.community.join(founder, '测试员丙')
  await addMany(founder, 40)
  const rows = founder.outgoing(gridOf(founder), []).map(({ row }) => row)
  const lean: Message = { type: 'lean', ...founder.leanSegments(rows, third.identity.station)! }
  worker.readLean = (_bytes, segments) => ok(Array<null>(segments).fill(null))
  const liar = meetLiar(worker, third.identity.key)
  liar.hello()
  for (let n = 0; n < 40 && liar.session.state().closed === null; n++) {
    liar.say(lean)
    await until(
      () =>
        liar.heard.filter(({ type }) => type === 'ack').length > n || liar.session.state().closed !== null,
      'an answer',
    )
  }
  expect(liar.session.state().closed).toBe('not-asked-for')
  for (const bytes of [new Uint8Array(9), new Uint8Array(900_000)]) {
    const other = meetLiar(founder, third.identity.key)
    other.hello()
    other.say({ type: 'lean', count: 1, bytes })
    await until(() => other.session.state().closed !== null, 'hung up')
    expect(other.session.state().closed).toBe('cannot read the peer: malformed')
  }
})

test('S16 S11 who did not name the form is not told it, and a stranger that says it is hung up on', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  await addMany(founder, 40)
  const grid = gridOf(founder)
  for (const features of [FEATURES.filter((name) => name !== 'lean'), FEATURES]) {
    const liar = meetLiar(founder, worker.identity.key)
    const { community } = founder.identity
    liar.say({ ...greeting({ community, name: '旧', port: 0, knows: true }), features } as Message)
    liar.say({ type: 'heads', asks: true, spaces: [{ space: grid, heads: [] }] })
    await until(() => liar.heard.some(({ type }) => type === 'segment' || type === 'lean'), 'segments')
    expect(liar.heard.some(({ type }) => type === 'lean')).toBe(features.includes('lean'))
    liar.session.close()
  }
  const stranger = meetLiar(founder, new Uint8Array(32).fill(5))
  stranger.hello()
  stranger.say({ type: 'lean', count: 1, bytes: new Uint8Array(9) })
  await until(() => stranger.session.state().closed !== null, 'hung up')
  expect(stranger.session.state().closed).toBe('not-asked-for')
})

/** The two meet; `said`: what the first one says of a kind. */
function listen(one: Station, two: Station) {
  const heard: Message[] = []
  const met = meet(one, two, {}, ({ a }) => ({
    ...a,
    send: (frame) => {
      heard.push(expectOk(parseMessage(frame)))
      return a.send(frame)
    },
  }))
  return { ...met, said: (kind: Message['type']) => heard.filter(({ type }) => type === kind) }
}

const count = (station: Station): number => [...station.records({ type: 'building' })].length

/** An entry each. */
async function addMany(station: Station, many: number): Promise<string[]> {
  const made = await Promise.all(
    Array.from({ length: many }, (_, n) =>
      station.write('record.edit', (book) =>
        book.create('building', gridOf(station), { set: { name: `楼${n}`, street: '长寿路'.repeat(9) } }),
      ),
    ),
  )
  return made.map((one) => expectOk(one).value)
}

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  return { community, founder, worker, [Symbol.asyncDispose]: () => community.close() }
}
