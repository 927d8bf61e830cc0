import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { maxFrameBytes, type Wire } from './wire.ts'

/** Both ends of one open wire. `close` frees what the pair stands on (sockets, processes), not only the wire. */
export type OpenPair = { readonly a: Wire; readonly b: Wire; readonly close: () => Promise<void> | void }

/**
 * What every `Wire` keeps, whatever carries it. An implementation brings only set-up and tear-down.
 * `keyA` is A's own station key, so what `b.peerKey` has to be; `openPair` is called once a test.
 */
export function describeWire(
  name: string,
  openPair: () => Promise<OpenPair & { readonly keyA: Uint8Array; readonly keyB: Uint8Array }>,
): void {
  describe(`wire contract: ${name}`, () => {
    let pair: Awaited<ReturnType<typeof openPair>>
    beforeEach(async () => {
      pair = await openPair()
    })
    afterEach(async () => {
      pair.a.close()
      pair.b.close()
      await pair.close()
    })

    it('names the station at the other end', () => {
      expect(Buffer.from(pair.a.peerKey)).toEqual(Buffer.from(pair.keyB))
      expect(Buffer.from(pair.b.peerKey)).toEqual(Buffer.from(pair.keyA))
    })

    it('keeps order, both ways at once', async () => {
      const [atA, atB] = [collect(pair.a), collect(pair.b)]
      for (let n = 0; n < 500; n++) {
        void pair.a.send(numbered(n, n % 97))
        void pair.b.send(numbered(n, n % 89))
      }
      await until('500 frames at both ends', () => atA.length === 500 && atB.length === 500)
      expect(atB.map(numberOf)).toEqual(Array.from({ length: 500 }, (_, n) => n))
      expect(atA.map(numberOf)).toEqual(Array.from({ length: 500 }, (_, n) => n))
    })

    it('carries frames whole, from nothing to 1 MiB', async () => {
      const sizes = [0, 1, 2, 1023, 16_383, 16_384, 16_385, 65_535, 65_536, 262_145, maxFrameBytes - 1]
      const frames = [...sizes, maxFrameBytes, 0, 3].map(patterned)
      const got = collect(pair.b)
      for (const frame of frames) await pair.a.send(frame)
      await until(`${frames.length} frames at B`, () => got.length === frames.length)
      for (const [index, frame] of frames.entries()) {
        expect(got[index]!.length).toBe(frame.length)
        expect(Buffer.compare(got[index]!, frame)).toBe(0)
      }
    })

    it('sends the bytes a view shows, not the buffer behind it', async () => {
      const got = collect(pair.b)
      await pair.a.send(patterned(4096).subarray(100, 200))
      await until('a frame at B', () => got.length === 1)
      expect(Buffer.compare(got[0]!, patterned(4096).subarray(100, 200))).toBe(0)
    })

    it('refuses a frame over 1 MiB and goes on', async () => {
      const got = collect(pair.b)
      await expect(pair.a.send(new Uint8Array(maxFrameBytes + 1))).rejects.toMatchObject({
        type: 'frame-too-large',
      })
      await pair.a.send(numbered(7, 0))
      await until('the next frame at B', () => got.length === 1)
      expect(numberOf(got[0]!)).toBe(7)
    })

    it('keeps frames that came before anybody listened', async () => {
      for (let n = 0; n < 5; n++) await pair.a.send(numbered(n, 10))
      const echo = collect(pair.a)
      await pair.b.send(numbered(0, 0))
      await until('a frame at A', () => echo.length === 1)
      const got = collect(pair.b)
      await until('5 frames at B', () => got.length === 5)
      expect(got.map(numberOf)).toEqual([0, 1, 2, 3, 4])
    })

    it('makes the sender wait for a reader that does not read', async () => {
      const total = 64
      let accepted = 0
      const sending = (async () => {
        for (let n = 0; n < total; n++) {
          await pair.a.send(numbered(n, maxFrameBytes - 4))
          accepted++
        }
      })()
      await untilQuiet('sends accepted', () => accepted)
      expect(accepted).toBeLessThan(total)
      const got: number[] = []
      pair.b.onFrame((frame) => got.push(numberOf(frame)))
      await sending
      await until(`${total} frames at B`, () => got.length === total)
      expect(got).toEqual(Array.from({ length: total }, (_, n) => n))
    })

    it('shows the close at both ends, once, also to one who asks late', async () => {
      const seen: string[] = []
      pair.a.onClose(() => seen.push('a'))
      pair.b.onClose(() => seen.push('b'))
      pair.a.close('done')
      pair.a.close('done twice')
      await until('both ends closed', () => seen.length >= 2)
      pair.b.close()
      const late: string[] = []
      pair.a.onClose((reason) => late.push(reason))
      pair.b.onClose((reason) => late.push(reason))
      await until('the close told to late listeners', () => late.length === 2)
      expect(late[0]).toBe('done')
      expect(seen.toSorted()).toEqual(['a', 'b'])
    })

    it('rejects a send after the close, at both ends', async () => {
      let closedAtB = false
      pair.b.onClose(() => {
        closedAtB = true
      })
      pair.a.close()
      await expect(pair.a.send(numbered(1, 0))).rejects.toMatchObject({ type: 'wire-closed' })
      await until('the close at B', () => closedAtB)
      await expect(pair.b.send(numbered(1, 0))).rejects.toMatchObject({ type: 'wire-closed' })
    })

    it('rejects the sends that were waiting when it closed', async () => {
      const outcomes: string[] = []
      for (let n = 0; n < 64; n++)
        pair.a.send(numbered(n, maxFrameBytes - 4)).then(
          () => outcomes.push('sent'),
          (error: unknown) => outcomes.push((error as { type: string }).type),
        )
      pair.a.close('gone')
      await until('every send settled', () => outcomes.length === 64)
      expect(outcomes).toContain('wire-closed')
    })
  })
}

function collect(wire: Wire): Uint8Array[] {
  const frames: Uint8Array[] = []
  wire.onFrame((frame) => frames.push(frame.slice()))
  return frames
}

function numbered(n: number, padding: number): Uint8Array {
  const frame = new Uint8Array(4 + padding)
  new DataView(frame.buffer).setUint32(0, n)
  return frame
}

const numberOf = (frame: Uint8Array) => new DataView(frame.buffer, frame.byteOffset).getUint32(0)

const patterned = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 31 + size) & 0xff)

/** Waits for a stated condition; says what it was waiting for when it does not come. */
export async function until(what: string, condition: () => boolean, timeoutMs = 60_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Waits until a count has not moved for a while. */
async function untilQuiet(what: string, count: () => number, quietMs = 400): Promise<void> {
  let last = count()
  let since = performance.now()
  await until(`${what} to stand still`, () => {
    if (count() !== last) [last, since] = [count(), performance.now()]
    return performance.now() - since > quietMs
  })
}
