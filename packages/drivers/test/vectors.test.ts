import { describe, expect, it } from 'vitest'
import { driver as cjt188 } from '../src/protocols/cjt188.ts'
import { driver as dlt645 } from '../src/protocols/dlt645.ts'
import { driver as mbus } from '../src/protocols/mbus.ts'
import { bytesOf, type Vector, vectorsOf } from './vectors-of.ts'

const told = (driver: typeof dlt645 | typeof cjt188 | typeof mbus, vector: Vector) => {
  const parser = driver.createParser()
  const bytes = bytesOf(vector.hex)
  const frames = [parser.push(bytes), parser.flush()].flatMap<{ readonly control: number | null }>(
    (parsed) => parsed.frames,
  )
  expect(frames).toHaveLength(1)
  const frame = frames[0]!
  // Each driver decodes the frames of its own parser.
  return { frame, decoded: (driver as typeof dlt645).decode(frame as never) }
}

describe.each([
  { driver: dlt645, good: 48, bad: 2 },
  { driver: cjt188, good: 16, bad: 1 },
  { driver: mbus, good: 8, bad: 1 },
])('published frames of $driver.title.en', ({ driver, good, bad }) => {
  const vectors = vectorsOf(driver.protocol)

  it('are all here', () => {
    expect(vectors.good.length).toBe(good)
    expect(vectors.bad.length).toBe(bad)
  })

  it.each(vectors.good)('$function $address $control ($origin)', (vector) => {
    const { frame, decoded } = told(driver, vector)
    expect(frame.control).toBe(vector.control === '' ? null : Number.parseInt(vector.control!, 16))
    expect(decoded.address).toBe(vector.address)
    expect(decoded.function).toBe(vector.function)
    expect(decoded.extra).toBe(vector.extra ?? '')
    if (vector.refusal) expect(decoded.error).toMatchObject({ type: 'device-refused', ...vector.refusal })
    else if (vector.partial) expect(decoded.error).toMatchObject({ type: 'partial' })
    else expect(decoded.error).toBeNull()
    const items = decoded.items.filter(({ id }) => id !== 'type')
    expect(items).toHaveLength(vector.items!.length)
    vector.items!.forEach((item, index) => {
      expect(items[index]).toMatchObject(item)
    })
  })

  it.each(vectors.bad)('$hex is refused for its checksum', (vector) => {
    const bytes = bytesOf(vector.hex)
    const parser = driver.createParser()
    const parsed = [parser.push(bytes), parser.flush()]
    expect(parsed.flatMap<unknown>(({ frames }) => frames)).toEqual([])
    expect(parsed.flatMap(({ noise }) => noise)[0]!.reason).toBe('checksum')
  })

  it('come out of one glued stream in order, nothing left over', () => {
    // An acknowledgement is one only by itself.
    const several = vectors.good.filter(({ hex }) => bytesOf(hex).length > 1)
    const stream = Uint8Array.from(several.flatMap((vector) => [...bytesOf(vector.hex)]))
    const { frames, noise } = driver.createParser().push(stream)
    expect(frames.map((frame) => frame.address)).toEqual(several.map((vector) => vector.address))
    expect(noise).toEqual([])
  })
})

describe('published frames of one electricity meter', () => {
  it('agree with each other: 100.1 V × 4.999 A × 0.501 is the power the same meter tells', () => {
    const value = (id: string) =>
      vectorsOf('dlt645')
        .good.filter((vector) => vector.address === '000000000161' && vector.control === '91')
        .flatMap((vector) => told(dlt645, vector).decoded.items)
        .find((item) => item.id === id)!.value as number
    const kilovoltAmperes = (value('02010100') * value('02020100')) / 1000
    expect(value('02030000')).toBeCloseTo(kilovoltAmperes * value('02060000'), 3)
    expect(Math.hypot(value('02030000'), value('02040000'))).toBeCloseTo(kilovoltAmperes, 3)
  })
})
