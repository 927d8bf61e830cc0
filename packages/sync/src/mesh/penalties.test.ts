import { describe, expect, it } from 'vitest'
import { createPenalties } from './penalties.ts'

describe('penalties', () => {
  it('doubles the wait up to a minute, give or take a quarter', () => {
    const waits = (random: number) => {
      const penalties = createPenalties(() => random)
      return Array.from({ length: 8 }, () => penalties.add('x', 0))
    }
    expect(waits(0.5)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
    expect(waits(0)[0]).toBe(1_500)
    expect(waits(1)[0]).toBe(2_500)
  })

  it('lets who was refused come back after the other listens again', () => {
    const longest = createPenalties(() => 1).add('x', 0)
    const soonest = createPenalties(() => 0).add('x', 0, 'refused')
    expect(soonest).toBeGreaterThan(longest)
  })

  it('counts the wait down, keeps the failures, and clears', () => {
    const penalties = createPenalties(() => 0.5)
    penalties.add('peer 1', 100)
    penalties.add('key 1', 100)
    expect(penalties.waitMs('peer 1', 600)).toBe(1_500)
    expect(penalties.waitMs('peer 1', 9_000)).toBe(0)
    penalties.hold('peer 1', 9_000, 500)
    expect(penalties.waitMs('peer 1', 9_100)).toBe(400)
    expect(penalties.failures('peer 1')).toBe(1)
    penalties.clearAll('peer ')
    expect(penalties.list().map(({ who }) => who)).toEqual(['key 1'])
  })

  it('remembers 256 and forgets the oldest', () => {
    const penalties = createPenalties()
    for (let n = 0; n < 300; n++) penalties.add(`peer ${n}`, 0)
    expect(penalties.list()).toHaveLength(256)
    expect(penalties.failures('peer 43')).toBe(0)
    expect(penalties.failures('peer 44')).toBe(1)
  })
})
