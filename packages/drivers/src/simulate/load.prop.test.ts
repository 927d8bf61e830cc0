import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDailyLoad } from './load.ts'

const moment = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) })
const load = createDailyLoad(480)

describe('a daily load', () => {
  it('never gives energy back, and adds up over adjoining spans', () => {
    fc.assert(
      fc.property(fc.tuple(moment, moment, moment), (moments) => {
        const [a, b, c] = moments.sort((x, y) => x - y) as [number, number, number]
        const whole = load.kilowattHoursBetween(a, c)
        expect(load.kilowattHoursBetween(a, b)).toBeGreaterThanOrEqual(-1e-6)
        expect(load.kilowattHoursBetween(a, b) + load.kilowattHoursBetween(b, c)).toBeCloseTo(whole, 6)
      }),
    )
  })

  it('draws in an hour what its power says', () => {
    const seven = Date.UTC(2025, 5, 1, 11)
    expect(load.kilowattHoursBetween(seven, seven + 3_600_000)).toBeCloseTo(load.kilowattsAt(seven), 9)
  })
})
