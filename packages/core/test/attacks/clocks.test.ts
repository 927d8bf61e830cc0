import { expect, test } from 'vitest'
import { expectOk, ok } from '../../src/result.ts'
import { createInvite, grantRequest, joinWithInvite } from '../../src/station/invite.ts'
import type { Station } from '../../src/station/station.ts'
import { deliver, gridOf, TestCommunity, testSecret } from '../../src/testing/test-community.ts'
import { dueList } from '../../src/work/due.ts'
import { listVisits } from '../../src/work/queries.ts'
import { openRecordSet } from '../../src/work/record-set.ts'
import { recordVisit } from '../../src/work/record-visit.ts'

const YEAR = 365 * 24 * 3600_000
const NOW = Date.UTC(2026, 7, 1)
const OFF = { past: -10 * YEAR, right: 0, future: 10 * YEAR } as const

const edit = (station: Station, id: string, street: string) =>
  station.write('record.edit', (book) => book.edit(id, { set: { street } }))

test('A9 members whose clocks are ten years off, both ways: nothing is reordered, nothing is lost, and the times shown are their own', async () => {
  await using setup = await open()
  const { founder, past, future } = setup
  const grid = gridOf(founder)
  const { value: id } = expectOk(
    await founder.write('record.edit', (book) =>
      book.create('building', grid, { set: { name: '楼', street: '一' } }),
    ),
  )
  // Each has seen the one before: the order is what each knew, whatever their clocks say.
  await deliver(founder, future)
  expectOk(await edit(future, id, '二'))
  await deliver(future, past)
  await deliver(founder, past)
  await deliver(future, past)
  expectOk(await edit(past, id, '三'))
  await deliver(past, founder)
  await deliver(future, founder)
  await deliver(past, founder)
  await deliver(founder, future)
  for (const station of [founder, past, future]) {
    expect(station.get(id)).toMatchObject({ fields: { street: '三' }, conflicts: {} })
    // The latest time any of them wrote down, not the last to write.
    expect(station.get(id)?.changedAt).toBeGreaterThan(NOW + 9 * YEAR)
  }
  // Two who did not know of each other disagree, and no clock decides it.
  expectOk(await edit(past, id, '过去说'))
  expectOk(await edit(future, id, '将来说'))
  for (const from of [past, future]) await deliver(from, founder)
  const values = founder.get(id)?.conflicts.street
  expect(values?.map(({ value }) => value).sort()).toEqual(['过去说', '将来说'].sort())
  expect(values?.map(({ at }) => Math.round((at - NOW) / YEAR)).sort((a, b) => a - b)).toEqual([-10, 10])
})

test('an invite is judged by the inviting station’s clock alone: neither a newcomer from the past nor one from the future changes that', async () => {
  await using setup = await open()
  const { founder, community } = setup
  for (const off of Object.values(OFF)) {
    const invite = expectOk(createInvite(founder, { role: 'worker', name: '测试员戊', grids: [] }))
    const home = community.newHome()
    const joined = expectOk(
      joinWithInvite(home, testSecret, invite, { stationName: '戊', now: () => NOW + off }),
    )
    community.stations.push(joined.station)
    expectOk(await grantRequest(founder, joined.request))
  }
  const late = expectOk(createInvite(founder, { role: 'worker', name: '测试员己', grids: [], validMs: -1 }))
  const joined = expectOk(
    joinWithInvite(community.newHome(), testSecret, late, { stationName: '己', now: () => NOW - 10 * YEAR }),
  )
  community.stations.push(joined.station)
  expect(await grantRequest(founder, joined.request)).toMatchObject({ problem: { type: 'invite-expired' } })
})

test('A4 a chief whose clock is ten years behind is not senior for it, and one ahead not junior', async () => {
  await using setup = await open()
  const { founder, community } = setup
  const early = await community.join(founder, '测试员庚', 'chief', [], () => NOW + OFF.future)
  const late = await community.join(founder, '测试员辛', 'chief', [], () => NOW + OFF.past)
  const rank = (station: Station) => founder.membership().members.get(station.identity.member)!.rank
  expect(rank(early).path.at(-1)!).toBeLessThan(rank(late).path.at(-1)!)
})

test('a visit from a clock ten years ahead does not take its door off the list; one from ten years ago does not either', async () => {
  await using setup = await open()
  const { founder, past, future } = setup
  const grid = gridOf(founder)
  const { value: doors } = expectOk(
    await founder.write('record.import', (book) => {
      const building = expectOk(book.create('building', grid, { set: { name: '1幢' } }))
      return ok(
        ['101', '102'].map((room) => {
          const dwelling = expectOk(book.create('dwelling', grid, { set: { building, unit: '1', room } }))
          return expectOk(book.create('household', grid, { set: { dwelling, name: `测试住户 ${room}` } }))
        }),
      )
    }),
  )
  await deliver(founder, past)
  await deliver(founder, future)
  expectOk(await recordVisit(future, { household: doors[0]!, outcome: 'met' }))
  expectOk(await recordVisit(past, { household: doors[1]!, outcome: 'met' }))
  await deliver(future, founder)
  await deliver(past, founder)
  const set = openRecordSet(founder, { follow: false })
  const due = dueList(set, { on: '2027-08-01' }).map(({ household, lastVisitOn }) => [household, lastVisitOn])
  expect(due.sort()).toEqual(
    [
      [doors[0], null],
      [doors[1], '2016-08-03'],
    ].sort(),
  )
  expect(
    listVisits(set)
      .map(({ on }) => on)
      .sort(),
  ).toEqual(['2016-08-03', '2036-07-29'])
})

async function open() {
  const { community, founder } = await TestCommunity.create(['一号网格'], () => NOW)
  const past = await community.join(founder, '测试员乙', 'worker', ['一号网格'], () => NOW + OFF.past)
  const future = await community.join(founder, '测试员丙', 'worker', ['一号网格'], () => NOW + OFF.future)
  for (const station of [past, future]) await deliver(founder, station)
  return { community, founder, past, future, [Symbol.asyncDispose]: () => community.close() }
}
