import { randomBytes } from 'node:crypto'
import { zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { sameBytes } from '../src/bytes/bytes.ts'
import { encodeCbor } from '../src/bytes/cbor.ts'
import { packStreams, unpackStreams } from '../src/bytes/streams.ts'
import { sha256Of } from '../src/crypto/hash.ts'
import { seal } from '../src/crypto/seal.ts'
import { digestOfHashes } from '../src/record/digest.ts'
import { RecordDoc } from '../src/record/fold.ts'
import type { PartPlace } from '../src/record/page.ts'
import { encodePlainState, hashOfPlain, type PlainRecord } from '../src/record/plain.ts'
import { expectOk } from '../src/result.ts'
import {
  findCheckpoint,
  hearRecords,
  isOnTrust,
  keepNewest,
  listCheckpoints,
  makeCheckpoint,
  offerFor,
  parseOffer,
  prune,
  putBlobs,
  takeOffer,
  verifyCheckpoint,
  wouldTake,
} from '../src/station/checkpoint.ts'
import { diagnose } from '../src/station/doctor.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { usableCheckpoints, wholeManifest } from '../src/trunk/checkpoint.ts'
import {
  type Commitment,
  encodeCommitment,
  encodeManifest,
  entriesByNumber,
  type Manifest,
  parseCommitment,
  parseManifest,
} from '../src/trunk/checkpoint-format.ts'
import { pageKey } from '../src/trunk/checkpoint-key.ts'
import { partsByTag, toRow as rowOf } from '../src/trunk/checkpoint-make.ts'
import { openPage, sealPage } from '../src/trunk/checkpoint-page.ts'
import { sealDeed } from '../src/trunk/part.ts'
import { carryBlobs, startFrom } from './checkpoint-carry.ts'
import { actsOf, Forger, headsOf } from './forge.ts'

test('A18 a checkpoint that leaves a record out or adds one differs at once for whoever holds the same entries', async () => {
  for (const lie of ['omits', 'adds', 'alters'] as const) {
    await using setup = await open()
    const { founder, steward, worker, grid } = setup
    await everybodyMeets(setup)
    lieAbout(steward, grid, lie)
    const made = expectOk(await makeCheckpoint(steward, grid))
    for (const station of [founder, worker]) {
      await deliver(steward, station)
      expect(listCheckpoints(station, grid), lie).toMatchObject([{ id: made.id, state: 'differs' }])
      expect(offerFor(station, grid, [], 0)).toBeNull()
      expect(await prune(station, grid)).toMatchObject({ ok: false, problem: { type: 'no-checkpoint' } })
    }
  }
})

test('A18 whoever has gone on since finds a false one by folding its past again', async () => {
  await using setup = await open()
  const { founder, steward, grid } = setup
  await everybodyMeets(setup)
  await write(founder, grid, '又一幢')
  lieAbout(steward, grid, 'omits')
  const { id } = expectOk(await makeCheckpoint(steward, grid))
  await deliver(steward, founder)
  expect(listCheckpoints(founder, grid)).toMatchObject([{ state: 'unverified' }])
  const verified = expectOk(await verifyCheckpoint(founder, expectOk(findCheckpoint(founder, id))))
  expect(verified.state).toBe('differs')
  // An honest one beside it is found true the same way.
  const honest = expectOk(await makeCheckpoint(founder, grid))
  await write(founder, grid, '再一幢')
  const again = expectOk(await verifyCheckpoint(founder, expectOk(findCheckpoint(founder, honest.id))))
  expect(again.state).toBe('equal')
})

test('A18 a newcomer that believed a false one hears so from a second station, starts anew, and keeps what it wrote', async () => {
  await using setup = await open()
  const { founder, steward, worker, grid, community } = setup
  await everybodyMeets(setup)
  const names = buildings(founder)
  lieAbout(steward, grid, 'omits')
  expectOk(await makeCheckpoint(steward, grid))
  const newcomer = await community.join(founder, '测试员丙')
  await deliver(founder, newcomer, [founder.identity.community])
  expectOk(await startFrom(steward, newcomer, grid))
  expect(isOnTrust(newcomer, grid)).toBe(true)
  expect(buildings(newcomer)).not.toEqual(names)
  await write(newcomer, grid, '新来的写的')
  await deliver(newcomer, founder)
  await deliver(steward, founder)
  expect(newcomer.digest(grid)).toMatchObject({ digest: founder.digest(grid).digest })
  expect(newcomer.digest(grid).recordsDigest).not.toBe(founder.digest(grid).recordsDigest)
  // The author's own word is no second word; a false "not the same" costs a new start, never an entry.
  expect(await hearRecords(newcomer, grid, steward.identity.station, true)).toBe(false)
  expect(isOnTrust(newcomer, grid)).toBe(true)
  expect(await hearRecords(newcomer, grid, founder.identity.station, false)).toBe(true)
  expect(listCheckpoints(newcomer, grid)).toMatchObject([{ state: 'differs' }])
  await write(newcomer, grid, '重来时写的')
  for (let round = 0; round < 3; round++) {
    await deliver(worker, newcomer)
    await deliver(founder, newcomer)
    await deliver(newcomer, founder)
  }
  expect(newcomer.trunk.store.shelf.parked()).toEqual([])
  expect(buildings(newcomer)).toEqual([...names, '新来的写的', '重来时写的'].sort())
  expect(newcomer.digest(grid)).toEqual(founder.digest(grid))
  expect(founder.forks()).toEqual([])
  expect(diagnose(newcomer).ok).toBe(true)
  // It is not taken a second time.
  expect(wouldTake(newcomer, parseOffer(setup.offerOf(steward))!, true)).toBe(false)
})

test('A18 a manifest that names an entry in the middle of a log falsely is found out by whoever has the entries', async () => {
  await using setup = await open()
  const { founder, steward, grid } = setup
  await everybodyMeets(setup)
  const segment = forgeCheckpoint(steward, founder, grid, ({ manifest }) => ({
    manifest: {
      ...manifest,
      logs: manifest.logs.map((log) => ({
        ...log,
        rows: log.rows.map((row, at) =>
          at < log.rows.length - 1 ? { ...row, hash: new Uint8Array(32) } : row,
        ),
      })),
    },
  }))
  expectOk(await founder.admit([segment], 'test'))
  expect(listCheckpoints(founder, grid)).toMatchObject([{ state: 'equal', isHere: true }])
  keepNewest(founder, grid)
  expect(listCheckpoints(founder, grid)).toMatchObject([{ state: 'differs' }])
})

test('A18 with a true checkpoint a second station’s word settles it', async () => {
  await using setup = await open()
  const { founder, steward, grid, community } = setup
  await everybodyMeets(setup)
  expectOk(await makeCheckpoint(steward, grid))
  const newcomer = await community.join(founder, '测试员丙')
  await deliver(founder, newcomer, [founder.identity.community])
  expectOk(await startFrom(steward, newcomer, grid))
  const [row] = newcomer.trunk.store.shelf.checkpoints(grid)
  expect(await verifyCheckpoint(newcomer, row!)).toMatchObject({ problem: { type: 'checkpoint-on-trust' } })
  expect(await hearRecords(newcomer, grid, founder.identity.station, true)).toBe(false)
  expect(listCheckpoints(newcomer, grid)).toMatchObject([{ state: 'equal', isOnTrust: false }])
})

test('A18 an altered page, one left out, and one that says other records are not taken, and nothing of them is kept', async () => {
  await using setup = await open()
  const { founder, steward, grid, community } = setup
  await everybodyMeets(setup)
  const newcomer = await community.join(founder, '测试员丙')
  await deliver(founder, newcomer, [founder.identity.community])
  const before = JSON.stringify(newcomer.digest(grid))
  const tries: Record<string, [(honest: Honest) => Forged, string]> = {
    'a record left out': [({ records }) => ({ records: records.slice(1) }), 'checkpoint-malformed'],
    'a record left out, and the count with it': [
      ({ records }) => ({ records: records.slice(1), commitment: { recordCount: records.length - 1 } }),
      'checkpoint-differs',
    ],
    'a record twice': [
      ({ records }) => ({
        records: [records[0]!, ...records],
        commitment: { recordCount: records.length + 1 },
      }),
      'checkpoint-malformed',
    ],
    'a value changed': [
      ({ records }) => ({
        records: records.map(([id, type, plain]) => [
          id,
          type,
          new Map([...plain].map(([key, value]) => [key, key.startsWith('name#') ? '假' : value])),
        ]),
      }),
      'checkpoint-differs',
    ],
    'a part of no entry': [
      () => ({ place: ({ entry, part }) => ({ entry: entry + 1000, part }) }),
      'checkpoint-malformed',
    ],
    'a part that no entry can have': [
      () => ({ place: ({ entry }) => ({ entry, part: 513 }) }),
      'checkpoint-malformed',
    ],
    'another part of the same entry': [
      () => ({ place: ({ entry, part }) => ({ entry, part: part + 1 }) }),
      'checkpoint-differs',
    ],
    'a key that Yjs takes for something else': [
      ({ records: [first, ...rest] }) => ({
        records: [
          [
            first![0],
            first![1],
            new Map(
              [...first![2]].map(([key, value]) => [
                key,
                key.startsWith('name#') ? { constructor: 1 } : value,
              ]),
            ),
          ],
          ...rest,
        ],
      }),
      'checkpoint-malformed',
    ],
    'a head left out': [
      ({ manifest }) => ({ manifest: { ...manifest, logs: manifest.logs.slice(1) } }),
      'checkpoint-malformed',
    ],
    'a log cut short': [
      ({ manifest }) => ({
        manifest: {
          ...manifest,
          logs: manifest.logs.map((log, at) => (at === 0 ? { ...log, rows: log.rows.slice(0, -1) } : log)),
        },
      }),
      'checkpoint-malformed',
    ],
    'an entry in the middle exchanged': [
      ({ manifest }) => ({
        manifest: {
          ...manifest,
          logs: manifest.logs.map((log) => ({
            ...log,
            rows: log.rows.map((row) => (row.seq === 0 ? { ...row, hash: new Uint8Array(32) } : row)),
          })),
        },
      }),
      'checkpoint-malformed',
    ],
    'another space': [
      ({ manifest }) => ({ manifest: { ...manifest, space: founder.communitySpace()! } }),
      'checkpoint-malformed',
    ],
    'more entries than there are': [
      ({ manifest }) => ({ manifest, commitment: { entryCount: 1000 } }),
      'checkpoint-malformed',
    ],
  }
  for (const [name, [forge, problem]] of Object.entries(tries)) {
    const segment = forgeCheckpoint(steward, newcomer, grid, forge)
    expect(await takeOffer(newcomer, segment, 'test'), name).toMatchObject({
      ok: false,
      problem: { type: problem },
    })
    expect(JSON.stringify(newcomer.digest(grid)), name).toBe(before)
    expect(newcomer.heads(grid), name).toEqual([])
  }
  // The forger itself is sound: without a lie, the same bytes are taken.
  expectOk(
    await takeOffer(
      newcomer,
      forgeCheckpoint(steward, newcomer, grid, () => ({})),
      'test',
    ),
  )
})

test('A18 a manifest whose rows cannot be read puts none aside that can be, though all its pages are here', async () => {
  await using setup = await open()
  const { founder, steward, worker, grid } = setup
  await everybodyMeets(setup)
  expectOk(await makeCheckpoint(steward, grid))
  await deliver(steward, founder)
  carryBlobs(steward, founder, offerFor(steward, grid, [], 0)!.segment)
  const { store } = founder.trunk
  const [good] = store.shelf.checkpoints(grid)
  const [head, hashes, ...streams] = unpackStreams(store.shelf.blob(good!.manifest)!, 1024 * 1024, 99)
  const bytes = packStreams([head!, hashes!.subarray(1), ...streams])
  const other = founder.heads(grid).find(({ log }) => sameBytes(store.log(log)!.key, worker.identity.key))!
  store.transaction(() => {
    store.shelf.putBlob(sha256Of(bytes), bytes)
    store.shelf.putCheckpoint({ ...good!, entry: other, manifest: sha256Of(bytes), at: good!.at + 1 })
  })
  keepNewest(founder, grid)
  expect(usableCheckpoints(founder.trunk, grid).map(({ row }) => row.entry)).toEqual([good!.entry])
  expect(parseOffer(offerFor(founder, grid, [], 0)!.segment)!.ref).toEqual(good!.entry)
})

test('A18 a page or manifest with a bit flipped, and a bomb in place of one, are malformed and cost little', async () => {
  await using setup = await open()
  const { founder, steward, grid } = setup
  await everybodyMeets(setup)
  expectOk(await makeCheckpoint(steward, grid))
  const [row] = steward.trunk.store.shelf.checkpoints(grid)
  const manifest = wholeManifest(steward.trunk, row!)!
  const key = pageKey(founder.trunk, manifest.generation, grid)!
  const page = steward.trunk.store.shelf.blob(manifest.pages[0]!.hash)!
  const entryAt = entriesByNumber(manifest)
  expect(openPage(key, grid, page, entryAt).ok).toBe(true)
  expect(openPage(key, grid, page, () => undefined).ok).toBe(false)
  expect(openPage(key, gridOf(founder) === grid ? founder.communitySpace()! : grid, page, entryAt).ok).toBe(
    false,
  )
  for (const at of [0, 20, page.length >> 1, page.length - 1]) {
    const flipped = Uint8Array.from(page, (byte, index) => (index === at ? byte ^ 1 : byte))
    expect(openPage(key, grid, flipped, entryAt).ok).toBe(false)
  }
  const bomb = zstdCompressSync(Buffer.alloc(256 * 1024 * 1024))
  expect(bomb.length).toBeLessThan(64 * 1024)
  const started = performance.now()
  expect(parseManifest(bomb)).toMatchObject({ ok: false, problem: { type: 'malformed' } })
  const sealed = seal(key, bomb, encodeCbor(['doorstep/page/1', grid]))
  expect(openPage(key, grid, sealed, entryAt)).toMatchObject({ ok: false, problem: { type: 'malformed' } })
  expect(performance.now() - started).toBeLessThan(2000)
  const heads = [
    '[',
    '{}',
    '[[1]]',
    '['.repeat(100_000),
    '["page/1",1,[],["bu-0001"],[],[]]',
    '["page/1",1e9,[],[],[],[]]',
  ]
  for (const head of heads) {
    const packed = packStreams([Buffer.from(head), ...Array.from({ length: 10 }, () => new Uint8Array(1))])
    const odd = seal(key, packed, encodeCbor(['doorstep/page/1', grid]))
    expect(openPage(key, grid, odd, entryAt)).toMatchObject({ ok: false, problem: { type: 'malformed' } })
  }
})

test('A18 a manifest whose entries name millions of others is malformed before they are made', () => {
  const rows = 4400
  const hashes = randomBytes(32 * rows)
  const counts = Buffer.concat(Array.from({ length: rows }, () => Buffer.from([0xf4, 3, 0])))
  const names = new Uint8Array(500 * rows)
  const none = new Uint8Array(0)
  const head = [
    'manifest/2',
    'gr-0001',
    new Uint8Array(16),
    [],
    [[new Uint8Array(32), new Uint8Array(16), rows]],
    [],
    [],
  ]
  const streams = [
    hashes,
    new Uint8Array(rows).fill(1),
    new Uint8Array(rows).fill(1),
    none,
    counts,
    names,
    names,
  ]
  const packed = packStreams([encodeCbor(head), ...streams, none, none])
  expect(packed.length).toBeLessThan(256 * 1024)
  expect(parseManifest(packed)).toEqual({
    ok: false,
    problem: { type: 'malformed', detail: 'checkpoint dependencies' },
  })
})

test('A18 pages without end are not promised: what an entry may say is bounded', () => {
  const commitment: Commitment = {
    manifest: new Uint8Array(32),
    manifestBytes: 10,
    records: new Uint8Array(32),
    recordCount: 1,
    entryCount: 1,
    pageBytes: 10,
  }
  expect(parseCommitment(encodeCommitment(commitment))).toEqual(commitment)
  for (const over of [{ pageBytes: 2 ** 40 }, { manifestBytes: 2 ** 31 }, { recordCount: 2 ** 40 }])
    expect(parseCommitment(encodeCommitment({ ...commitment, ...over }))).toBeNull()
})

test('A18 only who may makes one: by anybody else it is refused for ever, and nobody starts from it', async () => {
  await using setup = await open()
  const { founder, steward, worker, grid, community } = setup
  await everybodyMeets(setup)
  expect(await makeCheckpoint(worker, grid)).toMatchObject({ problem: { type: 'role-may-not' } })
  const newcomer = await community.join(founder, '测试员丙')
  await deliver(founder, newcomer, [founder.identity.community])
  const segment = forgeCheckpoint(steward, newcomer, grid, () => ({}), worker)
  expect(wouldTake(newcomer, parseOffer(segment)!, true)).toBe(false)
  expect(await takeOffer(newcomer, segment, 'test')).toMatchObject({
    problem: { type: 'checkpoint-refused', reason: 'role-may-not' },
  })
  expect(newcomer.heads(grid)).toEqual([])
  expect(expectOk(await founder.admit([segment], 'test')).refused).toMatchObject([{ reason: 'role-may-not' }])
})

test('A18 one by a steward removed before it was written counts for nobody, and nobody starts from it', async () => {
  await using setup = await open()
  const { founder, steward, grid, community } = setup
  await everybodyMeets(setup)
  const cut = headsOf(founder, grid).filter(
    ({ log }) => founder.trunk.store.log(log)!.key === steward.identity.key,
  )
  expectOk(
    await founder.act((write) => ({
      ok: true,
      value: write({ type: 'remove', member: steward.identity.member, cut }),
    })),
  )
  expectOk(await makeCheckpoint(steward, grid))
  const newcomer = await community.join(founder, '测试员丙')
  await deliver(founder, newcomer, [founder.identity.community])
  const segment = setup.offerOf(steward)
  expect(wouldTake(newcomer, parseOffer(segment)!, true)).toBe(false)
  carryBlobs(steward, newcomer, segment)
  expect(await takeOffer(newcomer, segment, 'test')).toMatchObject({ ok: false })
  expect(newcomer.heads(grid)).toEqual([])
})

type PageItem = readonly [id: string, type: string, plain: PlainRecord]
type Honest = { readonly manifest: Manifest; readonly records: readonly PageItem[] }
type Forged = {
  readonly manifest?: Manifest
  readonly records?: readonly PageItem[]
  readonly place?: (place: PartPlace) => PartPlace
  readonly commitment?: Partial<Commitment>
}

/** A checkpoint as `from` would make it, but for a lie, signed by `by`; its blobs lie at `to`. */
function forgeCheckpoint(
  from: Station,
  to: Station,
  space: string,
  forge: (honest: Honest) => Forged,
  by: Station = from,
): Uint8Array {
  const { store, keyring } = from.trunk
  const generation = keyring.latest(from.membership(), space)!
  const hashes = store.recordHashes(space)
  const records = hashes.map(({ id }): PageItem => {
    const row = store.record(space, id)!
    return [id, row.type, new RecordDoc(id, row.state).plain()]
  })
  const logs = Map.groupBy(headsOf(from, space), ({ log }) => log)
  const honest: Honest = {
    records,
    manifest: {
      space,
      generation: generation.id,
      erasures: [],
      pages: [],
      logs: [...logs].map(([log, [head]]) => ({ log: store.log(log)!, rows: chainOfLog(from, head!.hash) })),
    },
  }
  const lie = forge(honest)
  const placeOf = partsByTag(honest.manifest.logs)
  const page = sealPage(
    pageKey(from.trunk, generation.id, space)!,
    space,
    (lie.records ?? records).map(([id, type, plain]) => ({ id, type, plain })),
    (...stamp) => {
      const place = placeOf(...stamp)
      return place && (lie.place ?? ((honestly) => honestly))(place)
    },
  )
  const manifest = encodeManifest({
    ...(lie.manifest ?? honest.manifest),
    pages: [{ hash: page.hash, bytes: page.bytes.length, records: page.records }],
  })
  putBlobs(to, [page, { hash: sha256Of(manifest), bytes: manifest }])
  const commitment = encodeCommitment({
    manifest: sha256Of(manifest),
    manifestBytes: manifest.length,
    records: digestOfHashes(hashes),
    recordCount: records.length,
    entryCount: from.digest(space).entries,
    pageBytes: page.bytes.length,
    ...lie.commitment,
  })
  const forger = Forger.of(by, space)
  const key = keyring.keyFor(from.membership(), generation.id, forger.id, space)!
  const deed = { member: by.identity.member, action: 'checkpoint.make', at: 1, act: 'ac-0000' }
  const entry = forger.entry(
    { deps: headsOf(from, space), acts: actsOf(from) },
    [generation.id],
    [
      { bytes: commitment, key: -1 },
      { bytes: sealDeed(key, forger.id, 0, deed), key: 0 },
    ],
  )
  return forger.segment(entry)
}

function chainOfLog(station: Station, hash: Uint8Array) {
  const rows: Manifest['logs'][number]['rows'][number][] = []
  const { store } = station.trunk
  for (let at = store.entry(hash); at; at = at.seq > 0 ? store.entry(at.prev) : null) rows.push(rowOf(at))
  return rows.reverse()
}

/** Makes a station's own records false, as somebody with its keys could. */
function lieAbout(station: Station, space: string, lie: 'omits' | 'adds' | 'alters'): void {
  const { store } = station.trunk
  store.transaction(() => {
    const rows = store.recordHashes(space).map(({ id }) => store.record(space, id)!)
    if (lie === 'omits') {
      store.dropRecords(space)
      for (const row of rows.slice(1)) store.putRecord(row)
      return
    }
    const [row] = rows
    const plain = new Map([...new RecordDoc(row!.id, row!.state).plain()])
    const name = [...plain.keys()].find((key) => key.startsWith('name#'))!
    plain.set(name, '假')
    const id = lie === 'adds' ? 'bu-0000000000000000' : row!.id
    store.putRecord({ ...row!, id, hash: hashOfPlain(id, plain), state: encodePlainState(plain) })
  })
}

const buildings = (station: Station) =>
  [...station.records({ type: 'building' })].map(({ fields }) => String(fields.name)).sort()

async function write(station: Station, space: string, name: string): Promise<void> {
  expectOk(await station.write('record.edit', (book) => book.create('building', space, { set: { name } })))
}

async function everybodyMeets({ founder, steward, worker, grid }: Awaited<ReturnType<typeof open>>) {
  await write(founder, grid, '甲一')
  await write(founder, grid, '甲二')
  await write(worker, grid, '乙一')
  for (let round = 0; round < 2; round++)
    for (const from of [founder, worker, steward])
      for (const to of [founder, worker, steward]) if (from !== to) await deliver(from, to)
}

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const steward = await community.join(founder, '测试员戊', 'steward')
  const grid = gridOf(founder)
  return {
    community,
    founder,
    worker,
    steward,
    grid,
    offerOf: (station: Station) => offerFor(station, grid, [], 0)!.segment,
    [Symbol.asyncDispose]: () => community.close(),
  }
}
