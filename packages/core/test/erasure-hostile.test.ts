import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { sameBytes } from '../src/bytes/bytes.ts'
import { encodeCbor } from '../src/bytes/cbor.ts'
import { type Entry, type EntryRef, parseEntry } from '../src/log/entry.ts'
import { encodeSegment, parseSegment } from '../src/log/segment.ts'
import type { Change } from '../src/record/change.ts'
import { expectOk } from '../src/result.ts'
import { diagnose } from '../src/station/doctor.ts'
import { eraseRecords } from '../src/station/erase.ts'
import type { Station } from '../src/station/station.ts'
import type { ErasedName } from '../src/store/store.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { keepAside } from '../src/trunk/aside.ts'
import { erasureIdOf } from '../src/trunk/erase.ts'
import { encodeErasedList, parseErasedList } from '../src/trunk/erased-list.ts'
import { encodePart, sealDeed, sealPart } from '../src/trunk/part.ts'
import { bytesOnDisk, meetAll } from './erasure-history.ts'
import { actsOf, Forger, headsOf, write } from './forge.ts'

const REASON = 'test'
const admit = async (to: Station, ...segments: Uint8Array[]) => expectOk(await to.admit(segments, 'test'))
const nameOf = (forger: Forger, entry: Entry, ...parts: number[]): ErasedName => ({
  ...forger.ref(entry),
  parts,
})
const tombstone = (record: string): Change => ({
  type: 'erasure',
  version: 1,
  id: erasureIdOf(record),
  writes: [{ type: 'field', name: 'record', value: record }],
  unwrites: [],
})

/** An erasure as somebody with a key might write it, honest or not. */
function forgeErasure(
  forger: Forger,
  as: Station,
  input: {
    list: Uint8Array | readonly ErasedName[]
    parts?: readonly Change[]
    action?: string
    seq?: number
    deps?: readonly EntryRef[]
  },
): Entry {
  const { keyring } = as.trunk
  const space = forger.log.space
  const generation = keyring.latest(as.membership(), space)!
  const key = keyring.keyFor(as.membership(), generation.id, forger.id, space)!
  const seq = input.seq ?? 0
  const deed = { member: as.identity.member, action: input.action ?? 'record.erase', at: 1, act: 'ac-0000' }
  const bytes = input.list instanceof Uint8Array ? input.list : encodeErasedList(input.list)
  const blobs = [
    { bytes: sealDeed(key, forger.id, seq, deed), key: 0 },
    ...(input.parts ?? []).map((part, at) => ({
      bytes: sealPart(key, forger.id, seq, at + 1, encodePart(part)),
      key: 0,
    })),
    { bytes, key: -1 },
  ]
  const seen = seq === 0 ? { acts: actsOf(as), deps: input.deps ?? headsOf(as, space) } : {}
  return forger.append(forger.entry({ ...seen, seq }, [generation.id], blobs))
}

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const grid = gridOf(founder)
  const add = async (station: Station) =>
    expectOk(
      await station.write('record.edit', (book) => book.create('building', grid, { set: { name: '楼' } })),
    ).value
  return { community, founder, worker, grid, add, [Symbol.asyncDispose]: () => community.close() }
}

test('A19 whose role may not erase is refused, by its own past alone', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const forger = Forger.of(worker, grid)
  const victim = forger.data(worker, { parts: [write('bu-0001', { name: '楼' })] })
  await admit(founder, forger.segment(victim))
  const eraser = Forger.of(worker, grid)
  const erasure = forgeErasure(eraser, worker, {
    list: [nameOf(forger, victim, 1)],
    parts: [tombstone('bu-0001')],
  })
  expect((await admit(founder, eraser.segment(erasure))).refused).toMatchObject([{ reason: 'role-may-not' }])
  expect(founder.get('bu-0001')).not.toBeNull()
})

test('A19 a list that is not exactly one is an unsealed blob, and refused', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const log = randomBytes(16)
  const hash = randomBytes(32)
  const lists = [
    encodeCbor('text'),
    encodeCbor([[log, 0, hash]]),
    encodeCbor([[log, 0, hash, 0]]),
    encodeCbor([[log, 0, hash, 2, 1]]),
    encodeCbor([[log, 0, hash, 1, 1]]),
    encodeCbor([[log, 0, hash, 513]]),
    encodeCbor([[log, -1, hash, 1]]),
    encodeCbor([[log.subarray(1), 0, hash, 1]]),
    encodeCbor([
      [log, 0, hash, 1],
      [log, 0, hash, 2],
    ]),
    encodeCbor([
      [log, 1, hash, 1],
      [log, 0, hash, 2],
    ]),
    encodeCbor([[log, 0, hash, 1, '张三']]),
    new Uint8Array([0xff]),
    new Uint8Array(0),
  ]
  for (const list of lists) {
    expect(parseErasedList(list).ok).toBe(false)
    const forger = Forger.of(founder, grid)
    const entry = forgeErasure(forger, founder, { list, parts: [tombstone('bu-0001')] })
    expect((await admit(worker, forger.segment(entry))).refused).toMatchObject([{ reason: 'unsealed' }])
  }
  const twice = Forger.of(founder, grid)
  const blob = { bytes: encodeErasedList([]), key: -1 }
  const entry = twice.append(twice.entry({ acts: actsOf(founder) }, [], [blob, blob]))
  expect((await admit(worker, twice.segment(entry))).refused).toMatchObject([{ reason: 'unsealed' }])
})

test('A19 an ordinary entry writes no tombstone, and an erasure writes nothing else', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const ordinary = Forger.of(worker, grid)
  const parts = [tombstone('bu-0001'), write('bu-0001', { name: '还在' })]
  await admit(founder, ordinary.segment(ordinary.data(worker, { parts })))
  expect(founder.get('bu-0001')).toMatchObject({ fields: { name: '还在' } })
  const eraser = Forger.of(founder, grid)
  const mixed = { list: [], parts: [write('bu-0002', { name: '夹带' }), tombstone('bu-0003')] }
  await admit(founder, eraser.segment(forgeErasure(eraser, founder, mixed)))
  expect([founder.get('bu-0002'), founder.get(erasureIdOf('bu-0003'))?.type]).toEqual([null, 'erasure'])
  const misnamed = { ...tombstone('bu-0004'), id: erasureIdOf('bu-0001') }
  await admit(founder, eraser.segment(forgeErasure(eraser, founder, { list: [], parts: [misnamed], seq: 1 })))
  expect(founder.get('bu-0001')).not.toBeNull()
  const reasons = founder.trunk.store.voids({ space: grid }).map(({ reason }) => reason)
  expect(reasons).toEqual(['not-an-erasure', 'not-an-erasure', 'not-an-erasure'])
})

test('A19 an entry of another action erases nothing that can be read, and its tombstones are void', async () => {
  await using setup = await open()
  const { founder, worker, grid, add } = setup
  const id = await add(founder)
  const eraser = Forger.of(founder, grid)
  const entry = forgeErasure(eraser, founder, { list: [], parts: [tombstone(id)], action: 'record.edit' })
  await admit(founder, eraser.segment(entry))
  await meetAll([founder, worker])
  for (const station of [founder, worker]) expect(station.get(id)).not.toBeNull()
})

test('A19 a part named without a tombstone is gone from the record everywhere, whoever had folded it', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const forger = Forger.of(worker, grid)
  const first = forger.data(worker, {
    parts: [write('bu-0001', { name: '一' }), write('bu-0002', { name: '二' })],
  })
  const second = forger.data(worker, { parts: [write('bu-0001', { street: '街' })] })
  const before = [forger.segment(first, second)]
  for (const station of [founder, worker]) await admit(station, ...before)
  const eraser = Forger.of(founder, grid)
  await admit(founder, eraser.segment(forgeErasure(eraser, founder, { list: [nameOf(forger, first, 1)] })))
  await meetAll([founder, worker])
  const late = await setup.community.join(founder, '新来的')
  await meetAll([founder, worker, late])
  for (const station of [founder, worker, late]) {
    expect(station.get('bu-0001')?.fields).toEqual({ street: '街' })
    expect(station.get('bu-0002')?.fields).toEqual({ name: '二' })
    expect(station.digest(grid)).toEqual(founder.digest(grid))
    expect(diagnose(station)).toMatchObject({ ok: true })
  }
})

test('A19 nothing erases an erasure', async () => {
  await using setup = await open()
  const { founder, worker, grid, add } = setup
  const id = await add(founder)
  const { entries } = expectOk(await eraseRecords(founder, [id], { reason: REASON }))
  const eraser = Forger.of(founder, grid)
  const list = [{ ...entries[0]!, parts: [1, 2] }]
  expect(await admit(founder, eraser.segment(forgeErasure(eraser, founder, { list })))).toMatchObject({
    admitted: 1,
  })
  await meetAll([founder, worker])
  for (const station of [founder, worker]) {
    expect(station.get(erasureIdOf(id))).not.toBeNull()
    expect(diagnose(station)).toMatchObject({ ok: true })
  }
})

test('A19 an erasure that names what its author had not seen is refused: another space, a colleague’s news, nothing', async () => {
  await using setup = await open()
  const { founder, worker, grid, add } = setup
  await add(founder)
  await meetAll([founder, worker])
  const [other] = headsOf(founder, founder.communitySpace()!)
  const [seen] = headsOf(founder, grid)
  const forger = Forger.of(worker, grid)
  const unseen = forger.data(worker, { parts: [write('bu-0001', { name: '楼' })] })
  const heads = headsOf(founder, grid)
  await admit(founder, forger.segment(unseen))
  const lists: ErasedName[][] = [
    [{ ...other!, parts: [1] }],
    [nameOf(forger, unseen, 1)],
    [{ ...seen!, hash: new Uint8Array(randomBytes(32)), parts: [1] }],
    [{ ...seen!, seq: seen!.seq + 1, parts: [1] }],
    [{ ...seen!, log: forger.id, parts: [1] }],
  ]
  for (const list of lists) {
    const eraser = Forger.of(founder, grid)
    const entry = forgeErasure(eraser, founder, { list, deps: heads })
    expect((await admit(founder, eraser.segment(entry))).refused).toMatchObject([{ reason: 'erases-unseen' }])
  }
  const eraser = Forger.of(founder, grid)
  const fine = forgeErasure(eraser, founder, { list: [{ ...seen!, parts: [1] }], deps: heads })
  expect(await admit(founder, eraser.segment(fine))).toMatchObject({ admitted: 1, refused: [] })
  expect(founder.get('bu-0001')).not.toBeNull()
})

test('A19 on a forked log an erasure reaches the branch its author had seen, not the other', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const epoch = new Uint8Array(randomBytes(16))
  const [left, right] = [Forger.of(worker, grid, epoch), Forger.of(worker, grid, epoch)]
  const a = left.data(worker, { parts: [write('bu-0001', { name: '左' })] })
  const b = right.data(worker, { parts: [write('bu-0002', { name: '右' })] })
  await admit(founder, left.segment(a))
  const heads = headsOf(founder, grid)
  await admit(founder, right.segment(b))
  for (const [name, admitted] of [
    [nameOf(right, b, 1), 0],
    [nameOf(left, a, 1), 1],
  ] as const) {
    const eraser = Forger.of(founder, grid)
    const entry = forgeErasure(eraser, founder, { list: [name], deps: heads, parts: [tombstone('bu-0001')] })
    expect(await admit(founder, eraser.segment(entry))).toMatchObject({ admitted })
  }
  await meetAll([founder, worker])
  for (const station of [founder, worker]) {
    expect(station.get('bu-0001')).toBeNull()
    expect(bytesOnDisk(station.home, [a.raw.blobs[1]!])).toEqual([])
    expect(bytesOnDisk(station.home, [b.raw.blobs[1]!])).toHaveLength(1)
    expect(diagnose(station)).toMatchObject({ ok: true })
  }
})

test('A19 a held erasure erases nothing until it is let in; taken back, it brings nothing back', async () => {
  await using setup = await open()
  const { founder, worker, grid, add, community } = setup
  const steward = await community.join(founder, '档案台', 'steward')
  const id = await add(founder)
  await meetAll([founder, worker, steward])
  const cut = [...headsOf(steward, grid)].filter(
    ({ log }) => steward.trunk.store.log(log)!.key === steward.identity.key,
  )
  // Removed before its erasure is heard of.
  expectOk(
    await founder.act((write) => {
      write({ type: 'remove', member: steward.identity.member, cut })
      return { ok: true, value: undefined }
    }),
  )
  await deliver(founder, worker)
  expectOk(await eraseRecords(steward, [id], { reason: REASON }))
  const report = await deliver(steward, founder)
  expect(report).toMatchObject({ held: 1, refused: [] })
  expect(founder.get(id)).not.toBeNull()
  expect(founder.quarantine().announced).toMatchObject([{ space: grid, parts: 1 }])
  await deliver(founder, worker)
  expect(worker.get(id)).not.toBeNull()
  const [held] = founder.quarantine().held
  expectOk(await founder.release(held!.id))
  expect([founder.get(id), founder.quarantine().announced]).toEqual([null, []])
  await deliver(founder, worker)
  expect(worker.get(id)).toBeNull()
  expect(worker.digest(grid)).toEqual(founder.digest(grid))
})

test('A19 un-accepting an erasure cannot bring back what it erased', async () => {
  await using setup = await open()
  const { founder, worker, add, community } = setup
  const steward = await community.join(founder, '档案台', 'steward')
  const id = await add(founder)
  await meetAll([founder, worker, steward])
  expectOk(await eraseRecords(steward, [id], { reason: REASON }))
  await deliver(steward, worker)
  expect(worker.get(id)).toBeNull()
  expectOk(
    await founder.act((write) => {
      for (const { identity } of [steward, worker])
        write({ type: 'remove', member: identity.member, cut: [] })
      return { ok: true, value: undefined }
    }),
  )
  await deliver(founder, worker, [founder.identity.community])
  expect(worker.isMember()).toBe(false)
  expect(worker.trunk.store.held().length).toBeGreaterThan(0)
  expect(worker.get(id)).toBeNull()
})

/** What a newcomer is sent of a space, and how far it takes it before the erasure itself. */
async function announcedOnly(setup: Awaited<ReturnType<typeof open>>) {
  const { founder, worker, grid, add, community } = setup
  const id = await add(founder)
  await meetAll([founder, worker])
  const [before] = founder.outgoing(grid, []).map(({ row }) => founder.segment(row))
  const { entries } = expectOk(await eraseRecords(founder, [id], { reason: REASON }))
  const late = await community.join(founder, '新来的')
  const plan = founder.outgoing(grid, [])
  const notices = plan.filter(({ isNotice }) => isNotice)
  expect(notices.length).toBeGreaterThan(0)
  const first = plan.find(({ row, isNotice }) => !isNotice && row.first === 0)!
  const report = await admit(late, ...[...notices, first].map(({ row }) => founder.segment(row)))
  return { id, before: before!, late, report, erasure: entries[0]! }
}

test('A19 what is announced and not confirmed is shown, and put back by whoever still has it', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  // The erasure stands on something the newcomer does not get.
  const id = await setup.add(worker)
  await meetAll([founder, worker])
  const forger = Forger.of(founder, grid)
  const victim = forger.data(founder, { parts: [write('bu-0001', { name: '还在别处' })] })
  const whole = forger.segment(victim)
  await admit(founder, whole)
  const eraser = Forger.of(founder, grid)
  const erasure = forgeErasure(eraser, founder, {
    list: [nameOf(forger, victim, 1)],
    parts: [tombstone('bu-0001')],
  })
  const notice = eraser.segment(erasure)
  const segment = expectOk(parseSegment(whole))
  const stripped = encodeSegment(
    segment.log,
    segment.entries.map(({ raw }) => ({ ...raw, blobs: [raw.blobs[0]!, null] })),
    segment.signature,
  )
  const late = await setup.community.join(founder, '新来的')
  expect(await admit(late, stripped)).toMatchObject({ admitted: 0, stripped: 1 })
  expect(await admit(late, notice, stripped)).toMatchObject({ admitted: 1, announced: 1, stripped: 0 })
  expect(late.get('bu-0001')).toBeNull()
  expect(late.quarantine().announced).toMatchObject([{ space: grid, parts: 1 }])
  expect(diagnose(late).checks.find(({ name }) => name === 'erasures')).toMatchObject({
    ok: true,
    counts: { parts: 0, unconfirmed: 1 },
  })
  // Somebody who has not heard of it still has the part.
  expect(await admit(late, whole)).toMatchObject({ known: 1 })
  expect(late.get('bu-0001')).toMatchObject({ fields: { name: '还在别处' } })
  await deliver(founder, late)
  await admit(late, notice)
  expect([late.get('bu-0001'), late.quarantine().announced]).toEqual([null, []])
  await admit(late, whole)
  expect(late.get('bu-0001')).toBeNull()
  expect(bytesOnDisk(late.home, [victim.raw.blobs[1]!])).toEqual([])
  expect(late.get(id)).not.toBeNull()
})

test('A19 a notice is believed only of somebody who had the right to erase', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  const forger = Forger.of(founder, grid)
  const victim = forger.data(founder, { parts: [write('bu-0001', { name: '楼' })] })
  const segment = expectOk(parseSegment(forger.segment(victim)))
  const stripped = encodeSegment(
    segment.log,
    segment.entries.map(({ raw }) => ({ ...raw, blobs: [raw.blobs[0]!, null] })),
    segment.signature,
  )
  const late = await community.join(founder, '新来的')
  await setup.add(worker)
  for (const liar of [Forger.of(worker, grid), Forger.stranger(grid)]) {
    const notice = liar.segment(forgeErasure(liar, worker, { list: [nameOf(forger, victim, 1)] }))
    expect(await admit(late, notice, stripped)).toMatchObject({ admitted: 0, announced: 0, stripped: 1 })
  }
  expect(late.quarantine().announced).toEqual([])
})

test('A19 the deed of an entry, the list of an erasure and an act are never taken without their bytes', async () => {
  await using setup = await open()
  const { founder, late, erasure } = { ...setup, ...(await announcedOnly(setup)) }
  const row = founder.trunk.store.entry(erasure.hash)!
  const segments = founder.outgoing(setup.grid, []).filter(({ isNotice }) => !isNotice)
  for (const without of [0, row.raw.blobs.length - 1]) {
    for (const { row: sent } of segments) {
      const { log, entries, signature } = expectOk(parseSegment(founder.segment(sent)))
      const cut = entries.map(({ raw, hash }) =>
        Buffer.compare(hash, erasure.hash) === 0
          ? { ...raw, blobs: raw.blobs.map((blob, at) => (at === without ? null : blob)) }
          : raw,
      )
      await admit(late, encodeSegment(log, cut, signature))
    }
    expect(late.has(erasure.hash)).toBe(false)
  }
})

test('A19 a peer that still has the part of an erased record and sends it: it is dropped at once', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  const { id, before } = await announcedOnly(setup)
  const sealed = expectOk(parseSegment(before)).entries.flatMap(({ raw }) => {
    expectOk(parseEntry(raw))
    return raw.blobs.slice(1).map((blob) => blob!)
  })
  await meetAll([founder, worker])
  for (const station of [founder, worker]) {
    expect(await admit(station, before)).toMatchObject({ admitted: 0, refused: [] })
    expect(station.get(id)).toBeNull()
    expect(bytesOnDisk(station.home, sealed)).toEqual([])
  }
})

test('A19 what is kept aside loses an erased part in every segment that holds it, whoever cut them', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const { trunk } = founder
  const forger = Forger.of(worker, grid)
  const entries = ['一', '二', '三'].map((name) =>
    forger.data(worker, { parts: [write('bu-0001', { name })] }),
  ) as [Entry, Entry, Entry]
  const eraser = Forger.of(founder, grid)
  const erasure = forgeErasure(eraser, founder, { list: [nameOf(forger, entries[1], 1)] })
  const [one, two, three] = entries
  const segments = [forger.segment(one, two), forger.segment(two, three), eraser.segment(erasure)]
  trunk.store.transaction(() => {
    for (const bytes of segments)
      expect(keepAside(trunk, expectOk(parseSegment(bytes)), bytes, 'carry', 1024 * 1024)).toBe('kept')
  })
  const kept = trunk.store.aside.rows({ reason: 'carry' }).map(({ n }) => trunk.store.aside.segment(n)!)
  const parts = kept
    .flatMap((bytes) => expectOk(parseSegment(bytes)).entries)
    .filter(({ hash }) => sameBytes(hash, two.hash))
    .map(({ raw }) => raw.blobs[1])
  expect(parts).toEqual([null, null])
})
