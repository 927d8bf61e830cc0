import { expect, test } from 'vitest'
import { stationIdOf } from '../src/ids.ts'
import { mayRead } from '../src/membership/resolve.ts'
import { expectOk } from '../src/result.ts'
import {
  assignRole,
  leave,
  ratifyAct,
  removeMember,
  removeStation,
  standingOf,
} from '../src/station/belonging.ts'
import { addSpace } from '../src/station/create-community.ts'
import { createStationInvite, grantRequest, joinWithInvite } from '../src/station/invite.ts'
import { deliver, gridOf, TestCommunity, testSecret } from '../src/testing/test-community.ts'
import { build, handIn, heldAt, meetAll, memberOf, names, openCommunity, rename, tell } from './belonging.ts'
import { actsOf, Forger, headsOf, write } from './forge.ts'

test('A8 what the remover had accepted stays, for everybody; what comes later is held, at everybody', async () => {
  await using setup = await open()
  const { founder, worker, colleague, everybody, grid } = setup
  await build(worker, '之前')
  await deliver(worker, founder)
  await build(worker, '之后')
  const removed = expectOk(await removeMember(founder, memberOf(worker)))
  expect(removed.stations).toEqual([worker.identity.station])
  // The removal reaches a colleague before anything that was written.
  await tell(founder, colleague)
  await deliver(founder, colleague)
  for (const station of [founder, colleague]) {
    expect(await handIn(worker, station, grid)).toMatchObject({ admitted: 1, held: 1, refused: [] })
    expect(names(station)).toEqual(['之前'])
    expect(station.quarantine().held).toMatchObject([
      { from: worker.identity.station, reason: 'station-not-standing' },
    ])
  }
  await meetAll(everybody, [grid])
  for (const station of everybody.filter((one) => one !== worker)) expect(names(station)).toEqual(['之前'])
  expect(standingOf(worker)).toMatchObject({ state: 'removed', by: founder.identity.station })
  expect([worker.isMember(), names(worker)]).toEqual([false, []])
  expect(
    await worker.write('record.edit', (book) => book.create('building', grid, { set: {} })),
  ).toMatchObject({ problem: { type: 'not-a-member' } })
})

test('A8 a log that the removal does not name is cut at nothing: a removed station gains nothing by a fresh epoch', async () => {
  await using setup = await open()
  const { founder, worker, colleague, grid } = setup
  await build(worker, '之前')
  await deliver(worker, founder)
  expectOk(await removeMember(founder, memberOf(worker)))
  const fresh = Forger.of(worker, grid)
  const entry = fresh.data(worker, {
    deps: headsOf(worker, grid),
    parts: [write('bu-0001', { name: '新纪元' })],
  })
  await deliver(founder, colleague)
  for (const station of [founder, colleague]) {
    const report = expectOk(await station.admit([fresh.segment(entry)], 'test'))
    expect(report).toMatchObject({ admitted: 1, held: 1, refused: [] })
    expect(names(station)).toEqual(['之前'])
  }
  // And who says that it had heard is refused.
  const knowing = Forger.of(worker, grid)
  const bad = knowing.data(founder, { acts: actsOf(founder), parts: [write('bu-0002', { name: '知情' })] })
  expect(expectOk(await founder.admit([knowing.segment(bad)], 'test')).refused).toMatchObject([
    { reason: 'not-a-member' },
  ])
})

test('A9 a colleague who had not heard and built on it brings it in, at everybody, and is shown to have', async () => {
  await using setup = await open()
  const { founder, worker, colleague, everybody, grid } = setup
  const id = await build(worker, '没送到')
  await deliver(worker, colleague)
  expectOk(await removeMember(founder, memberOf(worker)))
  await handIn(worker, founder, grid)
  expect([names(founder), heldAt(founder)]).toEqual([[], [worker.identity.station]])
  await rename(colleague, id, '同事接着写')
  expect(await handIn(colleague, founder, grid)).toMatchObject({ admitted: 1, held: 0, carried: 1 })
  expect([names(founder), heldAt(founder)]).toEqual([['同事接着写'], []])
  await meetAll(everybody, [grid])
  expect(names(setup.third)).toEqual(['同事接着写'])
  expect(founder.quarantine().carried).toMatchObject([
    {
      from: worker.identity.station,
      reason: 'station-not-standing',
      letInBy: { station: colleague.identity.station },
    },
  ])
})

test('A10 who had accepted it and written nothing since stands by it before losing it, once', async () => {
  await using setup = await open()
  const { founder, worker, colleague, everybody, grid } = setup
  await build(worker, '没送到')
  await deliver(worker, colleague)
  expectOk(await removeMember(founder, memberOf(worker)))
  const before = colleague.digest(grid).entries
  await tell(founder, colleague)
  expect([names(colleague), heldAt(colleague)]).toEqual([['没送到'], []])
  expect(colleague.digest(grid).entries).toBe(before + 1)
  const { store } = colleague.trunk
  const own = store
    .entriesOf(grid, 0, 100)
    .filter(({ log }) => stationIdOf(store.log(log)!.key) === colleague.identity.station)
  expect(own.map(({ raw }) => raw.blobs)).toEqual([[]])
  await tell(founder, colleague)
  expectOk(await removeStation(founder, setup.third.identity.station))
  await tell(founder, colleague)
  expect(colleague.digest(grid).entries).toBe(before + 1)
  await meetAll(everybody, [grid])
  for (const station of [founder, colleague, setup.second]) expect(names(station)).toEqual(['没送到'])
})

test('A10 a removed station stands by nothing: it carries neither its own nor anybody else’s', async () => {
  await using setup = await open()
  const { founder, worker, colleague, grid } = setup
  await build(worker, '乙写的')
  await build(colleague, '丙写的')
  await deliver(colleague, worker)
  const before = worker.trunk.store.entriesOf(grid, 0, 100).length
  expectOk(await removeMember(founder, memberOf(worker)))
  expectOk(await removeMember(founder, memberOf(colleague)))
  await tell(founder, worker)
  expect(worker.trunk.store.entriesOf(grid, 0, 100)).toHaveLength(before)
  await handIn(worker, founder, grid)
  expect([names(founder), heldAt(founder).length]).toEqual([[], 2])
})

test('A8 of two removals the furthest cut holds, whichever is heard first', async () => {
  for (const turn of [0, 1]) {
    await using setup = await open()
    const { founder, second, worker, everybody, grid } = setup
    await build(worker, '一')
    await deliver(worker, founder)
    await build(worker, '二')
    await deliver(worker, second)
    await build(worker, '三')
    expectOk(await removeMember(founder, memberOf(worker)))
    expectOk(await removeMember(second, memberOf(worker)))
    const order = turn === 0 ? [founder, second] : [second, founder]
    for (const station of order) await tell(station, setup.third)
    await handIn(worker, setup.third, grid)
    expect([names(setup.third), heldAt(setup.third).length]).toEqual([['一', '二'], 1])
    await meetAll(everybody, [grid])
    expect(names(founder)).toEqual(['一', '二'])
  }
})

test('A8 a second removal lets in nothing that the first kept out: the cut is what was accepted, not what is held', async () => {
  await using setup = await open()
  const { founder, worker, everybody, grid } = setup
  await build(worker, '之前')
  await deliver(worker, founder)
  await build(worker, '之后')
  expectOk(await removeStation(founder, worker.identity.station))
  await handIn(worker, founder, grid)
  expect(heldAt(founder)).toHaveLength(1)
  const { cut } = expectOk(await removeMember(founder, memberOf(worker)))
  expect(cut.filter(({ log }) => founder.spaceOf(log) === grid).map(({ seq }) => seq)).toEqual([0])
  await meetAll(everybody, [grid])
  for (const station of [founder, setup.colleague]) expect(names(station)).toEqual(['之前'])
})

test('A11 where the station does not stand nothing of it counts, and all of it again when its invitation is ratified', async () => {
  await using setup = await open()
  const { founder, second, everybody, community, grid } = setup
  const late = await community.join(second, '测试员丁')
  await deliver(second, late)
  await build(late, '丁写的')
  await deliver(late, second)
  expectOk(await removeMember(founder, memberOf(second)))
  // Heard of with the removal: the invitation is void, and what came with it is held.
  await tell(second, founder)
  await handIn(second, founder, grid)
  expect([names(founder), heldAt(founder)]).toEqual([[], [late.identity.station]])
  await tell(founder, late)
  expect(standingOf(late)).toEqual({ state: 'void' })
  expect([late.isMember(), names(late)]).toEqual([false, []])
  expect(heldAt(late)).toContain(late.identity.station)
  const [invitation] = founder.membership().voided.filter(({ act }) => act.type === 'member')
  expectOk(await ratifyAct(founder, invitation!.hash))
  await tell(founder, late)
  expect([names(founder), heldAt(founder)]).toEqual([['丁写的'], []])
  expect([late.isMember(), names(late)]).toEqual([true, ['丁写的']])
  expect(heldAt(late)).not.toContain(late.identity.station)
  await build(late, '回来了')
  await meetAll([...everybody.filter((one) => one !== second), late], [grid])
  expect(names(setup.colleague)).toEqual(['丁写的', '回来了'])
})

test('A3 who comes back is somebody else: a new member with a new key, and the old log stays cut', async () => {
  await using setup = await open()
  const { founder, worker, everybody, community, grid } = setup
  await build(worker, '旧的')
  expectOk(await removeMember(founder, memberOf(worker)))
  const back = await community.join(founder, '测试员乙')
  expect(memberOf(back)).not.toBe(memberOf(worker))
  expect(back.identity.station).not.toBe(worker.identity.station)
  await build(back, '新的')
  await handIn(worker, founder, grid)
  await meetAll([...everybody, back], [grid])
  for (const station of [founder, setup.colleague, back]) expect(names(station)).toEqual(['新的'])
  expect(standingOf(worker).state).toBe('removed')
})

test('A16 what a removed station wrote is let in by a person, and then by everybody', async () => {
  await using setup = await open()
  const { founder, worker, colleague, everybody, grid } = setup
  await build(worker, '要留下')
  expectOk(await removeMember(founder, memberOf(worker)))
  await handIn(worker, founder, grid)
  expectOk(await founder.release(founder.quarantine().held[0]!.id))
  await meetAll(everybody, [grid])
  for (const station of [founder, colleague]) expect(names(station)).toEqual(['要留下'])
})

test('A8 a station that leaves counts up to its leaving, and can write nothing after', async () => {
  await using setup = await open()
  const { founder, worker, colleague, everybody, grid } = setup
  await build(worker, '走之前')
  const forger = Forger.of(worker, grid)
  const later = forger.data(worker, { parts: [write('bu-0001', { name: '走之后' })] })
  const member = memberOf(worker)
  expectOk(await leave(worker))
  expect(await leave(worker)).toMatchObject({ problem: { type: 'not-a-member' } })
  expect(
    await worker.write('record.edit', (book) => book.create('building', grid, { set: {} })),
  ).toMatchObject({ problem: { type: 'not-a-member' } })
  expect(standingOf(worker)).toEqual({ state: 'left' })
  await tell(worker, founder)
  await handIn(worker, founder, grid)
  const report = expectOk(await founder.admit([forger.segment(later)], 'test'))
  expect(report).toMatchObject({ admitted: 1, held: 1 })
  await meetAll(everybody, [grid])
  for (const station of [founder, colleague]) expect(names(station)).toEqual(['走之前'])
  // The member is still there, and may get another machine.
  expect(founder.membership().members.has(member)).toBe(true)
  const invite = expectOk(createStationInvite(founder, { member }))
  const next = expectOk(
    joinWithInvite(setup.community.newHome(), testSecret, invite, { stationName: '新机' }),
  )
  setup.community.stations.push(next.station)
  expectOk(await grantRequest(founder, next.request))
  await deliver(founder, next.station)
  await deliver(founder, next.station)
  expect([memberOf(next.station), names(next.station)]).toEqual([member, ['走之前']])
})

async function open() {
  const setup = await openCommunity()
  return { ...setup, [Symbol.asyncDispose]: setup.close }
}

test('A6 a worker who becomes a partner keeps no desk of the grids it had', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  const grid = gridOf(founder)
  expectOk(await addSpace(founder, 'sp-desk0001', 'desk', grid))
  const { member } = worker.identity
  expect(founder.membership().members.get(member)?.spaces).toContain('sp-desk0001')
  expectOk(await assignRole(founder, member, 'partner'))
  const now = founder.membership()
  expect(mayRead(now, now.members.get(member)!, 'sp-desk0001')).toBe(false)
  expect(mayRead(now, now.members.get(member)!, grid)).toBe(false)
})

test('A5 a station that left is removed as well, so that what its key signs later changes nothing', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  expectOk(await leave(worker))
  await deliver(worker, founder, [founder.identity.community])
  const { station } = worker.identity
  expect(founder.membership().former.get(station)?.state).toBe('left')
  expectOk(await removeStation(founder, station))
  expect(founder.membership().former.get(station)?.state).toBe('removed')
})
