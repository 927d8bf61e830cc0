import { expect, test } from 'vitest'
import { expectOk } from '../src/result.ts'
import { assignRole, listVoided, ratifyAct, removeMember, removeStation } from '../src/station/belonging.ts'
import { addGrid } from '../src/station/create-community.ts'
import { createInvite, createStationInvite, grantRequest, joinWithInvite } from '../src/station/invite.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, type TestCommunity, testSecret } from '../src/testing/test-community.ts'
import { build, forgeAct, meetAll, memberOf, names, openCommunity, tell } from './belonging.ts'
import { actsOf } from './forge.ts'

const roleAt = (station: Station, member: string) => station.membership().members.get(member)?.role ?? null

test('A4 nobody removes, demotes or gives keys to the senior, nor itself; the gate says so too', async () => {
  await using setup = await open()
  const { founder, second, third, worker } = setup
  const [chief, peer, self] = [memberOf(founder), memberOf(second), memberOf(third)]
  for (const member of [chief, peer]) {
    expect(await removeMember(third, member)).toMatchObject({ problem: { type: 'not-senior' } })
    expect(await assignRole(third, member, 'worker')).toMatchObject({ problem: { type: 'not-senior' } })
    expect(createStationInvite(third, { member })).toMatchObject({ problem: { type: 'role-may-not' } })
    const forged = [
      { type: 'remove', member, cut: [] },
      { type: 'assign', roles: [[member, 'auditor']], spaces: [] },
      { type: 'assign', roles: [], spaces: [[member, setup.grid, false]] },
    ] as const
    for (const act of forged)
      expect((await forgeAct(third, founder, act)).report.refused).toMatchObject([{ reason: 'not-senior' }])
  }
  expect(await removeStation(third, second.identity.station)).toMatchObject({
    problem: { type: 'not-senior' },
  })
  expect(await removeMember(third, self)).toMatchObject({ problem: { type: 'is-self' } })
  expect(await removeMember(worker, memberOf(setup.colleague))).toMatchObject({
    problem: { type: 'role-may-not' },
  })
  expect(await removeMember(founder, 'me-9999')).toMatchObject({ problem: { type: 'unknown-member' } })
  // Invited by the founder after them, so junior to both.
  expectOk(await removeMember(third, memberOf(worker)))
  expectOk(await removeMember(second, self))
})

test('A4 a member’s first machine removes its second, and never the other way round', async () => {
  await using setup = await open()
  const { founder, worker, community } = setup
  const further = await furtherStation(community, worker)
  expect(await removeStation(further, worker.identity.station)).toMatchObject({
    problem: { type: 'not-senior' },
  })
  const act = { type: 'remove-station', station: worker.identity.station, cut: [] } as const
  await tell(worker, founder)
  expect((await forgeAct(further, founder, act)).report.refused).toMatchObject([{ reason: 'not-senior' }])
  await build(further, '第二台写的')
  await deliver(further, worker)
  expectOk(await removeStation(worker, further.identity.station))
  await meetAll([founder, worker, further], [setup.grid])
  expect([worker.isMember(), further.isMember()]).toEqual([true, false])
  expect(names(founder)).toEqual(['第二台写的'])
})

test('A5 two chiefs who remove each other’s people, apart: of the one who is removed nothing counts, and the senior’s holds', async () => {
  await using setup = await open()
  const { founder, second, third, worker, everybody } = setup
  // The junior can do nothing to the senior, so it goes for the senior's people.
  expect(await removeMember(third, memberOf(second))).toMatchObject({ ok: false })
  expectOk(await removeMember(third, memberOf(worker)))
  expectOk(await removeMember(second, memberOf(third)))
  await meetAll(everybody, [setup.grid])
  for (const station of [founder, second, worker]) {
    expect(station.membership().members.has(memberOf(worker))).toBe(true)
    expect(station.membership().members.has(memberOf(third))).toBe(false)
  }
  await build(worker, '还在')
  await deliver(worker, founder)
  expect(names(founder)).toEqual(['还在'])
})

test('A5 who is removed cannot take the remover along by an act that claims not to have heard', async () => {
  await using setup = await open()
  const { founder, second, third, worker, everybody, grid } = setup
  const before = actsOf(second)
  expectOk(await removeMember(founder, memberOf(second)))
  for (const act of [
    { type: 'remove', member: memberOf(third), cut: [] },
    { type: 'remove', member: memberOf(worker), cut: [] },
    { type: 'assign', roles: [[memberOf(third), 'relay']], spaces: [] },
    { type: 'assign', roles: [], spaces: [[memberOf(worker), grid, false]] },
  ] as const) {
    const { report, ref } = await forgeAct(second, founder, act, before)
    expect(report).toMatchObject({ admitted: 1, refused: [] })
    expect(founder.membership().isEffective(founder.trunk.acts.node(ref.hash)!)).toBe(false)
  }
  await meetAll(everybody, [grid])
  for (const station of [founder, third]) {
    expect(roleAt(station, memberOf(third))).toBe('chief')
    expect(station.membership().members.get(memberOf(worker))?.spaces).toEqual([grid])
  }
})

test('A5 what a demoted chief did before stands, what it did meanwhile is void, and is listed', async () => {
  await using setup = await open()
  const { founder, second, third, community, everybody, grid } = setup
  const known = await community.join(second, '测试员丁')
  await deliver(second, founder)
  expectOk(await assignRole(founder, memberOf(second), 'worker'))
  const meanwhile = await community.join(second, '测试员戊')
  await build(meanwhile, '戊写的')
  await meetAll([...everybody, known, meanwhile], [grid])
  expect(roleAt(founder, memberOf(second))).toBe('worker')
  expect(known.isMember()).toBe(true)
  expect([meanwhile.isMember(), names(founder)]).toEqual([false, []])
  // The demoted one is still a worker: what it wrote is its own, and its boxes count.
  const invitation = listVoided(founder).filter(({ type }) => type === 'member')
  expect(invitation).toMatchObject([
    { by: { station: second.identity.station, member: memberOf(second) }, mayRatify: true },
  ])
  expect(listVoided(second).every(({ mayRatify }) => !mayRatify)).toBe(true)
  // A chief who is junior to the author sees it too, and may do nothing about it.
  expect(listVoided(third).map(({ mayRatify }) => mayRatify)).toEqual(listVoided(founder).map(() => false))
  expect(await ratifyAct(third, invitation[0]!.act)).toMatchObject({ problem: { type: 'not-senior' } })
})

test('A7 one who is senior ratifies a voided invitation: nobody is invited twice, and the work comes in', async () => {
  await using setup = await open()
  const { founder, second, community, everybody, grid } = setup
  expectOk(await removeMember(founder, memberOf(second)))
  const late = await community.join(second, '测试员戊')
  await build(late, '戊写的')
  await meetAll([...everybody, late], [grid])
  expect([late.isMember(), names(founder)]).toEqual([false, []])
  const [invitation] = listVoided(founder).filter(({ type }) => type === 'member')
  expect(await ratifyAct(founder, 'ffff')).toMatchObject({ problem: { type: 'unknown-act' } })
  expectOk(await ratifyAct(founder, invitation!.act.slice(0, 12)))
  await deliver(late, founder, [grid])
  await meetAll([...everybody, late], [grid])
  expect(late.isMember()).toBe(true)
  for (const station of [founder, setup.colleague, late]) expect(names(station)).toContain('戊写的')
  expect(listVoided(founder).filter(({ type }) => type === 'member')).toEqual([])
  // Its author stays out.
  expect(founder.membership().members.has(memberOf(second))).toBe(false)
  await build(late, '接着写')
  await meetAll([...everybody, late], [grid])
  expect(names(setup.third)).toEqual(['戊写的', '接着写'])
})

test('A7 a removal that was voided and is ratified removes', async () => {
  await using setup = await open()
  const { founder, second, worker, everybody, grid } = setup
  await build(worker, '之前')
  await deliver(worker, second)
  expectOk(await removeMember(second, memberOf(worker)))
  expectOk(await removeMember(founder, memberOf(second)))
  await meetAll(everybody, [grid])
  expect(worker.isMember()).toBe(true)
  const [removal] = listVoided(founder).filter(({ type }) => type === 'remove')
  expectOk(await ratifyAct(founder, removal!.act))
  await meetAll(everybody, [grid])
  expect(worker.isMember()).toBe(false)
  for (const station of [founder, setup.colleague]) expect(names(station)).toEqual(['之前'])
})

test('A6 of two roles given apart the least holds, and a later one over both', async () => {
  await using setup = await open()
  const { founder, second, worker, everybody, grid } = setup
  expectOk(await assignRole(founder, memberOf(worker), 'auditor'))
  expectOk(await assignRole(second, memberOf(worker), 'steward'))
  await meetAll(everybody, [grid])
  for (const station of everybody) expect(roleAt(station, memberOf(worker))).toBe('auditor')
  expectOk(await assignRole(second, memberOf(worker), 'steward'))
  await meetAll(everybody, [grid])
  for (const station of everybody) expect(roleAt(station, memberOf(worker))).toBe('steward')
})

test('A8 a change of role cuts nothing: what was written before its author heard of it stands', async () => {
  await using setup = await open()
  const { founder, worker, everybody, grid } = setup
  expectOk(await assignRole(founder, memberOf(worker), 'auditor'))
  await build(worker, '没听说')
  await meetAll(everybody, [grid])
  for (const station of [founder, setup.colleague]) expect(names(station)).toEqual(['没听说'])
  expect(
    await worker.write('record.edit', (book) => book.create('building', grid, { set: { name: '再写' } })),
  ).toMatchObject({ problem: { type: 'role-may-not' } })
})

test('A5 a grid whose maker was voided stays: people have written in it', async () => {
  await using setup = await open()
  const { founder, second, everybody } = setup
  expectOk(await removeMember(founder, memberOf(second)))
  const space = expectOk(await addGrid(second, '二号网格'))
  await meetAll(everybody, [])
  expect(founder.membership().voided.filter(({ act }) => act.type === 'space')).toHaveLength(1)
  expect(founder.membership().spaces.get(space)).toBe('grid')
  await build(founder, '写得进', space)
})

/** A member's further machine, invited by the first. */
async function furtherStation(community: TestCommunity, station: Station): Promise<Station> {
  const invite = expectOk(createStationInvite(station, { member: memberOf(station) }))
  const joined = expectOk(joinWithInvite(community.newHome(), testSecret, invite, { stationName: '第二台' }))
  community.stations.push(joined.station)
  expectOk(await grantRequest(station, joined.request))
  await tell(station, joined.station)
  await deliver(station, joined.station)
  return joined.station
}

test('A5 who was removed and had not heard may still invite: the newcomer is let in nowhere', async () => {
  await using setup = await open()
  const { founder, second, community } = setup
  const invite = expectOk(createInvite(second, { role: 'chief', name: '测试员己', grids: [] }))
  const joined = expectOk(joinWithInvite(community.newHome(), testSecret, invite, { stationName: '己' }))
  community.stations.push(joined.station)
  expectOk(await removeMember(founder, memberOf(second)))
  expectOk(await grantRequest(second, joined.request))
  await tell(second, joined.station)
  expect(joined.station.isMember()).toBe(true)
  // Nor does what it let in count for what it does.
  const further = await community.join(joined.station, '测试员庚', 'chief')
  await tell(second, founder)
  await tell(joined.station, founder)
  await tell(founder, joined.station)
  expect(joined.station.isMember()).toBe(false)
  for (const station of [joined.station, further])
    expect(founder.membership().stations.has(station.identity.station)).toBe(false)
  expect(listVoided(founder).filter(({ type }) => type === 'member')).toHaveLength(2)
})

async function open() {
  const setup = await openCommunity()
  return { ...setup, [Symbol.asyncDispose]: setup.close }
}
