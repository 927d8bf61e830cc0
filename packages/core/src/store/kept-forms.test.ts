import { expect, test } from 'vitest'
import { encodeCbor } from '../bytes/cbor.ts'
import { encodeBlobs, encodeRefs, keptBlobs, keptRefs } from './kept-forms.ts'

test('the parts of an entry are kept as the encoder puts them, erased ones too', () => {
  for (const sizes of [[], [0], [23, 24, null], [null, 255, 256, 70_000], Array<number>(513).fill(1)]) {
    const blobs = sizes.map((size) => (size === null ? null : new Uint8Array(size).fill(7)))
    expect(Buffer.from(encodeBlobs(blobs)).equals(encodeCbor(blobs))).toBe(true)
    expect(keptBlobs(encodeBlobs(blobs))).toEqual(blobs)
  }
})

test('what is seen is kept as the encoder puts it, whatever the length of its numbers', () => {
  const seqs = [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32]
  const refs = Array.from({ length: 300 }, (_, n) => ({
    log: n.toString(16).padStart(32, '0'),
    seq: seqs[n % seqs.length]!,
    hash: new Uint8Array(32).fill(n % 251),
  }))
  for (const some of [[], refs.slice(0, 1), refs.slice(0, 23), refs.slice(0, 24), refs]) {
    const wire = some.map(({ log, seq, hash }) => [Buffer.from(log, 'hex'), seq, hash])
    expect(Buffer.from(encodeRefs(some)).equals(encodeCbor(wire))).toBe(true)
    expect(keptRefs(encodeRefs(some))).toEqual(some)
  }
})
