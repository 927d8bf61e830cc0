import { expect, test } from 'vitest'
import { encodeCbor } from '../bytes/cbor.ts'
import { encodeBlobs, keptBlobs } from './kept-forms.ts'

test('the parts of an entry are kept as the encoder puts them, erased ones too', () => {
  for (const sizes of [[], [0], [23, 24, null], [null, 255, 256, 70_000], Array<number>(513).fill(1)]) {
    const blobs = sizes.map((size) => (size === null ? null : new Uint8Array(size).fill(7)))
    expect(Buffer.from(encodeBlobs(blobs)).equals(encodeCbor(blobs))).toBe(true)
    expect(keptBlobs(encodeBlobs(blobs))).toEqual(blobs)
  }
})
