import {
  assignRole,
  createInvite,
  expectOk,
  grantRequest,
  joinWithInvite,
  listVoided,
  ratifyAct,
  removeMember,
  type Station,
  standingOf,
} from '@doorstep/core'
import { deliver, gridOf, TestCommunity, testSecret } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { meetUntilEqual } from '../../src/session/meet.fixture.ts'

const add = (station: Station, name: string) =>
  station.write('record.edit', (book) => book.create('building', gridOf(station), { set: { name } }))
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map(({ fields }) => fields.name).sort()
const membersOf = (station: Station) => [...station.membership().members.keys()].sort()

test('A4 two chiefs remove each other offline: the senior’s removal stands, on all three laptops, whoever meets first', async () => {
  for (const first of ['senior', 'junior'] as const) {
    await using setup = await open()
    const { founder, chief, worker } = setup
    expectOk(await add(founder, '甲写'))
    expectOk(await add(chief, '乙写'))
    expectOk(await removeMember(founder, chief.identity.member))
    // The junior cannot even write it: only what is senior is removed (A4).
    expect(await removeMember(chief, founder.identity.member)).toMatchObject({
      problem: { type: 'not-senior' },
    })
    // Nor does a removal of the worker count that it made without having heard of its own.
    expectOk(await removeMember(chief, worker.identity.member))
    const order = first === 'senior' ? [founder, chief] : [chief, founder]
    for (const station of order) await deliver(station, worker)
    await deliver(founder, worker)
    await meetUntilEqual(founder, worker)
    for (const station of [founder, worker]) {
      expect(membersOf(station)).not.toContain(chief.identity.member)
      expect(membersOf(station)).toContain(worker.identity.member)
    }
    await deliver(founder, chief, [founder.identity.community])
    expect(standingOf(chief).state).toBe('removed')
    expect(standingOf(worker).state).toBe('standing')
    expect(names(worker)).toContain('甲写')
  }
})

test('A5 a chief demoted while inviting: the newcomer is void and loses nothing, and one act brings it back', async () => {
  await using setup = await open()
  const { founder, chief, worker, community } = setup
  const invite = expectOk(createInvite(chief, { role: 'worker', name: '测试员戊', grids: ['一号网格'] }))
  const joined = expectOk(joinWithInvite(community.newHome(), testSecret, invite, { stationName: '戊' }))
  community.stations.push(joined.station)
  expectOk(await grantRequest(chief, joined.request))
  await deliver(chief, joined.station)
  const newcomer = joined.station
  expectOk(await add(newcomer, '新人写'))
  expectOk(await assignRole(founder, chief.identity.member, 'worker'))
  await deliver(chief, founder)
  await deliver(newcomer, founder)
  await deliver(founder, worker)
  expect(standingOf(founder).state).toBe('standing')
  expect(founder.membership().stations.has(newcomer.identity.station)).toBe(false)
  expect(names(founder)).toEqual([])
  await deliver(founder, newcomer, [founder.identity.community])
  expect(standingOf(newcomer).state).toBe('void')
  const voided = listVoided(founder).filter(({ type }) => type === 'member')
  expect(voided).toHaveLength(1)
  expectOk(await ratifyAct(founder, voided[0]!.act))
  await meetUntilEqual(founder, newcomer)
  expect(names(founder)).toEqual(['新人写'])
  await meetUntilEqual(founder, worker)
  expect(names(worker)).toEqual(['新人写'])
})

async function open() {
  const { community, founder } = await TestCommunity.create()
  const chief = await community.join(founder, '测试员乙', 'chief')
  const worker = await community.join(founder, '测试员丙')
  for (const station of [chief, worker]) await deliver(founder, station)
  return { community, founder, chief, worker, [Symbol.asyncDispose]: () => community.close() }
}
