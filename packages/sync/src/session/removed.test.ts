import { join } from 'node:path'
import { expectOk, handOver, removeMember, type Station, standingOf } from '@doorstep/core'
import { deliver, gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { readBundle } from '../bundle/read-bundle.ts'
import { retireHome } from '../node/retire.ts'
import { meet, meetUntilEqual, until } from './meet.fixture.ts'

const building = (station: Station, name: string, space = gridOf(station)) =>
  station.write('record.edit', (book) => book.create('building', space, { set: { name } }))
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map(({ fields }) => fields.name)

test('S7 A8 a removed laptop hands its unsent tail to quarantine, learns that it was removed, and reads no more', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  expectOk(await building(worker, '送过的'))
  await meetUntilEqual(founder, worker)
  expectOk(await building(worker, '没送过的'))
  const removed = expectOk(await removeMember(founder, worker.identity.member))
  expect(removed.stations).toEqual([worker.identity.station])
  expectOk(await building(founder, '之后的'))
  const heard: string[] = []
  const { a, b } = meet(founder, worker, { onRemoved: (from) => heard.push(from) })
  await until(
    () => heard.length > 0 && founder.heldFrom(worker.identity.station) === 1,
    'told, and the tail held',
  )
  expect(standingOf(worker)).toMatchObject({ state: 'removed', by: founder.identity.station })
  expect(names(worker)).toEqual([])
  expect(names(founder).sort()).toEqual(['之后的', '送过的'].sort())
  expect(founder.quarantine().held).toMatchObject([
    { from: worker.identity.station, reason: 'station-not-standing' },
  ])
  expect(worker.digest(gridOf(founder)).entries).toBeLessThan(founder.digest(gridOf(founder)).entries)
  a.close()
  b.close()
  // The chief looks at it, and lets it count.
  expectOk(await founder.release(founder.quarantine().held[0]!.id))
  expect(names(founder)).toContain('没送过的')
})

test('S8 A6 a grid handed over while its worker was out: his week of visits arrives, and the grid leaves his laptop', async () => {
  await using setup = await open()
  const { founder, worker, community } = setup
  const grid = gridOf(founder)
  const next = await community.join(founder, '测试员丙', 'worker', [])
  await meetUntilEqual(founder, worker)
  expectOk(await building(worker, '离线写的'))
  expectOk(
    await handOver(founder, { from: worker.identity.member, to: next.identity.member, spaces: [grid] }),
  )
  const { a, b } = meet(founder, worker)
  await until(
    () => names(founder).includes('离线写的') && worker.member()?.spaces.length === 0,
    'handed over',
  )
  expect(founder.quarantine().held).toEqual([])
  expect(names(worker)).toEqual([])
  a.close()
  b.close()
  await meetUntilEqual(founder, next)
  expect(names(next)).toEqual(['离线写的'])
  expectOk(await building(next, '接着写', grid))
})

test('S8 who is removed hands over what a colleague wrote, whose laptop nobody else has met', async () => {
  await using setup = await open()
  const { founder, worker, community } = setup
  const other = await community.join(founder, '测试员丁', 'worker', [gridOf(founder)])
  await meetUntilEqual(founder, other)
  await meetUntilEqual(founder, worker)
  expectOk(await building(worker, '只有丁见过的'))
  await meetUntilEqual(worker, other)
  expectOk(await removeMember(founder, other.identity.member))
  const { a, b } = meet(founder, other)
  await until(() => names(founder).includes('只有丁见过的'), 'handed over')
  a.close()
  b.close()
})

test('S8 who hears of its removal by stick leaves a file with what a colleague wrote who was removed as well', async () => {
  await using setup = await open()
  const { founder, worker, community } = setup
  const other = await community.join(founder, '测试员丁', 'worker', [gridOf(founder)])
  await meetUntilEqual(founder, worker)
  expectOk(await building(worker, '只有丁见过的'))
  await meetUntilEqual(worker, other)
  for (const { identity } of [worker, other]) expectOk(await removeMember(founder, identity.member))
  await deliver(founder, other, [founder.identity.community])
  const { unsent } = expectOk(await retireHome(other, 'removed', join(community.folder, 'unsent')))
  expectOk(await readBundle(founder, unsent!))
  expect(founder.quarantine().held).toMatchObject([{ from: worker.identity.station }])
})

test('S9 a removed station that writes on and on fills a bounded quarantine', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  expectOk(await removeMember(founder, worker.identity.member))
  for (let n = 0; n < 12; n++) expectOk(await building(worker, `楼${n}`))
  const { a, b } = meet(founder, worker, { maxHeldFromFormer: 5 })
  await until(() => a.state().closed !== null, 'closed')
  expect([a.state().closed, b.state().closed]).toContain('quarantine-full')
  expect(founder.heldFrom(worker.identity.station)).toBe(12)
})

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  return { community, founder, worker, [Symbol.asyncDispose]: () => community.close() }
}
