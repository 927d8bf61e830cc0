import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { toHex } from '../src/bytes/bytes.ts'
import { box } from '../src/crypto/seal.ts'
import { type Act, boxContext, generationIdOf, memberIdOf, proveStation } from '../src/membership/act.ts'
import { wholeMembership } from '../src/membership/whole-membership.test.data.ts'
import { expectOk } from '../src/result.ts'
import { giveKeys } from '../src/station/belonging.ts'
import { addGrid } from '../src/station/create-community.ts'
import { createInvite, grantRequest, joinWithInvite } from '../src/station/invite.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity, testSecret } from '../src/testing/test-community.ts'
import { newGeneration } from '../src/trunk/generation.ts'
import { actsOf, Forger } from './forge.ts'

type MemberAct = Extract<Act, { type: 'member' }>

const admit = async (to: Station, ...segments: Uint8Array[]) => expectOk(await to.admit(segments, 'test'))
const build = (station: Station, name: string) =>
  station.write('record.edit', (book) => book.create('building', gridOf(station), { set: { name } }))
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map(({ fields }) => fields.name).sort()

/** Writes an act in a log of its own, and hands it over. */
async function forge(from: Station, to: Station, act: Act, deps = actsOf(to)) {
  const forger = Forger.of(from, to.identity.community)
  const entry = forger.act(act, { deps })
  return { report: await admit(to, forger.segment(entry)), member: memberIdOf(entry.hash) }
}

/** The act that let a station in. */
const invitationOf = (founder: Station, station: Station): MemberAct =>
  founder.membership().stations.get(station.identity.station)!.claim.node.act as MemberAct

test('A3 a colleague’s station cannot be claimed: it must have said so itself, and to whom', async () => {
  await using setup = await open()
  const { founder, second, worker } = setup
  const { key, box, proof } = invitationOf(founder, worker)
  const { community, member } = second.identity
  const wrong = new Uint8Array(64)
  const own = second.trunk.identity.signing.privateKey
  const claims: readonly Act[] = [
    { type: 'station', member, key, box, proof: wrong },
    // What it signed for the founder, who invited it, serves nobody else.
    { type: 'station', member, key, box, proof },
    { type: 'station', member, key, box, proof: proveStation(own, community, member, box) },
    { type: 'member', role: 'auditor', spaces: [], key, box, proof },
  ]
  const before = wholeMembership(founder.membership())
  for (const act of claims) {
    const { report } = await forge(second, founder, act)
    expect(report.refused).toMatchObject([{ reason: 'unproven-station' }])
  }
  expect(wholeMembership(founder.membership())).toEqual(before)
})

test('A3 a worker cannot take a colleague’s station over by claiming not to have heard of it', async () => {
  await using setup = await open()
  const { founder, worker, community } = setup
  const before = actsOf(worker)
  const colleague = await community.join(founder, '测试员己')
  const { key, box, proof } = invitationOf(founder, colleague)
  const act: Act = { type: 'station', member: worker.identity.member, key, box, proof }
  const { report } = await forge(worker, founder, act, before)
  expect(report.refused).toMatchObject([{ reason: 'unproven-station' }])
  expectOk(await build(colleague, '楼'))
  await deliver(colleague, founder)
  expect(founder.trunk.store.voids()).toEqual([])
  expect(names(founder)).toEqual(['楼'])
})

test('A3 a member is the act that added it: added again it is another, and the first keeps its station and role', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  const invitation = invitationOf(founder, worker)
  const { member } = worker.identity
  // By the inviter itself, who has the proof; often enough to beat a rule that chose by hash.
  for (let time = 0; time < 16; time++) {
    const again = await forge(founder, founder, { ...invitation, role: 'auditor' })
    expect(again.report).toMatchObject({ admitted: 1, refused: [] })
    expect(again.member).not.toBe(member)
  }
  expect(founder.membership().members.get(member)?.role).toBe('worker')
  expect(founder.membership().stations.get(worker.identity.station)?.member).toBe(member)
  await deliver(founder, worker)
  expect(worker.member()).toMatchObject({ id: member, role: 'worker' })
  expectOk(await build(worker, '楼'))
  await deliver(worker, founder)
  expect(names(founder)).toEqual(['楼'])
})

test('A3 a false box beside a true one does no harm, nor any number of them before it', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  expectOk(await build(founder, '一'))
  const early = actsOf(worker)
  const generations = founder.membership().generations.filter(({ space }) => space === grid)
  const late = await community.join(founder, '测试员己')
  const insist = async (station: Station, deps: ReturnType<typeof actsOf>) => {
    // Each in a log of its own, so that none comes after another.
    const segments = Array.from({ length: 120 }, (_, n) => {
      const forger = Forger.of(worker, founder.identity.community)
      const generation = generations[n % generations.length]!.id
      const boxes = [[station.identity.station, new Uint8Array(randomBytes(92))] as const]
      const act: Act =
        n % 2 === 0
          ? { type: 'box', generation, boxes }
          : { type: 'generation', space: grid, generation, boxes }
      return forger.segment(forger.act(act, { deps }))
    })
    for (const to of [founder, late]) expect((await admit(to, ...segments)).refused).toEqual([])
  }
  await insist(founder, actsOf(worker))
  // As if written before the newcomer got the true ones.
  await insist(late, early)
  for (const [station, name] of [
    [founder, '二'],
    [late, '三'],
  ] as const) {
    const again = community.reopen(station)
    await deliver(founder, again)
    expect(again.digest(grid).recordsDigest).toBe(founder.digest(grid).recordsDigest)
    expect(names(again)).toContain('一')
    expectOk(await build(again, name))
    await deliver(again, founder)
    expect(names(founder)).toContain(name)
  }
})

test('A3 where only a false box was given, a chief’s own decision gives the true one', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  const late = await community.join(founder, '测试员己')
  // A generation of the worker's making: a true secret, and for one colleague something else.
  const act = newGeneration(worker.membership(), grid)
  const boxes = act.boxes.concat([[late.identity.station, new Uint8Array(randomBytes(92))]])
  const ref = expectOk(await worker.act((put) => ({ ok: true, value: put({ ...act, boxes }) })))
  await deliver(worker, founder)
  expectOk(await build(founder, '一'))
  await deliver(founder, late)
  expect(names(late)).toEqual([])
  // It has a box, as far as anybody else can see.
  expect(expectOk(await giveKeys(founder, late.identity.station))).toEqual({ given: 0, refused: 0 })
  expect(expectOk(await giveKeys(founder, late.identity.station, { byHand: true })).given).toBe(1)
  expect(expectOk(await giveKeys(founder, late.identity.station, { byHand: true })).given).toBe(0)
  await deliver(founder, late)
  expect(names(late)).toEqual(['一'])
  expect(founder.trunk.acts.has(ref)).toBe(true)
})

test('A3 a generation whose box holds another secret than its id commits to does not open: nobody is told another key', async () => {
  await using setup = await open()
  const { founder, worker, second, grid } = setup
  const [one, two] = [1, 2].map((byte) => new Uint8Array(32).fill(byte)) as [Uint8Array, Uint8Array]
  const generation = generationIdOf(grid, one)
  const boxed = (station: Station, secret: Uint8Array) =>
    [
      station.identity.station,
      box(station.trunk.identity.boxing.publicKey, secret, boxContext(grid, generation)),
    ] as const
  const boxes = [boxed(worker, one), boxed(founder, one), boxed(second, two)]
  const { report } = await forge(worker, founder, { type: 'generation', space: grid, generation, boxes })
  expect(report).toMatchObject({ admitted: 1, refused: [] })
  await deliver(founder, second)
  const secretAt = (station: Station) => {
    const found = station.membership().generations.find(({ id }) => Buffer.from(id).equals(generation))!
    const secret = station.trunk.keyring.secretOf(found)
    return secret && toHex(secret)
  }
  expect(secretAt(founder)).toBe(toHex(one))
  expect(secretAt(second)).toBeNull()
  // Who cannot open it seals under another, which all can read.
  expectOk(await build(second, '楼'))
  await deliver(second, founder)
  await deliver(founder, worker)
  for (const station of [founder, second, worker]) expect(names(station)).toEqual(['楼'])
})

test('A17 a secret boxed for one space is none for another', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  expectOk(await addGrid(founder, '二号网格'))
  const secret = new Uint8Array(randomBytes(32))
  const generation = generationIdOf(grid, secret)
  const other = [...founder.membership().spaces].find(([id, kind]) => kind === 'grid' && id !== grid)![0]
  const { station } = founder.identity
  const boxes = [
    [station, box(founder.trunk.identity.boxing.publicKey, secret, boxContext(other, generation))] as const,
  ]
  const { report } = await forge(founder, founder, { type: 'generation', space: other, generation, boxes })
  expect(report).toMatchObject({ admitted: 1, refused: [] })
  const found = founder.membership().generations.find(({ id }) => Buffer.from(id).equals(generation))!
  expect(founder.trunk.keyring.secretOf(found)).toBeNull()
  expect(worker.isMember()).toBe(true)
})

test('A3 a grant whose second half failed can be given again, and adds nobody twice', async () => {
  await using setup = await open()
  const { founder, community } = setup
  const invite = expectOk(createInvite(founder, { role: 'worker', name: '测试员戊', grids: ['一号网格'] }))
  const { station, request } = expectOk(
    joinWithInvite(community.newHome(), testSecret, invite, { stationName: '戊' }),
  )
  community.stations.push(station)
  const granted = expectOk(await grantRequest(founder, request))
  // As after a failure between the acts and the cards: the invite is still open.
  founder.putDraft(`invite/${invite.id}`, { invite, state: 'open' })
  const before = wholeMembership(founder.membership())
  expect(expectOk(await grantRequest(founder, request))).toEqual(granted)
  expect(wholeMembership(founder.membership())).toEqual(before)
  await deliver(founder, station)
  expect(station.member()).toMatchObject({ id: granted.member, role: 'worker' })
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
    expect(wholeMembership(station.membership())).toEqual(wholeMembership(founder.membership()))
    expect(station.digest(community)).toEqual(founder.digest(community))
  }
  expect([...founder.membership().spaces.values()].filter((kind) => kind === 'grid')).toHaveLength(3)
})

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const second = await community.join(founder, '副站长', 'chief')
  await deliver(founder, second)
  await deliver(founder, worker)
  return {
    community,
    founder,
    worker,
    second,
    grid: gridOf(founder),
    [Symbol.asyncDispose]: () => community.close(),
  }
}
