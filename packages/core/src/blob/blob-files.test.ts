import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { chance } from '../testing/hostile-bytes.test.data.ts'
import { BlobFiles } from './blob-files.ts'
import { encodeNames, isBlob, namesIn, parseNames } from './blob-names.ts'
import { CHUNK_BYTES, CHUNK_PLAIN_BYTES, chunksIn, isSealedSize, LEAF_BYTES, sealedSizeOf } from './limits.ts'
import { areLeavesOf, isChunkOf, openBlob, sealBlob } from './seal-blob.ts'

const synced: string[] = []
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>()
  const paths = new Map<number, string>()
  return {
    ...fs,
    openSync(...args: Parameters<typeof fs.openSync>) {
      const file = fs.openSync(...args)
      paths.set(file, String(args[0]))
      return file
    },
    fsyncSync(file: number) {
      synced.push(paths.get(file)!)
      fs.fsyncSync(file)
    },
  }
})

const key = new Uint8Array(32).fill(7)
let folder: string
let files: BlobFiles
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doorstep-blobs-'))
  files = new BlobFiles(folder)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const textOf = (bytes: number) => Uint8Array.from({ length: bytes }, (_, at) => (at * 31 + (at >> 8)) % 251)
const pathOf = (blob: string, suffix = '') => join(folder, 'blobs', blob.slice(-2), blob + suffix)

test('B1 a blob opens under its key and use, at every size around a chunk, and nowhere else', () => {
  for (const bytes of [1, 2, CHUNK_PLAIN_BYTES - 1, CHUNK_PLAIN_BYTES, CHUNK_PLAIN_BYTES + 1, 100_000]) {
    const text = textOf(bytes)
    const { blob, leaves, sealed } = sealBlob(key, 'original', text)
    expect(isBlob(blob) && sealedSizeOf(blob) === sealed.length && isSealedSize(sealed.length)).toBe(true)
    expect(areLeavesOf(blob, leaves)).toBe(true)
    const opened = openBlob(key, 'original', sealed)
    expect(opened.ok && Buffer.compare(opened.value, text)).toBe(0)
    expect(openBlob(key, 'preview', sealed).ok).toBe(false)
    expect(openBlob(new Uint8Array(32), 'original', sealed).ok).toBe(false)
    expect(openBlob(key, 'original', sealed.subarray(0, sealed.length - 1)).ok).toBe(false)
  }
})

test('B1 a flipped bit is known from the address alone, in a chunk and in the leaves', () => {
  const { blob, leaves, sealed } = sealBlob(key, 'original', textOf(3 * CHUNK_BYTES))
  fc.assert(
    fc.property(fc.nat({ max: sealed.length * 8 - 1 }), (bit) => {
      const wrong = Buffer.from(sealed)
      wrong[bit >> 3]! ^= 1 << (bit & 7)
      const index = Math.floor((bit >> 3) / CHUNK_BYTES)
      const chunk = wrong.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES)
      expect(isChunkOf(blob, leaves, index, chunk)).toBe(false)
    }),
    chance(60),
  )
  for (let at = 0; at < leaves.length; at++) {
    const wrong = Buffer.from(leaves)
    wrong[at]! ^= 1
    expect(areLeavesOf(blob, wrong)).toBe(false)
  }
})

test('B1 names in the clear say what they say in one form only', () => {
  const { blob } = sealBlob(key, 'original', textOf(5))
  const names = namesIn((field) => ({ original: blob, preview: blob.toUpperCase() })[field])
  expect(names).toEqual([{ blob, isPreview: false }])
  const bytes = encodeNames(names)
  expect(parseNames(bytes)).toEqual({ names, end: bytes.length })
  for (let cut = 0; cut < bytes.length; cut++) expect(parseNames(bytes.subarray(0, cut))).toBeNull()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (some) => {
      const parsed = parseNames(some)
      if (parsed) expect(Buffer.compare(encodeNames(parsed.names), some.subarray(0, parsed.end))).toBe(0)
    }),
    chance(300),
  )
})

test('B2 what comes in pieces goes on where it was cut, at every byte', () => {
  const { blob, leaves, sealed } = sealBlob(key, 'original', textOf(2 * CHUNK_PLAIN_BYTES + 100))
  const count = chunksIn(sealed.length)
  const chunk = (at: number) => sealed.subarray(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES)
  files.begin(blob, leaves)
  for (let at = 0; at < count; at++) files.append(blob, at, chunk(at))
  const whole = readFileSync(pathOf(blob, '.part'))
  for (let cut = 0; cut <= whole.length; cut += cut % CHUNK_BYTES < 120 ? 1 : 997) {
    writeFileSync(pathOf(blob, '.part'), whole.subarray(0, cut))
    const begun = files.begun(blob)
    const right = cut < leaves.length ? null : Math.floor((cut - leaves.length) / CHUNK_BYTES)
    if (cut < whole.length) expect(begun?.chunks ?? null).toBe(right)
    if (!begun) files.begin(blob, leaves)
    for (let at = begun?.chunks ?? 0; at < count; at++) files.append(blob, at, chunk(at))
    expect(Buffer.compare(readFileSync(pathOf(blob, '.part')), whole)).toBe(0)
  }
  expect(files.finish(blob)).toBe(true)
  expect(files.read(blob)).toEqual(Buffer.from(sealed))
  expect(readdirSync(join(folder, 'blobs', blob.slice(-2)))).toEqual([blob])
})

test('B2 a damaged file is not passed on, and keeps what is right of it when it is begun again', () => {
  const made = sealBlob(key, 'original', textOf(4 * CHUNK_PLAIN_BYTES))
  files.put(made.blob, made)
  const bytes = readFileSync(pathOf(made.blob))
  bytes[made.leaves.length + 2 * CHUNK_BYTES + 5]! ^= 1
  writeFileSync(pathOf(made.blob), bytes)
  expect(files.chunk(made.blob, 1)).not.toBeNull()
  expect(files.chunk(made.blob, 2)).toBeNull()
  expect(files.verify(made.blob)).toBe(false)
  files.reopen(made.blob)
  expect(files.has(made.blob)).toBe(false)
  expect(files.begun(made.blob)?.chunks).toBe(2)
  truncateSync(pathOf(made.blob, '.part'), LEAF_BYTES)
  expect(files.begun(made.blob)).toBeNull()
})

test('B2 what a killed process left is swept when it is old, and nothing that is named', () => {
  const [named, lost] = [1, 2].map((bytes) => sealBlob(key, 'original', textOf(bytes)))
  for (const one of [named!, lost!]) files.put(one.blob, one)
  writeFileSync(`${pathOf(lost!.blob)}.1234.new`, 'x')
  const now = Date.now()
  writeFileSync(join(folder, 'blobs', '.DS_Store'), 'x')
  expect(files.sweep((blob) => blob === named!.blob, now)).toBe(0)
  for (const path of [pathOf(named!.blob), pathOf(lost!.blob), `${pathOf(lost!.blob)}.1234.new`])
    utimesSync(path, now / 1000 - 7200, now / 1000 - 7200)
  expect(files.sweep((blob) => blob === named!.blob, now)).toBe(2)
  expect([files.has(named!.blob), files.has(lost!.blob)]).toEqual([true, false])
})

test.skipIf(process.platform === 'win32')(
  'B2 before a blob is acknowledged its name is on the disk, and those of its folders',
  () => {
    const one = sealBlob(key, 'original', textOf(10))
    const { blob } = one
    synced.length = 0
    files.put(blob, one)
    const shelf = join(folder, 'blobs', blob.slice(-2))
    expect(synced.filter((path) => !path.endsWith('.new')).sort()).toEqual([
      folder,
      join(folder, 'blobs'),
      shelf,
    ])
    expect(synced.at(-1)).toBe(shelf)
  },
)

test('whoever only looks how far a blob has come leaves it as it is: another process may be writing', () => {
  const { blob, leaves, sealed } = sealBlob(key, 'original', textOf(2 * CHUNK_BYTES))
  files.begin(blob, leaves)
  files.append(blob, 0, sealed.subarray(0, CHUNK_BYTES))
  files.append(blob, 1, sealed.subarray(CHUNK_BYTES, CHUNK_BYTES + 9))
  expect(files.arrived(blob)?.chunks).toBe(1)
  expect(statSync(pathOf(blob, '.part')).size).toBe(leaves.length + CHUNK_BYTES + 9)
  truncateSync(pathOf(blob, '.part'), 0)
  expect(files.arrived(blob)).toBeNull()
  expect(statSync(pathOf(blob, '.part')).size).toBe(0)
  expect(files.begun(blob)).toBeNull()
  expect(statSync(pathOf(blob, '.part'), { throwIfNoEntry: false })).toBeUndefined()
})
