import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { MalformedError } from '../bytes/streams.ts'
import { encodeSegment, segmentBytes } from '../log/segment.ts'
import { expectOk, ok } from '../result.ts'
import type { Edit } from '../station/edit.ts'
import { eraseRecords } from '../station/erase.ts'
import type { Station } from '../station/station.ts'
import { deliver, gridOf, TestCommunity } from '../testing/test-community.ts'
import { packLean, unpackLean } from './lean.ts'
import { decodeLean, encodeLean } from './lean-form.ts'

test('S16 what is packed in the lean form is made again byte by byte, in a fraction of the bytes, photos named in the clear too', async () => {
  await using setup = await open()
  const { founder, worker, rows } = setup
  const packed = packLean(founder.trunk, rows(), worker.identity.station)!
  expect(packed.count).toBe(rows().length)
  const whole = rows().map((row) => founder.segment(row))
  const again = unpackLean(worker.trunk, packed.bytes, packed.count).map((one) => one!)
  for (const [n, { segment, bytes }] of again.entries()) {
    const { log, entries, signature } = segment
    const raw = entries.map((entry) => entry.raw)
    expect(Buffer.from(encodeSegment(log, raw, signature)).equals(whole[n]!)).toBe(true)
    expect([bytes, segmentBytes(log, entries)]).toEqual([whole[n]!.length, whole[n]!.length])
  }
  expect(packed.bytes.length).toBeLessThan(whole.reduce((sum, { length }) => sum + length, 0) / 3)
  expectOk(
    await worker.admit(
      again.map(({ segment }) => segment),
      founder.identity.station,
    ),
  )
  expect(worker.digest(gridOf(worker))).toEqual(founder.digest(gridOf(founder)))
})

test('S16 what a peer cannot read, or what lacks a part, is not packed; who lacks a key makes nothing of it', async () => {
  await using setup = await open()
  const { community, founder, worker, rows, ids } = setup
  const relay = await community.join(founder, '网关', 'relay')
  expect(packLean(founder.trunk, rows(), relay.identity.station)).toBeNull()
  expect(packLean(founder.trunk, rows(), 'st-0000')).toBeNull()
  const { bytes, count } = packLean(founder.trunk, rows(), worker.identity.station)!
  await deliver(founder, relay, [founder.identity.community])
  expect(unpackLean(relay.trunk, bytes, count)).toEqual(Array(count).fill(null))
  const before = rows()
  expectOk(await eraseRecords(founder, [ids[0]!], { reason: '请求' }))
  expect(packLean(founder.trunk, before, worker.identity.station)).toBeNull()
})

test('S16 whatever is altered in the lean form gives what was signed, or nothing', async () => {
  await using setup = await open()
  const { founder, worker, rows } = setup
  const { bytes, count } = packLean(founder.trunk, rows(), worker.identity.station)!
  const signed = new Set(rows().map(({ head }) => Buffer.from(head).toString('hex')))
  let read = 0
  for (let n = 0; n < 120; n++) {
    const altered = Buffer.from(bytes)
    altered[(n * 7919) % altered.length]! ^= 1 << (n % 8)
    try {
      for (const one of unpackLean(worker.trunk, altered, count)) {
        if (!one) continue
        read++
        expect(signed.has(Buffer.from(one.segment.entries.at(-1)!.hash).toString('hex'))).toBe(true)
      }
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedError)
    }
  }
  // Where the others are not touched they are read.
  expect(read).toBeGreaterThan(0)
  for (const hostile of [new Uint8Array(0), randomBytes(300), bytes.subarray(0, 100)])
    expect(() => unpackLean(worker.trunk, hostile, 1)).toThrow(MalformedError)
  expect(() => unpackLean(worker.trunk, bytes, count + 1)).toThrow(MalformedError)
  expect(() => unpackLean(worker.trunk, bytes, count - 1)).toThrow(MalformedError)
})

const PHOTO: Edit = {
  set: {
    about: 'hh-0000',
    kind: 'photo',
    on: '2026-01-01',
    mediaType: 'image/jpeg',
    bytes: 1,
    original: `00001000${'ab'.repeat(28)}`,
    key: 'cd'.repeat(32),
  },
}

test('S16 F7 a frame of a few bytes that stands for very many blobs is refused before any is made', () => {
  const nothing = { key: -1, clear: new Uint8Array(0), nonce: new Uint8Array(0), text: new Uint8Array(0) }
  const entry = { links: new Uint8Array(0), blobs: Array(513).fill(nothing) }
  const segment = {
    log: { key: new Uint8Array(32), epoch: new Uint8Array(16), space: 'sp-0000' },
    first: 0,
    prev: new Uint8Array(32),
    entries: Array(64).fill(entry),
    signature: new Uint8Array(64),
  }
  const bomb = encodeLean(Array(32).fill(segment))
  expect(bomb.length).toBeLessThan(10_000)
  expect(() => decodeLean(bomb, 32)).toThrow(MalformedError)
})

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  await deliver(founder, worker, [founder.identity.community])
  const grid = gridOf(founder)
  const ids: string[] = []
  for (let n = 0; n < 6; n++) ids.push(...(await addSome(founder, n)))
  const rows = () => founder.outgoing(grid, []).map(({ row }) => row)
  return { community, founder, worker, ids, rows, [Symbol.asyncDispose]: () => community.close() }
}

/** A segment of an entry with many parts; in one of them something with a photo. */
async function addSome(station: Station, n: number): Promise<string[]> {
  const grid = gridOf(station)
  const ids: string[] = []
  expectOk(
    await station.write('record.import', (book) => {
      for (let at = 0; at < 30; at++) {
        const made = book.create('building', grid, { set: { name: `${n}号楼${at}`, street: '长寿路' } })
        if (!made.ok) return made
        ids.push(made.value)
      }
      return ok(undefined)
    }),
  )
  if (n === 0)
    expectOk(await station.write('attachment.add', (book) => book.create('attachment', grid, PHOTO)))
  station.outgoing(grid, [])
  return ids
}
