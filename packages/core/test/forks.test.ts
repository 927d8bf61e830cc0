import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { toHex } from '../src/bytes/bytes.ts'
import { createKeyPair, createSigner, type KeyPair } from '../src/crypto/keys.ts'
import { createEntry, type Entry, logIdOf, rootOf } from '../src/log/entry.ts'
import { segmentClaim } from '../src/log/segment.ts'
import type { Act, BranchProof } from '../src/membership/act.ts'
import { expectOk } from '../src/result.ts'
import { handOver, removeMember } from '../src/station/belonging.ts'
import { diagnose } from '../src/station/doctor.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { actsOf, Forger, headsOf, write } from './forge.ts'

type Freeze = Extract<Act, { type: 'freeze' }>

const admit = async (to: Station, ...segments: Uint8Array[]) => expectOk(await to.admit(segments, 'test'))
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map((record) => record.fields.name).sort()
const heldBy = (station: Station) => station.quarantine().held
const idOf = (entry: Entry) => toHex(entry.hash).slice(0, 12)
const entriesIn = (station: Station, space: string) => station.digest(space).entries

test('A13 two branches are the proof: the first to hold both freezes the log from there, and nothing is lost', async () => {
  await using setup = await open()
  const { founder, grid, fork } = setup
  await admit(founder, fork.shared, fork.left)
  expect(founder.forks()).toEqual([])
  const report = await admit(founder, fork.right)
  expect(report.forks).toEqual([{ log: fork.id, seq: 1 }])
  expect(founder.forks()).toEqual([{ log: fork.id, seq: 1 }])
  expect(names(founder)).toEqual(['共', '右', '左'].sort())
  expect(heldBy(founder)).toEqual([])
  expect(diagnose(founder).ok).toBe(true)
  expect(founder.digest(grid).recordsDigest).not.toBeNull()
})

test('A13 the two branches in either order, on two stations that then meet: equal, and one freeze point', async () => {
  await using setup = await open()
  const { founder, third, fork, grid } = setup
  await admit(founder, fork.shared, fork.left, fork.right)
  await admit(third, fork.shared, fork.right, fork.left)
  for (let round = 0; round < 3; round++) {
    await deliver(founder, third)
    await deliver(third, founder)
  }
  expect(third.digest(grid)).toEqual(founder.digest(grid))
  expect(third.forks()).toEqual(founder.forks())
  expect(heldBy(third)).toEqual([])
})

test('A14 of a record that both branches wrote in, both writes live, on every station, until a person decides', async () => {
  await using setup = await open()
  const { founder, worker, third, grid } = setup
  const epoch = new Uint8Array(randomBytes(16))
  const base = Forger.of(worker, grid, epoch)
  const shared = base.data(worker, { parts: [write('bu-2001', { name: '楼', street: '旧' })] })
  // One place in one log, one record, one field; and with the same bytes before sealing, too.
  const branches = ['左', '右', '右'].map((street, at) => {
    const branch = Forger.of(worker, grid, epoch).goOnFrom({ seq: 0, hash: shared.hash })
    const parts = [write('bu-2001', { street }), ...(at < 2 ? [] : [write('bu-2002', { name: '第三枝' })])]
    return branch.segment(branch.data(worker, { parts }))
  })
  await admit(founder, base.segment(shared), ...branches)
  await admit(third, base.segment(shared), ...branches.toReversed())
  for (let round = 0; round < 3; round++) {
    await deliver(founder, third)
    await deliver(third, founder)
  }
  for (const station of [founder, third]) {
    const { street } = station.get('bu-2001')!.conflicts
    expect(street?.map(({ value }) => value).sort()).toEqual(['右', '左', '旧'].sort())
    expect(station.get('bu-2002')?.fields.name).toBe('第三枝')
    expect(heldBy(station)).toEqual([])
    expect(diagnose(station).ok).toBe(true)
  }
  expect(third.digest(grid)).toEqual(founder.digest(grid))
  expectOk(await founder.write('conflict.settle', (book) => book.edit('bu-2001', { set: { street: '新' } })))
  await deliver(founder, third)
  for (const station of [founder, third]) expect(station.get('bu-2001')?.conflicts).toEqual({})
})

test('A13 entries before the fork stand by themselves; from there on both branches are held', async () => {
  await using setup = await open()
  const { third, fork } = setup
  await setup.freezeReaches(third)
  expect(await admit(third, fork.shared, fork.left, fork.right)).toMatchObject({ admitted: 3, held: 2 })
  expect(names(third)).toEqual(['共'])
  expect(heldBy(third).map(({ reason, log }) => [reason, log])).toEqual([
    ['log-frozen', fork.id],
    ['log-frozen', fork.id],
  ])
  expect(diagnose(third).ok).toBe(true)
})

test('S8 what is held of a grid that was handed on is no more this station’s to look at', async () => {
  await using setup = await open()
  const { founder, worker, third, fork, grid } = setup
  await setup.freezeReaches(third)
  await admit(third, fork.shared, fork.left, fork.right)
  expect(heldBy(third)).toHaveLength(2)
  expectOk(
    await handOver(founder, { from: third.identity.member, to: worker.identity.member, spaces: [grid] }),
  )
  await deliver(founder, third)
  expect(third.holdings()).not.toContain(grid)
  expect(heldBy(third)).toEqual([])
})

test('A13 a proven freeze counts whoever brings it: a worker, and a station that was removed', async () => {
  for (const who of ['third', 'removed'] as const) {
    await using setup = await open()
    const { founder, third, fork, grid } = setup
    expectOk(
      await third.write('record.edit', (book) => book.create('building', grid, { set: { name: '早' } })),
    )
    await deliver(third, founder)
    if (who === 'removed') expectOk(await removeMember(founder, third.identity.member))
    const witness = Forger.of(third, founder.identity.community)
    const bytes = witness.segment(witness.act(fork.proof, { deps: actsOf(founder) }))
    expect(await admit(founder, bytes)).toMatchObject({ admitted: 1, refused: [] })
    expect(founder.forks()).toEqual([{ log: fork.id, seq: 1 }])
  }
})

test('A13 a freeze needs its author’s station and the frozen log’s in its past: strangers fill no station with forks', async () => {
  await using setup = await open()
  const { founder, third, fork } = setup
  const stranger = Forger.stranger(founder.identity.community)
  const byStranger = stranger.segment(stranger.act(fork.proof, { deps: actsOf(founder) }))
  expect((await admit(founder, byStranger)).refused).toMatchObject([{ reason: 'not-a-member' }])
  // Two branches of a stranger's log are as well signed as any, and about nobody here.
  const witness = Forger.of(third, founder.identity.community)
  const aboutStranger = witness.act(forkBy(createKeyPair('ed25519'), setup.grid), { deps: actsOf(founder) })
  expect((await admit(founder, witness.segment(aboutStranger))).refused).toMatchObject([
    { reason: 'unknown-station' },
  ])
  const early = Forger.of(third, founder.identity.community)
  const genesis = founder.trunk.acts.graph().nodes[0]!.ref
  const tooEarly = early.segment(early.act(fork.proof, { deps: [genesis] }))
  expect((await admit(founder, tooEarly)).refused).toMatchObject([{ reason: 'not-a-member' }])
  expect(founder.forks()).toEqual([])
})

test('A13 a freeze that proves nothing is refused, whoever brings it', async () => {
  await using setup = await open()
  const { founder, third, fork } = setup
  const [left, right] = fork.proof.proofs
  const flip = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, at) => (at === 9 ? byte ^ 1 : byte))
  const otherSigner = Forger.of(third, third.identity.community)
  const last = 1 + right.headers.length - 1
  const forgedSignature = createSigner(otherSigner.keys.privateKey)(
    segmentClaim(fork.id, right.first, last, fork.rightHead),
  )
  const wrong: Record<string, Partial<Freeze>> = {
    'one branch twice': { proofs: [left, left] },
    'a branch without headers': { proofs: [left, { ...right, headers: [] }] },
    'a signature that is none': { proofs: [left, { ...right, signature: flip(right.signature) }] },
    'somebody else’s signature': { proofs: [left, { ...right, signature: forgedSignature }] },
    'a header that was altered': { proofs: [left, { ...right, headers: right.headers.map(flip) }] },
    'a claim from elsewhere': { proofs: [left, { ...right, first: right.first + 1 }] },
    'an earlier sequence': { seq: 0 },
    'a later sequence': { seq: 2 },
    'another log’s key': { log: third.identity.key },
    'another epoch': { epoch: new Uint8Array(16) },
    'another space': { space: founder.communitySpace()! },
  }
  for (const [name, over] of Object.entries(wrong)) {
    const chief = Forger.of(founder, founder.identity.community)
    const bytes = chief.segment(chief.act({ ...fork.proof, ...over }, { deps: actsOf(founder) }))
    expect((await admit(third, bytes)).refused, name).toMatchObject([{ reason: 'unproven-freeze' }])
  }
  expect(third.forks()).toEqual([])
})

test('A13 in a frozen log nobody goes on who knows that it is frozen', async () => {
  await using setup = await open()
  const { founder, worker, fork } = setup
  await admit(founder, fork.shared, fork.left, fork.right)
  const forger = fork.branch()
  const entry = forger.data(worker, {
    seq: 2,
    prev: fork.leftHead,
    acts: actsOf(founder),
    parts: [write('bu-0009', { name: '再' })],
  })
  expect((await admit(founder, forger.segment(entry))).refused).toMatchObject([
    { reason: 'frozen-in-own-past' },
  ])
})

test('A13 acts on two branches of one chain are simply concurrent: both count, nothing is frozen', async () => {
  await using setup = await open()
  const { founder, third } = setup
  const epoch = new Uint8Array(randomBytes(16))
  const deps = actsOf(third)
  const segments = ['sp-0001', 'sp-0002'].map((space) => {
    const chief = Forger.of(founder, founder.identity.community, epoch)
    return chief.segment(chief.act({ type: 'space', space, kind: 'grid', parent: null }, { deps }))
  })
  const one = await admit(third, segments[0]!)
  const two = await admit(third, segments[1]!)
  expect([one.refused, two.refused, third.forks()]).toEqual([[], [], []])
  await admit(founder, segments[1]!, segments[0]!)
  for (const station of [founder, third])
    expect([...station.membership().spaces.keys()]).toEqual(expect.arrayContaining(['sp-0001', 'sp-0002']))
  await deliver(founder, third)
  await deliver(third, founder)
  expect(third.digest(third.identity.community)).toEqual(founder.digest(founder.identity.community))
})

test('A9 a held entry comes in with the one that carries it, in the same batch or a later one', async () => {
  await using setup = await open()
  const { founder, third, fork, grid } = setup
  await admit(founder, fork.shared, fork.left, fork.right)
  await setup.freezeReaches(third)
  await admit(third, fork.shared, fork.left, fork.right)
  expect(names(third)).toEqual(['共'])
  // The founder had accepted both before it knew; its stand-by vouches for them.
  const report = await deliver(founder, third)
  expect(report.carried).toBe(2)
  expect(names(third)).toEqual(names(founder))
  expect(heldBy(third)).toEqual([])
  await deliver(third, founder)
  expect(third.digest(grid)).toEqual(founder.digest(grid))
  expect(diagnose(third).ok).toBe(true)
})

test('A9 carrying takes the whole past: a chain of held entries, and what they in turn had seen', async () => {
  await using setup = await open()
  const { worker, third, fork, grid } = setup
  await setup.freezeReaches(third)
  const left = fork.branch().goOnFrom({ seq: 1, hash: fork.leftHead })
  const more = [3, 4].map((n) => left.data(worker, { parts: [write(`bu-200${n}`, { name: `左${n}` })] }))
  // The right branch goes on too, and has seen the end of the left one.
  const right = fork.branch().goOnFrom({ seq: 1, hash: fork.rightHead })
  const end = right.data(worker, {
    deps: [left.ref(more[1]!)],
    parts: [write('bu-2005', { name: '右5' })],
  })
  await admit(third, fork.shared, fork.left, fork.right, left.segment(...more), right.segment(end))
  expect(heldBy(third)).toHaveLength(5)
  expect(names(third)).toEqual(['共'])
  const carrier = Forger.of(third, grid)
  const vouch = carrier.standBy({ deps: [right.ref(end)], acts: actsOf(third) })
  expect(await admit(third, carrier.segment(vouch))).toMatchObject({ admitted: 1, held: 0, carried: 5 })
  expect(names(third)).toEqual(['共', '右', '左', '左3', '左4', '右5'].sort())
  expect(heldBy(third)).toEqual([])
  expect(diagnose(third).ok).toBe(true)
})

test('A9 what nobody carries stays held, also when the freeze is read again and homes are opened again', async () => {
  await using setup = await open()
  const { third, fork, community, grid } = setup
  await setup.freezeReaches(third)
  await admit(third, fork.shared, fork.left)
  const before = third.digest(grid)
  await admit(third, fork.left)
  const again = community.reopen(third)
  expect(heldBy(again)).toHaveLength(1)
  expect(again.digest(grid)).toEqual(before)
})

test('A10 before a freeze takes accepted entries away, the station stands by them, once', async () => {
  await using setup = await open()
  const { founder, third, fork, grid } = setup
  await admit(third, fork.shared, fork.left)
  await admit(founder, fork.shared, fork.right, fork.left)
  const before = entriesIn(third, grid)
  await deliver(founder, third, [founder.identity.community])
  expect(third.forks()).toEqual([{ log: fork.id, seq: 1 }])
  expect(names(third)).toEqual(['共', '左'].sort())
  expect(entriesIn(third, grid)).toBe(before + 1)
  const standBy = third.trunk.store.entry(third.heads(grid).find(({ log }) => log !== fork.id)!.hash)!
  expect(standBy.raw.blobs).toEqual([])
  // Hearing of it again, and opening again, writes no second one.
  await deliver(founder, third, [founder.identity.community])
  expect(entriesIn(third, grid)).toBe(before + 1)
  for (let round = 0; round < 2; round++) {
    await deliver(founder, third)
    await deliver(third, founder)
  }
  expect(third.digest(grid)).toEqual(founder.digest(grid))
})

test('A10 an auditor stands by too: what it had accepted stays', async () => {
  await using setup = await open()
  const { founder, community, fork, grid } = setup
  const auditor = await community.join(founder, '审计员', 'auditor')
  await deliver(founder, auditor)
  await admit(auditor, fork.shared, fork.left)
  await admit(founder, fork.right, fork.shared, fork.right, fork.left)
  await deliver(founder, auditor, [founder.identity.community])
  expect(names(auditor)).toEqual(['共', '左'].sort())
  expect(heldBy(auditor)).toEqual([])
  const report = await deliver(auditor, founder)
  expect(report.refused).toEqual([])
  await deliver(founder, auditor)
  expect(auditor.digest(grid)).toEqual(founder.digest(grid))
})

test('A15 a station whose own log is frozen goes on in a fresh epoch, and stands by its own entries from there', async () => {
  await using setup = await open()
  const { founder, worker, community, grid } = setup
  const make = (station: Station, name: string) =>
    station.write('record.edit', (book) => book.create('building', grid, { set: { name } }))
  expectOk(await make(worker, '原'))
  const twin = community.copyHome(worker, { keepEpoch: true })
  const [mine] = expectOk(await make(worker, '本机')).entries
  expectOk(await make(twin, '副本'))
  await deliver(worker, founder)
  await deliver(twin, founder)
  await deliver(founder, worker, [founder.identity.community])
  expect(worker.forks()).toHaveLength(1)
  const [next] = expectOk(await make(worker, '以后')).entries
  expect(next!.log).not.toBe(mine!.log)
  // Held back by the freeze until vouched for; vouched for, they are everybody's.
  for (let round = 0; round < 3; round++)
    for (const other of [worker, twin]) {
      await deliver(founder, other)
      await deliver(other, founder)
    }
  for (const station of [founder, worker, twin]) {
    expect(names(station)).toEqual(['原', '本机', '副本', '以后'].sort())
    expect(station.digest(grid)).toEqual(founder.digest(grid))
    expect(heldBy(station)).toEqual([])
  }
})

test('A16 a chief or a steward releases what is held, and everybody who hears of it takes it in', async () => {
  for (const role of ['chief', 'steward'] as const) {
    await using setup = await open()
    const { founder, third, fork, grid, community } = setup
    const releaser = await community.join(founder, '放行员', role)
    for (const station of [releaser, third]) {
      await setup.freezeReaches(station)
      await admit(station, fork.shared, fork.left)
    }
    const report = expectOk(await releaser.release(idOf(fork.leftEntry)))
    expect(report).toMatchObject({ carried: 1, held: 0 })
    expect(names(releaser)).toEqual(['共', '左'].sort())
    await deliver(releaser, third)
    expect(names(third)).toEqual(['共', '左'].sort())
    expect(heldBy(third)).toEqual([])
    await deliver(third, releaser)
    expect(third.digest(grid)).toEqual(releaser.digest(grid))
  }
})

test('A16 a worker or an auditor releases nothing, and nobody what is not held', async () => {
  await using setup = await open()
  const { founder, third, fork, community } = setup
  const auditor = await community.join(founder, '审计员', 'auditor')
  for (const station of [third, auditor]) {
    await setup.freezeReaches(station)
    await admit(station, fork.shared, fork.left)
    expect(await station.release(idOf(fork.leftEntry))).toMatchObject({
      ok: false,
      problem: { type: 'role-may-not', action: 'quarantine.release' },
    })
    expect(heldBy(station)).toHaveLength(1)
  }
  const accepted = toHex(headsOf(founder, gridOf(founder))[0]?.hash ?? fork.leftEntry.hash).slice(0, 12)
  for (const id of ['', 'ffffffffffff', accepted])
    expect(await founder.release(id)).toMatchObject({ ok: false, problem: { type: 'not-in-quarantine' } })
})

test('A16 what is refused cannot be released', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  // By one who names no acts, and so belongs nowhere in its own past.
  const forger = Forger.of(worker, grid)
  const entry = forger.data(worker, { acts: [], parts: [write('bu-0001', { name: '假' })] })
  await admit(founder, forger.segment(entry))
  expect(founder.quarantine().refused).toHaveLength(1)
  expect(await founder.release(idOf(entry))).toMatchObject({ problem: { type: 'not-in-quarantine' } })
})

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const third = await community.join(founder, '测试员丙')
  const grid = gridOf(founder)
  const fork = forkOf(worker, grid)
  /** The freeze act and the acts before it, from somebody who saw both branches, and nothing else. */
  const freezeReaches = async (station: Station) => {
    const witness = Forger.of(third, station.identity.community)
    const bytes = witness.segment(witness.act(fork.proof, { deps: actsOf(station) }))
    expect(await admit(station, bytes)).toMatchObject({ admitted: 1, refused: [] })
  }
  return {
    community,
    founder,
    worker,
    third,
    grid,
    fork,
    freezeReaches,
    [Symbol.asyncDispose]: () => community.close(),
  }
}

/** Two first entries of one log, each signed by these keys. */
function forkBy(keys: KeyPair, space: string): Freeze {
  const epoch = new Uint8Array(randomBytes(16))
  const id = logIdOf({ key: keys.publicKey, epoch, space })
  const sign = createSigner(keys.privateKey)
  const branch = (n: number): BranchProof => {
    const blob = { bytes: new Uint8Array([n]), key: -1 }
    const entry = createEntry({ seq: 0, prev: rootOf(id), deps: [], acts: [], keys: [] }, [blob])
    return {
      headers: [entry.raw.header],
      first: 0,
      signature: sign(segmentClaim(id, 0, 0, entry.hash)),
    }
  }
  return { type: 'freeze', log: keys.publicKey, epoch, space, seq: 0, proofs: [branch(1), branch(2)] }
}

/** A log of the worker's with one entry that both branches share, and one more on each. */
function forkOf(worker: Station, grid: string) {
  const epoch = new Uint8Array(randomBytes(16))
  const branch = () => Forger.of(worker, grid, epoch)
  const base = branch()
  const shared = base.data(worker, { parts: [write('bu-1001', { name: '共' })] })
  const [leftEntry, rightEntry] = ['左', '右'].map((name) =>
    branch()
      .goOnFrom({ seq: 0, hash: shared.hash })
      .data(worker, { parts: [write(name === '左' ? 'bu-1002' : 'bu-1003', { name })] }),
  ) as [Entry, Entry]
  const sign = createSigner(base.keys.privateKey)
  const proofOf = (entry: Entry): BranchProof => ({
    headers: [entry.raw.header],
    first: 1,
    signature: sign(segmentClaim(base.id, 1, 1, entry.hash)),
  })
  const proof: Freeze = {
    type: 'freeze',
    log: base.log.key,
    epoch,
    space: grid,
    seq: 1,
    proofs: [proofOf(leftEntry), proofOf(rightEntry)],
  }
  return {
    id: base.id,
    branch,
    proof,
    shared: base.segment(shared),
    left: branch().segment(leftEntry),
    right: branch().segment(rightEntry),
    leftEntry,
    leftHead: leftEntry.hash,
    rightHead: rightEntry.hash,
  }
}
