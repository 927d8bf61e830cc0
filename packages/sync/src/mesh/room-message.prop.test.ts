import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Doc, decodeStateVector, encodeStateAsUpdate } from 'yjs'
import { createByteReader, encodeVarUint } from './byte-reader.ts'
import { parseRoomMessage } from './room-message.ts'

const doc = new Doc()
doc.getMap('m').set('k', [1, { a: '门' }])
doc.getText('t').insert(0, 'text')
const update = encodeStateAsUpdate(doc)

describe('foreign bytes', () => {
  it('never make the reader throw, and what passes is safe for Yjs', () => {
    const anything = fc.uint8Array({ maxLength: 64 })
    /** A real update with one byte changed: close enough to get far into the decoder. */
    const damaged = fc
      .tuple(fc.nat(update.length - 1), fc.nat(255), fc.constantFrom(0, 1, 2))
      .map(([at, byte, kind]) => {
        const bytes = update.slice()
        bytes[at] = byte
        return Uint8Array.from([0, kind, ...encodeVarUint(bytes.length), ...bytes])
      })
    fc.assert(
      fc.property(fc.oneof(anything, damaged), (bytes) => {
        const parsed = parseRoomMessage(bytes)
        if (!parsed.ok) return
        const reader = createByteReader(bytes)
        reader.readVarUint()
        if (parsed.value.type === 'awareness') return
        reader.readVarUint()
        const payload = reader.readBytes()
        expect(reader.isDone()).toBe(true)
        if (parsed.value.type === 'sync-step-1') decodeStateVector(payload)
      }),
      { numRuns: 2_000 },
    )
  })

  it('reads back every number it writes', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const reader = createByteReader(Uint8Array.from(encodeVarUint(value)))
        expect(reader.readVarUint()).toBe(value)
        expect(reader.isDone()).toBe(true)
      }),
    )
  })
})
