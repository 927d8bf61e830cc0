import { expect, test } from 'vitest'
import { parseEntry } from '../src/log/entry.ts'
import { encodeSegment, parseSegment } from '../src/log/segment.ts'
import { expectOk } from '../src/result.ts'
import { diagnose } from '../src/station/doctor.ts'
import { eraseRecords } from '../src/station/erase.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { erasureIdOf, readPart } from '../src/trunk/erase.ts'
import { rebuildSpace } from '../src/trunk/rebuild.ts'
import { openRecordSet } from '../src/work/record-set.ts'
import { bytesOnDisk, meetAll } from './erasure-history.ts'
import { Forger, write } from './forge.ts'

const REASON = 'left-community'
const street = '不该留下的街名'

const add = async (station: Station, grid: string, id?: string) =>
  expectOk(
    await station.write('record.edit', (book) =>
      book.create('building', grid, { set: { name: '楼', street } }, id),
    ),
  ).value
const edit = async (station: Station, id: string, value: string) =>
  expectOk(await station.write('record.edit', (book) => book.edit(id, { set: { street: value } })))
const erase = async (station: Station, ...ids: string[]) =>
  expectOk(await eraseRecords(station, ids, { reason: REASON }))
const meet = (...stations: Station[]) => meetAll(stations)
/** The sealed parts about a record, as they lie in a station's log. */
function sealedParts(station: Station, space: string, id: string): Uint8Array[] {
  const { trunk } = station
  const found: Uint8Array[] = []
  for (const stored of trunk.store.entriesOf(space, 0, 10_000)) {
    const { header } = expectOk(parseEntry(stored.raw))
    for (const [index, blob] of stored.raw.blobs.entries()) {
      const change = index > 0 ? readPart(trunk, space, stored, header, index) : null
      if (blob && change?.id === id) found.push(blob)
    }
  }
  return found
}
const onDisk = (station: Station, bytes: Uint8Array) => bytesOnDisk(station.home, [bytes])
const open = async () => {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  return { community, founder, worker, grid: gridOf(founder), [Symbol.asyncDispose]: () => community.close() }
}

test('A19 an erased record is gone on every station, its bytes from every file, and the chains still verify', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  const relay = await community.join(founder, '盲网关', 'relay')
  const grid = gridOf(founder)
  const id = await add(founder, grid)
  const other = await add(founder, grid)
  await meet(founder, worker, relay)
  await edit(worker, id, '另一条不该留下的街名')
  await meet(founder, worker, relay)
  const sealed = sealedParts(founder, grid, id)
  expect(sealed).toHaveLength(2)
  for (const station of [founder, worker, relay])
    for (const bytes of sealed) expect(onDisk(station, bytes)).toHaveLength(1)
  const entriesBefore = founder.digest(grid).entries
  const report = await erase(founder, id)
  expect(report).toMatchObject({ erased: [{ record: id, type: 'building', parts: 2 }] })
  expect(report.entries).toHaveLength(1)
  await meet(founder, worker, relay)
  for (const station of [founder, worker, relay]) {
    expect(station.get(id)).toBeNull()
    for (const bytes of sealed) expect(onDisk(station, bytes)).toEqual([])
    expect(station.digest(grid).digest).toBe(founder.digest(grid).digest)
    expect(station.digest(grid).entries).toBe(entriesBefore + 1)
    expect(diagnose(station)).toMatchObject({ ok: true })
  }
  for (const station of [founder, worker]) {
    expect(station.get(other)).toMatchObject({ fields: { street } })
    expect(station.get(erasureIdOf(id))).toMatchObject({
      fields: { record: id, recordType: 'building' },
      timelines: { acts: [{ value: { reason: REASON, by: founder.identity.member, parts: 2 } }] },
    })
    expect(station.digest(grid).recordsDigest).toBe(founder.digest(grid).recordsDigest)
  }
})

test('A19 a newcomer takes what was erased without its parts, because it hears of the erasure first', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const grid = gridOf(founder)
  const id = await add(founder, grid)
  await edit(founder, id, '又一条')
  await erase(founder, id)
  await add(founder, grid)
  const late = await community.join(founder, '新来的')
  const report = await deliver(founder, late)
  expect(report).toMatchObject({ refused: [], missing: 0, stripped: 0 })
  expect(report.announced).toBeGreaterThan(0)
  expect(late.digest(grid)).toEqual(founder.digest(grid))
  expect(late.get(id)).toBeNull()
  expect(diagnose(late)).toMatchObject({ ok: true })
})

test('A19 a lying relay that strips a part without an erasure achieves that nothing of it is kept, and no loss', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  const grid = gridOf(founder)
  const id = await add(founder, grid)
  const stripped = founder.outgoing(grid, worker.heads(grid)).map(({ row }) => {
    const segment = expectOk(parseSegment(founder.segment(row)))
    return encodeSegment(
      segment.log,
      segment.entries.map(({ raw }) => ({
        ...raw,
        blobs: raw.blobs.map((blob, at) => (at === 1 ? null : blob)),
      })),
      segment.signature,
    )
  })
  const report = expectOk(await worker.admit(stripped, 'st-liar'))
  expect(report).toMatchObject({ admitted: 0, stripped: 1, refused: [] })
  expect(worker.quarantine().stripped).toMatchObject([{ from: 'st-liar', reason: 'stripped' }])
  await deliver(founder, worker)
  expect(worker.get(id)).not.toBeNull()
  expect(worker.quarantine().stripped).toEqual([])
})

test('A19 what is written about an erased record by those who had not heard is void everywhere, and erased too', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  const grid = gridOf(founder)
  const id = await add(founder, grid)
  await meet(founder, worker)
  await erase(founder, id)
  await edit(worker, id, '还没听说')
  const [late] = sealedParts(worker, grid, id).slice(-1)
  // Either order of arrival.
  await deliver(founder, worker)
  expect(worker.get(id)).toBeNull()
  expect(worker.trunk.store.voids({ space: grid, reason: 'record-erased' })).toHaveLength(1)
  const written = await worker.write('record.edit', (book) =>
    book.create('building', grid, { set: { name: '又' } }, id),
  )
  expect(written).toMatchObject({ problem: { type: 'record-erased' } })
  await deliver(worker, founder)
  expect(founder.get(id)).toBeNull()
  await meet(founder, worker)
  for (const station of [founder, worker]) {
    expect(station.get(id)).toBeNull()
    expect(onDisk(station, late!)).toEqual([])
    expect(station.trunk.store.voids({ reason: 'record-erased' })).toEqual([])
    expect(station.digest(grid)).toEqual(founder.digest(grid))
    expect(diagnose(station)).toMatchObject({ ok: true })
  }
})

test('A19 long parts leave no byte either: those that SQLite spreads over pages of their own', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const { value: id, entries } = expectOk(
    await founder.write('visit.record', (book) =>
      book.create('visit', grid, {
        set: { household: 'hh-0001', outcome: 'met', on: '2026-08-01', answers: { note: '长'.repeat(9000) } },
      }),
    ),
  )
  await meet(founder, worker)
  const sealed = founder.trunk.store.entry(entries[0]!.hash)!.raw.blobs[1]!
  expect(sealed.length).toBeGreaterThan(20_000)
  for (const station of [founder, worker]) expect(onDisk(station, sealed)).toHaveLength(1)
  await erase(founder, id)
  await meet(founder, worker)
  for (const station of [founder, worker]) expect(onDisk(station, sealed)).toEqual([])
  for (const station of [founder, worker]) {
    await station.close()
    expect(onDisk(station, sealed)).toEqual([])
  }
})

test('A19 many records and many parts take several entries, under one act of one person', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const ids: string[] = []
  for (let batch = 0; batch < 3; batch++) {
    const made = await founder.write('record.edit', (book) => {
      const fresh: string[] = []
      for (let n = 0; n < 100; n++) {
        const one = book.create('building', grid, { set: { name: `楼${n}` } })
        if (!one.ok) return one
        fresh.push(one.value)
      }
      return { ok: true, value: fresh }
    })
    ids.push(...expectOk(made).value)
  }
  const forger = Forger.of(worker, grid)
  const many = Array.from({ length: 900 }, (_, n) =>
    forger.data(worker, { parts: [write(ids[0]!, { street: `街${n}` })] }),
  )
  const segments: Uint8Array[] = []
  for (let at = 0; at < many.length; at += 50) segments.push(forger.segment(...many.slice(at, at + 50)))
  expect(expectOk(await founder.admit(segments, 'test'))).toMatchObject({ admitted: 900 })
  const report = await erase(founder, ...ids)
  expect(report.erased[0]).toEqual({ record: ids[0], type: 'building', parts: 901 })
  expect(report.erased.slice(1).every(({ parts }) => parts === 1)).toBe(true)
  expect(report.entries.length).toBeGreaterThan(2)
  await meet(founder, worker)
  for (const station of [founder, worker]) {
    expect([...station.records({ type: 'building' })]).toEqual([])
    const tombs = [...station.records({ type: 'erasure' })]
    expect(tombs).toHaveLength(300)
    const acts = tombs.find((tomb) => tomb.fields.record === ids[0])!.timelines.acts!
    expect(acts.reduce((sum, { value }) => sum + Number((value as { parts: number }).parts), 0)).toBe(901)
    expect(diagnose(station)).toMatchObject({ ok: true })
  }
})

test('A19 drafts that name an erased record go with it, others stay', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const id = await add(founder, grid)
  await meet(founder, worker)
  worker.putDraft(`form/${id}`, { text: '填了一半' })
  worker.putDraft('list', { todo: [id] })
  worker.putDraft('other', { todo: [] })
  await erase(founder, id)
  await meet(founder, worker)
  expect([worker.draft(`form/${id}`), worker.draft('list')]).toEqual([null, null])
  expect(worker.draft('other')).not.toBeNull()
})

test('A19 whoever shows records is told that one is gone', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const id = await add(founder, grid)
  await meet(founder, worker)
  const set = openRecordSet(worker)
  const told: string[] = []
  set.subscribe(({ erased }) => told.push(...erased.map((record) => record.id)))
  expect(set.get(id)).not.toBeNull()
  await erase(founder, id)
  await meet(founder, worker)
  expect([set.get(id), told, [...set.ofType('building')]]).toEqual([null, [id], []])
  set.close()
})

test('A19 only chiefs and stewards erase, only what may be erased, and only for a reason', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  const steward = await community.join(founder, '档案台', 'steward')
  const id = await add(founder, grid)
  await meet(founder, worker, steward)
  const tries = [
    [worker, [id], REASON, 'role-may-not'],
    [founder, ['bu-0000'], REASON, 'no-such-record'],
    [founder, [id], ' ', 'reason-needed'],
    [founder, [id], '长'.repeat(81), 'reason-too-long'],
    [founder, [[...founder.records({ type: 'grid' })][0]!.id], REASON, 'not-erasable'],
  ] as const
  for (const [station, ids, reason, type] of tries)
    expect(await eraseRecords(station, ids, { reason })).toMatchObject({ ok: false, problem: { type } })
  await erase(steward, id)
  const tomb = erasureIdOf(id)
  expect(await eraseRecords(steward, [tomb], { reason: REASON })).toMatchObject({
    problem: { type: 'not-erasable' },
  })
  const entries = steward.digest(grid).entries
  expect((await erase(steward, id)).entries).toEqual([])
  expect(steward.digest(grid).entries).toBe(entries)
})

test('A19 what is not reached is said: stations that have not met us, and all that is outside of stations', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const { notReached } = await erase(founder, await add(founder, grid))
  expect(notReached).toEqual([
    { type: 'station', station: worker.identity.station, former: false, metAt: null },
    { type: 'bundles' },
    { type: 'backups' },
    { type: 'paper' },
  ])
})

test('A19 records folded again from the log are the same with erasures in it', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const id = await add(founder, grid)
  await add(founder, grid)
  await meet(founder, worker)
  await edit(worker, id, '同时写的')
  await erase(founder, id)
  await deliver(founder, worker)
  const before = worker.digest(grid)
  worker.trunk.store.transaction(() => rebuildSpace(worker.trunk, grid))
  expect(worker.digest(grid)).toEqual(before)
  expect(worker.get(id)).toBeNull()
  expect(worker.trunk.store.voids({ reason: 'record-erased' })).toHaveLength(1)
})

test('A19 another process that has the home open is told, and keeps no byte on disk by being there', async () => {
  await using setup = await open()
  const { community, founder, grid } = setup
  const id = await add(founder, grid)
  const [sealed] = sealedParts(founder, grid, id)
  const other = community.reopen(founder)
  const set = openRecordSet(other)
  const gone = new Promise<void>((resolve) => {
    set.subscribe(({ erased }) => {
      if (erased.some((record) => record.id === id)) resolve()
    })
  })
  expect(set.get(id)).not.toBeNull()
  await erase(founder, id)
  expect(onDisk(founder, sealed!)).toEqual([])
  await gone
  expect(set.get(id)).toBeNull()
  set.close()
})

test('A19 what is held back about an erased record is told, and erased as soon as somebody lets it in', async () => {
  await using setup = await open()
  const { community, founder, worker, grid } = setup
  const colleague = await community.join(founder, '测试员丙')
  const id = await add(founder, grid)
  await meet(founder, worker, colleague)
  expectOk(
    await founder.act((write) => {
      write({ type: 'remove', member: worker.identity.member, cut: [] })
      return { ok: true, value: undefined }
    }),
  )
  await edit(worker, id, '被扣下的')
  const sealed = sealedParts(worker, grid, id).at(-1)!
  const fromWorker = worker.outgoing(grid, founder.heads(grid)).map(({ row }) => worker.segment(row))
  expect(expectOk(await founder.admit(fromWorker, 'test'))).toMatchObject({ held: 1 })
  const { erased, notReached } = await erase(founder, id)
  expect([erased[0]!.parts, notReached[0]]).toEqual([1, { type: 'held', entries: 1 }])
  expect(onDisk(founder, sealed)).toHaveLength(1)
  expectOk(await founder.release(founder.quarantine().held[0]!.id))
  expect(onDisk(founder, sealed)).toEqual([])
  await deliver(founder, colleague)
  expectOk(await colleague.admit(fromWorker, 'test'))
  expect(onDisk(colleague, sealed)).toEqual([])
  expect(colleague.get(id)).toBeNull()
  await meet(founder, colleague)
  expect(colleague.digest(grid)).toEqual(founder.digest(grid))
  for (const station of [founder, colleague]) expect(diagnose(station)).toMatchObject({ ok: true })
})
