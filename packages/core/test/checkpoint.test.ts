import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { expectOk } from '../src/result.ts'
import {
  findCheckpoint,
  listCheckpoints,
  makeCheckpoint,
  offerFor,
  prune,
  verifyCheckpoint,
} from '../src/station/checkpoint.ts'
import { diagnose } from '../src/station/doctor.ts'
import { openStation } from '../src/station/open-station.ts'
import type { Station } from '../src/station/station.ts'
import { DamagedStoreError } from '../src/store/store.ts'
import { deliver, gridOf, TestCommunity, testSecret } from '../src/testing/test-community.ts'
import { carryKnown, startFrom } from './checkpoint-carry.ts'

test('A18 a newcomer that starts from a checkpoint accepts the same entries and holds the same records', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  for (let n = 0; n < 5; n++) await write(founder, grid, `甲${n}`)
  await deliver(founder, worker)
  for (let n = 0; n < 5; n++) await write(worker, grid, `乙${n}`)
  await deliver(worker, founder)
  const made = expectOk(await makeCheckpoint(founder, grid))
  expect(made).toMatchObject({
    entries: 10,
    records: 10,
    state: 'equal',
    isHere: true,
    isUnderOlderKey: false,
  })
  await write(founder, grid, '后来')
  const newcomer = await community.join(founder, '测试员丙')
  await deliver(founder, newcomer, [founder.identity.community])
  expectOk(await startFrom(founder, newcomer, grid))
  await deliver(founder, newcomer)
  expect(newcomer.digest(grid)).toEqual(founder.digest(grid))
  expect(newcomer.digest(grid).entries).toBe(12)
  expect(newcomer.trunk.store.countEntries(grid, 'accepted')).toBe(2)
  expect(projections(newcomer, grid)).toEqual(projections(founder, grid))
  expect(diagnose(newcomer).ok).toBe(true)
  await write(newcomer, grid, '新来的')
  await deliver(newcomer, founder)
  await deliver(newcomer, worker)
  expect(founder.digest(grid)).toEqual(newcomer.digest(grid))
})

test('A18 what everybody has seen leaves a working station, no byte of it stays, and it goes on as before', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  await talk(founder, worker, grid)
  const old = founder.trunk.store.entriesOf(grid, 0, 3).map(({ raw }) => Buffer.from(raw.blobs[1]!))
  const file = () => readFileSync(join(founder.home, 'station.db'))
  founder.trunk.store.checkpoint()
  expect(old.every((part) => file().includes(part))).toBe(true)
  expect(await prune(founder, grid)).toMatchObject({ problem: { type: 'no-checkpoint' } })
  expectOk(await makeCheckpoint(founder, grid))
  await deliver(founder, worker)
  await write(worker, grid, '见过了')
  await deliver(worker, founder)
  const before = founder.digest(grid)
  const shown = projections(founder, grid)
  expect(expectOk(await prune(founder, grid)).entries).toBe(6)
  expect(founder.digest(grid)).toEqual(before)
  expect(projections(founder, grid)).toEqual(shown)
  expect(diagnose(founder, { repair: true }).checks.filter(({ ok }) => !ok)).toEqual([])
  expect(projections(founder, grid)).toEqual(shown)
  expect(old.some((part) => file().includes(part))).toBe(false)
  await write(founder, grid, '之后')
  await deliver(founder, worker)
  await write(worker, grid, '之后的之后')
  await deliver(worker, founder)
  expect(worker.digest(grid)).toEqual(founder.digest(grid))
  expect(expectOk(await prune(founder, grid)).entries).toBe(0)
  const reopened = setup.community.reopen(founder)
  expect(diagnose(reopened).ok).toBe(true)
  expect(reopened.digest(grid)).toEqual(worker.digest(grid))
})

test('A18 who lacks what is not here any more is offered the checkpoint, and nothing it could not take', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  await talk(founder, worker, grid)
  expectOk(await makeCheckpoint(founder, grid))
  await deliver(founder, worker)
  await write(worker, grid, '见过了')
  await deliver(worker, founder)
  expectOk(await prune(founder, grid))
  const newcomer = await community.join(founder, '测试员丙')
  await deliver(founder, newcomer, [founder.identity.community])
  expect(founder.outgoing(grid, []).map(({ row }) => row.log)).toEqual([])
  const offer = offerFor(founder, grid, [])
  expect(offer).toMatchObject({ isNeeded: true })
  // Another has every entry: it needs no checkpoint, and offers none for so few entries.
  expect(offerFor(worker, grid, [])).toBeNull()
  expectOk(await startFrom(founder, newcomer, grid))
  await deliver(founder, newcomer)
  expect(newcomer.digest(grid)).toEqual(founder.digest(grid))
  // A newcomer hands on what it started from.
  const next = await community.join(founder, '测试员丁')
  await deliver(founder, next, [founder.identity.community])
  expectOk(await startFrom(newcomer, next, grid))
  await deliver(newcomer, next)
  expect(next.digest(grid)).toEqual(founder.digest(grid))
})

test('A18 a station that was away for a year keeps what it has not seen from being pruned, and comes back whole', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  const away = await community.join(founder, '测试员丙')
  for (const from of [founder, worker, away])
    for (const to of [founder, worker, away]) if (from !== to) await deliver(from, to)
  await write(away, grid, '走之前写的')
  await deliver(away, founder)
  await deliver(founder, away)
  for (let n = 0; n < 3; n++) await write(away, grid, `没带回来的${n}`)
  for (let month = 0; month < 12; month++) {
    await talk(founder, worker, grid)
    expectOk(await makeCheckpoint(founder, grid))
    await deliver(founder, worker)
    await deliver(worker, founder)
    const pruned = expectOk(await prune(founder, grid))
    // What it said it saw may go at most; nothing since it left.
    expect(pruned.entries).toBe(0)
    carryKnown(founder, worker, grid)
    expect(expectOk(await prune(worker, grid)).entries).toBe(0)
  }
  for (let round = 0; round < 3; round++)
    for (const from of [away, founder, worker])
      for (const to of [away, founder, worker]) if (from !== to) await deliver(from, to)
  for (const station of [worker, away]) expect(station.digest(grid)).toEqual(founder.digest(grid))
  expect(projections(away, grid)).toEqual(projections(founder, grid))
  expect(projections(founder, grid).join()).toContain('没带回来的2')
  // Now that it has said so, what was old goes.
  await write(away, grid, '都看到了')
  await deliver(away, founder)
  expect(expectOk(await prune(founder, grid)).entries).toBeGreaterThan(20)
  expect(diagnose(founder).ok).toBe(true)
})

test('A18 a restored home that writes on what it knew long ago is understood where that was pruned', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  await talk(founder, worker, grid)
  const restored = community.copyHome(worker)
  await talk(founder, worker, grid)
  expectOk(await makeCheckpoint(founder, grid))
  await deliver(founder, worker)
  await write(worker, grid, '见过了')
  await deliver(worker, founder)
  expect(expectOk(await prune(founder, grid)).entries).toBeGreaterThan(8)
  await write(restored, grid, '旧备份里写的')
  await deliver(restored, founder)
  expect(founder.quarantine()).toMatchObject({ held: [], refused: [] })
  // What it lacks is not there any more as entries: it goes on from the checkpoint, with all that it has.
  expect(offerFor(founder, grid, restored.heads(grid))).toMatchObject({ isNeeded: true })
  expectOk(await startFrom(founder, restored, grid))
  await deliver(founder, restored)
  expect(projections(founder, grid).join()).toContain('旧备份里写的')
  expect(restored.digest(grid)).toEqual(founder.digest(grid))
})

test('A18 who holds a space and writes nothing in it says of each checkpoint that it has seen what went before', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  const relay = await community.join(founder, '测试员己', 'relay')
  const auditor = await community.join(founder, '测试员辛', 'auditor')
  const all = [founder, worker, relay, auditor]
  const everybodyMeets = async () => {
    for (let round = 0; round < 2; round++)
      for (const from of all)
        for (const to of all)
          if (from !== to) await deliver(from, to, [from.identity.community, ...from.holdings()])
  }
  await talk(founder, worker, grid)
  await everybodyMeets()
  expectOk(await makeCheckpoint(founder, grid))
  await everybodyMeets()
  await write(worker, grid, '见过了')
  await everybodyMeets()
  expect(expectOk(await prune(founder, grid)).entries).toBe(6)
  const before = founder.digest(grid).entries
  await everybodyMeets()
  // Once for each checkpoint, and not by those who write anyway.
  expect(founder.digest(grid).entries).toBe(before)
  expect(before).toBe(8 + 1 + 2 + 1)
  for (const station of all) expect(station.digest(grid).digest).toBe(founder.digest(grid).digest)
})

test('A18 a station that keeps everything prunes only when told to', async () => {
  await using setup = await open()
  const { founder, grid, community } = setup
  const steward = await community.join(founder, '测试员戊', 'steward')
  await write(founder, grid, '甲')
  await deliver(founder, steward)
  expectOk(await makeCheckpoint(steward, grid))
  expect(await prune(steward, grid)).toMatchObject({ problem: { type: 'keeps-everything' } })
  expectOk(await prune(steward, grid, { evenHere: true }))
})

test('A18 a blind gateway keeps a checkpoint, starts from it, and hands it on without opening it', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  await talk(founder, worker, grid)
  const made = expectOk(await makeCheckpoint(founder, grid))
  const relay = await community.join(founder, '测试员己', 'relay')
  await deliver(founder, relay, [founder.identity.community])
  expectOk(await startFrom(founder, relay, grid))
  expect(relay.digest(grid)).toEqual({ ...founder.digest(grid), recordsDigest: null })
  expect(listCheckpoints(relay)).toMatchObject([{ id: made.id, state: 'unverified', isHere: true }])
  const row = expectOk(findCheckpoint(relay, made.id))
  expect(await verifyCheckpoint(relay, row)).toMatchObject({ ok: false })
  const newcomer = await community.join(founder, '测试员丙')
  await deliver(founder, newcomer, [founder.identity.community])
  expectOk(await startFrom(relay, newcomer, grid))
  await deliver(relay, newcomer, [grid])
  expect(newcomer.digest(grid)).toEqual(founder.digest(grid))
})

test('A17 A18 after a removal the checkpoint is under an older key, until the next is made', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  await talk(founder, worker, grid)
  expectOk(await makeCheckpoint(founder, grid))
  expect(listCheckpoints(founder, grid)).toMatchObject([{ isUnderOlderKey: false }])
  const cut = founder.trunk.store.tips(grid).map(({ ref }) => ref)
  const { key } = worker.identity
  const theirs = cut.filter(({ log }) => Buffer.compare(founder.trunk.store.log(log)!.key, key) === 0)
  expectOk(
    await founder.act((write) => ({
      ok: true,
      value: write({ type: 'remove', member: worker.identity.member, cut: theirs }),
    })),
  )
  expect(listCheckpoints(founder, grid)).toMatchObject([{ isUnderOlderKey: true }])
  expectOk(await makeCheckpoint(founder, grid))
  expect(listCheckpoints(founder, grid)[0]).toMatchObject({ isUnderOlderKey: false, state: 'equal' })
  // Whoever joins now reads the newest without a key of before.
  const newcomer = await community.join(founder, '测试员丙')
  await deliver(founder, newcomer, [founder.identity.community])
  expectOk(await startFrom(founder, newcomer, grid))
  await deliver(founder, newcomer)
  expect(newcomer.digest(grid)).toEqual(founder.digest(grid))
})

test('A18 taking a checkpoint where entries are already, or twice, loses and doubles nothing', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  await talk(founder, worker, grid)
  const late = await community.join(founder, '测试员丙')
  await deliver(founder, late)
  const shared = [...late.records({ type: 'building' })][0]!.id
  expectOk(await late.write('record.edit', (book) => book.edit(shared, { set: { name: '晚到的改名' } })))
  expectOk(await founder.write('record.edit', (book) => book.edit(shared, { set: { street: '新街' } })))
  await talk(founder, worker, grid)
  expectOk(await makeCheckpoint(founder, grid))
  expectOk(await startFrom(founder, late, grid))
  expect(await startFrom(founder, late, grid)).toMatchObject({ ok: true })
  await deliver(late, founder)
  await deliver(founder, late)
  expect(late.digest(grid)).toEqual(founder.digest(grid))
  expect(late.get(shared)?.fields).toMatchObject({ name: '晚到的改名', street: '新街' })
  expect(diagnose(late).ok).toBe(true)
})

test('what is noted of a checkpoint and was altered on the disk is damage, named by the doctor and noted again', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  await talk(founder, worker, grid)
  const { id } = expectOk(await makeCheckpoint(founder, grid))
  const { home } = founder
  await founder.close()
  const db = new DatabaseSync(join(home, 'station.db'))
  db.exec("UPDATE checkpoint SET commitment = x'80'")
  db.close()
  await using again = expectOk(await openStation({ home, secret: testSecret }))
  expect(() => offerFor(again, grid, [], 0)).toThrow(DamagedStoreError)
  const wrong = () => diagnose(again).checks.filter(({ ok }) => !ok)
  expect(wrong()).toMatchObject([{ name: 'checkpoints', wrong: [{ what: 'differs' }] }])
  diagnose(again, { repair: true })
  expect(wrong()).toEqual([])
  expect(offerFor(again, grid, [], 0)).not.toBeNull()
  expect(listCheckpoints(again, grid)).toMatchObject([{ id, isHere: true }])
})

/** Four rounds of writing and meeting. */
async function talk(one: Station, other: Station, space: string): Promise<void> {
  for (let round = 0; round < 4; round++) {
    await write(one, space, `甲${round}`)
    await deliver(one, other)
    await write(other, space, `乙${round}`)
    await deliver(other, one)
  }
}

async function write(station: Station, space: string, name: string): Promise<string> {
  const made = await station.write('record.edit', (book) => book.create('building', space, { set: { name } }))
  return expectOk(made).value
}

const projections = (station: Station, space: string) =>
  [...station.records({ space })].map((record) => JSON.stringify(record)).sort()

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  return { community, founder, worker, grid: gridOf(founder), [Symbol.asyncDispose]: () => community.close() }
}
