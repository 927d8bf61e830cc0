import { eraseRecords, expectOk, ok, type Station } from '@doorstep/core'
import { gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { createWirePair, type WirePair } from '../memory-wire.ts'
import type { Wire } from '../wire.ts'
import { HandClock } from './hand-clock.fixture.ts'
import { fillDisk, meet, meetUntilEqual, start, until } from './meet.fixture.ts'
import { encodeMessage, greeting } from './message.ts'

const building = (station: Station, name: string) =>
  station.write('record.edit', (book) => book.create('building', gridOf(station), { set: { name } }))

test('S5 two stations that were apart end equal, and say so only after comparing digests', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  for (let n = 0; n < 5; n++) expectOk(await building(founder, `甲${n}`))
  for (let n = 0; n < 3; n++) expectOk(await building(worker, `乙${n}`))
  const { a, b } = meet(founder, worker)
  expect(a.state().equal).toBe(false)
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  expect([...worker.records({ type: 'building' })]).toHaveLength(8)
  expect(worker.digest(gridOf(worker))).toEqual(founder.digest(gridOf(founder)))
  expect(founder.peers().filter((peer) => peer.equal)).toHaveLength(3)
  expect(a.state()).toMatchObject({ received: 3, refused: 0, held: 0, toSend: 0, toReceive: 0 })
})

test('an edit on one side reaches the other while they stay together', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  const clock = new HandClock()
  const { a, b } = meet(founder, worker, { clock })
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  const { sent } = b.state()
  const { value: id } = expectOk(await building(founder, '新楼'))
  clock.advance(1000)
  await until(
    () => worker.get(id) !== null && a.isEqual() && b.isEqual(),
    'the record there and both equal again',
  )
  // Whoever took it in looks for changes too, and does not send it back.
  clock.advance(1000)
  expect(b.state().toSend + b.state().sent).toBe(sent)
})

test('the first change after a quiet while goes at once; those that follow it go together, a little later', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  const clock = new HandClock()
  const pair = createWirePair({ keyA: founder.identity.key, keyB: worker.identity.key })
  const a = start(founder, pair.a, { clock })
  const b = start(worker, pair.b, { clock })
  const bothEqual = () => a.isEqual() && b.isEqual()
  await until(bothEqual, 'both equal')
  const { sent } = a.state()
  clock.advance(1000)
  expectOk(await building(founder, '首先'))
  clock.advance(0)
  expect(a.state().sent + a.state().toSend).toBe(sent + 1)
  await until(bothEqual, 'equal with the first')
  for (const name of ['然后', '再后', '最后']) {
    expectOk(await building(founder, name))
    clock.advance(6)
  }
  expect(a.state().sent + a.state().toSend).toBe(sent + 1)
  clock.advance(2)
  expect(a.state().sent + a.state().toSend).toBe(sent + 4)
  await until(bothEqual, 'equal with all of them')
  expect([...worker.records({ type: 'building' })]).toHaveLength(4)
})

test('S6 a cut in the middle loses nothing: the next meeting goes on where this one ended', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  for (let n = 0; n < 300; n++) {
    expectOk(await building(founder, `楼${n}`))
    // A segment each: no frame holds many of them.
    founder.outgoing(gridOf(founder), [])
  }
  let meetings = 0
  for (let equal = false; !equal; meetings++) {
    const { a, b, pair } = meet(founder, worker, {}, held)
    let frames = 0
    await until(() => {
      if (frames < 10 && pair.step('ab')) frames++
      return frames === 10 || (a.isEqual() && b.isEqual())
    }, 'ten frames handed over, or equal')
    equal = a.isEqual() && b.isEqual()
    await until(() => !b.isAdmitting(), 'what arrived taken in')
    pair.cut()
    expect(meetings).toBeLessThan(20)
  }
  expect(meetings).toBeGreaterThan(1)
  expect([...worker.records({ type: 'building' })]).toHaveLength(300)
})

test('S6 a wire that fails first for what is said and closes then: what had come whole is taken in still', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  await meetUntilEqual(founder, worker)
  const grid = gridOf(founder)
  for (let n = 0; n < 30; n++) {
    expectOk(await building(founder, `楼${n}`))
    // A segment each.
    founder.outgoing(grid, [])
  }
  const pair = createWirePair({ keyA: founder.identity.key, keyB: worker.identity.key })
  let isHalfClosed = false
  const send: Wire['send'] = (frame) =>
    isHalfClosed ? Promise.reject(new Error('closing')) : pair.b.send(frame)
  pair.hold('ab')
  const a = start(founder, pair.a)
  const b = start(worker, { ...pair.b, send })
  await until(() => {
    if (a.state().toSend < 30) pair.step('ab')
    return a.state().toSend >= 30 && pair.inFlight('ab') > 0
  }, 'all under way')
  while (pair.step('ab')) isHalfClosed = true
  await until(() => b.state().closed !== null, 'the failure noticed')
  pair.cut()
  await until(() => !b.isAdmitting(), 'what had come was taken in')
  expect([...worker.records({ type: 'building' })]).toHaveLength(30)
})

test('S4 what a peer has no room for, or only heard of, it is no witness of', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  await meetUntilEqual(founder, worker)
  for (const kept of [{ asideFull: 1 }, { announced: 1 }]) {
    expectOk(await building(founder, '楼'))
    const nothing = {
      admitted: 0,
      acts: 0,
      known: 0,
      held: 0,
      carried: 0,
      missing: 0,
      announced: 0,
      stripped: 0,
    }
    const report = { ...nothing, skipped: 0, aside: 0, asideFull: 0, refused: [], forks: [], ...kept }
    const { takeIn } = worker
    worker.takeIn = async () => ok(report)
    const { a, b } = meet(founder, worker)
    await until(() => a.state().sent > 0 && a.state().toSend === 0, 'acknowledged')
    a.close()
    b.close()
    expect(founder.lastOwnEntry(gridOf(founder))!.witnesses).toEqual([])
    worker.takeIn = takeIn
    await meetUntilEqual(founder, worker)
    expect(founder.lastOwnEntry(gridOf(founder))!.witnesses).toEqual([worker.identity.station])
  }
})

test('S1 a stranger gets no heads, no segments, and nothing of theirs is taken', async () => {
  await using setup = await open()
  await using other = await open()
  const { founder } = setup
  expectOk(await building(founder, '楼'))
  const frames: Uint8Array[] = []
  const pair = createWirePair({ keyA: founder.identity.key, keyB: other.founder.identity.key })
  pair.b.onFrame((frame) => frames.push(frame))
  const session = start(founder, pair.a)
  const space = gridOf(other.founder)
  expectOk(await building(other.founder, '别家'))
  const foreign = other.founder.outgoing(space, []).map(({ row }) => other.founder.segment(row))
  await pair.b.send(
    encodeMessage(greeting({ community: founder.identity.community, name: 'x', port: 0, knows: false })),
  )
  await pair.b.send(
    encodeMessage({ type: 'heads', asks: true, spaces: [{ space: gridOf(founder), heads: [] }] }),
  )
  await pair.b.send(encodeMessage({ type: 'segment', bytes: foreign[0]! }))
  await until(() => session.state().closed !== null, 'the session closed')
  expect(session.state().closed).toBe('not-asked-for')
  expect(frames.map((frame) => frame[1])).not.toContain(1)
  expect(frames.map((frame) => frame[1])).not.toContain(2)
})

test('a peer that joined later is believed once it has shown the acts that let it in', async () => {
  const { community, founder } = await TestCommunity.create()
  try {
    const early = await community.join(founder, '测试员乙')
    const late = await community.join(founder, '测试员丙')
    expect(early.membership().stations.has(late.identity.station)).toBe(false)
    expectOk(await building(late, '丙的楼'))
    const { a, b } = meet(early, late)
    await until(() => a.isEqual() && b.isEqual(), 'both equal')
    expect([...early.records({ type: 'building' })].map((record) => record.fields.name)).toEqual(['丙的楼'])
  } finally {
    await community.close()
  }
})

test('A19 a newcomer meets a station that erased: equal, without the parts, and nothing is asked for twice', async () => {
  const { community, founder } = await TestCommunity.create()
  try {
    const ids: string[] = []
    for (let n = 0; n < 6; n++) ids.push(expectOk(await building(founder, `楼${n}`)).value)
    expectOk(await eraseRecords(founder, ids.slice(0, 3), { reason: 'test' }))
    expectOk(await building(founder, '后来的楼'))
    expectOk(await eraseRecords(founder, ids.slice(3, 4), { reason: 'test' }))
    const late = await community.join(founder, '测试员丙')
    const { a, b } = meet(founder, late)
    await until(() => a.isEqual() && b.isEqual(), 'both equal')
    expect([...late.records({ type: 'building' })]).toHaveLength(3)
    expect(late.digest(gridOf(late))).toEqual(founder.digest(gridOf(founder)))
    expect(b.state()).toMatchObject({ refused: 0, toReceive: 0 })
    expect(late.quarantine()).toMatchObject({ held: [], refused: [], stripped: [], announced: [] })
    // An erasure while they are together goes over as any other entry does.
    expectOk(await eraseRecords(founder, ids.slice(4, 5), { reason: 'test' }))
    await until(() => late.get(ids[4]!) === null && a.isEqual() && b.isEqual(), 'gone there too')
  } finally {
    await community.close()
  }
})

test('A19 a peer that lost parts without an erasure is asked no more than anti-entropy asks; another has them', async () => {
  const { community, founder } = await TestCommunity.create()
  try {
    const { value: id, entries } = expectOk(await building(founder, '楼'))
    const other = await community.join(founder, '测试员乙')
    const late = await community.join(founder, '测试员丙')
    const first = meet(founder, other)
    await until(() => first.a.isEqual() && first.b.isEqual(), 'both equal')
    first.a.close()
    const { store } = founder.trunk
    store.transaction(() => store.strike(entries[0]!.hash, [1]))
    const clock = new HandClock()
    const pair = createWirePair({ keyA: founder.identity.key, keyB: late.identity.key })
    let segments = 0
    const count = pair.a.send
    const wire: Wire = {
      ...pair.a,
      send: (frame) => {
        if (frame[1] === 2) segments++
        return count(frame)
      },
    }
    const a = start(founder, wire, { clock })
    const b = start(late, pair.b, { clock })
    await until(
      () => late.quarantine().stripped.length > 0 && !b.isAdmitting(),
      'the stripped entry was noticed',
    )
    for (let second = 0; second < 20; second++) {
      clock.advance(1000)
      await settled(() => !a.isAdmitting() && !b.isAdmitting())
    }
    const lacking = [founder.identity.community, ...founder.spaces().map((space) => space.id)].flatMap(
      (space) => founder.outgoing(space, late.heads(space)),
    )
    // Sent at first, and once more when it was asked for again.
    expect(segments).toBeLessThan(60)
    const before = segments
    for (let second = 0; second < 20; second++) {
      clock.advance(1000)
      await settled(() => !a.isAdmitting() && !b.isAdmitting())
    }
    expect(segments - before).toBeLessThanOrEqual(2 * lacking.length)
    expect([b.isEqual(), a.state().closed, late.get(id)]).toEqual([false, null, null])
    const whole = meet(other, late)
    await until(() => whole.a.isEqual() && whole.b.isEqual(), 'equal with the one that has it')
    expect(late.get(id)).not.toBeNull()
    expect(late.quarantine().stripped).toEqual([])
  } finally {
    await community.close()
  }
})

test('garbage ends the session, not the process, and loses nothing', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  const pair = createWirePair({ keyA: founder.identity.key, keyB: worker.identity.key })
  const session = start(founder, pair.a)
  await pair.b.send(new Uint8Array([255, 0, 1]))
  await until(() => session.state().closed !== null, 'the session closed')
  expect(session.state().closed).toContain('malformed')
})

/** Some turns of the loop, and then until nothing is being taken in. */
async function settled(isQuiet: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  await until(isQuiet, 'nothing is being taken in')
}

/** What the first one says waits for a word. */
const held = (pair: WirePair): Wire => {
  pair.hold('ab')
  return pair.a
}

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  return { founder, worker, [Symbol.asyncDispose]: () => community.close() }
}

test('S6 a full disk ends no process, and what is signed is handed on from it', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  await meetUntilEqual(founder, worker)
  const grid = gridOf(worker)
  expectOk(await building(worker, '楼'))
  // Signed, as for somebody who went away before it was sent.
  worker.outgoing(grid, [])
  const emptyDisk = fillDisk(worker)
  const { a, b } = meet(founder, worker)
  await until(() => [...founder.records({ type: 'building' })].length === 1, 'what the full disk holds')
  expect((await building(worker, '二')).ok).toBe(false)
  emptyDisk()
  a.close()
  b.close()
  await meetUntilEqual(founder, worker)
})

test('S2 S5 a partner and a worker of another grid share the membership log alone, and are equal in that', async () => {
  const { community, founder } = await TestCommunity.create(['一号网格', '二号网格'])
  try {
    const worker = await community.join(founder, '测试员乙', 'worker', ['二号网格'])
    const partner = await community.join(founder, '测试物业', 'partner', ['一号网格'])
    const { a, b } = meet(worker, partner)
    await until(() => a.isDone() && b.isDone(), 'both equal')
    // Not before each knows of the other that it belongs: the worker had not heard of the partner.
    expect(worker.digest(worker.identity.community)).toEqual(partner.digest(partner.identity.community))
    for (const session of [a, b])
      expect(session.state()).toMatchObject({
        equal: true,
        sized: true,
        spaces: [{ space: founder.identity.community, equal: true }],
      })
    a.close()
    b.close()
  } finally {
    await community.close()
  }
})

test('a damaged store ends the meeting in order: whoever waits for its end is told', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  expectOk(await building(founder, '楼'))
  const { store } = founder.trunk
  const { transaction, relaxed } = store
  const { a, b, pair } = meet(founder, worker, {}, held)
  const ended: string[] = []
  a.onClose((reason) => ended.push(reason))
  const damaged = () => {
    throw Object.assign(new Error('database disk image is malformed'), {
      code: 'ERR_SQLITE_ERROR',
      errcode: 11,
    })
  }
  Object.assign(store, { transaction: damaged, relaxed: damaged })
  pair.release('ab')
  await until(() => b.state().closed !== null, 'hung up')
  expect([ended, a.state().closed]).toEqual([['damaged-store'], 'damaged-store'])
  Object.assign(store, { transaction, relaxed })
})

test('S4 nothing is said to be here before the disk has it: no ack, no heads, no digest', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  await meetUntilEqual(founder, worker)
  const { store } = worker.trunk
  const { flush, flushNow } = store
  let asked = 0
  const disk = Promise.withResolvers<void>()
  const { a, b } = meet(founder, worker)
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  store.flush = async () => {
    await disk.promise
    return flush.call(store)
  }
  store.flushNow = () => {
    asked++
    flushNow.call(store)
  }
  expectOk(await building(founder, '楼'))
  await until(() => [...worker.records({ type: 'building' })].length === 1, 'it can be read at the other')
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  // The digest that the one who wrote it says meanwhile is not answered.
  expect([a.state().toSend, a.isEqual(), b.isEqual(), asked]).toEqual([1, false, false, 0])
  expect(founder.lastOwnEntry(gridOf(founder))!.witnesses).toEqual([])
  disk.resolve()
  await until(() => a.isEqual() && b.isEqual(), 'both equal again')
  expect(founder.lastOwnEntry(gridOf(founder))!.witnesses).toEqual([worker.identity.station])
  // What it holds is said after whatever was committed last is there.
  expect(asked).toBeGreaterThan(0)
  a.close()
  b.close()
})

test('a station that closes while its disk takes what came ends its meeting, and says nothing more', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  await meetUntilEqual(founder, worker)
  const { a, b } = meet(founder, worker)
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  const disk = Promise.withResolvers<void>()
  worker.trunk.store.flush = () => disk.promise
  expectOk(await building(founder, '楼'))
  await until(() => [...worker.records({ type: 'building' })].length === 1, 'it can be read at the other')
  await worker.close()
  disk.resolve()
  await until(() => a.state().closed !== null, 'ended')
  expect([a.state().closed, a.state().sent]).toEqual(['station-closed', 0])
})

test('a disk that does not take what it was given ends the meeting: nothing was said to be there', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  await meetUntilEqual(founder, worker)
  const { a, b } = meet(founder, worker)
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  worker.trunk.store.flush = () =>
    Promise.reject(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }))
  expectOk(await building(founder, '楼'))
  await until(() => a.state().closed !== null && b.state().closed !== null, 'ended')
  expect([a.state().closed, b.state().closed]).toEqual(['damaged-store', 'damaged-store'])
  expect(founder.lastOwnEntry(gridOf(founder))!.witnesses).toEqual([])
})
