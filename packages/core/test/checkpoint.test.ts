import { expect, test } from 'vitest'
import { expectOk } from '../src/result.ts'
import { makeCheckpoint, prune } from '../src/station/checkpoint.ts'
import { diagnose } from '../src/station/doctor.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { startFrom } from './checkpoint-carry.ts'

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
  const { founder, worker, grid, community } = setup
  for (let round = 0; round < 4; round++) {
    await write(founder, grid, `甲${round}`)
    await deliver(founder, worker)
    await write(worker, grid, `乙${round}`)
    await deliver(worker, founder)
  }
  expectOk(await makeCheckpoint(founder, grid))
  await deliver(founder, worker)
  await write(worker, grid, '见过了')
  await deliver(worker, founder)
  const before = founder.digest(grid)
  const pruned = expectOk(await prune(founder, grid))
  expect(pruned.entries).toBe(6)
  expect(founder.digest(grid)).toEqual(before)
  expect(diagnose(founder).checks.filter(({ ok }) => !ok)).toEqual([])
})

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
