import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { encodeCbor } from '../src/bytes/cbor.ts'
import { toBase32 } from '../src/ids.ts'
import { proveStation } from '../src/membership/act.ts'
import type { Change } from '../src/record/change.ts'
import { writeTagOf } from '../src/record/tag.ts'
import { expectOk, ok } from '../src/result.ts'
import { giveKeys } from '../src/station/belonging.ts'
import { diagnose } from '../src/station/doctor.ts'
import { createInvite, joinWithInvite } from '../src/station/invite.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity, testSecret } from '../src/testing/test-community.ts'
import { Forger, write } from './forge.ts'

const admit = async (to: Station, ...segments: Uint8Array[]) => expectOk(await to.admit(segments, 'test'))
const voids = (station: Station) => station.trunk.store.voids().map(({ part, reason }) => [part, reason])
const digestOf = (station: Station, space: string) => station.digest(space).recordsDigest

test('V1 one bad part among good ones: the others are taken, on every station alike', async () => {
  await using setup = await open()
  const { founder, worker, third, grid } = setup
  const forger = Forger.of(worker, grid)
  const entry = forger.data(worker, {
    parts: [
      write('bu-0001', { name: '好一' }),
      new Uint8Array([0xff]),
      encodeCbor(['building', 1, 'bu-0002', [[0, '__proto__', 'x']], []]),
      write('bu-0003', { name: '好三' }),
      encodeCbor('not a change'),
    ],
  })
  expect(await admit(founder, forger.segment(entry))).toMatchObject({ admitted: 1, refused: [] })
  await admit(third, forger.segment(entry))
  for (const station of [founder, third]) {
    expect(voids(station)).toEqual([
      [2, 'void-malformed'],
      [3, 'void-malformed'],
      [5, 'void-malformed'],
    ])
    expect(station.get('bu-0001')?.fields.name).toBe('好一')
    expect(station.get('bu-0002')).toBeNull()
    expect(station.get('bu-0003')?.fields.name).toBe('好三')
    expect(diagnose(station).ok).toBe(true)
  }
  expect(digestOf(founder, grid)).toBe(digestOf(third, grid))
})

test('V1 a part altered after sealing is void, the part beside it is not', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const forger = Forger.of(worker, grid)
  const whole = forger.data(worker, {
    parts: [write('bu-0001', { name: '一' }), write('bu-0002', { name: '二' })],
  })
  const again = Forger.of(worker, grid, forger.log.epoch)
  const blobs = whole.raw.blobs.map((bytes, at) => {
    const altered = Uint8Array.from(bytes!)
    if (at === 1) altered[20]! ^= 1
    return { bytes: altered, key: 0 }
  })
  const entry = again.append(again.entry({ acts: whole.header.acts }, whole.header.keys, blobs))
  await admit(founder, again.segment(entry))
  expect(voids(founder)).toEqual([[1, 'void-unreadable']])
  expect(founder.get('bu-0002')?.fields.name).toBe('二')
})

test('F4 a part sealed for another place is void there: nothing is replayed', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const forger = Forger.of(worker, grid)
  const first = forger.data(worker, {
    parts: [write('bu-0001', { name: '一' }), write('bu-0002', { name: '二' })],
  })
  const [deed, one, two] = first.raw.blobs.map((bytes) => ({ bytes: bytes!, key: 0 }))
  await admit(founder, forger.segment(first))
  const replayed = forger.append(forger.entry({}, first.header.keys, [deed!, two!, one!]))
  await admit(founder, forger.segment(replayed))
  expect(voids(founder)).toEqual([
    [1, 'unreadable-deed'],
    [2, 'unreadable-deed'],
  ])
})

test.each([
  ['another’s name', (setup: Setup) => ({ member: setup.founder.identity.member }), 'forged-author'],
  ['nobody’s name', () => ({ member: 'me-9999' }), 'forged-author'],
  ['an action of a chief', () => ({ action: 'grid.add' }), 'role-may-not'],
  ['an action that is none', () => ({ action: 'nonsense' }), 'unknown-action'],
])('A2 a deed in %s voids the parts, and the entry still counts', async (_, deed, reason) => {
  await using setup = await open()
  const { founder, worker, third, grid } = setup
  const forger = Forger.of(worker, grid)
  const bad = forger.data(worker, {
    deed: deed(setup),
    parts: [write('bu-0001', { name: '假' }), write('bu-0002', { name: '假' })],
  })
  const good = forger.data(worker, { parts: [write('bu-0003', { name: '真' })] })
  for (const station of [founder, third]) {
    expect(await admit(station, forger.segment(bad, good))).toMatchObject({
      admitted: 2,
      held: 0,
      refused: [],
    })
    expect(voids(station)).toEqual([
      [1, reason],
      [2, reason],
    ])
    expect([...station.records({ type: 'building' })].map(({ fields }) => fields.name)).toEqual(['真'])
    expect(diagnose(station).ok).toBe(true)
  }
  expect(founder.digest(grid)).toEqual(third.digest(grid))
})

test('V1 what nobody can read as a deed voids its parts', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const forger = Forger.of(worker, grid)
  const good = forger.data(worker, { parts: [write('bu-0001', { name: '一' })] })
  const again = Forger.of(worker, grid, forger.log.epoch)
  const blobs = good.raw.blobs.map((bytes, at) => ({ bytes: at === 0 ? new Uint8Array(40) : bytes!, key: 0 }))
  const entry = again.append(again.entry({ acts: good.header.acts }, good.header.keys, blobs))
  await admit(founder, again.segment(entry))
  expect(voids(founder)).toEqual([[1, 'unreadable-deed']])
})

test('V1 a value that would have hurt every reader hurts none: the batch goes on', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const forger = Forger.of(worker, grid)
  const spiteful = ['constructor', 'toString', 'hasOwnProperty'].flatMap((name) => [
    [0, name, 'x'],
    [1, name, 'x'],
    [2, name, 'x'],
  ])
  const entry = forger.data(worker, {
    parts: [
      encodeCbor(['building', 1, 'bu-0001', spiteful, []]),
      encodeCbor(['building', 1, 'bu-0002', [[0, 'name', { constructor: 'x' }]], []]),
      encodeCbor(['building', 1, 'bu-0003', [[0, 'name', JSON.parse('{"__proto__":{"a":1}}')]], []]),
      write('bu-0004', { name: '好' }),
    ],
  })
  expect(await admit(founder, forger.segment(entry))).toMatchObject({ admitted: 1, refused: [] })
  expect(founder.get('bu-0004')?.fields.name).toBe('好')
  expect(voids(founder)).toEqual([
    [2, 'void-malformed'],
    [3, 'void-malformed'],
  ])
  expect(diagnose(founder).ok).toBe(true)
})

test('V1 what a record is is in its id: two parts that disagree give one record in either order', async () => {
  await using setup = await open()
  const { founder, worker, third, grid } = setup
  const parts: Change[] = [
    write('bu-0001', { name: '楼' }),
    { ...write('bu-0001', { street: '街' }), type: 'visit' },
  ]
  const segments = parts.map((part) => {
    const forger = Forger.of(worker, grid)
    return forger.segment(forger.data(worker, { parts: [part] }))
  })
  for (const bytes of segments) await admit(founder, bytes)
  for (const bytes of segments.toReversed()) await admit(third, bytes)
  expect(founder.get('bu-0001')).toEqual(third.get('bu-0001'))
  expect(founder.get('bu-0001')).toMatchObject({ type: 'building', fields: { name: '楼', street: '街' } })
})

test('F6 unwrites of what the author had not seen are ignored, whatever arrived first', async () => {
  await using setup = await open()
  const { founder, worker, third, grid } = setup
  const writer = Forger.of(worker, grid)
  const written = writer.data(worker, { parts: [write('bu-0001', { name: '楼', street: '旧' })] })
  const eraser = Forger.of(worker, grid)
  const erased = eraser.data(worker, {
    parts: [
      {
        ...write('bu-0001', { street: '新' }),
        unwrites: [
          { type: 'field', name: 'street', tag: writeTagOf(written.hash, 1) },
          { type: 'field', name: 'name', tag: writeTagOf(written.hash, 1) },
          { type: 'field', name: 'name', tag: toBase32(new Uint8Array(16)) },
        ],
      },
    ],
  })
  const segments = [writer.segment(written), eraser.segment(erased)]
  for (const bytes of segments) await admit(founder, bytes)
  for (const bytes of segments.toReversed()) await admit(third, bytes)
  const fourth = await setup.community.join(founder, '测试员丁')
  await admit(fourth, ...segments.toReversed())
  for (const station of [founder, third, fourth]) {
    expect(station.get('bu-0001')?.fields.name).toBe('楼')
    expect(
      station
        .get('bu-0001')
        ?.conflicts.street?.map(({ value }) => value)
        .sort(),
    ).toEqual(['新', '旧'].sort())
    expect(station.digest(grid).recordsDigest).toBe(founder.digest(grid).recordsDigest)
  }
})

test('F6 an unwrite counts by what the header names, not by what happened to be there', async () => {
  await using setup = await open()
  const { founder, worker, third, grid } = setup
  const writer = Forger.of(worker, grid)
  const first = writer.data(worker, { parts: [write('bu-0001', { street: '一' })] })
  const second = writer.data(worker, { parts: [write('bu-0001', { street: '二' })] })
  const eraser = Forger.of(worker, grid)
  const over = eraser.data(worker, {
    deps: [writer.ref(first)],
    parts: [
      {
        ...write('bu-0001', {}),
        unwrites: [first, second].map((entry) => ({
          type: 'field',
          name: 'street',
          tag: writeTagOf(entry.hash, 1),
        })),
      },
    ],
  })
  await admit(founder, writer.segment(first, second), eraser.segment(over))
  await admit(third, writer.segment(first), eraser.segment(over), writer.segment(second))
  for (const station of [founder, third]) expect(station.get('bu-0001')?.fields.street).toBe('二')
  expect(digestOf(founder, grid)).toBe(digestOf(third, grid))
})

test('A17 a part under an unknown key is noted, and folded in once the key arrives, like everyone else’s', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  expectOk(
    await founder.write('record.edit', (book) =>
      book.create('building', grid, { set: { name: '早' } }, 'bu-0001'),
    ),
  )
  await deliver(founder, worker)
  expectOk(await worker.write('record.edit', (book) => book.edit('bu-0001', { set: { street: '街' } })))
  await deliver(worker, founder)
  // A member who was added without boxes: the keys come in a later act.
  const late = await setup.joinWithoutKeys()
  await deliver(founder, late)
  expect(late.digest(grid).recordsDigest).toBeNull()
  expect(late.digest(grid).digest).toBe(founder.digest(grid).digest)
  expect(late.get('bu-0001')).toBeNull()
  expect(voids(late).filter(([, reason]) => reason === 'no-key').length).toBe(voids(late).length)
  expect(voids(late).length).toBeGreaterThan(1)
  // It writes all the same, under a key of its own making that the others get.
  expectOk(
    await late.write('record.edit', (book) =>
      book.create('building', grid, { set: { name: '晚' } }, 'bu-0002'),
    ),
  )
  await deliver(late, founder)
  expect(founder.get('bu-0002')?.fields.name).toBe('晚')
  await setup.sendKeys(late)
  await deliver(founder, late)
  expect(late.digest(grid)).toEqual(founder.digest(grid))
  expect(late.get('bu-0001')).toEqual(founder.get('bu-0001'))
  expect(voids(late)).toEqual([])
  expect(diagnose(late).ok).toBe(true)
  expectOk(await late.write('record.edit', (book) => book.edit('bu-0001', { set: { street: '新街' } })))
  await deliver(late, founder)
  expect(founder.get('bu-0001')?.fields.street).toBe('新街')
  expect(community.stations).toContain(late)
})

test('A17 a part under a key that is nobody’s stays noted; it harms nothing and refuses nothing', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const forger = Forger.of(worker, grid)
  const good = forger.data(worker, { parts: [write('bu-0001', { name: '一' })] })
  const again = Forger.of(worker, grid, forger.log.epoch)
  const blobs = good.raw.blobs.map((bytes) => ({ bytes: bytes!, key: 0 }))
  const entry = again.append(
    again.entry({ acts: good.header.acts }, [new Uint8Array(randomBytes(16))], blobs),
  )
  expect(await admit(founder, again.segment(entry))).toMatchObject({ admitted: 1, refused: [] })
  expect(voids(founder)).toEqual([[1, 'no-key']])
  expect(diagnose(founder).ok).toBe(true)
})

type Setup = Awaited<ReturnType<typeof open>>

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const third = await community.join(founder, '测试员丙')
  const grid = gridOf(worker)
  await deliver(founder, worker, [founder.identity.community])
  return {
    community,
    founder,
    worker,
    third,
    grid,
    joinWithoutKeys: () => joinWithoutKeys(community, founder, grid),
    sendKeys: (station: Station) => sendKeys(founder, station),
    [Symbol.asyncDispose]: () => community.close(),
  }
}

async function joinWithoutKeys(community: TestCommunity, founder: Station, grid: string): Promise<Station> {
  const invite = expectOk(createInvite(founder, { role: 'worker', name: '测试员晚', grids: [grid] }))
  const { station } = expectOk(joinWithInvite(community.newHome(), testSecret, invite, { stationName: '晚' }))
  const { signing, boxing } = station.trunk.identity
  const [key, box] = [signing.publicKey, boxing.publicKey]
  const proof = proveStation(signing.privateKey, invite.community, founder.identity.station, box)
  expectOk(
    await founder.act((write) =>
      ok(write({ type: 'member', role: 'worker', spaces: [grid], key, box, proof })),
    ),
  )
  community.stations.push(station)
  return station
}

async function sendKeys(founder: Station, station: Station): Promise<void> {
  const { given, refused } = expectOk(await giveKeys(founder, station.identity.station))
  expect([given > 0, refused]).toEqual([true, 0])
}
