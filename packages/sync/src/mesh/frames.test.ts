import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createReassembler, cutMessage, frameType } from './frames.ts'

describe('cutting and putting together', () => {
  it('gives back every message, in frames of at most the size asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }),
        fc.integer({ min: 2, max: 50 }),
        (messages, frameBytes) => {
          const reassembler = createReassembler(200)
          const got: Uint8Array[] = []
          for (const frame of messages.flatMap((message) => [...cutMessage(message, frameBytes)])) {
            expect(frame.length).toBeLessThanOrEqual(frameBytes)
            const result = reassembler.push(frame.subarray(1), frame[0] === frameType.lastPiece)
            expect(result.type).not.toBe('too-large')
            if (result.type === 'whole') got.push(result.message)
          }
          expect(got).toEqual(messages)
        },
      ),
    )
  })

  it('holds no more than its limit', () => {
    const reassembler = createReassembler(10)
    expect(reassembler.push(new Uint8Array(6), false).type).toBe('more')
    expect(reassembler.push(new Uint8Array(5), false).type).toBe('too-large')
  })

  it('is not made to hold empty pieces', () => {
    expect(createReassembler(10).push(new Uint8Array(0), false).type).toBe('too-large')
  })
})
