import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseEntry } from '../src/log/entry.ts'
import { parseSegment } from '../src/log/segment.ts'
import { expectOk } from '../src/result.ts'
import { diagnose } from '../src/station/doctor.ts'
import { eraseRecords } from '../src/station/erase.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { erasureIdOf } from '../src/trunk/erase.ts'

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
const all = (station: Station) => [station.identity.community, ...station.membership().spaces.keys()]
const meet = async (...stations: Station[]) => {
  for (let round = 0; round < 8; round++) {
    let news = 0
    for (const from of stations)
      for (const to of stations) if (from !== to) news += (await deliver(from, to, all(from))).admitted
    if (news === 0) return
  }
  throw new Error('still news after 8 rounds')
}
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
/** Whether any file of a home holds these bytes. */
const onDisk = (station: Station, bytes: Uint8Array): string[] =>
  readdirSync(station.home).filter((file) => readFileSync(join(station.home, file)).includes(bytes))

import { readPart } from '../src/trunk/erase.ts'

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
    for (const bytes of sealed) expect(onDisk(station, bytes)).not.toEqual([])
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

import { encodeSegment } from '../src/log/segment.ts'

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
