import { expect, test } from 'vitest'
import type { Observation } from '../series/observation.ts'
import { calendarIn } from '../work/day.ts'
import { publishedOf, replayRules } from './replay.ts'
import { at, builtin } from './sample-home.test.data.ts'

/** Read at 28 minutes past, with a duplicate and a reading below the one before in it, as real ones are. */
function home(device: string, litresAt: (hour: number) => number, days: number): Observation[] {
  let value = 500
  const read: Observation[] = []
  for (let hour = 0; hour <= days * 24; hour++) {
    const one: Observation = { device, signal: 'water', atMs: at(hour + 28 / 60), value }
    read.push(one)
    if (hour % 97 === 5) read.push(one)
    if (hour % 131 === 9) read.push({ ...one, atMs: at(hour + 40 / 60), value: value - 40 })
    value += litresAt(hour) / 1000
  }
  return read
}
const lives = (hour: number) => (hour % 24 >= 7 && hour % 24 < 22 ? 15 : 0)
/** Away on the fifth and sixth day of every ten. */
const travels = (hour: number) => ([4, 5].includes(Math.floor(hour / 24) % 10) ? 0 : lives(hour))
/** An hour without use in the middle of every night, between two hours of the clock. */
const nearlyLeaks = (hour: number) => (hour % 24 === 3 ? 0 : 9)

test('alerts are counted by homes and days, with the worst tenth, over dirt and readings beside the hour', () => {
  const readings = [
    ...home('lives', lives, 40),
    ...home('travels', travels, 40),
    ...home('leaks', () => 9, 40),
    ...home('nearly', nearlyLeaks, 40),
    ...home('new', () => 0, 10),
  ]
  const rules = ['water-none-24h', 'water-none-12h', 'water-leak-24h', 'water-night', 'water-much-24h']
  const replay = replayRules([...readings].reverse(), rules.map(builtin), calendarIn('Asia/Shanghai'))
  expect(replay).toMatchObject({ homes: 4, homeDays: 160, leftOut: 1 })
  const [none, none12, leak, night, much] = replay.rules
  expect(none).toMatchObject({ alerts: 4, per100HomesADay: 2.5, worstTenthADay: 0.1, homesEver: 1 })
  // Nine hours of a night are no twelve.
  expect(none12).toMatchObject({ alerts: 4, homesEver: 1 })
  expect(leak).toMatchObject({ alerts: 1, homesEver: 1 })
  expect(leak!.heldPercent).toBeCloseTo(25, 0)
  expect(night).toMatchObject({ alerts: 1, homesEver: 1 })
  expect(much).toMatchObject({ alerts: 0, worstTenthADay: 0, homesEver: 0, heldPercent: 0 })
  expect(publishedOf(builtin('water-none-24h'))).toMatchObject({ per100HomesADay: 4.4 })
  expect(publishedOf(builtin('water-much-24h'))).toBeNull()
})
