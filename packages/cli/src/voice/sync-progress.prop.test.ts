import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellsOf } from '../workstation/cells.ts'
import { shareText } from './bytes.ts'
import { Pace } from './pace.ts'
import { leftText, ProgressLine, syncProgressText } from './progress.ts'
import { type Moving, SyncProgress, type SyncProgressNow } from './sync-progress.ts'

const nothing: Moving = {
  station: 'st-1',
  sent: 0,
  sentBytes: 0,
  received: 0,
  given: 0,
  takenBytes: 0,
  fetchedBytes: 0,
  toSend: 0,
  toReceive: 0,
  toSendBytes: 0,
  toFetchBytes: 0,
  sized: false,
  busy: true,
  closed: null,
}

/** What may happen to a meeting, in any order; what is left never becomes less than nothing. */
type Happening =
  | { readonly type: 'heard'; readonly station: number; readonly toReceive: number }
  | {
      readonly type: 'planned'
      readonly station: number
      readonly entries: number
      readonly bytesEach: number
    }
  | {
      readonly type: 'acked' | 'taken'
      readonly station: number
      readonly entries: number
      readonly bytesEach: number
    }
  | { readonly type: 'offered' | 'fetched'; readonly station: number; readonly bytes: number }
  | { readonly type: 'started-from-pages' | 'others-brought' | 'cut' | 'settled'; readonly station: number }
  | { readonly type: 'blobs'; readonly station: number; readonly left: number; readonly leftBytes: number }

const station = fc.integer({ min: 0, max: 2 })
const entries = fc.integer({ min: 0, max: 400 })
const bytesEach = fc.integer({ min: 100, max: 4000 })
const bytes = fc.integer({ min: 0, max: 5_000_000 })
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ type: fc.constant('heard' as const), station, toReceive: fc.integer({ min: 0, max: 40_000 }) }),
  fc.record({ type: fc.constant('planned' as const), station, entries, bytesEach }),
  fc.record({ type: fc.constantFrom('acked' as const, 'taken' as const), station, entries, bytesEach }),
  fc.record({ type: fc.constantFrom('offered' as const, 'fetched' as const), station, bytes }),
  fc.record({
    type: fc.constantFrom('started-from-pages', 'others-brought', 'cut', 'settled' as const),
    station,
  }) as fc.Arbitrary<Happening>,
  fc.record({
    type: fc.constant('blobs' as const),
    station,
    left: fc.integer({ min: 0, max: 90 }),
    leftBytes: bytes,
  }),
)

function after(one: Moving, event: Happening): Moving | null {
  switch (event.type) {
    case 'heard':
      return { ...one, sized: true, toReceive: event.toReceive, busy: true }
    case 'planned':
      return {
        ...one,
        toSend: one.toSend + event.entries,
        toSendBytes: one.toSendBytes + event.entries * event.bytesEach,
        busy: true,
      }
    case 'acked': {
      const count = Math.min(one.toSend, event.entries)
      const size = count === one.toSend ? one.toSendBytes : Math.floor((one.toSendBytes * count) / one.toSend)
      return {
        ...one,
        sent: one.sent + count,
        sentBytes: one.sentBytes + size,
        toSend: one.toSend - count,
        toSendBytes: one.toSendBytes - size,
      }
    }
    case 'taken':
      return {
        ...one,
        received: one.received + event.entries,
        takenBytes: one.takenBytes + event.entries * event.bytesEach,
        toReceive: Math.max(0, one.toReceive - event.entries),
      }
    case 'offered':
      return { ...one, toFetchBytes: event.bytes, busy: true }
    case 'fetched': {
      const size = Math.min(one.toFetchBytes, event.bytes)
      return { ...one, fetchedBytes: one.fetchedBytes + size, toFetchBytes: one.toFetchBytes - size }
    }
    case 'started-from-pages':
    case 'others-brought':
      return { ...one, toReceive: Math.floor(one.toReceive / 10) }
    case 'settled':
      return {
        ...one,
        sized: true,
        busy: false,
        toSend: 0,
        toSendBytes: 0,
        toReceive: 0,
        toFetchBytes: 0,
        blobs: { toReceive: 0, toReceiveBytes: 0, receivedBytes: 0, sentBytes: 0 },
      }
    case 'blobs':
      return {
        ...one,
        blobs: { toReceive: event.left, toReceiveBytes: event.leftBytes, receivedBytes: 0, sentBytes: 0 },
        busy: true,
      }
    case 'cut':
      return null
  }
}

test('whatever happens: done within total, 0 to 100 %, never less, the end said only at the end, time left finite or unknown', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(happening, fc.integer({ min: 0, max: 4000 })), { maxLength: 120 }),
      (history) => {
        const progress = new SyncProgress()
        const sessions = new Map<number, Moving>()
        let nowMs = 0
        let before: SyncProgressNow | null = null
        for (const [event, waitMs] of history) {
          nowMs += waitMs
          const next = after(
            sessions.get(event.station) ?? { ...nothing, station: `st-${event.station}` },
            event,
          )
          if (next) sessions.set(event.station, next)
          else sessions.delete(event.station)
          const list = [...sessions.values()]
          const now = progress.note(list, nowMs)
          const { percent, leftMs } = now
          expect(now.entries.done).toBeLessThanOrEqual(now.entries.total)
          expect(now.entries.done).toBeGreaterThanOrEqual(0)
          if (now.bytes.total !== null) expect(now.bytes.done).toBeLessThanOrEqual(now.bytes.total)
          if (percent !== null) {
            expect(percent).toBeGreaterThanOrEqual(0)
            expect(percent).toBeLessThanOrEqual(100)
          }
          if (leftMs !== null) expect(Number.isFinite(leftMs) && leftMs >= 0).toBe(true)
          const left = list.reduce(
            (sum, { toSend, toReceive, toFetchBytes, blobs }) =>
              sum + toSend + toReceive + toFetchBytes + (blobs?.toReceive ?? 0),
            0,
          )
          const isAtWork = list.length === 0 || left > 0 || list.some(({ busy, sized }) => busy || !sized)
          if (list.length > 0 && isAtWork) expect(percent ?? 0).toBeLessThan(100)
          if (!isAtWork) expect(percent).toBe(100)
          // What was over begins anew; else nothing that was said is taken back.
          if (before && before.percent !== 100) {
            expect(now.entries.done).toBeGreaterThanOrEqual(before.entries.done)
            expect(now.entries.total).toBeGreaterThanOrEqual(before.entries.total)
            expect(now.bytes.done).toBeGreaterThanOrEqual(before.bytes.done)
            expect(percent ?? 0).toBeGreaterThanOrEqual(before.percent ?? 0)
          }
          before = now
          for (const language of ['zh', 'en'] as const)
            expect(cellsOf(syncProgressText(now, language))).toBeLessThan(110)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('a station that was met and is met again begins at zero, and what was done by then stays done', () => {
  const progress = new SyncProgress()
  const first = { ...nothing, sized: true, received: 500, takenBytes: 500_000, toReceive: 500 }
  expect(progress.note([first], 0).entries).toEqual({ done: 500, total: 1000 })
  progress.note([], 1000)
  const again = { ...nothing, sized: true, received: 600, takenBytes: 600_000, toReceive: 0 }
  expect(progress.note([again], 2000).entries).toEqual({ done: 1100, total: 1100 })
})

/** Bytes a second at each second, by a pattern of a network; what is said of the time left, second by second. */
function said(pattern: (second: number) => number, total: number): { left: (number | null)[]; took: number } {
  const pace = new Pace()
  const left: (number | null)[] = []
  let done = 0
  let second = 0
  pace.note(0, 0)
  while (done < total && second < 4000) {
    done = Math.min(total, done + pattern(second))
    second++
    pace.note(done, second * 1000)
    left.push(pace.leftMs(total - done, second * 1000))
  }
  return { left, took: second }
}

const patterns: Readonly<Record<string, (second: number) => number>> = {
  steady: () => 100_000,
  'bursts of two seconds in six': (second) => (second % 6 < 2 ? 300_000 : 0),
  'a slow start': (second) => Math.min(100_000, 2000 * 1.3 ** second),
  'a radio that comes and goes': (second) => (Math.floor(second / 5) % 2 === 0 ? 180_000 : 10_000),
  'a stall of a minute': (second) => (second > 30 && second < 90 ? 0 : 100_000),
  'ever slower': (second) => Math.max(20_000, 200_000 - 2000 * second),
}

test.each(Object.entries(patterns))(
  'time left with %s: unknown at first, then never jumping',
  (name, pattern) => {
    const total = 10_000_000
    const { left, took } = said(pattern, total)
    expect(left.slice(0, 2), 'nobody knows at once').toEqual([null, null])
    for (const [at, now] of left.entries()) {
      const before = left[at - 1]
      if (now === null || before === null || before === undefined) continue
      // A second goes by; beside that, no more than a quarter up or down at once. Below 5 s it says "almost done".
      const expected = Math.max(5000, before - 1000)
      expect(Math.max(5000, now) / expected, `${name}, second ${at}`).toBeLessThan(1.25)
      expect(Math.max(5000, now) / expected, `${name}, second ${at}`).toBeGreaterThan(0.75)
    }
    const half = left[Math.floor(took / 2)]
    if (name === 'steady') expect(half! / 1000 / (took / 2)).toBeCloseTo(1, 0)
    if (name === 'a stall of a minute') expect(left.slice(42, 88).every((one) => one === null)).toBe(true)
  },
)

test('a clock that runs back, or a first moment alone, says nothing and breaks nothing', () => {
  const pace = new Pace()
  expect(pace.leftMs(10, 0)).toBeNull()
  pace.note(0, 10_000)
  pace.note(500, 4000)
  expect(pace.perSecond(4000)).toBeNull()
  pace.note(500, 14_000)
  expect(pace.leftMs(500, 14_000)).toBeGreaterThan(0)
})

const sample: SyncProgressNow = {
  entries: { done: 123_456, total: 333_300 },
  bytes: { done: 121_000_000, total: 340_000_000 },
  percent: 37,
  bytesPerSecond: 2_100_000,
  leftMs: 3_400_000,
  blobsLeft: 0,
}

test('the line: both languages within 80 columns, unknown said as unknown, no decimals nobody asked for', () => {
  expect(syncProgressText(sample, 'zh')).toBe(
    '同步  37%  123,456/333,300 条  121/340 MB  2.1 MB/s  还要约 57 分钟',
  )
  expect(syncProgressText({ ...sample, leftMs: null, bytesPerSecond: null }, 'en')).toBe(
    'Syncing  37%  123,456/333,300 entries  121/340 MB  time left unknown',
  )
  for (const language of ['zh', 'en'] as const)
    expect(cellsOf(syncProgressText(sample, language))).toBeLessThan(80)
  expect(shareText(0, null)).toBe('0 B')
  expect(shareText(999, 1_200_000)).toBe('0.0/1.2 MB')
  expect([1000, 17_000, 31_000, 59_000, 7_300_000].map((ms) => leftText(ms, 'en'))).toEqual([
    'almost done',
    'about 20 s left',
    'about 40 s left',
    'about 1 min left',
    'about 2 h left',
  ])
})

test('on a terminal one line, rewritten; in a pipe a line every five seconds, no control characters', () => {
  for (const isTTY of [true, false]) {
    const written: string[] = []
    let now = 0
    const shown = new ProgressLine(
      { isTTY, columns: 40, write: (text) => void written.push(text) },
      () => now,
    )
    for (now = 0; now <= 20_000; now += 50) shown.show(() => syncProgressText(sample, 'zh'))
    shown.end()
    if (isTTY) {
      expect(written.length).toBe(201)
      for (const text of written) expect(cellsOf(text.replace('\r\u001b[K', ''))).toBeLessThan(40)
      expect(written.at(-1)).toBe('\r\u001b[K')
    } else expect(written).toEqual(Array(4).fill(`${syncProgressText(sample, 'zh')}\n`))
  }
})
