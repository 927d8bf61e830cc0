import { expect, test } from 'vitest'
import { toHex } from '../src/bytes/bytes.ts'
import { encodeCbor } from '../src/bytes/cbor.ts'
import { sha256Of } from '../src/crypto/hash.ts'
import { createSigner } from '../src/crypto/keys.ts'
import { type Entry, refToWire } from '../src/log/entry.ts'
import { FORMAT_VERSION } from '../src/log/limits.ts'
import { parseSegment, segmentClaim } from '../src/log/segment.ts'
import { expectOk } from '../src/result.ts'
import { diagnose } from '../src/station/doctor.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { actsOf, Forger, headsOf, write } from './forge.ts'

const admit = async (to: Station, ...segments: Uint8Array[]) => expectOk(await to.admit(segments, 'test'))
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map((record) => record.fields.name).sort()

test('F8 entries of a later version, and what stands on them, are kept as they came, counted, passed on, and make nobody equal', async () => {
  await using setup = await open()
  const { founder, worker, third, grid } = setup
  const forger = Forger.of(founder, grid)
  const known = forger.data(founder, { parts: [write('bu-0001', { name: '今' })] })
  const later = laterVersion(forger, known)
  // Written by somebody whose Doorstep reads the later one: it stands on it.
  const reader = Forger.of(worker, grid)
  const onIt = reader.data(worker, {
    deps: [{ log: forger.id, seq: 1, hash: later.hash }],
    parts: [write('bu-0002', { name: '其后' })],
  })
  const report = await admit(third, forger.segment(known), later.segment, reader.segment(onIt))
  expect(report).toMatchObject({ admitted: 1, aside: 2, missing: 0, refused: [] })
  expect([names(third), third.newer()]).toEqual([['今'], { entries: 2, parts: 0 }])
  // Twice, or in the other order: no harm, and nothing is refused for ever.
  expect(await admit(third, later.segment, reader.segment(onIt))).toMatchObject({ admitted: 0, aside: 0 })
  expect(third.quarantine().refused).toEqual([])
  const check = diagnose(third)
  expect([check.ok, check.checks.find(({ name }) => name === 'newer')?.counts.entries]).toEqual([true, 2])
  // Its heads say that it has them, its digest that it is not equal to one who has not.
  expect(third.heads(grid).map(({ hash }) => toHex(hash))).toEqual(
    expect.arrayContaining([later.hash, onIt.hash].map(toHex)),
  )
  await admit(founder, forger.segment(known))
  expect(third.digest(grid).digest).not.toBe(founder.digest(grid).digest)
  // Passed on as they came, byte for byte; then both are equal again.
  const passed = third.outgoing(grid, founder.heads(grid)).map(({ row }) => third.segment(row))
  expect(passed.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(
    [later.segment, reader.segment(onIt)].map((bytes) => Buffer.from(bytes).toString('hex')),
  )
  await deliver(third, founder, [grid])
  expect([founder.newer(), founder.digest(grid).digest]).toEqual([
    { entries: 2, parts: 0 },
    third.digest(grid).digest,
  ])
  // One that was altered is no later version, but nothing.
  const altered = new Uint8Array(later.segment)
  altered[altered.length - 1]! ^= 1
  expect((await admit(worker, altered)).refused).toHaveLength(1)
  const stranger = Forger.stranger(grid)
  const alien = laterVersion(stranger, stranger.standBy({}))
  expect(await admit(worker, alien.segment)).toMatchObject({ aside: 0, skipped: 1 })
})

test('F8 an envelope alone makes nothing newer: no signature covers its version, so what it holds is judged as ever', async () => {
  await using setup = await open()
  const { founder, third, grid } = setup
  const forger = Forger.of(founder, grid)
  const segment = forger.segment(forger.data(founder, { parts: [write('bu-0001', { name: '今' })] }))
  const renamed = new Uint8Array(segment)
  expect(renamed[1]).toBe(FORMAT_VERSION)
  renamed[1] = FORMAT_VERSION + 1
  expect(await admit(third, renamed)).toMatchObject({ admitted: 1, aside: 0, refused: [] })
  expect([names(third), third.newer().entries]).toEqual([['今'], 0])
  renamed[1] = FORMAT_VERSION - 1
  expect(await admit(founder, renamed)).toMatchObject({ admitted: 0, aside: 0, refused: [{}] })
})

test('F8 an act, a role, an action, a record type and a kind of write that a later version adds: kept, counted, never refused for ever', async () => {
  await using setup = await open()
  const { founder, worker, third, grid } = setup
  const { community } = founder.identity
  const acts = Forger.of(founder, community)
  const seen = actsOf(founder)
  const unknownAct = acts.act(encodeCbor(['merge', 'sp-0001']), { deps: seen })
  const newRole = acts.act(encodeCbor(['assign', [[worker.identity.member, 'doctor']], []]))
  expect(await admit(third, acts.segment(unknownAct), acts.segment(newRole))).toMatchObject({
    admitted: 0,
    aside: 2,
    refused: [],
  })
  const malformed = acts.act(encodeCbor(['assign', [['x', 1]], []]), { seq: 0, prev: unknownAct.header.prev })
  expect((await admit(third, acts.segment(malformed))).refused).toMatchObject([{ reason: 'malformed' }])
  const forger = Forger.of(worker, grid)
  const newType = { ...write('zz-0001', { name: '新种类' }), type: 'garden' }
  const entries = [
    forger.data(worker, { parts: [newType, write('bu-0001', { name: '旧', roof: '新栏' })] }),
    forger.data(worker, { deed: { action: 'garden.plant' }, parts: [write('bu-0002', { name: '新动作' })] }),
    forger.data(worker, {
      parts: [
        encodeCbor(['building', 1, 'bu-0003', [[9, 'name', '新写法']], []]),
        write('bu-0004', { name: '同条' }),
      ],
    }),
  ]
  expect(await admit(third, forger.segment(...entries))).toMatchObject({ admitted: 3, refused: [] })
  // A field that this version does not know is kept like any other, through a rewrite too; it is shown masked.
  expectOk(await third.write('record.edit', (book) => book.edit('bu-0001', { set: { name: '改' } })))
  expect(third.trunk.store.record(grid, 'bu-0001')?.projection.fields).toEqual({ name: '改', roof: '新栏' })
  expect(third.get('bu-0001')?.fields).toEqual({ name: '改', roof: '****' })
  expect([names(third), third.newer()]).toEqual([['同条', '改'], { entries: 2, parts: 3 }])
  expect(diagnose(third).ok).toBe(true)
})

test('F8 after an update what an older version had kept is judged and read', async () => {
  await using setup = await open()
  const { community, founder, worker, third, grid } = setup
  expectOk(
    await worker.write('record.edit', (book) => book.create('building', grid, { set: { name: '收' } })),
  )
  const { row } = worker.outgoing(grid, third.heads(grid))[0]!
  const bytes = worker.segment(row)
  const segment = expectOk(parseSegment(bytes))
  const forger = Forger.of(founder, grid)
  const read = forger.data(founder, { parts: [write('bu-0001', { name: '补' })] })
  await admit(third, forger.segment(read))
  // As an older version would have left this home: one segment it could not judge, one part it could not read.
  const { store } = third.trunk
  store.transaction(() => {
    const { log, id, entries } = segment
    const [first, last] = [entries[0]!.header.seq, entries.at(-1)!.header.seq]
    const place = { space: log.space, log: id, key: log.key, first, last, head: entries.at(-1)!.hash }
    store.aside.put(
      { ...place, reason: 'newer', erases: false, at: 1 },
      bytes,
      entries.map(({ hash }) => hash),
    )
    store.eraseRecords(grid, ['bu-0001'])
    store.putVoid(store.entry(read.hash)!.n, 1, 'unknown-record-type')
    store.putSetting('understands', Buffer.from('an older version'))
  })
  expect(third.newer()).toEqual({ entries: segment.entries.length, parts: 1 })
  await third.close()
  const updated = community.reopen(third)
  await updated.write('record.edit', () => ({ ok: true, value: null }))
  expect([names(updated), updated.newer()]).toEqual([['收', '补'].sort(), { entries: 0, parts: 0 }])
  expect(diagnose(updated).ok).toBe(true)
  // And nothing is done again at the next opening.
  expect(store === updated.trunk.store).toBe(false)
  expect(headsOf(updated, grid)).toHaveLength(2)
})

/** The next entry of a log as a later version would write it: the same envelope, and more behind. */
function laterVersion(forger: Forger, after: Entry): { segment: Uint8Array; hash: Uint8Array } {
  const blob = new Uint8Array(40).fill(9)
  const { seq } = after.header
  const header = encodeCbor([
    FORMAT_VERSION + 1,
    seq + 1,
    after.hash,
    [].map(refToWire),
    [],
    [new Uint8Array(16)],
    [[sha256Of(blob), 0]],
    'what a later version adds',
  ])
  const hash = sha256Of(header)
  const { log, keys, id } = forger
  const signature = createSigner(keys.privateKey)(segmentClaim(id, seq + 1, seq + 1, hash))
  const item = [header, [blob]]
  return {
    segment: encodeCbor([FORMAT_VERSION + 1, log.key, log.epoch, log.space, [item], signature]),
    hash,
  }
}

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const third = await community.join(founder, '测试员丙')
  for (const station of [worker, third]) await deliver(founder, station)
  return {
    community,
    founder,
    worker,
    third,
    grid: gridOf(founder),
    [Symbol.asyncDispose]: () => community.close(),
  }
}
