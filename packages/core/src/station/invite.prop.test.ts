import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { bitFlips, chance, STRANGE_VALUES, truncations } from '../testing/hostile-bytes.test.data.ts'
import { deliver, gridOf, TestCommunity, testSecret } from '../testing/test-community.ts'
import { assignRole, removeMember } from './belonging.ts'
import {
  createInvite,
  createStationInvite,
  grantRequest,
  type Invite,
  type JoinRequest,
  joinWithInvite,
  parseJoinFile,
  pendingJoin,
  withdrawInvite,
} from './invite.ts'
import type { Station } from './station.ts'

let clock = 1_760_000_000_000
let community: TestCommunity
let founder: Station
let invite: Invite
let request: JoinRequest
beforeAll(async () => {
  ;({ community, founder } = await TestCommunity.create(['一号网格'], () => clock))
  ;({ invite, request } = ask())
})
afterAll(() => community.close())

function ask(validMs?: number) {
  const made = expectOk(
    createInvite(founder, {
      role: 'worker',
      name: '测试员乙',
      grids: ['一号网格'],
      addresses: ['192.0.2.1:7420'],
      ...(validMs ? { validMs } : {}),
    }),
  )
  const joined = expectOk(
    joinWithInvite(community.newHome(), testSecret, made, { stationName: '乙的笔记本' }),
  )
  community.stations.push(joined.station)
  return { invite: made, ...joined }
}
const people = () => [...founder.membership().members.keys()]

test('an invite and a request are read back as they were written', () => {
  for (const file of [invite, request])
    expect(parseJoinFile(JSON.stringify(file, null, 2))).toEqual({ ok: true, value: file })
})

test('a cut file is malformed; a flipped bit or any text is a result, never a throw', () => {
  for (const file of [invite, request]) {
    const text = Buffer.from(JSON.stringify(file))
    for (const cut of truncations(text))
      expect(parseJoinFile(Buffer.from(cut).toString())).toMatchObject({
        problem: { type: 'malformed-file' },
      })
    for (const flipped of bitFlips(text))
      expect(typeof parseJoinFile(Buffer.from(flipped).toString()).ok).toBe('boolean')
  }
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parseJoinFile(text).ok).toBe(false)
    }),
    chance(500),
  )
  expect(parseJoinFile('['.repeat(100_000)).ok).toBe(false)
})

test('with a field gone or of another kind it is malformed', () => {
  for (const file of [invite, request] as const)
    for (const field of Object.keys(file)) {
      const { [field]: _, ...rest } = file as Record<string, unknown>
      // A request is named by nothing but its proof; what an invite says of spaces and inviter is looked into.
      expect(parseJoinFile(JSON.stringify(rest)).ok, field).toBe(false)
      for (const value of STRANGE_VALUES) {
        if (typeof value === 'string' || value instanceof Uint8Array) continue
        const isFine =
          (field === 'spaces' && Array.isArray(value) && value.length === 0) ||
          (field === 'member' && value === null)
        expect(parseJoinFile(JSON.stringify({ ...file, [field]: value })).ok, field).toBe(isFine)
      }
    }
})

test('a request altered anywhere is false, and lets nobody in', async () => {
  const before = people()
  for (const [field, value] of Object.entries(request)) {
    if (field === 'doorstep') continue
    const altered = { ...request, [field]: value.slice(0, -3) + (value.endsWith('AAA') ? 'BBB' : 'AAA') }
    const granted = await grantRequest(founder, altered)
    expect(granted.ok, field).toBe(false)
    if (!granted.ok)
      expect(['false-request', 'unknown-invite', 'other-community']).toContain(granted.problem.type)
  }
  expect(people()).toEqual(before)
})

test('A3 a station that did not sign for this inviter is not let in, whatever the invite’s secret says', async () => {
  const before = people()
  const { invite: mine, request: asked } = ask()
  const { invite: other, request: elsewhere } = ask()
  const claims = [Buffer.alloc(64).toString('base64'), elsewhere.claim]
  // Whoever has the invite can prove that much, and no more.
  for (const claim of claims)
    expect(await grantRequest(founder, resigned({ ...asked, claim }, mine.secret))).toMatchObject({
      problem: { type: 'false-request' },
    })
  const stolen = { ...asked, key: elsewhere.key, box: elsewhere.box, claim: asked.claim }
  expect(await grantRequest(founder, resigned(stolen, mine.secret))).toMatchObject({
    problem: { type: 'false-request' },
  })
  expect(people()).toEqual(before)
  expectOk(await grantRequest(founder, asked))
  withdrawInvite(founder, other.id)
})

test('A3 a further station is its member’s: invited by that member or somebody senior, let in as that member', async () => {
  const worker = await community.join(founder, '测试员己')
  const { member } = worker.identity
  const colleague = await community.join(founder, '测试员庚')
  await deliver(founder, worker)
  await deliver(founder, colleague)
  expect(createStationInvite(colleague, { member })).toMatchObject({ problem: { type: 'role-may-not' } })
  expect(createStationInvite(worker, { member: 'me-9999' })).toMatchObject({
    problem: { type: 'unknown-member' },
  })
  for (const inviter of [worker, founder]) {
    const made = expectOk(createStationInvite(inviter, { member }))
    expect(parseJoinFile(JSON.stringify(made))).toEqual({ ok: true, value: made })
    const joined = expectOk(joinWithInvite(community.newHome(), testSecret, made, { stationName: '第二台' }))
    community.stations.push(joined.station)
    expect(expectOk(await grantRequest(inviter, joined.request)).member).toBe(member)
    await deliver(inviter, joined.station, [founder.identity.community])
    expect(joined.station.member()).toMatchObject({ id: member, role: 'worker' })
    expect(joined.station.spaces()).toEqual(worker.spaces())
    await deliver(inviter, joined.station)
    expect(joined.station.digest(gridOf(founder)).recordsDigest).not.toBeNull()
    await deliver(joined.station, founder)
  }
})

test('an invite outlives neither its maker’s rights nor the member it was for', async () => {
  const chief = await community.join(founder, '副站长', 'chief')
  await deliver(founder, chief)
  const worker = await community.join(chief, '测试员辛')
  const newcomer = expectOk(createInvite(chief, { role: 'worker', name: '壬', grids: [] }))
  const further = expectOk(createStationInvite(chief, { member: worker.identity.member }))
  const requests = [newcomer, further].map((made) => {
    const joined = expectOk(joinWithInvite(community.newHome(), testSecret, made, { stationName: '壬' }))
    community.stations.push(joined.station)
    return joined.request
  })
  expectOk(await removeMember(chief, worker.identity.member))
  expect(await grantRequest(chief, requests[1]!)).toMatchObject({ problem: { type: 'unknown-member' } })
  await deliver(chief, founder)
  expectOk(await assignRole(founder, chief.identity.member, 'worker'))
  await deliver(founder, chief)
  expect(await grantRequest(chief, requests[0]!)).toMatchObject({ problem: { type: 'role-may-not' } })
})

test('A3 a removed station is not let in again under its old key', async () => {
  const { request: first, invite: mine, station } = ask()
  const { member } = expectOk(await grantRequest(founder, first))
  expectOk(await removeMember(founder, member))
  founder.putDraft(`invite/${mine.id}`, { invite: mine, state: 'open' })
  expect(await grantRequest(founder, first)).toMatchObject({ problem: { type: 'false-request' } })
  expect(founder.membership().stations.has(station.identity.station)).toBe(false)
})

const resigned = (request: JoinRequest, secret: string): JoinRequest => {
  const { doorstep, community: id, invite: of, stationName, key, box, claim } = request
  const text = JSON.stringify([doorstep, id, of, stationName, key, box, claim])
  const proof = createHmac('sha256', Buffer.from(secret, 'base64')).update(text).digest('base64')
  return { ...request, proof }
}

test('an invite lets in one station, once; asked again it says the same', async () => {
  const { invite: mine, request: asked, station } = ask()
  expect(pendingJoin(station)).toEqual({ invite: mine, request: asked })
  expectOk(await grantRequest(founder, asked))
  const before = people()
  expectOk(await grantRequest(founder, asked))
  const other = expectOk(joinWithInvite(community.newHome(), testSecret, mine, { stationName: '另一台' }))
  community.stations.push(other.station)
  expect(await grantRequest(founder, other.request)).toMatchObject({ problem: { type: 'invite-used' } })
  expect(withdrawInvite(founder, mine.id)).toMatchObject({ problem: { type: 'invite-used' } })
  expect(people()).toEqual(before)
})

test('expired or withdrawn, it lets nobody in; the inviter’s clock decides', async () => {
  const expired = ask(1000)
  clock += 1001
  expect(await grantRequest(founder, expired.request)).toMatchObject({ problem: { type: 'invite-expired' } })
  const withdrawn = ask()
  expectOk(withdrawInvite(founder, withdrawn.invite.id))
  expect(await grantRequest(founder, withdrawn.request)).toMatchObject({
    problem: { type: 'invite-withdrawn' },
  })
  expect(withdrawInvite(founder, 'in-0000')).toMatchObject({ problem: { type: 'unknown-invite' } })
})

test('only who may invite invites, and only into grids that are there', async () => {
  const worker = await community.join(founder, '测试员丙', 'worker')
  expect(createInvite(worker, { role: 'worker', name: '丁', grids: [] })).toMatchObject({
    problem: { type: 'role-may-not' },
  })
  expect(createInvite(founder, { role: 'worker', name: '丁', grids: ['九号网格'] })).toMatchObject({
    problem: { type: 'unknown-grid', grids: ['一号网格'] },
  })
})

test('an invite holds no key of any space', () => {
  const text = JSON.stringify(invite)
  const { generations } = founder.membership()
  expect(generations.length).toBeGreaterThan(1)
  for (const generation of generations) {
    const secret = Buffer.from(founder.trunk.keyring.secretOf(generation)!)
    for (const encoding of ['hex', 'base64', 'base64url'] as const)
      expect(text.includes(secret.toString(encoding))).toBe(false)
  }
})
