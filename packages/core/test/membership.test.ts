import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Act } from '../src/membership/act.ts'
import { expectOk } from '../src/result.ts'
import { addGrid } from '../src/station/create-community.ts'
import { createInvite, grantRequest, joinWithInvite } from '../src/station/invite.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity, testSecret } from '../src/testing/test-community.ts'
import { actsOf, Forger } from './forge.ts'

const admit = async (to: Station, ...segments: Uint8Array[]) => expectOk(await to.admit(segments, 'test'))

/** An act may be tried until its hash is small enough; sixteen tries would beat a rule that chose by hash. */
async function insist(from: Station, to: Station, act: () => Act): Promise<void> {
  for (let time = 0; time < 16; time++) {
    const forger = Forger.of(from, to.identity.community)
    await admit(to, forger.segment(forger.act(act(), { deps: actsOf(to) })))
  }
}

test('A3 a station belongs to the member it was added for: no later act takes it over', async () => {
  await using setup = await open()
  const { founder, second } = setup
  await insist(second, founder, () => ({
    type: 'station',
    member: second.identity.member,
    key: founder.identity.key,
    box: new Uint8Array(randomBytes(32)),
  }))
  expect(founder.member()).toMatchObject({ id: founder.identity.member, role: 'chief' })
})

test('A3 a worker cannot take a colleague’s station over by claiming not to have heard of it', async () => {
  await using setup = await open()
  const { founder, worker, community, grid } = setup
  const before = actsOf(worker)
  const colleague = await community.join(founder, '测试员己')
  const forger = Forger.of(worker, founder.identity.community)
  const { key } = colleague.identity
  const act: Act = { type: 'station', member: worker.identity.member, key, box: new Uint8Array(32) }
  const report = await admit(founder, forger.segment(forger.act(act, { deps: before })))
  expect(report.refused).toMatchObject([{ reason: 'role-may-not' }])
  expectOk(
    await colleague.write('record.edit', (book) => book.create('building', grid, { set: { name: '楼' } })),
  )
  await deliver(colleague, founder)
  expect(founder.trunk.store.voids()).toEqual([])
})

test('A3 a member has the role it was added with: adding it again changes nothing', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  const chief = setup.second
  await insist(chief, founder, () => ({
    type: 'member',
    member: worker.identity.member,
    role: 'auditor',
    spaces: [`sp-${Array.from(randomBytes(4), (byte) => 'abcdefgh'[byte % 8]).join('')}`],
  }))
  await insist(chief, founder, () => ({
    type: 'member',
    member: 'me-0000',
    role: 'auditor',
    spaces: [`sp-${Array.from(randomBytes(4), (byte) => 'abcdefgh'[byte % 8]).join('')}`],
  }))
  expect(founder.membership().members.get(worker.identity.member)?.role).toBe('worker')
  expect(founder.membership().members.get('me-0000')?.role).toBe('chief')
})

test('A3 nobody takes a space’s key away by naming another generation or box the same', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  const [generation] = [...founder.membership().generations.values()].filter(({ space }) => space === grid)
  const boxed = () => new Uint8Array(randomBytes(92))
  await insist(worker, founder, () => ({
    type: 'generation',
    space: grid,
    generation: generation!.id,
    boxes: [[founder.identity.station, boxed()]],
  }))
  await insist(worker, founder, () => ({
    type: 'box',
    generation: generation!.id,
    boxes: [[founder.identity.station, boxed()]],
  }))
  const again = community.reopen(founder)
  expect(again.digest(grid).recordsDigest).not.toBeNull()
  expectOk(await again.write('record.edit', (book) => book.create('building', grid, { set: { name: '楼' } })))
})

test('A3 a grant whose second half failed can be given again, and adds nobody twice', async () => {
  await using setup = await open()
  const { founder, community } = setup
  const invite = expectOk(createInvite(founder, { role: 'worker', name: '测试员戊', grids: ['一号网格'] }))
  const { station, request } = expectOk(
    joinWithInvite(community.newHome(), testSecret, invite, { stationName: '戊' }),
  )
  community.stations.push(station)
  expectOk(await grantRequest(founder, request))
  // As after a failure between the acts and the cards: the invite is still open.
  founder.putDraft(`invite/${invite.id}`, { invite, state: 'open' })
  const before = founder.membership()
  expect(await grantRequest(founder, request)).toEqual({
    ok: true,
    value: { station: station.identity.station },
  })
  expect(founder.membership()).toEqual(before)
  await deliver(founder, station)
  expect(station.isMember()).toBe(true)
})

test('A1 membership is decided without looking at data, and is the same on every station in any order', async () => {
  await using setup = await open()
  const { founder, second, worker } = setup
  expectOk(await addGrid(founder, '三号网格'))
  expectOk(await addGrid(second, '四号网格'))
  const { community } = founder.identity
  const segmentsOf = (station: Station) =>
    station.outgoing(community, []).map(({ row }) => station.segment(row))
  const both = [...segmentsOf(founder), ...segmentsOf(second)]
  for (const station of [founder, second, worker])
    for (let round = 0; round < both.length; round++) {
      const { missing } = await admit(station, ...both.toReversed())
      if (missing === 0) break
    }
  for (const station of [second, worker]) {
    expect(station.membership()).toEqual(founder.membership())
    expect(station.digest(community)).toEqual(founder.digest(community))
  }
  expect([...founder.membership().spaces.values()].filter((kind) => kind === 'grid')).toHaveLength(3)
})

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const second = await community.join(founder, '副站长', 'chief')
  await deliver(founder, second)
  return {
    community,
    founder,
    worker,
    second,
    grid: gridOf(founder),
    [Symbol.asyncDispose]: () => community.close(),
  }
}
