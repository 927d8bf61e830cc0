import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createKeyPair } from '../../src/crypto/keys.ts'
import type { Entry } from '../../src/log/entry.ts'
import { type Act, generationIdOf, proveStation } from '../../src/membership/act.ts'
import { writeTagOf } from '../../src/record/tag.ts'
import { expectOk } from '../../src/result.ts'
import { removeMember } from '../../src/station/belonging.ts'
import { diagnose } from '../../src/station/doctor.ts'
import type { Station } from '../../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../../src/testing/test-community.ts'
import { actsOf, Forger, write } from '../forge.ts'

// Times are bounds against growth, not measures: each is many times what a slow machine takes, and a small part of
// what it took where every step walked all that came before.
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map(({ fields }) => fields.name).sort()

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

async function admit(station: Station, segments: readonly Uint8Array[]) {
  for (let at = 0; at < segments.length; at += 16)
    expectOk(await station.admit(segments.slice(at, at + 16), 'test'))
}

function segmentsOf(forger: Forger, entries: readonly Entry[]): Uint8Array[] {
  const segments: Uint8Array[] = []
  for (let at = 0; at < entries.length; at += 64) segments.push(forger.segment(...entries.slice(at, at + 64)))
  return segments
}

const add = (station: Station, name: string, grid: string) =>
  station.write('record.edit', (book) => book.create('building', grid, { set: { name } }))

/** After whatever it was: honest stations write, meet, end equal, and the attacker can be removed. */
async function goesOn({ founder, third, worker, grid }: Setup): Promise<void> {
  expectOk(await add(founder, '甲写', grid))
  expect(await deliver(founder, third)).toMatchObject({ refused: [], missing: 0 })
  expectOk(await add(third, '丙写', grid))
  expect(await deliver(third, founder)).toMatchObject({ refused: [], missing: 0 })
  expectOk(await removeMember(founder, worker.identity.member))
  expectOk(await add(founder, '移除之后', grid))
  for (let round = 0; round < 3; round++) {
    expect(await deliver(founder, third)).toMatchObject({ refused: [], missing: 0 })
    expect(await deliver(third, founder)).toMatchObject({ refused: [], missing: 0 })
  }
  for (const station of [founder, third])
    expect(names(station)).toEqual(expect.arrayContaining(['甲写', '丙写', '移除之后']))
  for (const space of [founder.identity.community, grid])
    expect(third.digest(space)).toEqual(founder.digest(space))
}

describe('one member floods, and the rest work on and can remove it', () => {
  test('F7 600 logs of acts, none of which knows another: no header has room for their ends', async () => {
    await using setup = await open()
    const { founder, third, worker, grid } = setup
    const deps = actsOf(worker)
    const segments = Array.from({ length: 600 }, () => {
      const forger = Forger.of(worker, founder.identity.community)
      return forger.segment(forger.act(anyGeneration(grid), { deps }))
    })
    for (const station of [founder, third]) await admit(station, segments)
    await goesOn(setup)
  })

  test('F7 1000 logs of entries, more than an act has room for when they are cut', async () => {
    await using setup = await open()
    const { founder, worker, grid } = setup
    const segments = Array.from({ length: 1000 }, (_, n) => {
      const forger = Forger.of(worker, grid)
      return forger.segment(forger.data(worker, { parts: [write('bu-0001', { name: `占${n}` })] }))
    })
    await admit(founder, segments)
    await goesOn(setup)
  })

  test('A17 500 stations of its own: a new key is still boxed for everybody else', async () => {
    await using setup = await open()
    const { founder, third, worker, community } = setup
    const forger = Forger.of(worker, founder.identity.community)
    const acts = Array.from({ length: 500 }, (_, n) =>
      forger.act(anyStation(founder, worker), n === 0 ? { deps: actsOf(worker) } : {}),
    )
    for (const station of [founder, third]) await admit(station, segmentsOf(forger, acts))
    // Somebody else is removed while they all stand: every space needs a key that they would all be boxed.
    const other = await community.join(founder, '测试员戊')
    expectOk(await removeMember(founder, other.identity.member))
    await goesOn(setup)
  })

  test('A17 false boxes by the thousand are tried once, and a save is a save', async () => {
    await using setup = await open()
    const { founder, worker, grid } = setup
    const forger = Forger.of(worker, founder.identity.community)
    const acts = Array.from({ length: 1500 }, (_, n) =>
      forger.act(
        { ...anyGeneration(grid), boxes: [[founder.identity.station, new Uint8Array(92)]] },
        n === 0 ? { deps: actsOf(worker) } : {},
      ),
    )
    await admit(founder, segmentsOf(forger, acts))
    expectOk(await add(founder, '第一次', grid))
    const taken = await seconds(async () => {
      for (let n = 0; n < 5; n++) expectOk(await add(founder, `其后${n}`, grid))
    })
    expect(taken).toBeLessThan(5)
    await goesOn(setup)
  })

  test('A13 a long log forked 48 times, and 1500 writes of it taken back: each costs what it is, not the length of the log', async () => {
    await using setup = await open()
    const { founder, worker, grid } = setup
    const epoch = new Uint8Array(randomBytes(16))
    const trunk = Forger.of(worker, grid, epoch)
    const entries = Array.from({ length: 1500 }, () =>
      trunk.data(worker, { parts: [write('bu-0001', { name: '占' })] }),
    )
    await admit(founder, segmentsOf(trunk, entries))
    const at = entries.at(-2)!
    const branches = Array.from({ length: 48 }, (_, n) => {
      const branch = Forger.of(worker, grid, epoch).goOnFrom({ seq: at.header.seq, hash: at.hash })
      return branch.segment(branch.data(worker, { parts: [write('bu-0002', { name: `支${n}` })] }))
    })
    const tags = entries.map((entry) => writeTagOf(entry.hash, 1))
    const eraser = Forger.of(worker, grid)
    const erasing = eraser.data(worker, {
      deps: [trunk.ref(entries.at(-1)!)],
      parts: [
        { ...write('bu-0001', {}), unwrites: tags.map((tag) => ({ type: 'field', name: 'name', tag })) },
      ],
    })
    expect(await seconds(() => admit(founder, [...branches, eraser.segment(erasing)]))).toBeLessThan(30)
    expect(founder.get('bu-0001')?.fields.name).toBeUndefined()
    await goesOn(setup)
  })

  test('A13 a fork whose headers fill their segments is proved and frozen all the same', async () => {
    await using setup = await open()
    const { founder, worker, grid } = setup
    const epoch = new Uint8Array(randomBytes(16))
    const branches = ['左', '右'].map((name) => {
      const branch = Forger.of(worker, grid, epoch)
      const parts = Array.from({ length: 512 }, () => new Uint8Array([0x80]))
      const first = branch.data(worker, { parts: [write('bu-0001', { name })] })
      return branch.segment(first, branch.data(worker, { parts }))
    })
    await admit(founder, branches)
    expect(founder.forks()).toMatchObject([{ seq: 0 }])
    await goesOn(setup)
  })

  test('A17 parts under keys that nobody has: acts that arrive later cost no reading of them all', async () => {
    await using setup = await open()
    const { founder, third, worker, community, grid } = setup
    const forger = Forger.of(worker, grid)
    const keys = () => [new Uint8Array(randomBytes(16))]
    const entries = Array.from({ length: 100 }, (_, n) => {
      const blobs = Array.from({ length: 500 }, () => ({ bytes: new Uint8Array(randomBytes(30)), key: 0 }))
      return forger.append(forger.entry(n === 0 ? { acts: actsOf(worker) } : {}, keys(), blobs))
    })
    for (const entry of entries) await admit(founder, [forger.segment(entry)])
    expect(founder.trunk.store.missingKeys()).toHaveLength(100)
    const taken = await seconds(async () => {
      for (let n = 0; n < 3; n++) await community.join(founder, `测试员${n}`)
    })
    expect(taken).toBeLessThan(20)
    await deliver(founder, third)
    await goesOn(setup)
  })

  test('A2 refusals by the thousand are forgotten but for the newest, and honest entries behind them come in', async () => {
    await using setup = await open()
    const { founder, worker, grid } = setup
    const segments = Array.from({ length: 600 }, () => {
      const forger = Forger.of(worker, grid)
      return forger.segment(forger.data(worker, { acts: [], parts: [write('bu-0001', { name: '假' })] }))
    })
    const strangers = Array.from({ length: 200 }, () => {
      const stranger = Forger.stranger(grid)
      return stranger.segment(stranger.data(worker, { acts: actsOf(founder), parts: [] }))
    })
    const honest = Forger.of(worker, grid)
    const good = honest.segment(honest.data(worker, { parts: [write('bu-0002', { name: '真' })] }))
    await admit(founder, [...strangers, ...segments, good])
    // Of known stations alone; the bound itself is the store's, and tested there.
    expect(founder.quarantine().refused).toHaveLength(600)
    expect(names(founder)).toEqual(['真'])
    await goesOn(setup)
  })

  test('F7 entries that say nothing, 64 to a segment: taken in as they are, and the home is whole', async () => {
    await using setup = await open()
    const { founder, worker, grid } = setup
    const forger = Forger.of(worker, grid)
    const entries = Array.from({ length: 2000 }, (_, n) =>
      forger.data(worker, { parts: [write(`bu-${1000 + (n % 500)}`, { name: '小' })] }),
    )
    await admit(founder, segmentsOf(forger, entries))
    expect(names(founder)).toHaveLength(500)
    expect(diagnose(founder).checks.filter((check) => !check.ok)).toEqual([])
    await goesOn(setup)
  })
})

const anyGeneration = (space: string): Extract<Act, { type: 'generation' }> => ({
  type: 'generation',
  space,
  generation: generationIdOf(space, new Uint8Array(randomBytes(32))),
  boxes: [],
})

function anyStation(founder: Station, worker: Station): Act {
  const signing = createKeyPair('ed25519')
  const boxing = createKeyPair('x25519')
  const { community } = founder.identity
  const { member } = worker.identity
  const proof = proveStation(signing.privateKey, community, member, boxing.publicKey)
  return { type: 'station', member, key: signing.publicKey, box: boxing.publicKey, proof }
}

type Setup = { community: TestCommunity; founder: Station; worker: Station; third: Station; grid: string }

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const third = await community.join(founder, '测试员丙')
  await deliver(founder, third)
  return {
    community,
    founder,
    worker,
    third,
    grid: gridOf(worker),
    [Symbol.asyncDispose]: () => community.close(),
  }
}
