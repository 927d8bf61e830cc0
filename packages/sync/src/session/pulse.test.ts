import { expect, test } from 'vitest'
import { PING_MS, Pulse } from './pulse.ts'

const YEARS_MS = 10 * 365 * 24 * 3600_000

test.each([
  ['stays', 0],
  ['is set back', -YEARS_MS],
  ['is set forward', YEARS_MS],
])('S6 a peer that falls silent is noticed while the clock %s', (_name, jumpMs) => {
  const pulse = new Pulse(1_000_000)
  pulse.heard(1_000_000)
  expect(pulse.beat(1_000_000 + PING_MS)).toBe(true)
  let now = 1_000_000 + PING_MS + jumpMs
  let beats = 0
  for (now += PING_MS; pulse.beat(now); now += PING_MS) {
    beats++
    if (beats > 100) throw new Error('never noticed')
  }
  expect((beats + 2) * PING_MS).toBeGreaterThanOrEqual(pulse.silenceMs() - 2 * PING_MS)
})

test('S6 a clock that is set makes no peer dead that is heard', () => {
  const pulse = new Pulse(0)
  for (let at = 1; at < 20; at++) {
    const now = at * PING_MS + (at > 10 ? -YEARS_MS : 0)
    expect(pulse.beat(now)).toBe(true)
    pulse.heard(now + 1)
  }
})

test.each([
  ['back', -YEARS_MS],
  ['forward', YEARS_MS],
])(
  'S6 a clock that is set %s between a word of the peer and the next ping neither kills it nor makes it immortal',
  (_name, jumpMs) => {
    const pulse = new Pulse(1_000_000)
    let now = 1_000_000 + PING_MS
    expect(pulse.beat(now)).toBe(true)
    now += jumpMs + 100
    pulse.heard(now)
    let beats = 0
    for (now += PING_MS - 100; pulse.beat(now) && beats < 100; now += PING_MS) beats++
    expect(beats).toBeGreaterThan(2)
    expect(beats * PING_MS).toBeLessThanOrEqual(pulse.silenceMs() + 2 * PING_MS)
  },
)
