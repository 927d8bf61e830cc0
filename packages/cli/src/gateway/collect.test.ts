import { fail, type Observation, ok } from '@doorstep/core'
import type { Heard } from '@doorstep/drivers'
import { expect, test } from 'vitest'
import { sinkFor } from './collect.ts'
import type { Found } from './device-book.ts'
import { METER, memoryLog } from './gateway.test.data.ts'
import { openLog } from './log.ts'

const heard = (value: number, address = METER): Heard => ({
  protocol: 'dlt645',
  address,
  signal: 'electricity',
  atMs: 1000,
  value,
})
const device = { type: 'device', device: { id: 'de-000001' } } as Found

function setup(find: (address: string) => Found, append: () => boolean = () => true) {
  const kept: Observation[] = []
  const { lines, out } = memoryLog()
  const sink = sinkFor(
    'block-1',
    {
      book: { find: (_, address) => find(address) },
      series: {
        append: async (observations) => {
          if (!append()) return fail({ type: 'disk-full', home: '/home' })
          kept.push(...observations)
          return ok({ kept: observations.length, duplicates: 0, late: 0, refused: [] })
        },
      },
      log: openLog({ level: 'debug', form: 'json', language: 'en', out }),
      metrics: null,
      onKept: () => undefined,
      firstRestMs: 1,
    },
    new AbortController().signal,
  )
  return { sink, kept, lines }
}

test('only what a known device says whose home allows it reaches the disk; the rest is told in counts', async () => {
  const found: Record<string, Found> = {
    [METER]: device,
    a: { type: 'unknown' },
    b: { type: 'no-consent' },
    c: { type: 'ambiguous' },
  }
  const { sink, kept, lines } = setup((address) => found[address]!)
  await sink([heard(1), heard(2, 'a'), heard(3, 'b'), heard(4, 'c')])
  await sink([heard(5, 'b')])
  expect(kept).toEqual([{ device: 'de-000001', signal: 'electricity', atMs: 1000, value: 1 }])
  // Once an hour at most, and no address.
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { event: 'not-kept', counts: { unknown: 1, noConsent: 1, ambiguous: 1 } },
  ])
})

test('a full disk is waited for; what was withdrawn meanwhile is not written afterwards', async () => {
  let tries = 0
  let allowed = true
  const { sink, kept, lines } = setup(
    () => (allowed ? device : { type: 'no-consent' }),
    () => ++tries > 3,
  )
  await sink([heard(1)])
  expect(tries).toBe(4)
  expect(kept).toHaveLength(1)
  expect(lines.filter((line) => line.includes('keep-failed'))).toHaveLength(3)

  tries = 0
  const waiting = sink([heard(2)])
  allowed = false
  await waiting
  expect(kept).toHaveLength(1)
})
