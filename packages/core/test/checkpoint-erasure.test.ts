import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { encodeSegment, parseSegment } from '../src/log/segment.ts'
import { expectOk } from '../src/result.ts'
import {
  listCheckpoints,
  makeCheckpoint,
  offerFor,
  parseOffer,
  prune,
  takeOffer,
  wantedCheckpoint,
  wouldTake,
} from '../src/station/checkpoint.ts'
import { diagnose } from '../src/station/doctor.ts'
import { eraseRecords } from '../src/station/erase.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { blobsHere } from '../src/trunk/checkpoint.ts'
import { carryBlobs, startFrom } from './checkpoint-carry.ts'

test('A19 an erased record leaves checkpoint pages: those that hold it go on every station, blind ones too', async () => {
  await using setup = await open()
  const { founder, worker, relay, grid, id } = setup
  await everybodyMeets(setup)
  const made = expectOk(await makeCheckpoint(founder, grid))
  await everybodyMeets(setup)
  const { segment } = offerFor(founder, grid, [], 0)!
  for (const station of [worker, relay]) carryBlobs(founder, station, segment)
  for (const station of [founder, worker, relay])
    expect(listCheckpoints(station, grid)).toMatchObject([{ isHere: true }])
  const blobs = blobsHere(founder.trunk, founder.trunk.store.shelf.checkpoints(grid)[0]!)
  expect(blobs).toHaveLength(2)
  expectOk(await eraseRecords(founder, [id], { reason: '本人要求' }))
  await everybodyMeets(setup)
  for (const station of [founder, worker, relay]) {
    expect(listCheckpoints(station, grid).find(({ id: name }) => name === made.id)).toMatchObject({
      state: 'dropped',
      isHere: false,
    })
    expect(blobs.some((hash) => station.trunk.store.shelf.hasBlob(hash))).toBe(false)
  }
  // A new one was made with the erasure: that is what is offered, and asked for.
  const [renewed] = listCheckpoints(founder, grid)
  expect(renewed).toMatchObject({ state: 'equal', isHere: true, records: made.records })
  expect(parseOffer(offerFor(founder, grid, [], 0)!.segment)?.ref.seq).toBeGreaterThan(0)
  expect(wantedCheckpoint(worker, grid)).toMatchObject({ recordCount: made.records })
  // Who is asked for the old one has the newest instead; whoever knows of the erasure does not take the old one back.
  expect(wouldTake(worker, parseOffer(segment)!, true)).toBe(false)
  const newcomer = await setup.community.join(founder, '测试员丙')
  await deliver(founder, newcomer, [founder.identity.community])
  expectOk(await startFrom(founder, newcomer, grid))
  await deliver(founder, newcomer)
  expect(newcomer.get(id)).toBeNull()
  expect(newcomer.digest(grid)).toEqual(founder.digest(grid))
  expect(newcomer.trunk.store.isErasedRecord(grid, id)).toBe(true)
  expect(diagnose(newcomer).checks.filter(({ ok }) => !ok)).toEqual([])
})

test('A19 what records stand on loses an erased record too, byte for byte, and folds again to the same', async () => {
  await using setup = await open()
  const { founder, worker, grid, id, community } = setup
  await everybodyMeets(setup)
  expectOk(await makeCheckpoint(founder, grid))
  const newcomer = await community.join(founder, '测试员丙')
  await deliver(founder, newcomer, [founder.identity.community])
  expectOk(await startFrom(founder, newcomer, grid))
  await deliver(founder, newcomer)
  const [before] = newcomer.trunk.store.shelf.basePages(grid)
  const sealed = Buffer.from(newcomer.trunk.store.shelf.blob(before!.hash)!).subarray(40, 200)
  newcomer.trunk.store.checkpoint()
  const file = () => readFileSync(join(newcomer.home, 'station.db'))
  expect(file().includes(sealed)).toBe(true)
  expectOk(await eraseRecords(founder, [id], { reason: '本人要求' }))
  await deliver(founder, newcomer)
  await deliver(founder, worker)
  expect(newcomer.get(id)).toBeNull()
  newcomer.trunk.store.checkpoint()
  expect(file().includes(sealed)).toBe(false)
  expect(newcomer.trunk.store.shelf.basePages(grid)).toHaveLength(1)
  expect(diagnose(newcomer, { repair: true }).checks.filter(({ ok }) => !ok)).toEqual([])
  expect(newcomer.get(id)).toBeNull()
  await deliver(newcomer, founder)
  expect(newcomer.digest(grid)).toEqual(founder.digest(grid))
  // It has nothing left to hand on until the next has come.
  expect(offerFor(newcomer, grid, [], 0)).toBeNull()
})

test('A19 a station that is behind and goes on from a checkpoint erases what that one’s past erased', async () => {
  await using setup = await open()
  const { founder, worker, grid, id, community } = setup
  await everybodyMeets(setup)
  const behind = community.copyHome(worker)
  await behind.write('record.edit', (book) => book.edit(id, { set: { street: '晚写的街' } }))
  expectOk(await eraseRecords(founder, [id], { reason: '本人要求' }))
  await everybodyMeets(setup)
  await write(worker, grid, '见过了')
  await everybodyMeets(setup)
  expectOk(await makeCheckpoint(founder, grid))
  expect(behind.get(id)).not.toBeNull()
  const part = behind.trunk.store.entriesOf(grid, 0, 50).find(({ raw }) => raw.blobs.length > 1)!
  expectOk(await startFrom(founder, behind, grid))
  expect(behind.get(id)).toBeNull()
  expect(behind.trunk.store.entry(part.hash)?.raw.blobs[1] ?? null).toBeNull()
  await deliver(behind, founder)
  for (let round = 0; round < 3; round++)
    for (const [from, to] of [
      [founder, behind],
      [behind, founder],
    ] as const)
      await deliver(from, to)
  expect(behind.digest(grid)).toEqual(founder.digest(grid))
  expect(founder.get(id)).toBeNull()
  expect(diagnose(behind).checks.filter(({ ok }) => !ok)).toEqual([])
})

test('A19 an erasure that was itself pruned still counts', async () => {
  await using setup = await open()
  const { founder, worker, grid, id } = setup
  await everybodyMeets(setup)
  expectOk(await eraseRecords(founder, [id], { reason: '本人要求' }))
  await everybodyMeets(setup)
  for (let n = 0; n < 3; n++) {
    await write(founder, grid, `后来${n}`)
    await deliver(founder, worker)
    await write(worker, grid, `再后来${n}`)
    await deliver(worker, founder)
  }
  // The blind gateway writes nothing; that it has seen the checkpoint it says all the same.
  expectOk(await makeCheckpoint(founder, grid))
  await everybodyMeets(setup)
  await write(worker, grid, '见过了')
  await everybodyMeets(setup)
  const before = founder.digest(grid)
  expect(expectOk(await prune(founder, grid)).entries).toBeGreaterThan(3)
  expect(founder.digest(grid)).toEqual(before)
  expect(diagnose(founder, { repair: true }).checks.filter(({ ok }) => !ok)).toEqual([])
  expect(founder.trunk.store.isErasedRecord(grid, id)).toBe(true)
  expect(founder.trunk.store.unconfirmedErasures()).toEqual([])
  expect(await takeOffer(founder, offerFor(founder, grid, [], 0)!.segment, 'again')).toMatchObject({
    ok: true,
  })
  expect(founder.get(id)).toBeNull()
})

test('A18 a checkpoint in a segment that is turned away takes nothing with it that came before in the same batch', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  await write(founder, grid, '早')
  await everybodyMeets(setup)
  await write(founder, grid, '先来')
  const [before] = segmentsOf(founder, worker, grid)
  // What it stands for is what the worker holds by then, so that it looks at its records.
  expectOk(await makeCheckpoint(founder, grid))
  await write(founder, grid, '随后')
  const [, after] = segmentsOf(founder, worker, grid)
  const { log, entries, signature } = expectOk(parseSegment(after!))
  expect(entries).toHaveLength(2)
  const stripped = entries.map(({ raw }, at) => (at === 0 ? raw : { ...raw, blobs: [raw.blobs[0]!, null] }))
  const report = expectOk(await worker.admit([before!, encodeSegment(log, stripped, signature)], 'test'))
  expect(report).toMatchObject({ stripped: 1, refused: [] })
  expect(names(worker)).toContain('先来')
  expect(diagnose(worker).ok).toBe(true)
})

const segmentsOf = (from: Station, to: Station, space: string): Uint8Array[] =>
  from.outgoing(space, to.heads(space)).map(({ row }) => from.segment(row))
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map(({ fields }) => fields.name).sort()

async function write(station: Station, space: string, name: string): Promise<string> {
  return expectOk(
    await station.write('record.edit', (book) => book.create('building', space, { set: { name } })),
  ).value
}

async function everybodyMeets({ founder, worker, relay }: Awaited<ReturnType<typeof open>>): Promise<void> {
  for (let round = 0; round < 2; round++)
    for (const from of [founder, worker, relay])
      for (const to of [founder, worker, relay])
        if (from !== to) await deliver(from, to, [from.identity.community, ...from.holdings()])
}

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const relay = await community.join(founder, '测试员己', 'relay')
  const grid = gridOf(founder)
  const id = await write(founder, grid, '要抹去的')
  await write(founder, grid, '留下的')
  return { community, founder, worker, relay, grid, id, [Symbol.asyncDispose]: () => community.close() }
}
