import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from '../bytes/bytes.ts'
import { decodeCbor, encodeCbor } from '../bytes/cbor.ts'
import { sha256Of } from '../crypto/hash.ts'
import { createKeyPair, createSigner } from '../crypto/keys.ts'
import {
  anyWire,
  BOMBS,
  bitFlips,
  chance,
  replacements,
  STRANGE_VALUES,
  truncations,
} from '../testing/hostile-bytes.test.data.ts'
import {
  createEntry,
  type Entry,
  type EntryHeader,
  encodeHeader,
  logIdOf,
  parseEntry,
  rootOf,
} from './entry.ts'
import { MAX_DEPENDENCIES, MAX_PARTS, MAX_SEGMENT_BYTES, MAX_SEGMENT_ENTRIES } from './limits.ts'
import { encodeSegment, parseSegment, type Segment, segmentClaim } from './segment.ts'

const pair = createKeyPair('ed25519')
const sign = createSigner(pair.privateKey)
const log = { key: pair.publicKey, epoch: new Uint8Array(16).fill(3), space: 'sp-0000' }
const id = logIdOf(log)

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const refs = fc.uniqueArray(fc.record({ log: bytes(16).map(toHex), seq: fc.nat(), hash: bytes(32) }), {
  maxLength: 5,
  selector: (ref) => ref.log + toHex(ref.hash),
})
const content = fc.record({
  deps: refs,
  acts: refs,
  keys: fc.array(bytes(16), { minLength: 1, maxLength: 16 }),
  blobs: fc.array(fc.record({ bytes: fc.uint8Array({ maxLength: 60 }), key: fc.constantFrom(-1, 0) }), {
    maxLength: 6,
  }),
})

/** Entries that follow each other, as one author writes them; only the first names dependencies. */
function chain(
  contents: readonly Omit<EntryHeader, 'seq' | 'prev' | 'blobs'>[],
  blobs: Parameters<typeof createEntry>[1][],
) {
  const entries: Entry[] = []
  for (const [seq, header] of contents.entries()) {
    const prev = entries.at(-1)?.hash ?? rootOf(id)
    const named = seq === 0 ? header : { ...header, deps: [], acts: [] }
    entries.push(createEntry({ ...named, seq, prev }, blobs[seq]!))
  }
  return entries
}
function segmentOf(entries: readonly Entry[], over: Partial<{ first: number }> = {}): Uint8Array {
  const last = entries.at(-1)!
  const first = over.first ?? entries[0]!.header.seq
  const signature = sign(segmentClaim(id, first, last.header.seq, last.hash))
  return encodeSegment(
    log,
    entries.map((entry) => entry.raw),
    signature,
  )
}
/** Plain byte arrays for Buffers: they hold the same, but do not compare as the same. */
const plainly = (header: EntryHeader): EntryHeader => ({
  ...header,
  prev: new Uint8Array(header.prev),
  blobs: header.blobs.map((blob) => ({ ...blob, hash: new Uint8Array(blob.hash) })),
})
const plain = (seq: number, prev: Uint8Array, sizes: readonly number[] = [20]) =>
  createEntry(
    { seq, prev, deps: [], acts: [], keys: [new Uint8Array(16)] },
    sizes.map((size) => ({ bytes: new Uint8Array(randomBytes(size)), key: 0 })),
  )

test('F2 entries and segments are read back as they were written', () => {
  fc.assert(
    fc.property(fc.array(content, { minLength: 1, maxLength: 4 }), (contents) => {
      const entries = chain(
        contents,
        contents.map(({ blobs }) => blobs),
      )
      for (const entry of entries)
        expect(parseEntry(entry.raw)).toEqual({
          ok: true,
          value: { ...entry, header: plainly(entry.header) },
        })
      const parsed = parseSegment(segmentOf(entries))
      expect(parsed).toMatchObject({ ok: true, value: { log, id } })
      if (!parsed.ok) return
      expect(parsed.value.entries.map(({ hash }) => toHex(hash))).toEqual(
        entries.map(({ hash }) => toHex(hash)),
      )
      expect(
        encodeSegment(
          log,
          parsed.value.entries.map(({ raw }) => raw),
          parsed.value.signature,
        ),
      ).toEqual(segmentOf(entries))
    }),
    chance(150),
  )
})

const again = ({ log: of, entries, signature }: Segment): Uint8Array =>
  encodeSegment(
    of,
    entries.map(({ raw }) => raw),
    signature,
  )

test('F3 a flipped segment is refused, whichever bit it is, or says the very same; a cut one is refused', () => {
  const first = plain(0, rootOf(id))
  const whole = segmentOf([first, plain(1, first.hash)])
  expect(parseSegment(whole).ok).toBe(true)
  for (const flipped of bitFlips(whole)) {
    const parsed = parseSegment(flipped)
    // The envelope's version alone is under no signature, and decides nothing.
    if (parsed.ok) expect([flipped[1] !== whole[1], again(parsed.value)]).toEqual([true, whole])
  }
  for (const cut of truncations(whole)) expect(parseSegment(cut).ok).toBe(false)
})

test('F2 random bytes, random CBOR and bombs are a problem, never a throw', () => {
  for (const bomb of Object.values(BOMBS)) {
    expect(parseSegment(bomb).ok).toBe(false)
    expect(parseEntry({ header: bomb, blobs: [] }).ok).toBe(false)
  }
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), anyWire.map(encodeCbor)), (input) => {
      expect(parseSegment(input).ok).toBe(false)
      expect(parseEntry({ header: input, blobs: [] }).ok).toBe(false)
    }),
    chance(1500),
  )
})

test('with any one place of a valid segment replaced, it is refused, but for a blob that was left out and a later version of the envelope', () => {
  const whole = segmentOf([plain(0, rootOf(id))])
  const wire = decodeCbor(whole, MAX_SEGMENT_BYTES)
  if (!wire.ok) throw new Error('a valid segment did not decode')
  let tried = 0
  for (const replaced of replacements(wire.value, STRANGE_VALUES)) {
    const parsed = parseSegment(encodeCbor(replaced))
    if (parsed.ok && !Buffer.from(again(parsed.value)).equals(whole))
      expect(parsed.value.entries[0]!.raw.blobs).toEqual([null])
    tried++
  }
  expect(tried).toBeGreaterThan(100)
})

test('with any one place of a header replaced, it is refused or says something else, and nothing is thrown', () => {
  const entry = createEntry(
    {
      seq: 3,
      prev: new Uint8Array(32),
      deps: [{ log: '00'.repeat(16), seq: 1, hash: new Uint8Array(32) }],
      acts: [],
      keys: [new Uint8Array(16)],
    },
    [{ bytes: new Uint8Array(9), key: 0 }],
  )
  const wire = decodeCbor(entry.raw.header, MAX_SEGMENT_BYTES)
  if (!wire.ok) throw new Error('a valid header did not decode')
  for (const replaced of replacements(wire.value, STRANGE_VALUES)) {
    const parsed = parseEntry({ ...entry.raw, header: encodeCbor(replaced) })
    // What is read is what would be written: no two headers mean the same.
    if (parsed.ok) expect(encodeHeader(parsed.value.header)).toEqual(encodeCbor(replaced))
  }
})

test('F3 64 entries are a segment, 65 are none', () => {
  const entries: Entry[] = []
  for (let seq = 0; seq <= MAX_SEGMENT_ENTRIES; seq++)
    entries.push(plain(seq, entries.at(-1)?.hash ?? rootOf(id)))
  expect(parseSegment(segmentOf(entries.slice(0, MAX_SEGMENT_ENTRIES))).ok).toBe(true)
  expect(parseSegment(segmentOf(entries))).toMatchObject({ problem: { type: 'malformed' } })
})

test('F7 a segment of 64 KiB is read, one byte more is not', () => {
  const sized = (size: number) => segmentOf([plain(0, rootOf(id), [size])])
  const room = MAX_SEGMENT_BYTES - sized(40_000).length + 40_000
  expect(sized(room).length).toBe(MAX_SEGMENT_BYTES)
  expect(parseSegment(sized(room)).ok).toBe(true)
  expect(parseSegment(sized(room + 1))).toMatchObject({ problem: { type: 'too-large' } })
})

test('F7 512 parts and the deed are an entry, one more is none', () => {
  const sizes = (parts: number) => Array<number>(parts + 1).fill(1)
  expect(parseEntry(plain(0, rootOf(id), sizes(MAX_PARTS)).raw).ok).toBe(true)
  expect(parseEntry(plain(0, rootOf(id), sizes(MAX_PARTS + 1)).raw)).toMatchObject({
    problem: { type: 'malformed' },
  })
})

test('F7 500 dependencies are read, one more is not, and none twice', () => {
  const named = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      log: '00'.repeat(16),
      seq: n,
      hash: sha256Of(Buffer.from(String(n))),
    }))
  const header = (deps: EntryHeader['deps'], acts: EntryHeader['acts'] = []) =>
    createEntry({ seq: 0, prev: rootOf(id), deps, acts, keys: [] }, []).raw
  expect(parseEntry(header(named(MAX_DEPENDENCIES))).ok).toBe(true)
  expect(parseEntry(header(named(MAX_DEPENDENCIES + 1))).ok).toBe(false)
  expect(parseEntry(header([], named(MAX_DEPENDENCIES + 1))).ok).toBe(false)
  expect(parseEntry(header([...named(2), ...named(1)])).ok).toBe(false)
})

test('F3 only the first entry of a segment names dependencies', () => {
  const first = plain(0, rootOf(id))
  const dep = { log: '00'.repeat(16), seq: 1, hash: new Uint8Array(32) }
  const later = (deps: EntryHeader['deps'], acts: EntryHeader['acts']) =>
    segmentOf([first, createEntry({ seq: 1, prev: first.hash, deps, acts, keys: [] }, [])])
  expect(parseSegment(later([], [])).ok).toBe(true)
  expect(parseSegment(later([dep], [])).ok).toBe(false)
  expect(parseSegment(later([], [dep])).ok).toBe(false)
})

test('a chain with a gap, a strange root or a claim over other entries is refused', () => {
  const first = plain(0, rootOf(id))
  const second = plain(1, first.hash)
  expect(parseSegment(segmentOf([first, plain(2, first.hash)])).ok).toBe(false)
  expect(parseSegment(segmentOf([first, plain(1, second.hash)])).ok).toBe(false)
  expect(parseSegment(segmentOf([plain(0, rootOf('ab'.repeat(16)))])).ok).toBe(false)
  expect(parseSegment(segmentOf([second], { first: 0 }))).toMatchObject({
    problem: { type: 'wrong-signature' },
  })
})

test('F1 a blob that is not the one committed to is altered; the key a blob names must be there', () => {
  const entry = plain(0, rootOf(id))
  expect(parseEntry({ ...entry.raw, blobs: [new Uint8Array(20)] })).toMatchObject({
    problem: { type: 'altered' },
  })
  expect(parseEntry({ ...entry.raw, blobs: [] }).ok).toBe(false)
  const keyless = createEntry({ seq: 0, prev: rootOf(id), deps: [], acts: [], keys: [] }, [
    { bytes: new Uint8Array(1), key: 0 },
  ])
  expect(parseEntry(keyless.raw).ok).toBe(false)
})
