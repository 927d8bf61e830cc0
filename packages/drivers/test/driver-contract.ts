/** What every driver's parser and encoder must hold. A driver brings samples; the promises are here. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Driver, Frame, Parsed, ReadRequest } from '../src/contract.ts'
import { formatHex } from '../src/hex.ts'
import { joinBytes } from '../src/incremental-parser.ts'

export type ContractSamples<F extends Frame> = {
  readonly driver: Driver<F>
  /** Whole frames as they come from the line, preamble included; at least two that differ. */
  readonly frames: readonly Uint8Array[]
  /** Bytes in which this protocol sees no frame, some of them looking like the start of one. */
  readonly garbage: readonly Uint8Array[]
  readonly requests: readonly ReadRequest[]
  readonly badRequests: readonly ReadRequest[]
}

export function testDriverContract<F extends Frame>({
  driver,
  frames,
  garbage,
  requests,
  badRequests,
}: ContractSamples<F>): void {
  /** Frames as hex, and all noise in one piece: what may not depend on how the bytes were cut. */
  const outcome = (parsed: readonly Parsed<F>[]) => ({
    frames: parsed.flatMap((part) => part.frames).map((frame) => formatHex(frame.bytes)),
    noise: formatHex(joinBytes(parsed.flatMap((part) => part.noise).map((run) => run.bytes))),
  })
  const parse = (chunks: readonly Uint8Array[]) => {
    const parser = driver.createParser()
    return outcome([...chunks.map((chunk) => parser.push(chunk)), parser.flush()])
  }
  const cut = (bytes: Uint8Array, places: readonly number[]) => {
    const edges = [
      0,
      ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b),
      bytes.length,
    ]
    return edges.slice(1).map((edge, index) => bytes.slice(edges[index], edge))
  }
  const stream = fc
    .array(
      fc.oneof(fc.constantFrom(...frames), fc.constantFrom(...garbage), fc.uint8Array({ maxLength: 40 })),
      { maxLength: 8 },
    )
    .map(joinBytes)

  describe(`driver contract: ${driver.protocol}`, () => {
    it('names itself and its items in both languages', () => {
      for (const lang of ['zh', 'en'] as const) expect(driver.title[lang]).not.toBe('')
      for (const request of requests) {
        if (!('item' in request)) continue
        const item = driver.describeItem(request.item)
        expect(item?.name.zh, request.item).toMatch(/\p{Script=Han}/u)
        expect(item?.name.en, request.item).toMatch(/[A-Za-z]/)
      }
    })

    it('finds every sample frame, and no noise in it', () => {
      for (const frame of frames) {
        const { frames: found, noise } = parse([frame])
        expect(found).toHaveLength(1)
        expect(formatHex(frame).endsWith(found[0]!)).toBe(true)
        expect(noise).toBe('')
      }
    })

    it('gives the same for a frame cut at every byte', () => {
      for (const frame of frames) {
        const whole = parse([frame])
        for (let at = 0; at <= frame.length; at += 1)
          expect(parse([frame.slice(0, at), frame.slice(at)])).toEqual(whole)
        expect(parse(Array.from(frame, (byte) => Uint8Array.of(byte)))).toEqual(whole)
      }
    })

    it('takes a Buffer, and leaves it as it was', () => {
      const buffer = Buffer.from(joinBytes(frames))
      const parser = driver.createParser()
      const found = parser.push(buffer).frames.map((frame) => driver.decode(frame))
      const plain = driver.createParser().push(joinBytes(frames)).frames
      expect(found).toEqual(plain.map((frame) => driver.decode(frame)))
      expect(formatHex(buffer)).toBe(formatHex(joinBytes(frames)))
    })

    it('gives the same for any stream in any cut', () => {
      fc.assert(
        fc.property(stream, fc.array(fc.nat(), { maxLength: 12 }), (bytes, places) => {
          expect(parse(cut(bytes, places))).toEqual(parse([bytes]))
        }),
      )
    })

    it('reports every byte of garbage as noise', () => {
      for (const bytes of garbage) expect(parse([bytes])).toEqual({ frames: [], noise: formatHex(bytes) })
    })

    it('finds a frame behind garbage, at the latest when the line falls silent', () => {
      for (const bytes of garbage) {
        for (const frame of frames) expect(parse([bytes, frame]).frames).toEqual(parse([frame]).frames)
      }
    })

    it('accepts no frame with one byte changed', () => {
      for (const frame of frames) {
        const body = frame.length - parse([frame]).frames[0]!.length / 2
        for (let at = body; at < frame.length; at += 1) {
          for (const flip of [0x01, 0x10, 0x80, 0xff]) {
            const spoiled = frame.map((byte, index) => (index === at ? byte ^ flip : byte))
            expect(parse([spoiled]).frames, `byte ${at} ^ ${flip}`).toEqual([])
          }
        }
      }
    })

    it('never throws, holds a bounded tail, and is empty after silence, whatever comes', () => {
      fc.assert(
        fc.property(
          fc.array(fc.oneof(fc.uint8Array({ maxLength: 600 }), stream), { maxLength: 6 }),
          (chunks) => {
            const parser = driver.createParser()
            for (const chunk of chunks) {
              for (const frame of parser.push(chunk).frames) driver.decode(frame)
              expect(parser.pendingBytes).toBeLessThanOrEqual(driver.maxPendingBytes)
            }
            for (const frame of parser.flush().frames) driver.decode(frame)
            expect(parser.pendingBytes).toBe(0)
          },
        ),
      )
    })

    it('asks in frames it can read itself, which are not their own answers', () => {
      for (const request of requests) {
        const encoded = driver.encodeRead(request)
        if (!encoded.ok) throw new Error(`refused ${JSON.stringify(request)}: ${encoded.problem.reason}`)
        const parser = driver.createParser()
        const { frames: found, noise } = parser.push(encoded.value)
        expect(found).toHaveLength(1)
        expect(noise).toEqual([])
        expect(driver.isAnswer(request, found[0]!)).toBe(false)
        expect(driver.decode(found[0]!)).toMatchObject({
          protocol: driver.protocol,
          address: request.address,
          error: null,
        })
      }
    })

    it('refuses what cannot be asked with a problem', () => {
      for (const request of badRequests) {
        expect(driver.encodeRead(request), JSON.stringify(request)).toMatchObject({
          ok: false,
          problem: { type: 'invalid-request' },
        })
      }
    })
  })
}
