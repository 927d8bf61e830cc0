import { expect, test } from 'vitest'
import { toHex } from '../src/bytes/bytes.ts'
import { box } from '../src/crypto/seal.ts'
import { parseEntry } from '../src/log/entry.ts'
import { boxContext, proveStation } from '../src/membership/act.ts'
import type { Generation } from '../src/membership/resolve.ts'
import { wholeMembership } from '../src/membership/whole-membership.test.data.ts'
import { expectOk, ok } from '../src/result.ts'
import {
  assignRole,
  giveKeys,
  handOver,
  listVoided,
  ratifyAct,
  removeMember,
} from '../src/station/belonging.ts'
import { addGrid, addSpace } from '../src/station/create-community.ts'
import { createInvite, joinWithInvite } from '../src/station/invite.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, type TestCommunity, testSecret } from '../src/testing/test-community.ts'
import { sealingGeneration } from '../src/trunk/generation.ts'
import {
  build,
  forgeAct,
  handIn,
  heldAt,
  meetAll,
  memberOf,
  names,
  openCommunity,
  tell,
} from './belonging.ts'
import { headsOf } from './forge.ts'

const spacesAt = (station: Station, of: Station) =>
  station.membership().members.get(memberOf(of))?.spaces ?? []

/** The generation that the newest entry of a station's own is sealed under. */
function lastSealed(station: Station, space: string): Generation {
  const { store, identity } = station.trunk
  const own = headsOf(station, space).find(
    ({ log }) => toHex(store.log(log)!.key) === toHex(identity.signing.publicKey),
  )!
  const [key] = expectOk(parseEntry(store.entry(own.hash)!.raw)).header.keys
  return station.membership().generations.find(({ id }) => toHex(id) === toHex(key!))!
}

const opens = (station: Station, generation: Generation) =>
  station.trunk.keyring.secretOf(generation) !== null
const generationsOf = (station: Station, space: string) =>
  station.membership().generations.filter((generation) => generation.space === space)

test('A6 a handover is one act: in whatever order it arrives, one has the grid and the other has not', async () => {
  await using setup = await open()
  const { founder, second, third, worker, colleague, everybody, grid } = setup
  const two = expectOk(await addGrid(founder, '二号网格'))
  expectOk(await handOver(founder, { from: null, to: memberOf(colleague), spaces: [two] }))
  await meetAll(everybody, [grid])
  await build(worker, '交接之前')
  const community = founder.identity.community
  const knownBefore = third.heads(community)
  expectOk(await handOver(founder, { from: memberOf(worker), to: memberOf(colleague), spaces: [grid] }))
  // Apart, another chief says things about both.
  expectOk(await handOver(second, { from: memberOf(colleague), to: memberOf(worker), spaces: [two] }))
  expectOk(await assignRole(second, memberOf(worker), 'steward'))
  const segments = [founder, second].flatMap((station) =>
    station.outgoing(community, knownBefore).map(({ row }) => station.segment(row)),
  )
  const seen = new Set<string>()
  for (const order of [segments, segments.toReversed()]) {
    const station = order === segments ? third : colleague
    for (let round = 0; round < segments.length; round++) expectOk(await station.admit(order, 'test'))
    seen.add(JSON.stringify(wholeMembership(station.membership())))
  }
  expect(seen.size).toBe(1)
  await meetAll(everybody, [grid, two])
  for (const station of everybody) {
    expect(spacesAt(station, worker)).toEqual([two])
    expect(spacesAt(station, colleague)).toEqual([grid])
  }
  // A worker who changes grid loses none of his days: they are with whom the grid is now.
  expect(heldAt(founder)).toEqual([])
  for (const station of [founder, colleague]) expect(names(station)).toEqual(['交接之前'])
})

test('A6 of two handovers of one grid, apart, the one who gave it has it no more and both others have it', async () => {
  await using setup = await open()
  const { founder, second, third, worker, colleague, community, everybody, grid } = setup
  const fourth = await community.join(founder, '测试员丁', 'worker', [])
  await meetAll([...everybody, fourth], [grid])
  const both = [colleague, fourth]
  expectOk(await handOver(founder, { from: memberOf(colleague), to: null, spaces: [grid] }))
  await meetAll([...everybody, fourth], [grid])
  expectOk(await handOver(founder, { from: memberOf(worker), to: memberOf(colleague), spaces: [grid] }))
  expectOk(await handOver(second, { from: memberOf(worker), to: memberOf(fourth), spaces: [grid] }))
  await meetAll([...everybody, fourth], [grid])
  for (const station of [founder, second, third]) {
    expect(spacesAt(station, worker)).toEqual([])
    for (const one of both) expect(spacesAt(station, one)).toEqual([grid])
  }
  await build(fourth, '丁写的', grid)
  await meetAll([...everybody, fourth], [grid])
  expect(names(colleague)).toEqual(['丁写的'])
})

test('A17 after a removal nothing is sealed that the removed could open, whoever writes next', async () => {
  await using setup = await open()
  const { founder, worker, colleague, everybody, grid } = setup
  await build(colleague, '之前')
  await meetAll(everybody, [grid])
  const before = lastSealed(colleague, grid)
  expect(opens(worker, before)).toBe(true)
  // The bare act, as from a version that makes no keys with it.
  const cut = headsOf(founder, grid)
  expectOk(await founder.act((put) => ok(put({ type: 'remove', member: memberOf(worker), cut }))))
  await tell(founder, colleague)
  expect(sealingGeneration(colleague.trunk, colleague.membership(), grid)).toBeNull()
  await build(colleague, '之后')
  const after = lastSealed(colleague, grid)
  expect(after.id).not.toEqual(before.id)
  expect(after.boxes.has(worker.identity.station)).toBe(false)
  expect(opens(worker, after)).toBe(false)
  await meetAll(everybody, [grid])
  for (const station of everybody.filter((one) => one !== worker))
    expect(names(station)).toEqual(['之前', '之后'])
  // Even with every byte of it, and nothing that says that it was removed.
  const generations = generationsOf(founder, grid)
  expect(generations.filter((generation) => opens(worker, generation)).map(({ id }) => toHex(id))).toEqual([
    toHex(before.id),
  ])
})

test('A17 two removals, apart, make two generations, each known to one of the removed: neither is sealed under', async () => {
  await using setup = await open()
  const { founder, second, third, worker, colleague, everybody, grid } = setup
  expectOk(await removeMember(founder, memberOf(worker)))
  expectOk(await removeMember(second, memberOf(colleague)))
  const [byFounder, bySecond] = [founder, second].map(
    (station) => sealingGeneration(station.trunk, station.membership(), grid)!,
  )
  await meetAll(everybody, [grid])
  expect([
    byFounder!.boxes.has(colleague.identity.station),
    bySecond!.boxes.has(worker.identity.station),
  ]).toEqual([true, true])
  expect(sealingGeneration(third.trunk, third.membership(), grid)).toBeNull()
  await build(third, '以后', grid)
  const sealed = lastSealed(third, grid)
  for (const station of [worker, colleague]) expect(opens(station, sealed)).toBe(false)
  for (const station of [founder, second]) {
    await deliver(third, station)
    expect(names(station)).toEqual(['以后'])
  }
})

test('A17 a generation made without knowing of a removal is not sealed under by who knows of it', async () => {
  await using setup = await open()
  const { founder, second, worker, colleague, grid } = setup
  expectOk(await removeMember(founder, memberOf(worker)))
  // A colleague who had not heard makes one in which the removed has a box.
  expectOk(await removeMember(second, memberOf(setup.third)))
  await tell(second, colleague)
  await build(colleague, '没听说')
  const unknowing = lastSealed(colleague, grid)
  expect(unknowing.boxes.has(worker.identity.station)).toBe(true)
  await deliver(colleague, founder)
  await build(founder, '知道的', grid)
  expect(lastSealed(founder, grid).id).not.toEqual(unknowing.id)
  expect(opens(worker, lastSealed(founder, grid))).toBe(false)
})

test('A17 a key from before a removal is not sealed under, though the removed has no box of it yet', async () => {
  await using setup = await open()
  const { founder, colleague, community, grid } = setup
  // A colleague who has not heard of the removal would give them.
  const station = await addWithoutKeys(founder, community, grid)
  await tell(founder, colleague)
  const old = sealingGeneration(founder.trunk, founder.membership(), grid)!
  const { member } = founder.membership().stations.get(station.identity.station)!
  expectOk(await founder.act((put) => ok(put({ type: 'remove', member, cut: [] }))))
  expect(old.boxes.has(station.identity.station)).toBe(false)
  expect(sealingGeneration(founder.trunk, founder.membership(), grid)).toBeNull()
  await build(founder, '之后', grid)
  expectOk(await giveKeys(colleague, station.identity.station))
  await tell(colleague, station)
  const theirs = generationsOf(station, grid)
  expect(theirs.some((generation) => opens(station, generation))).toBe(true)
  expect(opens(station, lastSealed(founder, grid))).toBe(false)
})

test('A17 who handed a grid on still has its keys, and gives them to nobody', async () => {
  await using setup = await open()
  const { founder, worker, colleague, community, grid } = setup
  const late = await addWithoutKeys(founder, community, grid)
  await tell(founder, worker)
  expect(expectOk(await giveKeys(colleague, late.identity.station)).given).toBe(0)
  expectOk(await handOver(founder, { from: memberOf(worker), to: null, spaces: [grid] }))
  await tell(founder, worker)
  expect(worker.holdings()).not.toContain(grid)
  const lacked = () =>
    generationsOf(worker, grid).filter((one) => opens(worker, one) && !one.boxes.has(late.identity.station))
      .length
  expect(lacked()).toBe(1)
  // The community's own key is still the worker's to give.
  expect(await giveKeys(worker, late.identity.station)).toEqual(ok({ given: 1, refused: 0 }))
  expect(lacked()).toBe(1)
  await tell(founder, colleague)
  expect(expectOk(await giveKeys(colleague, late.identity.station)).given).toBeGreaterThan(0)
})

test('A17 a key that somebody gave to one who was removed, knowingly, is sealed under no more', async () => {
  await using setup = await open()
  const { founder, worker, colleague, grid } = setup
  expectOk(await removeMember(founder, memberOf(worker)))
  await tell(founder, colleague)
  const sealing = sealingGeneration(founder.trunk, founder.membership(), grid)!
  const secret = colleague.trunk.keyring.secretOf(sealing)!
  const boxed = box(worker.trunk.identity.boxing.publicKey, secret, boxContext(grid, sealing.id))
  const boxes = [[worker.identity.station, boxed]] as const
  const { report } = await forgeAct(colleague, founder, { type: 'box', generation: sealing.id, boxes })
  expect(report).toMatchObject({ admitted: 1, refused: [] })
  await build(founder, '之后', grid)
  await tell(founder, worker)
  expect(opens(worker, generationsOf(founder, grid).find(({ id }) => toHex(id) === toHex(sealing.id))!)).toBe(
    true,
  )
  expect(opens(worker, lastSealed(founder, grid))).toBe(false)
})

test('A17 a handover makes a new key for that grid and its desks, and for nothing else', async () => {
  await using setup = await open()
  const { founder, worker, colleague, everybody, grid } = setup
  const two = expectOk(await addGrid(founder, '二号网格'))
  const desk = 'sp-0001'
  expectOk(await addSpace(founder, desk, 'desk', grid))
  await meetAll(everybody, [grid])
  const ids = (space: string) => generationsOf(founder, space).map(({ id }) => toHex(id))
  const spaces = [founder.communitySpace()!, two]
  const before = spaces.map(ids)
  const { rekeyed } = expectOk(await handOver(founder, { from: memberOf(worker), to: null, spaces: [grid] }))
  expect(rekeyed.toSorted()).toEqual([grid, desk].toSorted())
  expect(spaces.map(ids)).toEqual(before)
  for (const space of rekeyed) {
    const sealing = sealingGeneration(founder.trunk, founder.membership(), space)!
    expect([sealing.boxes.has(worker.identity.station), opens(worker, sealing)]).toEqual([false, false])
    expect(sealing.boxes.has(colleague.identity.station)).toBe(true)
  }
  await build(founder, '社区的', founder.communitySpace()!)
  expect(spaces.map(ids)).toEqual(before)
})

test('A17 a demotion makes new keys, for it may have voided invitations', async () => {
  await using setup = await open()
  const { founder, second, colleague, everybody, grid } = setup
  await build(colleague, '之前')
  const before = lastSealed(colleague, grid)
  expectOk(await assignRole(founder, memberOf(second), 'relay'))
  await meetAll(everybody, [grid])
  await build(colleague, '之后')
  const after = lastSealed(colleague, grid)
  expect([opens(second, before), opens(second, after)]).toEqual([true, false])
  await meetAll(everybody, [grid])
  expect(names(setup.third)).toEqual(['之前', '之后'])
})

test('A17 a ratify that makes a removal count again makes new keys', async () => {
  await using setup = await open()
  const { founder, second, worker, colleague, everybody, grid } = setup
  expectOk(await removeMember(second, memberOf(worker)))
  expectOk(await removeMember(founder, memberOf(second)))
  await meetAll(everybody, [grid])
  await build(colleague, '乙又在')
  const between = lastSealed(colleague, grid)
  await meetAll(everybody, [grid])
  await meetKeys(colleague, worker)
  expect(opens(worker, generationsOf(worker, grid).find(({ id }) => toHex(id) === toHex(between.id))!)).toBe(
    true,
  )
  const [removal] = listVoided(founder).filter(({ type }) => type === 'remove')
  expectOk(await ratifyAct(founder, removal!.act))
  await meetAll(everybody, [grid])
  await build(colleague, '乙不在了')
  expect(opens(worker, lastSealed(colleague, grid))).toBe(false)
})

test('A17 nobody boxes a key to who would not have got it by what the key’s maker knew; a chief may, by hand', async () => {
  await using setup = await open()
  const { founder, second, worker, colleague, everybody, grid } = setup
  // The second chief removes and seals; it is removed itself, apart, and so its removal is void.
  expectOk(await removeMember(second, memberOf(worker)))
  await build(second, '瞒着乙的', grid)
  await deliver(second, colleague)
  const hidden = lastSealed(second, grid)
  expectOk(await removeMember(founder, memberOf(second)))
  await meetAll(everybody, [grid])
  expect(worker.isMember()).toBe(true)
  const given = expectOk(await giveKeys(colleague, worker.identity.station))
  expect(given.refused).toBeGreaterThan(0)
  await tell(colleague, worker)
  expect(names(worker)).toEqual([])
  expectOk(await giveKeys(founder, worker.identity.station, { byHand: true }))
  await tell(founder, worker)
  expect(opens(worker, generationsOf(worker, grid).find(({ id }) => toHex(id) === toHex(hidden.id))!)).toBe(
    true,
  )
  expect(names(worker)).toEqual(['瞒着乙的'])
})

test('A17 a blind gateway gets no key, holds all, and passes it on', async () => {
  await using setup = await open()
  const { founder, worker, colleague, community, grid } = setup
  const relay = await community.join(founder, '网关', 'relay')
  await build(worker, '过网关')
  await tell(founder, relay)
  await deliver(founder, relay, [grid])
  await handIn(worker, relay, grid)
  expect([names(relay), relay.spaces(), relay.digest(grid).recordsDigest]).toEqual([[], [], null])
  expect(relay.digest(grid).digest).toBe(worker.digest(grid).digest)
  expect(generationsOf(relay, grid).some((generation) => opens(relay, generation))).toBe(false)
  await tell(founder, colleague)
  await deliver(relay, colleague, [grid])
  expect(names(colleague)).toEqual(['过网关'])
})

/** Somebody who was let in, and not given keys yet. */
async function addWithoutKeys(founder: Station, community: TestCommunity, grid: string): Promise<Station> {
  const invite = expectOk(createInvite(founder, { role: 'worker', name: '测试员晚', grids: [grid] }))
  const { station } = expectOk(joinWithInvite(community.newHome(), testSecret, invite, { stationName: '晚' }))
  community.stations.push(station)
  const { signing, boxing } = station.trunk.identity
  const [key, box] = [signing.publicKey, boxing.publicKey]
  const proof = proveStation(signing.privateKey, invite.community, founder.identity.station, box)
  const act = { type: 'member', role: 'worker', spaces: [grid], key, box, proof } as const
  expectOk(await founder.act((put) => ok(put(act))))
  return station
}

/** What a meeting does about keys: whoever holds one boxes it to a reader who lacks it. */
async function meetKeys(from: Station, to: Station): Promise<void> {
  expectOk(await giveKeys(from, to.identity.station))
  await tell(from, to)
}

async function open() {
  const setup = await openCommunity()
  return { ...setup, [Symbol.asyncDispose]: setup.close }
}

test('A17 a gateway that kept a grid blind reads all of it once its member may, also what came after the last act', async () => {
  await using setup = await open()
  const { community, founder, worker, grid } = setup
  const relay = await community.join(founder, '盲网关', 'relay')
  await build(worker, '之前')
  await handIn(worker, founder, grid)
  await handIn(founder, relay, grid)
  expectOk(await assignRole(founder, memberOf(relay), 'auditor'))
  expectOk(await giveKeys(founder, relay.identity.station, { byHand: true }))
  await deliver(founder, relay)
  expect(names(relay)).toEqual(['之前'])
  expect(relay.digest(grid)).toEqual(founder.digest(grid))
})

test('S5 who lost the right to read says nothing about records, though it still has the key', async () => {
  await using setup = await open()
  const { founder, second, worker, everybody, grid } = setup
  await build(worker, '楼')
  await meetAll(everybody, [grid])
  expectOk(await assignRole(founder, memberOf(second), 'relay'))
  await tell(founder, second)
  expect(names(second)).toEqual([])
  expect(second.digest(grid)).toEqual({ ...founder.digest(grid), recordsDigest: null })
})
