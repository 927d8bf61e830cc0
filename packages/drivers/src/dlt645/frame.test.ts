import { describe, expect, it } from 'vitest'
import { expectOk } from '../expect-ok.ts'
import { formatHex, parseHex } from '../hex.ts'
import { createParser, joinBytes } from '../incremental-parser.ts'
import { MAX_PENDING_BYTES, scanFrame, sealFrame } from './frame.ts'

const hex = (text: string) => expectOk(parseHex(text))
const reply = (address: string, data: string) => sealFrame(address, 0x91, hex(data)).subarray(4)
const good = reply('000000000161', '00 00 01 00 26 00 00 00')

const parse = (bytes: Uint8Array) => {
  const parser = createParser(scanFrame)
  const [pushed, flushed] = [parser.push(bytes), parser.flush()]
  return {
    frames: [...pushed.frames, ...flushed.frames].map((frame) => formatHex(frame.bytes)),
    noise: [...pushed.noise, ...flushed.noise].map((run) => [formatHex(run.bytes), run.reason]),
  }
}

describe('frames of DL/T 645-2007', () => {
  it('are sealed as published', () => {
    expect(formatHex(good)).toBe(
      formatHex(hex('68 61 01 00 00 00 00 68 91 08 33 33 34 33 59 33 33 33 8A 16')),
    )
  })

  it('may hold 68 in the address and in the data', () => {
    const tricky = reply('686868686868', '35 35 35 35 35 35 35 35 68 16')
    expect(parse(tricky)).toEqual({ frames: [formatHex(tricky)], noise: [] })
    expect(parse(joinBytes([hex('68 68'), tricky]))).toEqual({
      frames: [formatHex(tricky)],
      noise: [['6868', 'incomplete']],
    })
  })

  it('are found inside the wreck of another one', () => {
    const wreck = hex('68 61 01 00 00 00 00 68 91 20')
    const { frames, noise } = parse(joinBytes([wreck, good, good]))
    expect(frames).toEqual([formatHex(good), formatHex(good)])
    expect(noise).toEqual([[formatHex(wreck), 'end']])
  })

  it('of a length no meter sends are refused at once', () => {
    const parser = createParser(scanFrame)
    const { noise } = parser.push(hex('68 61 01 00 00 00 00 68 91 C9'))
    expect(noise[0]?.reason).toBe('length')
    // The second 68 may yet be a start.
    expect(parser.pendingBytes).toBe(3)
  })

  it('with a corrupt length wait for silence only', () => {
    const parser = createParser(scanFrame)
    const corrupt = good.map((byte, index) => (index === 9 ? 0x60 : byte))
    expect(parser.push(corrupt)).toEqual({ frames: [], noise: [] })
    expect(parser.push(good).frames).toEqual([])
    const { frames, noise } = parser.flush()
    expect(frames.map((frame) => formatHex(frame.bytes))).toEqual([formatHex(good)])
    expect(noise).toEqual([{ bytes: corrupt, reason: 'incomplete' }])
  })

  it('have up to four FE in front; more are noise', () => {
    expect(parse(joinBytes([hex('FE FE FE FE'), good])).noise).toEqual([])
    expect(parse(joinBytes([hex('FE FE FE FE FE FE'), good]))).toEqual({
      frames: [formatHex(good)],
      noise: [['FEFE', 'stray']],
    })
    expect(parse(hex('FE FE 00')).noise).toEqual([['FEFE00', 'stray']])
  })

  it('with a control code that operates something have no type, and throw', () => {
    // @ts-expect-error 1C trips and closes
    expect(() => sealFrame('000000000161', 0x1c, new Uint8Array(0))).toThrow(RangeError)
    // @ts-expect-error 14 writes
    expect(() => sealFrame('000000000161', 0x14, new Uint8Array(0))).toThrow(RangeError)
    // @ts-expect-error 08 sets the clock of every meter on the line
    expect(() => sealFrame('999999999999', 0x08, new Uint8Array(6))).toThrow(RangeError)
  })

  it('longer than allowed or to no address are never sealed', () => {
    expect(() => sealFrame('000000000161', 0x91, new Uint8Array(201))).toThrow(RangeError)
    expect(() => sealFrame('161', 0x11, new Uint8Array(0))).toThrow(RangeError)
    expect(sealFrame('000000000161', 0x91, new Uint8Array(200)).length).toBe(MAX_PENDING_BYTES)
  })
})
