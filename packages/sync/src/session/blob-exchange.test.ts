import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CHUNK_BYTES,
  chunksIn,
  diagnose,
  eraseRecords,
  expectOk,
  handOver,
  openAttachment,
  removeMember,
  type Station,
  sealedSizeOf,
} from '@doorstep/core'
import { deliver, gridOf, TestCommunity } from '@doorstep/core/testing'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { WirePair } from '../memory-wire.ts'
import type { Wire } from '../wire.ts'
import { addHousehold, addScan } from './blobs.fixture.ts'
import { HandClock } from './hand-clock.fixture.ts'
import { fillDisk, meet, until } from './meet.fixture.ts'
import { encodeMessage, type Message, parseMessage } from './message.ts'

let community: TestCommunity
let founder: Station
let worker: Station
let household: string

beforeEach(async () => {
  const made = await TestCommunity.create()
  community = made.community
  founder = made.founder
  worker = await community.join(founder, '测试员乙')
  household = await addHousehold(founder)
})
afterEach(async () => community.close())

async function meetUntilDone(one: Station, two: Station) {
  const { a, b } = meet(one, two)
  await until(() => a.isDone() && b.isDone(), 'all fetched', 60_000)
  const states = { a: a.state().blobs, b: b.state().blobs }
  a.close()
  b.close()
  return states
}

async function plainOf(station: Station, attachment: string): Promise<Uint8Array> {
  return expectOk(await openAttachment(station, attachment, ['original'], 'verify')).bytes
}

/** Listens in on what the first station says, and may put other words in their place or none. */
function tapped(pair: WirePair, tap: (message: Message) => Message | null): Wire {
  return {
    ...pair.a,
    peerKey: pair.a.peerKey,
    via: pair.a.via,
    send: (bytes) => {
      const said = tap(expectOk(parseMessage(bytes)))
      return said ? pair.a.send(encodeMessage(said)) : Promise.resolve()
    },
    onFrame: (listener) => pair.a.onFrame(listener),
    onClose: (listener) => pair.a.onClose(listener),
    close: (reason) => pair.a.close(reason),
  }
}

test('B3 blobs come after the entries, previews before originals, the newest first, and open where they may be read', async () => {
  const scans = [
    await addScan(founder, household, 50_000),
    await addScan(founder, household, 3 * CHUNK_BYTES),
  ]
  const said: Message[] = []
  const { a, b } = meet(founder, worker, {}, (pair) =>
    tapped(pair, (message) => {
      said.push(message)
      return message
    }),
  )
  await until(() => a.isDone() && b.isDone(), 'all fetched', 60_000)
  const pieces = said.flatMap((message) => (message.type === 'blob-piece' ? [message] : []))
  expect(said.findLastIndex(({ type }) => type === 'segment')).toBeLessThan(
    said.findIndex(({ type }) => type === 'blob-piece'),
  )
  const order = [...new Set(pieces.map(({ blob }) => blob))]
  expect(order).toEqual([scans[1]!.preview, scans[0]!.preview, scans[1]!.original, scans[0]!.original])
  // One question for the leaves of each, and each chunk once.
  const chunks = order.reduce((sum, blob) => sum + chunksIn(sealedSizeOf(blob)), 0)
  expect(pieces.length).toBe(chunks + order.length)
  for (const { attachment, plain } of scans)
    expect(Buffer.compare(await plainOf(worker, attachment), plain)).toBe(0)
  expect(worker.blobs.status()).toMatchObject({ wanted: { count: 0 }, here: { count: 4 } })
  // Each heard that the other has it.
  expect(founder.blobs.holders(order[0]!).map(({ station }) => station)).toEqual([worker.identity.station])
  expect(founder.blobs.status().onlyHere.count).toBe(0)
  expect(worker.blobs.isSafe(order[0]!)).toBe(true)
  a.close()
  b.close()
})

test('B3 a blind gateway keeps and passes on what it cannot open, and an erasure takes it off its disk', async () => {
  const relay = await community.join(founder, '网关', 'relay')
  const scan = await addScan(founder, household, 20_000)
  await meetUntilDone(founder, relay)
  expect(relay.blobs.status().here.count).toBe(2)
  expect(relay.get(scan.attachment)).toBeNull()
  await meetUntilDone(relay, worker)
  expect(Buffer.compare(await plainOf(worker, scan.attachment), scan.plain)).toBe(0)
  const files = () => [founder, relay, worker].map(({ blobs }) => blobs.files.has(scan.original))
  expect(files()).toEqual([true, true, true])
  // The household takes its photos along.
  expectOk(await eraseRecords(founder, [household], { reason: 'test' }))
  expect(files()).toEqual([false, true, true])
  await meetUntilDone(founder, relay)
  expect(files()).toEqual([false, false, true])
  await meetUntilDone(relay, worker)
  expect(files()).toEqual([false, false, false])
  for (const { blobs } of [founder, relay, worker]) expect(blobs.rows()).toEqual([])
})

test('B4 a cut at any piece, and whichever is met next: whole and identical, and no chunk comes twice', async () => {
  const colleague = await community.join(founder, '测试员丙')
  await meetUntilDone(founder, colleague)
  const scan = await addScan(founder, household, 7 * CHUNK_BYTES + 11)
  await meetUntilDone(founder, colleague)
  const count = chunksIn(sealedSizeOf(scan.original))
  const came: string[] = []
  const cutAfter = async (from: Station, pieces: number) => {
    let given = 0
    const { a, b } = meet(from, worker, {}, (pair) =>
      tapped(pair, (message) => {
        if (message.type !== 'blob-piece') return message
        if (given >= pieces) return null
        given++
        if (message.bytes.length > 0) came.push(`${message.blob}/${message.index}`)
        return message
      }),
    )
    await until(() => given >= pieces || (a.isDone() && b.isDone()), 'cut', 60_000)
    a.close()
    await until(() => b.state().closed !== null, 'closed')
  }
  for (let at = 0; !worker.blobs.row(scan.original)?.isHere; at++) {
    expect(at).toBeLessThan(4 * count)
    await cutAfter(at % 2 === 0 ? founder : colleague, 1 + (at % 3))
  }
  expect(Buffer.compare(await plainOf(worker, scan.attachment), scan.plain)).toBe(0)
  expect(new Set(came).size).toBe(came.length)
})

test('B4 random cuts of the bytes on the wire: at most the chunk under way comes again', async () => {
  const scan = await addScan(founder, household, 5 * CHUNK_BYTES)
  const count = chunksIn(sealedSizeOf(scan.original)) + chunksIn(sealedSizeOf(scan.preview))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 3 * CHUNK_BYTES }), { maxLength: 6 }),
      async (cuts) => {
        const late = await community.join(founder, '新人')
        let delivered = 0
        for (const cut of [...cuts, Number.POSITIVE_INFINITY]) {
          let left = cut
          let isCut = false
          const { a, b } = meet(founder, late, {}, (pair) =>
            tapped(pair, (message) => {
              if (message.type !== 'blob-piece') return isCut ? null : message
              // A frame that the cut falls into does not arrive, as on any transport that frames.
              left -= encodeMessage(message).length
              isCut ||= left < 0
              if (!isCut && message.index > 0) delivered++
              return isCut ? null : message
            }),
          )
          await until(() => isCut || (a.isDone() && b.isDone()), 'cut or done', 60_000)
          a.close()
          await until(() => b.state().closed !== null, 'closed')
        }
        expect(Buffer.compare(await plainOf(late, scan.attachment), scan.plain)).toBe(0)
        expect(delivered).toBe(count)
      },
    ),
    { numRuns: 4 },
  )
})

test('B5 a false chunk is not kept, is known of whom it came, and comes from another', async () => {
  const scan = await addScan(founder, household, 4 * CHUNK_BYTES)
  const { a, b } = meet(founder, worker, {}, (pair) =>
    tapped(pair, (message) => {
      if (message.type !== 'blob-piece' || message.blob !== scan.original || message.index !== 3)
        return message
      const bytes = Buffer.from(message.bytes)
      bytes[100]! ^= 1
      return { ...message, bytes }
    }),
  )
  await until(() => b.state().blobs.falsePieces === 1 && !b.state().blobs.toReceive, 'found out', 60_000)
  expect(a.state().closed ?? b.state().closed).toBeNull()
  expect(worker.blobs.row(scan.original)?.isHere).toBe(false)
  expect(worker.blobs.files.begun(scan.original)?.chunks).toBe(2)
  a.close()
  await until(() => b.state().closed !== null, 'closed')
  const { b: met } = await meetUntilDone(founder, worker)
  expect(met.receivedBytes).toBe(sealedSizeOf(scan.original) - 2 * CHUNK_BYTES)
  expect(Buffer.compare(await plainOf(worker, scan.attachment), scan.plain)).toBe(0)
})

test('B5 a false chunk is not asked for again in a meeting that stays, nor does a clock that is set back end it', async () => {
  const scan = await addScan(founder, household, 4 * CHUNK_BYTES)
  const clock = new HandClock()
  const { a, b } = meet(founder, worker, { clock }, (pair) =>
    tapped(pair, (message) => {
      if (message.type !== 'blob-piece' || message.blob !== scan.original || message.index !== 3)
        return message
      return { ...message, bytes: Buffer.alloc(message.bytes.length) }
    }),
  )
  await until(() => b.state().blobs.falsePieces === 1 && b.isDone(), 'found out', 60_000)
  for (const ms of [-10 * 365 * 24 * 3600_000, 0, 0]) {
    clock.advance(ms)
    // A word each second, and what is asked anew every half minute.
    for (let at = 0; at < 40; at++) {
      clock.advance(1000)
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
    }
    // Something to ask about.
    const other = await addScan(founder, household, CHUNK_BYTES)
    clock.advance(1000)
    await until(
      () => worker.blobs.row(other.original)?.isHere === true || b.state().closed !== null,
      'another came',
    )
  }
  expect([a.state().closed, b.state().closed]).toEqual([null, null])
  expect(b.state().blobs.falsePieces).toBe(1)
  a.close()
  b.close()
})

test('B5 a peer that gives nothing of what it says to have keeps no photo from coming from another', async () => {
  const colleague = await community.join(founder, '测试员丙')
  const scan = await addScan(founder, household, 4 * CHUNK_BYTES)
  await meetUntilDone(founder, colleague)
  const clock = new HandClock()
  const { a, b } = meet(founder, worker, { clock }, (pair) =>
    tapped(pair, (message) => (message.type === 'blob-piece' ? null : message)),
  )
  await until(() => b.state().blobs.toReceive > 0, 'it is claimed', 60_000)
  const other = meet(colleague, worker, { clock })
  await until(() => other.b.isDone(), 'left to the first', 60_000)
  expect(worker.blobs.row(scan.original)?.isHere).toBe(false)
  for (let at = 0; at < 125 && !worker.blobs.row(scan.original)?.isHere; at++) {
    clock.advance(1000)
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  await until(() => worker.blobs.row(scan.original)?.isHere === true, 'it came from the other', 60_000)
  expect(b.isDone()).toBe(true)
  for (const session of [a, b, other.a, other.b]) session.close()
})

test('B3 S6 a full disk hands its photos on, and promises nothing that it cannot write down', async () => {
  await meetUntilDone(founder, worker)
  const scan = await addScan(founder, household, 20_000)
  await deliver(founder, worker)
  const emptyDisk = fillDisk(founder)
  const { a, b } = meet(founder, worker)
  await until(() => b.isDone() || a.state().closed !== null, 'done', 60_000)
  expect([a.state().closed, worker.blobs.row(scan.original)?.isHere]).toEqual([null, true])
  expect(worker.blobs.isSafe(scan.original)).toBe(false)
  emptyDisk()
  a.close()
  b.close()
  await meetUntilDone(founder, worker)
})

test('B5 a damaged file is found by the doctor and fetched again, and what was right of it is not', async () => {
  const scan = await addScan(founder, household, 6 * CHUNK_BYTES)
  await meetUntilDone(founder, worker)
  const path = join(worker.home, 'blobs', scan.original.slice(-2), scan.original)
  const bytes = readFileSync(path)
  bytes[bytes.length - 2 * CHUNK_BYTES]! ^= 1
  writeFileSync(path, bytes)
  const check = () => diagnose(worker).checks.find(({ name }) => name === 'blobs')
  expect(check()).toMatchObject({ ok: false })
  expect(diagnose(worker, { repair: true }).checks.find(({ name }) => name === 'blobs')?.ok).toBe(true)
  const { b } = await meetUntilDone(founder, worker)
  expect(b.receivedBytes).toBeLessThanOrEqual(3 * CHUNK_BYTES)
  expect(check()).toMatchObject({ ok: true, counts: { blobs: 2 } })
  expect(Buffer.compare(await plainOf(worker, scan.attachment), scan.plain)).toBe(0)
})

test.each<[string, Message]>([
  [
    'a piece nobody asked for',
    { type: 'blob-piece', blob: `00000100${'ab'.repeat(28)}`, index: 1, bytes: new Uint8Array(240) },
  ],
  ['an answer to no question', { type: 'blobs-have', round: 9, ranks: [] }],
])('B6 %s ends the meeting', async (_name, word) => {
  let told = false
  const { a, b } = meet(founder, worker, {}, (pair) =>
    tapped(pair, (message) => {
      if (told || message.type !== 'digest') return message
      told = true
      void pair.a.send(encodeMessage(word))
      return message
    }),
  )
  await until(() => b.state().closed !== null, 'sent away', 60_000)
  expect(b.state().closed).toBe('not-asked-for')
  a.close()
})

test('B6 whoever floods with questions or wishes is sent away; a stranger is told nothing', async () => {
  const scan = await addScan(founder, household, 4 * CHUNK_BYTES)
  for (const [word, times] of [
    [{ type: 'blobs-ask', round: 1, lacked: [], held: [] }, 400],
    [{ type: 'blob-want', blob: scan.original, index: 1 }, 200],
    [{ type: 'blobs-got', blob: scan.original, rank: 0 }, 1200],
  ] as const) {
    let told = false
    const { b } = meet(worker, founder, {}, (pair) =>
      tapped(pair, (message) => {
        if (!told && message.type === 'digest') {
          told = true
          for (let at = 0; at < times; at++) void pair.a.send(encodeMessage(word))
        }
        return message
      }),
    )
    await until(() => b.state().closed !== null, 'sent away', 60_000)
    expect(b.state().closed).toBe('not-asked-for')
  }
  const other = await TestCommunity.create()
  try {
    const { b } = meet(other.founder, founder, {}, (pair) =>
      tapped(pair, () => ({ type: 'blob-want', blob: scan.original, index: 1 })),
    )
    await until(() => b.state().closed !== null, 'sent away', 60_000)
    expect(b.state().blobs.sentBytes).toBe(0)
  } finally {
    await other.community.close()
  }
})

test('S2 B6 of a grid that somebody does not work in, no photo is told or given', async () => {
  const made = await TestCommunity.create(['一号网格', '二号网格'])
  try {
    const one = await made.community.join(made.founder, '甲一', 'worker', ['一号网格'])
    const two = await made.community.join(made.founder, '乙二', 'worker', ['二号网格'])
    await meetUntilDone(made.founder, one)
    await meetUntilDone(made.founder, two)
    const home = await addHousehold(made.founder, '一号网格')
    const others = await addScan(made.founder, home, 20_000)
    // Photos are not fetched yet: one that is on the disk and known to be nowhere else, and one that is not here.
    await deliver(made.founder, one)
    const scan = await addScan(one, home, 20_000)
    expect(one.blobs.row(others.original)?.isHere).toBe(false)
    const told: (number | string | null)[] = []
    const { a, b } = meet(one, two, {}, (pair) =>
      tapped(pair, (message) => {
        if (message.type === 'blobs-have') told.push(...message.ranks)
        if (message.type === 'blobs-ask') told.push(...message.lacked, ...message.held)
        return message
      }),
    )
    // What somebody may not hold they can only know of from elsewhere; asking for it by its address gives nothing.
    await until(() => a.isDone() && b.isDone(), 'met', 60_000)
    expect([told, two.blobs.row(scan.original)]).toEqual([[], null])
    a.close()
    const asked = meet(two, one, {}, (pair) =>
      tapped(pair, (message) =>
        message.type === 'blobs-ask' ? { type: 'blob-want', blob: scan.original, index: 1 } : message,
      ),
    )
    await until(() => asked.a.state().closed !== null, 'an empty piece, for which it had not asked', 60_000)
    expect(asked.b.state().blobs.sentBytes).toBe(0)
  } finally {
    await made.community.close()
  }
})

test('S7 B3 a removed laptop is told of no photo but those it named itself, and hands those over before it goes', async () => {
  await meetUntilDone(founder, worker)
  const scan = await addScan(worker, household, 20_000)
  await deliver(worker, founder)
  expect(founder.blobs.row(scan.original)?.isHere).toBe(false)
  expectOk(await removeMember(founder, worker.identity.member))
  const others = await addScan(founder, household, 20_000)
  const told: Message[] = []
  let isRemoved = false
  const options = {
    onRemoved: () => {
      isRemoved = true
    },
  }
  const { a, b } = meet(founder, worker, options, (pair) =>
    tapped(pair, (message) => {
      told.push(message)
      return message
    }),
  )
  await until(() => isRemoved, 'may go', 60_000)
  expect(founder.blobs.row(scan.original)?.isHere).toBe(true)
  expect(JSON.stringify(told)).not.toContain(others.original)
  a.close()
  b.close()
})

test('S8 B3 photos of a grid that was handed over arrive from who took them, who is told of no others', async () => {
  const next = await community.join(founder, '测试员丙', 'worker', [])
  await meetUntilDone(founder, worker)
  const scan = await addScan(worker, household, 20_000)
  await deliver(worker, founder)
  const [from, to] = [worker.identity.member, next.identity.member]
  expectOk(await handOver(founder, { from, to, spaces: [gridOf(founder)] }))
  const others = await addScan(founder, household, 20_000)
  const told: Message[] = []
  const { a, b } = meet(founder, worker, {}, (pair) =>
    tapped(pair, (message) => {
      told.push(message)
      return message
    }),
  )
  await until(() => b.isDone() || b.state().spaces.length === 1, 'the one who took them is done', 60_000)
  await until(() => founder.blobs.row(scan.original)?.isHere === true, 'arrived', 60_000)
  expect(JSON.stringify(told)).not.toContain(others.original)
  a.close()
  b.close()
})
