import { describe, expect, it } from 'vitest'
import { driver } from '../src/protocols/dlt645.ts'
import { badVectors, bytesOf, goodVectors, type Vector } from './dlt645-vectors.ts'

const decodeOnly = (vector: Vector) => {
  const parser = driver.createParser()
  const { frames } = parser.push(bytesOf(vector.hex))
  expect(frames).toHaveLength(1)
  return { frame: frames[0]!, decoded: driver.decode(frames[0]!) }
}

describe('published DL/T 645-2007 frames', () => {
  it('are all here', () => {
    expect(goodVectors.length).toBe(35)
    expect(badVectors.length).toBe(2)
  })

  it.each(goodVectors)('$function $address $control ($origin)', (vector) => {
    const { frame, decoded } = decodeOnly(vector)
    expect(frame.control).toBe(Number.parseInt(vector.control!, 16))
    expect(decoded.address).toBe(vector.address)
    expect(decoded.function).toBe(vector.function)
    expect(decoded.extra).toBe(vector.extra ?? '')
    if (vector.refusal) expect(decoded.error).toMatchObject({ type: 'device-refused', ...vector.refusal })
    else expect(decoded.error).toBeNull()
    expect(decoded.items).toHaveLength(vector.items!.length)
    vector.items!.forEach((item, index) => {
      expect(decoded.items[index]).toMatchObject(item)
    })
  })

  it.each(badVectors)('$hex is refused for its checksum', (vector) => {
    const bytes = bytesOf(vector.hex)
    expect(driver.createParser().push(bytes)).toEqual({ frames: [], noise: [{ bytes, reason: 'checksum' }] })
  })

  it('come out of one glued stream in order, nothing left over', () => {
    const stream = Uint8Array.from(goodVectors.flatMap((vector) => [...bytesOf(vector.hex)]))
    const { frames, noise } = driver.createParser().push(stream)
    expect(frames.map((frame) => frame.address)).toEqual(goodVectors.map((vector) => vector.address))
    expect(noise).toEqual([])
  })

  it('agree with each other: 100.1 V × 4.999 A × 0.501 is the power the same meter tells', () => {
    const told = (id: string) =>
      goodVectors
        .filter((vector) => vector.address === '000000000161' && vector.control === '91')
        .flatMap((vector) => decodeOnly(vector).decoded.items)
        .find((item) => item.id === id)!.value as number
    const kilovoltAmperes = (told('02010100') * told('02020100')) / 1000
    expect(told('02030000')).toBeCloseTo(kilovoltAmperes * told('02060000'), 3)
    expect(Math.hypot(told('02030000'), told('02040000'))).toBeCloseTo(kilovoltAmperes, 3)
  })
})
