import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  eraseRecords,
  expectOk,
  listCheckpoints,
  makeCheckpoint,
  offerFor,
  prune,
  type Station,
  sha256Of,
} from '@doorstep/core'
import { deliver, gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { readBundle } from '../bundle/read-bundle.ts'
import { writeBundle } from '../bundle/write-bundle.ts'
import { createWirePair } from '../memory-wire.ts'
import type { Wire } from '../wire.ts'
import { meetUntilEqual, start, until } from './meet.fixture.ts'
import { encodeMessage, greeting, type Message, parseMessage } from './message.ts'

/** Entries that a checkpoint must save in these tests. */
const OPTIONS = { minSavedEntries: 20 }

test('A18 a newcomer starts from the checkpoint and gets the rest as entries', async () => {
  await using setup = await open()
  const { founder, grid, community } = setup
  await many(founder, grid, 30)
  expectOk(await makeCheckpoint(founder, grid))
  await many(founder, grid, 5)
  const newcomer = await community.join(founder, '测试员丙')
  const { a, b } = meet(founder, newcomer)
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  expect(newcomer.digest(grid)).toEqual(founder.digest(grid))
  expect(newcomer.trunk.store.countEntries(grid, 'accepted')).toBe(6)
  expect([...newcomer.records({ type: 'building' })]).toHaveLength(35)
  expect(listCheckpoints(newcomer, grid)).toMatchObject([{ isHere: true }])
})

test('A18 of a small space the entries are sent, and of any to a station that keeps everything', async () => {
  await using setup = await open()
  const { founder, grid, community } = setup
  await many(founder, grid, 10)
  expectOk(await makeCheckpoint(founder, grid))
  const newcomer = await community.join(founder, '测试员丙')
  await meetUntilEqual(founder, newcomer, OPTIONS)
  expect(newcomer.trunk.store.shelf.baseTops(grid)).toEqual([])
  await many(founder, grid, 30)
  expectOk(await makeCheckpoint(founder, grid))
  const steward = await community.join(founder, '测试员戊', 'steward')
  await meetUntilEqual(founder, steward, OPTIONS)
  expect(steward.trunk.store.shelf.baseTops(grid)).toEqual([])
  // Either way the checkpoint is kept, found true, and can be handed on.
  for (const station of [newcomer, steward])
    expect(listCheckpoints(station, grid)[0]).toMatchObject({
      isHere: true,
      state: 'equal',
      isOnTrust: false,
    })
})

test('A18 who lacks what was pruned gets it by the checkpoint, whoever it is, also from one that started so', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  await many(founder, grid, 6)
  await deliver(founder, worker)
  await many(worker, grid, 2)
  await deliver(worker, founder)
  await many(founder, grid, 2)
  await deliver(founder, worker)
  expectOk(await makeCheckpoint(founder, grid))
  await deliver(founder, worker)
  await many(worker, grid, 1)
  await deliver(worker, founder)
  expect(expectOk(await prune(founder, grid)).entries).toBeGreaterThan(0)
  const first = await community.join(founder, '测试员丙')
  await meetUntilEqual(founder, first, OPTIONS)
  const second = await community.join(founder, '测试员丁')
  await deliver(founder, first, [founder.identity.community])
  await meetUntilEqual(first, second, OPTIONS)
  expect(second.digest(grid)).toEqual(founder.digest(grid))
})

test('A18 cut again and again while the checkpoint comes, what has come is not asked for again', async () => {
  await using setup = await open()
  const { founder, grid, community } = setup
  // One page of four pieces and a manifest: two of them a meeting must be enough.
  await many(founder, grid, 600, noise)
  expectOk(await makeCheckpoint(founder, grid))
  const newcomer = await community.join(founder, '测试员丙')
  let meetings = 0
  let pieces = 0
  const askedInVain: Uint8Array[] = []
  for (let equal = false; !equal; meetings++) {
    const { a, b, pair } = meet(founder, newcomer, (message) => {
      if (message.type === 'want' && newcomer.trunk.store.shelf.hasBlob(message.hash))
        askedInVain.push(message.hash)
    })
    pair.hold('ab')
    let here = 0
    await until(() => {
      while (here < 2 && pair.step('ab')) {
        const last = setup.lastFrame.type
        if (last === 'piece') here++
      }
      return here >= 2 || (a.isEqual() && b.isEqual())
    }, 'two pieces, or equal')
    pieces += here
    equal = a.isEqual() && b.isEqual()
    pair.cut()
    expect(meetings).toBeLessThan(40)
  }
  expect(meetings).toBeGreaterThan(2)
  expect(pieces).toBeGreaterThan(3)
  expect(askedInVain).toEqual([])
  expect(newcomer.digest(grid)).toEqual(founder.digest(grid))
})

test('A18 pages that are not what was promised, or that nobody asked for, end in entries or in the end of the meeting', async () => {
  await using setup = await open()
  const { founder, grid, community } = setup
  await many(founder, grid, 30)
  expectOk(await makeCheckpoint(founder, grid))
  for (const lie of ['other bytes', 'more bytes', 'nothing', 'without end'] as const) {
    const newcomer = await community.join(founder, `测试员${lie}`)
    await deliver(founder, newcomer, [founder.identity.community])
    const said: Message[] = []
    const pair = createWirePair({ keyA: founder.identity.key, keyB: newcomer.identity.key })
    const session = start(newcomer, pair.b, OPTIONS)
    const send = (message: Message) => pair.a.send(encodeMessage(message))
    const segment = offerFor(founder, grid, [], 0)!.segment
    pair.a.onFrame((frame) => {
      const message = expectOk(parseMessage(frame))
      said.push(message)
      if (message.type === 'heads' && said.filter(({ type }) => type === 'heads').length === 1)
        void send({ type: 'offer', segment, isNeeded: true })
      if (message.type !== 'want') return
      const { hash, offset } = message
      const bytes = new Uint8Array(60 * 1024)
      if (lie === 'nothing') void send({ type: 'piece', hash, total: 0, offset, bytes: bytes.subarray(0, 0) })
      if (lie === 'more bytes') void send({ type: 'piece', hash, total: 2 ** 40, offset, bytes })
      if (lie === 'other bytes') {
        const total = founder.trunk.store.shelf.blob(hash)!.length
        void send({
          type: 'piece',
          hash,
          total,
          offset,
          bytes: bytes.subarray(0, Math.min(total, bytes.length)),
        })
      }
      if (lie === 'without end')
        for (let n = 0; n < 100; n++)
          void send({ type: 'piece', hash: sha256Of(bytes), total: 2 ** 30, offset: n, bytes })
    })
    await send(greeting({ community: founder.identity.community, name: 'x', port: 0, knows: true }))
    if (lie === 'without end') {
      // Nothing of it is kept while the true pieces are waited for.
      await until(() => said.some(({ type }) => type === 'want'), 'asked')
    } else await until(() => said.some(({ type }) => type === 'decline'), `declined: ${lie}`)
    expect(newcomer.heads(grid)).toEqual([])
    expect(newcomer.trunk.store.shelf.hasBlob(sha256Of(new Uint8Array(60 * 1024)))).toBe(false)
    session.close()
  }
})

test('A18 a stranger and a member who may not hold the space get no piece of it', async () => {
  await using setup = await open()
  const { founder, grid, community } = setup
  await many(founder, grid, 3)
  expectOk(await makeCheckpoint(founder, grid))
  const [row] = founder.trunk.store.shelf.checkpoints(grid)
  const outsider = await community.join(founder, '测试员庚', 'worker', [])
  await deliver(founder, outsider, [founder.identity.community])
  const pair = createWirePair({ keyA: founder.identity.key, keyB: outsider.identity.key })
  const heard: Message[] = []
  pair.b.onFrame((frame) => heard.push(expectOk(parseMessage(frame))))
  const session = start(founder, pair.a, OPTIONS)
  await pair.b.send(encodeMessage({ type: 'want', hash: row!.manifest, offset: 0 }))
  await until(() => heard.some(({ type }) => type === 'piece'), 'answered')
  expect(heard.find(({ type }) => type === 'piece')).toMatchObject({ total: 0 })
  for (let n = 0; n < 1000; n++)
    void pair.b.send(encodeMessage({ type: 'want', hash: row!.manifest, offset: n })).catch(() => undefined)
  pair.hold('ab')
  await until(() => session.state().closed !== null || pair.inFlight('ba') === 0, 'taken or closed')
  session.close()
})

test('A18 a false checkpoint is found out at the first meeting with another, and the space starts anew from entries', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  await many(founder, grid, 25)
  await deliver(founder, worker)
  const steward = await community.join(founder, '测试员戊', 'steward')
  await deliver(founder, steward)
  // It leaves a record out.
  const { store } = steward.trunk
  store.transaction(() => {
    const rows = store.recordHashes(grid).map(({ id }) => store.record(grid, id)!)
    store.dropRecords(grid)
    for (const record of rows.slice(1)) store.putRecord(record)
  })
  expectOk(await makeCheckpoint(steward, grid))
  const newcomer = await community.join(founder, '测试员丙')
  await deliver(founder, newcomer, [founder.identity.community])
  await deliver(founder, steward, [founder.identity.community])
  const first = meet(steward, newcomer)
  await until(() => first.a.isEqual() && first.b.isEqual(), 'both equal')
  first.pair.cut()
  expect([...newcomer.records({ type: 'building' })]).toHaveLength(24)
  expectOk(await building(newcomer, '新来的'))
  await deliver(steward, founder)
  const { a, b } = meet(founder, newcomer)
  await until(
    () =>
      a.isEqual() &&
      b.isEqual() &&
      newcomer.digest(grid).recordsDigest === founder.digest(grid).recordsDigest,
    'both equal',
  )
  expect([...newcomer.records({ type: 'building' })]).toHaveLength(26)
  expect(listCheckpoints(newcomer, grid)).toMatchObject([{ state: 'differs' }])
  expect(b.state().spaces.every(({ equal }) => equal)).toBe(true)
})

test('A18 a bundle for a newcomer carries the checkpoint and what came after; twice does no harm', async () => {
  await using setup = await open()
  const { founder, worker, grid, community, folder } = setup
  await many(founder, grid, 2010)
  expectOk(await makeCheckpoint(founder, grid))
  await many(founder, grid, 4)
  const newcomer = await community.join(founder, '测试员丙')
  const file = join(folder, 'carried')
  const written = expectOk(await writeBundle(founder, file, { forStation: newcomer.identity.station }))
  expect(written.entries).toBeLessThan(100)
  const read = expectOk(await readBundle(newcomer, file))
  expect(read).toMatchObject({ missing: 0, refused: [], checkpoints: [{ space: grid, problem: null }] })
  expect(read.spaces.every(({ equal }) => equal)).toBe(true)
  expect(newcomer.digest(grid)).toEqual(founder.digest(grid))
  const again = expectOk(await readBundle(newcomer, file))
  expect(again).toMatchObject({ admitted: 0, checkpoints: [{ problem: 'not-needed' }] })
  // Whoever has entries of its own already takes those that come after, when it has what is before.
  await deliver(founder, worker)
  expect(expectOk(await readBundle(worker, file))).toMatchObject({ checkpoints: [{ problem: 'not-needed' }] })
}, 120_000)

test('A18 a bundle of a station that pruned is read whole by a newcomer and by one that is behind', async () => {
  await using setup = await open()
  const { founder, worker, grid, community, folder } = setup
  await many(founder, grid, 6)
  await deliver(founder, worker)
  await many(worker, grid, 2)
  const behind = community.copyHome(worker)
  await deliver(worker, founder)
  await many(founder, grid, 6)
  await deliver(founder, worker)
  expectOk(await makeCheckpoint(founder, grid))
  await deliver(founder, worker)
  await many(worker, grid, 1)
  await deliver(worker, founder)
  expect(expectOk(await prune(founder, grid)).entries).toBeGreaterThan(5)
  const newcomer = await community.join(founder, '测试员丙')
  const file = join(folder, 'carried')
  expectOk(await writeBundle(founder, file))
  for (const station of [newcomer, behind]) {
    const read = expectOk(await readBundle(station, file))
    expect(read).toMatchObject({ missing: 0, refused: [], checkpoints: [{ space: grid, problem: null }] })
    expect(station.digest(grid)).toEqual(founder.digest(grid))
  }
})

test('A18 a bundle of a station that pruned, after an erasure took the pages of its checkpoint, has a new one', async () => {
  await using setup = await open()
  const { founder, worker, grid, community, folder } = setup
  const chief = await community.join(founder, '测试员丁', 'chief')
  const id = expectOk(
    await founder.write('record.edit', (book) =>
      book.create('person', grid, { set: { name: '测试住户某某' } }),
    ),
  ).value
  await many(founder, grid, 6)
  for (const station of [worker, chief]) {
    await deliver(founder, station)
    await many(station, grid, 1)
    await deliver(station, founder)
  }
  await many(founder, grid, 1)
  await deliver(founder, worker)
  await deliver(founder, chief)
  await many(worker, grid, 1)
  await many(chief, grid, 1)
  await deliver(worker, founder)
  await deliver(chief, founder)
  expectOk(await makeCheckpoint(founder, grid))
  expect(expectOk(await prune(founder, grid)).entries).toBeGreaterThan(5)
  expectOk(await eraseRecords(chief, [id], { reason: '本人要求' }))
  await deliver(chief, founder)
  expect(offerFor(founder, grid, [], 0)).toBeNull()
  const file = join(folder, 'carried')
  expectOk(await writeBundle(founder, file))
  const newcomer = await community.join(founder, '测试员丙')
  const read = expectOk(await readBundle(newcomer, file))
  expect(read).toMatchObject({ missing: 0, refused: [], checkpoints: [{ space: grid, problem: null }] })
  expect(newcomer.digest(grid)).toEqual(founder.digest(grid))
})

const building = (station: Station, name: string, space = gridOf(station), more = {}) =>
  station.write('record.edit', (book) => book.create('building', space, { set: { name, ...more } }))

async function many(
  station: Station,
  space: string,
  count: number,
  street?: (n: number) => string,
): Promise<void> {
  const more = (n: number) => (street ? { street: street(n), propertyCompany: street(-n - 1) } : {})
  await Promise.all(
    Array.from({ length: count }, (_, n) => building(station, `楼${n}`, space, more(n)).then(expectOk)),
  )
}

/** 120 letters that do not pack: of twenty thousand, each as likely as the next. */
function noise(n: number): string {
  const bytes = Buffer.concat(Array.from({ length: 8 }, (_, at) => sha256Of(Buffer.from(`${n}/${at}`))))
  return Array.from({ length: 120 }, (_, at) =>
    String.fromCharCode(0x4e00 + (bytes.readUInt16LE(2 * at) % 20_000)),
  ).join('')
}

const lastFrame: { type: Message['type'] | '' } = { type: '' }

function meet(one: Station, two: Station, hear?: (message: Message) => void) {
  const pair = createWirePair({ keyA: one.identity.key, keyB: two.identity.key })
  /** What A sends is noted when it is handed over; what B asks, when it asks. */
  const noting: Wire = {
    ...pair.b,
    onFrame: (listener) =>
      pair.b.onFrame((frame) => {
        const message = parseMessage(frame)
        lastFrame.type = message.ok ? message.value.type : ''
        listener(frame)
      }),
    send: (frame) => {
      const message = parseMessage(frame)
      if (message.ok) hear?.(message.value)
      return pair.b.send(frame)
    },
  }
  return { pair, a: start(one, pair.a, OPTIONS), b: start(two, noting, OPTIONS) }
}

async function open() {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-checkpoint-'))
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  return {
    community,
    founder,
    worker,
    folder,
    lastFrame,
    grid: gridOf(founder),
    [Symbol.asyncDispose]: async () => {
      await community.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
