import { decodeCbor, encodeCbor, expectOk, type Station, setCarry } from '@doorstep/core'
import { gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { createWirePair } from '../memory-wire.ts'
import type { Wire } from '../wire.ts'
import { systemClock } from './clock.ts'
import { until } from './meet.fixture.ts'
import { commonVersion, encodeMessage, FEATURES, greeting, PROTOCOL } from './message.ts'
import { Session } from './session.ts'

test('S11 two ranges of versions have the newest that both speak in common, or none', () => {
  const range = (oldest: number, newest: number) => ({ oldest, newest })
  expect(commonVersion(range(1, 3), range(2, 5))).toBe(3)
  expect(commonVersion(range(2, 5), range(1, 3))).toBe(3)
  expect(commonVersion(range(1, 1), range(1, 1))).toBe(1)
  expect(commonVersion(range(1, 2), range(3, 4))).toBeNull()
  expect(commonVersion(range(3, 4), range(1, 2))).toBeNull()
})

test('S11 a newer peer, with fields behind ours, kinds of message that we do not know and more features, is met to the end', async () => {
  await using setup = await open()
  const { a, b, said } = meetThrough(setup, (wire) => [
    encodeCbor([77, { later: true }, new Uint8Array(100)]),
    encodeCbor(
      wire[0] === 0
        ? [0, [1, 9, 'more'], ...wire.slice(2, 6), [...FEATURES, 'telepathy'], wire[7], 'more']
        : [...wire, 'more', 7],
    ),
  ])
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  expect([...setup.worker.records({ type: 'building' })]).toHaveLength(1)
  expect(said.length).toBeGreaterThan(3)
})

test('S11 an older peer, with none of our features, is met in what both know and told nothing that it does not', async () => {
  await using setup = await open()
  const { worker } = setup
  expectOk(setCarry(worker, 1024 * 1024))
  const plain = (wire: unknown[]) => (wire[0] === 0 ? [...wire.slice(0, 6), [], wire[7]] : wire)
  const older = (wire: unknown[]) => (Number(wire[0]) > 12 ? [] : [encodeCbor(plain(wire))])
  // It reads no features either.
  const { a, b, said } = meetThrough(setup, older, plain)
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  expect(said.filter((kind) => kind > 12)).toEqual([])
})

test('S5 S11 two that were equal, with nothing new at either, prove it by one hash in their greetings; with anything new, or an older peer, by heads and digests', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  const [HEADS, DIGEST] = [1, 4]
  const meetOnce = async (rewrite: (wire: unknown[]) => Uint8Array[] = (wire) => [encodeCbor(wire)]) => {
    const { a, b, said } = meetThrough(setup, rewrite)
    await until(() => a.isEqual() && b.isEqual(), 'both equal')
    a.close()
    b.close()
    return said.filter((kind) => kind === HEADS || kind === DIGEST)
  }
  expect(await meetOnce()).toContain(DIGEST)
  expect(await meetOnce()).toEqual([])
  expect(founder.peers(worker.identity.station).every(({ equal }) => equal)).toBe(true)
  const older = (wire: unknown[]) => [encodeCbor(wire[0] === 0 ? wire.slice(0, 8) : wire)]
  expect(await meetOnce(older)).toContain(DIGEST)
  // Whoever says another sum is told heads, and whoever has more sends it.
  const false_ = (wire: unknown[]) => [
    encodeCbor(wire[0] === 0 ? [...wire.slice(0, 8), new Uint8Array(32)] : wire),
  ]
  expect(await meetOnce(false_)).toContain(DIGEST)
  for (const writer of [founder, worker]) {
    const added = writer.write('record.edit', (book) =>
      book.create('building', gridOf(worker), { set: { name: '后' } }),
    )
    expectOk(await added)
    expect(await meetOnce()).toContain(DIGEST)
    expect(await meetOnce()).toEqual([])
  }
  expect([...founder.records({ type: 'building' })]).toHaveLength(3)
  // What changes while the two are together is told as ever.
  const { a, b } = meetThrough(setup, (wire) => [encodeCbor(wire)])
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  const live = founder.write('record.edit', (book) =>
    book.create('building', gridOf(worker), { set: { name: '新' } }),
  )
  const { value } = expectOk(await live)
  await until(() => worker.get(value) !== null && a.isEqual() && b.isEqual(), 'the record there')
})

test('a peer that says it listens on a port that there cannot be is hung up on', async () => {
  await using setup = await open()
  const { community } = setup.founder.identity
  for (const [port, name, closed] of [
    [65_535, 'x', null],
    [65_536, '', 'cannot read the peer: malformed'],
  ] as const) {
    const { session, wire } = meetOne(setup)
    await wire.send(encodeMessage(greeting({ community, name: 'x', port, knows: true })))
    await until(() => session.state().name !== '' || session.state().closed !== null, 'heard')
    expect(session.state()).toMatchObject({ name, closed })
    session.close()
  }
})

test('S11 a peer with no version in common is told so by name; one that says only what is not understood is hung up on', async () => {
  await using setup = await open()
  for (const [range, reason] of [
    [{ oldest: PROTOCOL.newest + 1, newest: PROTOCOL.newest + 3 }, 'newer-protocol'],
    [{ oldest: 0, newest: PROTOCOL.oldest - 1 }, 'older-protocol'],
  ] as const) {
    const { session, wire } = meetOne(setup)
    const hello = greeting({ community: setup.founder.identity.community, name: 'x', port: 0, knows: true })
    await wire.send(encodeMessage({ ...hello, ...range } as typeof hello))
    await until(() => session.state().closed !== null, reason)
    expect(session.state().closed).toBe(reason)
  }
  const { session, wire } = meetOne(setup)
  for (let n = 0; n < 1100; n++) void wire.send(encodeCbor([90 + (n % 7), n])).catch(() => undefined)
  await until(() => session.state().closed !== null, 'hung up')
  expect(session.state().closed).toBe('not-understood')
})

type Setup = Awaited<ReturnType<typeof open>>

/** The founder meets the worker, whose every frame is said in another way; `said`: kinds of what the founder says. */
function meetThrough(
  { founder, worker }: Setup,
  rewrite: (wire: unknown[]) => Uint8Array[],
  hear: (wire: unknown[]) => unknown[] = (wire) => wire,
) {
  const pair = createWirePair({ keyA: founder.identity.key, keyB: worker.identity.key })
  const said: number[] = []
  const atA: Wire = {
    ...pair.a,
    send: (frame) => {
      said.push(frame[1]!)
      return pair.a.send(encodeCbor(hear(expectOk(decodeCbor(frame, frame.length)) as unknown[])))
    },
  }
  const atB: Wire = {
    ...pair.b,
    send: async (frame) => {
      const wire = expectOk(decodeCbor(frame, frame.length)) as unknown[]
      for (const one of rewrite(wire)) await pair.b.send(one)
    },
  }
  const start = (station: Station, wire: Wire) => {
    const session = new Session({ station, wire, clock: systemClock, name: 'test' })
    session.start()
    return session
  }
  return { a: start(founder, atA), b: start(worker, atB), said }
}

function meetOne({ founder, worker }: Setup) {
  const pair = createWirePair({ keyA: founder.identity.key, keyB: worker.identity.key })
  pair.b.onFrame(() => undefined)
  const session = new Session({ station: founder, wire: pair.a, clock: systemClock, name: 'test' })
  session.start()
  return { session, wire: pair.b }
}

async function open() {
  const { community, founder } = await TestCommunity.create(['一号网格', '二号网格'])
  const worker = await community.join(founder, '测试员乙')
  const write = founder.write('record.edit', (book) =>
    book.create('building', gridOf(worker), { set: { name: '楼' } }),
  )
  expectOk(await write)
  return { founder, worker, [Symbol.asyncDispose]: () => community.close() }
}
