import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createKeyPair } from '../src/crypto/keys.ts'
import { stationIdOf } from '../src/ids.ts'
import { encodeSegment } from '../src/log/segment.ts'
import { type Act, proveStation } from '../src/membership/act.ts'
import { wholeMembership } from '../src/membership/whole-membership.test.data.ts'
import { expectOk } from '../src/result.ts'
import { diagnose } from '../src/station/doctor.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { actsOf, Forger, headsOf, write } from './forge.ts'

const admit = async (to: Station, ...segments: Uint8Array[]) => expectOk(await to.admit(segments, 'test'))
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map((record) => record.fields.name).sort()

test('A1 a dependency with the wrong sequence is refused for ever', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  await founderWrites(setup, '1幢')
  const [head] = headsOf(founder, grid)
  const forger = Forger.of(worker, grid)
  const bytes = forger.segment(
    forger.data(worker, {
      deps: [{ ...head!, seq: head!.seq + 1 }],
      parts: [write('bu-0001', { name: '假' })],
    }),
  )
  expect((await admit(founder, bytes)).refused).toMatchObject([{ reason: 'false-dependency' }])
  expect((await admit(founder, bytes)).refused).toMatchObject([{ reason: 'refused-before' }])
  expect(names(founder)).toEqual(['1幢'])
})

test('A1 a dependency that names another log for a hash is refused', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  await founderWrites(setup, '1幢')
  const [head] = headsOf(founder, grid)
  const forger = Forger.of(worker, grid)
  const deps = [{ ...head!, log: 'ab'.repeat(16) }]
  const entry = forger.data(worker, { deps, parts: [write('bu-0001', { name: '假' })] })
  expect((await admit(founder, forger.segment(entry))).refused).toMatchObject([
    { reason: 'false-dependency' },
  ])
})

test('A1 a dependency on an entry of another space is refused', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const [other] = headsOf(founder, founder.communitySpace()!)
  const forger = Forger.of(worker, grid)
  const entry = forger.data(worker, { deps: [other!], parts: [write('bu-0001', { name: '假' })] })
  expect((await admit(founder, forger.segment(entry))).refused).toMatchObject([
    { reason: 'false-dependency' },
  ])
})

test('A1 an act names acts only, and data cannot be named as an act', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  await founderWrites(setup, '1幢')
  const data = headsOf(founder, grid)
  const acts = actsOf(founder)
  const space = { type: 'space', space: 'sp-0000', kind: 'grid', parent: null } as const
  const chief = Forger.of(founder, founder.identity.community)
  const actOnData = chief.segment(chief.act(space, { deps: data }))
  const chief2 = Forger.of(founder, founder.identity.community)
  const actWithActs = chief2.segment(chief2.act(space, { deps: acts, acts }))
  const forger = Forger.of(worker, grid)
  const dataAsAct = forger.segment(
    forger.data(worker, { acts: data, parts: [write('bu-0001', { name: '假' })] }),
  )
  for (const bytes of [actOnData, actWithActs, dataAsAct])
    expect((await admit(founder, bytes)).refused).toMatchObject([{ reason: 'false-dependency' }])
  expect(founder.membership().spaces.has('sp-0000')).toBe(false)
  expect(community.stations.length).toBe(2)
})

test('A1 a hash that nobody has is missing: nothing is kept, and nothing is held against it', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const forger = Forger.of(worker, grid)
  const deps = [{ log: 'ab'.repeat(16), seq: 3, hash: new Uint8Array(randomBytes(32)) }]
  const bytes = forger.segment(forger.data(worker, { deps, parts: [write('bu-0001', { name: '假' })] }))
  for (let time = 0; time < 2; time++)
    expect(await admit(founder, bytes)).toMatchObject({ admitted: 0, missing: 1, refused: [] })
  expect(founder.quarantine().refused).toEqual([])
})

test('A2 a stranger is refused; nothing is remembered of strangers, and what depends on them never has its past', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const stranger = Forger.stranger(grid)
  const first = stranger.data(worker, { acts: actsOf(founder), parts: [write('bu-0001', { name: '假' })] })
  const second = stranger.data(worker, { parts: [write('bu-0002', { name: '假' })] })
  const forger = Forger.of(worker, grid)
  const standing = forger.data(worker, {
    deps: [stranger.ref(first)],
    parts: [write('bu-0003', { name: '靠' })],
  })
  expect((await admit(founder, stranger.segment(first))).refused).toMatchObject([{ reason: 'not-a-member' }])
  for (const bytes of [stranger.segment(second), forger.segment(standing)])
    expect(await admit(founder, bytes)).toMatchObject({ admitted: 0, missing: 1, refused: [] })
  expect([names(founder), founder.quarantine().refused]).toEqual([[], []])
})

test('A2 what depends on a refused entry of somebody known is refused with it', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const bad = Forger.of(worker, grid)
  const first = bad.data(worker, { acts: [], parts: [write('bu-0001', { name: '假' })] })
  const second = bad.data(worker, { parts: [write('bu-0002', { name: '假' })] })
  const forger = Forger.of(worker, grid)
  const standing = forger.data(worker, {
    deps: [bad.ref(first)],
    parts: [write('bu-0003', { name: '靠' })],
  })
  expect((await admit(founder, bad.segment(first))).refused).toMatchObject([{ reason: 'not-a-member' }])
  expect((await admit(founder, bad.segment(second))).refused).toMatchObject([{ reason: 'past-refused' }])
  expect((await admit(founder, forger.segment(standing))).refused).toMatchObject([{ reason: 'past-refused' }])
  expect(names(founder)).toEqual([])
})

test('A2 validity is judged by the own past alone: a member who names no acts is none there', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const forger = Forger.of(worker, grid)
  const entry = forger.data(worker, { acts: [], parts: [write('bu-0001', { name: '假' })] })
  expect((await admit(founder, forger.segment(entry))).refused).toMatchObject([{ reason: 'not-a-member' }])
})

test('A2 refused stays refused, also for a station that is told of it after a restart', async () => {
  await using setup = await open()
  const { community, founder, worker, grid } = setup
  const bad = Forger.of(worker, grid)
  const entry = bad.data(worker, { acts: [], parts: [write('bu-0001', { name: '假' })] })
  await admit(founder, bad.segment(entry))
  const again = community.reopen(founder)
  expect((await admit(again, bad.segment(entry))).refused).toMatchObject([{ reason: 'refused-before' }])
  expect(again.quarantine().refused).toMatchObject([
    { reason: 'not-a-member', seq: 0, log: bad.id, from: 'test' },
  ])
})

test('A2 what a role may not write is refused: an auditor no parts, a worker no other grid', async () => {
  await using setup = await open(['一号网格', '二号网格'])
  const { founder, worker, community, grid } = setup
  const auditor = await community.join(founder, '审计员', 'auditor')
  const byAuditor = Forger.of(auditor, grid)
  const written = byAuditor.segment(byAuditor.data(auditor, { parts: [write('bu-0001', { name: '假' })] }))
  expect((await admit(founder, written)).refused).toMatchObject([{ reason: 'role-may-not' }])
  const other = founder.spaces().find(({ id, kind }) => kind === 'grid' && id !== grid)!.id
  const byWorker = Forger.of(worker, other)
  const elsewhere = byWorker.segment(
    byWorker.data(founder, {
      acts: actsOf(founder),
      deed: { member: worker.identity.member },
      parts: [write('bu-0001', { name: '假' })],
    }),
  )
  expect((await admit(founder, elsewhere)).refused).toMatchObject([{ reason: 'role-may-not' }])
})

test('A2 an auditor may stand by: an entry without parts changes nothing and counts', async () => {
  await using setup = await open()
  const { founder, community, grid } = setup
  await founderWrites(setup, '1幢')
  const auditor = await community.join(founder, '审计员', 'auditor')
  await deliver(founder, auditor)
  const forger = Forger.of(auditor, grid)
  const bytes = forger.segment(forger.standBy({ deps: headsOf(auditor, grid), acts: actsOf(auditor) }))
  const before = founder.digest(grid).recordsDigest
  expect(await admit(founder, bytes)).toMatchObject({ admitted: 1, held: 0, refused: [] })
  expect(founder.digest(grid).recordsDigest).toBe(before)
})

test('A2 a worker appoints, removes and hands over nobody, makes no grid, and adds stations to nobody else', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const { community, member: chief } = founder.identity
  const { station, member } = worker.identity
  const keys = createKeyPair('ed25519')
  const bytes16 = new Uint8Array(16)
  const proven = (whom: string) => {
    const box = new Uint8Array(32)
    return { key: keys.publicKey, box, proof: proveStation(keys.privateKey, community, whom, box) }
  }
  const tries: readonly (readonly [Act, string])[] = [
    [{ type: 'member', role: 'chief', spaces: [], ...proven(station) }, 'role-may-not'],
    [{ type: 'space', space: 'sp-0001', kind: 'grid', parent: null }, 'role-may-not'],
    [{ type: 'station', member: chief, ...proven(chief) }, 'role-may-not'],
    // Nobody is claimed who did not sign for it, nor by what it signed for another.
    [{ type: 'station', member, ...proven(chief) }, 'unproven-station'],
    [{ type: 'station', member, ...proven(member), box: keys.publicKey }, 'unproven-station'],
    [{ type: 'station', member: 'me-0009', ...proven('me-0009') }, 'unknown-member'],
    [{ type: 'assign', roles: [[member, 'chief']], spaces: [] }, 'role-may-not'],
    [{ type: 'assign', roles: [], spaces: [[chief, grid, false]] }, 'role-may-not'],
    [{ type: 'remove', member: chief, cut: [] }, 'role-may-not'],
    [{ type: 'remove', member, cut: [] }, 'role-may-not'],
    [{ type: 'remove-station', station: founder.identity.station, cut: [] }, 'not-senior'],
    [{ type: 'remove-station', station, cut: [] }, 'not-senior'],
    [{ type: 'remove-station', station: 'st-0009', cut: [] }, 'unknown-station'],
    [{ type: 'ratify', act: founder.trunk.acts.graph().nodes[1]!.ref.hash }, 'not-senior'],
    [{ type: 'ratify', act: new Uint8Array(32) }, 'unknown-act'],
    [{ type: 'generation', space: 'sp-0009', generation: bytes16, boxes: [] }, 'unknown-space'],
    [{ type: 'box', generation: bytes16, boxes: [] }, 'unknown-generation'],
    [{ type: 'genesis', nonce: bytes16, box: new Uint8Array(32) }, 'false-genesis'],
  ]
  const before = wholeMembership(founder.membership())
  for (const [act, reason] of tries) {
    const forger = Forger.of(worker, community)
    const bytes = forger.segment(forger.act(act, { deps: actsOf(worker) }))
    expect([act, (await admit(founder, bytes)).refused]).toMatchObject([act, [{ reason }]])
  }
  expect(wholeMembership(founder.membership())).toEqual(before)
  // Its own further station it may add, when that station says so itself.
  const forger = Forger.of(worker, community)
  const own = forger.act({ type: 'station', member, ...proven(member) }, { deps: actsOf(worker) })
  expect(await admit(founder, forger.segment(own))).toMatchObject({ admitted: 1, refused: [] })
  expect(founder.membership().stations.get(stationIdOf(keys.publicKey))?.member).toBe(member)
})

test('A2 an act of a shape that is none is refused', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  const { community } = founder.identity
  for (const bytes of [new Uint8Array([0x80]), new Uint8Array([0xff]), new Uint8Array(0)]) {
    const forger = Forger.of(worker, community)
    const report = await admit(founder, forger.segment(forger.act(bytes, { deps: actsOf(worker) })))
    expect(report).toMatchObject({ admitted: 0, refused: [{ log: forger.id, seq: 0 }] })
  }
  const two = Forger.of(worker, community)
  const blob = { bytes: new Uint8Array([0x80]), key: -1 }
  const report = await admit(founder, two.segment(two.entry({ deps: actsOf(worker) }, [], [blob, blob])))
  expect(report.refused).toMatchObject([{ reason: 'malformed-act' }])
})

test('A2 an entry with an unsealed blob is refused: what was said about people stays sealed', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const forger = Forger.of(worker, grid)
  const entry = forger.entry({ acts: actsOf(worker) }, [], [{ bytes: new Uint8Array([0x80]), key: -1 }])
  expect((await admit(founder, forger.segment(entry))).refused).toMatchObject([{ reason: 'unsealed' }])
})

test('A2 a segment with one refused entry leaves nothing behind, neither entries nor records', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const forger = Forger.of(worker, grid)
  const good = forger.data(worker, { parts: [write('bu-0001', { name: '前' })] })
  const bad = forger.append(forger.entry({}, [], [{ bytes: new Uint8Array([0x80]), key: -1 }]))
  const digest = founder.digest(grid)
  const report = await admit(founder, forger.segment(good, bad))
  expect(report).toMatchObject({ admitted: 0, held: 0, carried: 0, forks: [], refused: [{ seq: 1 }] })
  expect(founder.has(good.hash)).toBe(false)
  expect(founder.get('bu-0001')).toBeNull()
  expect(founder.digest(grid)).toEqual(digest)
  expect(founder.trunk.store.segmentsOf(forger.id, 0)).toEqual([])
  expect(diagnose(founder).checks.filter((check) => !check.ok)).toEqual([])
  // The good entry was never at fault: alone it comes in.
  expect(await admit(founder, forger.segment(good))).toMatchObject({ admitted: 1, refused: [] })
  expect(founder.get('bu-0001')?.fields.name).toBe('前')
})

test('A2 a refused segment spoils neither what came before it in the batch nor what comes after', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const before = Forger.of(worker, grid)
  const one = before.data(worker, { parts: [write('bu-0001', { name: '一' })] })
  const bad = Forger.of(worker, grid)
  const spoiled = [
    bad.data(worker, { parts: [write('bu-0001', { name: '毒', street: '毒' })] }),
    bad.append(bad.entry({}, [], [{ bytes: new Uint8Array([0x80]), key: -1 }])),
  ]
  const after = Forger.of(worker, grid)
  const two = after.data(worker, { parts: [write('bu-0002', { name: '二' })] })
  const report = await admit(founder, before.segment(one), bad.segment(...spoiled), after.segment(two))
  expect(report).toMatchObject({ admitted: 2, refused: [{ log: bad.id, seq: 1 }] })
  expect(names(founder)).toEqual(['一', '二'])
  expect(founder.get('bu-0001')?.conflicts).toEqual({})
  expect(diagnose(founder).checks.filter((check) => !check.ok)).toEqual([])
})

test('A2 nobody can have an honest entry refused by showing it as part of another log', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const honest = Forger.of(worker, grid)
  const first = honest.data(worker, { parts: [write('bu-0001', { name: '一' })] })
  const second = honest.data(worker, { parts: [write('bu-0002', { name: '二' })] })
  await admit(founder, honest.segment(first))
  const thief = Forger.stranger(grid)
  expect((await admit(founder, thief.segment(second))).refused).toMatchObject([{ reason: 'broken-chain' }])
  expect(await admit(founder, honest.segment(second))).toMatchObject({ admitted: 1, refused: [] })
  expect(names(founder)).toEqual(['一', '二'])
})

test('A2 a known entry under a stranger’s signature is not kept as a segment of the stranger', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const honest = Forger.of(worker, grid)
  const first = honest.data(worker, { parts: [write('bu-0001', { name: '一' })] })
  const second = honest.data(worker, { parts: [write('bu-0002', { name: '二' })] })
  await admit(founder, honest.segment(first, second))
  const colleague = Forger.of(worker, grid)
  const own = colleague.data(worker, { parts: [write('bu-0003', { name: '三' })] })
  await admit(founder, colleague.segment(own))
  const report = await admit(founder, colleague.segment(second))
  expect(report).toMatchObject({ known: 0, refused: [{ reason: 'broken-chain' }] })
  expect(founder.trunk.store.segmentsOf(colleague.id, 0)).toHaveLength(1)
})

test('A2 whoever forwards a segment cannot strip its blobs: it is asked for again, and nothing is held against it', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  const strip = (forger: Forger, bytes: Uint8Array, entries: readonly { raw: { header: Uint8Array } }[]) => {
    const signature = bytes.subarray(bytes.length - 64)
    return encodeSegment(
      forger.log,
      entries.map(({ raw }) => ({ header: raw.header, blobs: [null] })),
      signature,
    )
  }
  const acting = Forger.of(founder, founder.identity.community)
  const space = { type: 'space', space: 'sp-0001', kind: 'grid', parent: null } as const
  const act = acting.act(space, { deps: actsOf(founder) })
  const whole = acting.segment(act)
  expect(await admit(worker, strip(acting, whole, [act]))).toMatchObject({ admitted: 0 })
  expect(await admit(worker, whole)).toMatchObject({ admitted: 1, refused: [] })
  await admit(founder, whole)
  const writing = Forger.of(worker, grid)
  const entry = writing.data(worker, { parts: [] })
  const sealed = writing.segment(entry)
  expect(await admit(founder, strip(writing, sealed, [entry]))).toMatchObject({ admitted: 0 })
  expect(await admit(founder, sealed)).toMatchObject({ admitted: 1, refused: [] })
  expect(community.stations.every((station) => station.trunk.store.voids().length === 0)).toBe(true)
})

test('A20 a segment before its past is missing, nothing of it is kept, and it is taken after', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  await founderWrites(setup, '1幢')
  await deliver(founder, worker)
  expectOk(
    await worker.write('record.edit', (book) => book.create('building', grid, { set: { name: '2幢' } })),
  )
  const third = await setup.community.join(founder, '测试员丙')
  const [behind] = worker.outgoing(grid, founder.heads(grid)).map(({ row }) => worker.segment(row))
  expect(await admit(third, behind!)).toMatchObject({ admitted: 0, missing: 1, refused: [] })
  expect([third.heads(grid), names(third), third.quarantine().refused]).toEqual([[], [], []])
  await deliver(founder, third)
  expect(await admit(third, behind!)).toMatchObject({ admitted: 1, missing: 0 })
  expect(names(third)).toEqual(['1幢', '2幢'])
})

test('A20 within one log too: the end of a chain waits for its beginning', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const forger = Forger.of(worker, grid)
  const first = forger.segment(forger.data(worker, { parts: [write('bu-0001', { name: '一' })] }))
  const second = forger.segment(forger.data(worker, { parts: [write('bu-0002', { name: '二' })] }))
  expect(await admit(founder, second)).toMatchObject({ admitted: 0, missing: 1 })
  expect(await admit(founder, first, second)).toMatchObject({ admitted: 2, missing: 0 })
})

async function founderWrites(setup: { founder: Station; grid: string }, name: string) {
  expectOk(
    await setup.founder.write('record.edit', (book) =>
      book.create('building', setup.grid, { set: { name } }),
    ),
  )
}

async function open(grids: readonly string[] = ['一号网格']) {
  const { community, founder } = await TestCommunity.create(grids)
  const worker = await community.join(founder, '测试员乙')
  const grid = gridOf(worker)
  return { community, founder, worker, grid, [Symbol.asyncDispose]: () => community.close() }
}
