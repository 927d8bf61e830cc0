import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, calendarIn, startOfDay } from './day.ts'
import type { NamedDay } from './holidays.ts'
import { WorkCalendar } from './work-calendar.ts'
import type { Hours } from './working-hours.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const hours: fc.Arbitrary<Hours> = fc
  .uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 2, maxLength: 6 })
  .map((cuts) => {
    const sorted = [...cuts].sort((a, b) => a - b).map((quarter) => quarter * 15)
    return Array.from({ length: Math.floor(sorted.length / 2) }, (_, at) => ({
      from: sorted[2 * at]!,
      to: sorted[2 * at + 1]!,
    }))
  })

/** Weeks in which clocks change there, and one of a Chinese holiday. */
const place = fc.constantFrom(
  ['Asia/Shanghai', '2026-02-12'],
  ['Europe/Berlin', '2026-03-27'],
  ['Europe/Berlin', '2026-10-23'],
  ['America/St_Johns', '2026-03-06'],
  ['America/St_Johns', '2026-10-30'],
  ['Australia/Lord_Howe', '2026-04-03'],
  ['Australia/Lord_Howe', '2026-10-02'],
  ['Africa/Cairo', '2026-04-22'],
  ['Pacific/Chatham', '2026-09-25'],
) as fc.Arbitrary<[string, string]>

const workCalendar = fc
  .tuple(place, hours, fc.array(fc.tuple(fc.nat(9), fc.constantFrom('on' as const, 'off' as const))))
  .map(([[zone, first], open, drawn]) => {
    const named = new Map<string, NamedDay>(
      drawn.map(([at, kind]) => [addDays(first, at), { kind, name: 'x' }]),
    )
    // Somewhere there is work, or nothing ever ends.
    named.set(addDays(first, 10), { kind: 'on', name: '' })
    return { work: new WorkCalendar(calendarIn(zone), open, named), first, open }
  })

/** The same by looking at the clock, minute after minute. */
function workedMinutes(
  { work, open }: { work: WorkCalendar; open: Hours },
  fromMs: number,
  toMs: number,
): number {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: work.calendar.timeZone,
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  })
  let minutes = 0
  let day = ''
  let works = false
  for (let ms = fromMs; ms < toMs; ms += MINUTE) {
    const [hour = 0, minute = 0] = clock.format(ms).split(':').map(Number)
    const today = work.calendar.dayOf(ms)
    if (today !== day) {
      day = today
      works = work.day(day).works
    }
    const at = hour * 60 + minute
    if (works && open.some(({ from, to }) => from <= at && at < to)) minutes++
  }
  return minutes
}

const from = fc.integer({ min: 0, max: 5 * 24 * 60 })

test('working time between two instants is what the clock shows, minute by minute', () => {
  fc.assert(
    fc.property(workCalendar, from, fc.integer({ min: 0, max: 3 * 24 * 60 }), (one, start, length) => {
      const fromMs = startOfDay(one.work.calendar, one.first) + start * MINUTE
      const toMs = fromMs + length * MINUTE
      expect(one.work.between(fromMs, toMs)).toBe(workedMinutes(one, fromMs, toMs) * MINUTE)
    }),
    { numRuns: 25 },
  )
})

test('adding working time is exact, monotone and additive, and ends in working time or at its very end', () => {
  const length = fc.integer({ min: 0, max: 40 * 60 })
  fc.assert(
    fc.property(workCalendar, from, length, length, from, ({ work, first }, start, a, b, later) => {
      const fromMs = startOfDay(work.calendar, first) + start * MINUTE
      const end = work.add(fromMs, a * MINUTE)
      expect(end).toBeGreaterThanOrEqual(fromMs)
      expect(work.between(fromMs, end)).toBe(a * MINUTE)
      expect(work.isWorking(end) || work.isWorking(end - 1)).toBe(true)
      expect(work.add(end, b * MINUTE)).toBe(work.add(fromMs, (a + b) * MINUTE))
      expect(work.add(fromMs, (a + b) * MINUTE)).toBeGreaterThanOrEqual(end)
      expect(work.add(fromMs + later * MINUTE, a * MINUTE)).toBeGreaterThanOrEqual(end)
    }),
    { numRuns: 200 },
  )
})

test('a calendar in which nobody ever works, and clocks gone wild, end all the same', () => {
  const named = new Map<string, NamedDay>()
  for (let day = '2026-01-01'; day < '2037-01-01'; day = addDays(day, 1))
    named.set(day, { kind: 'off', name: '' })
  const never = new WorkCalendar(calendarIn('Asia/Shanghai'), [{ from: 0, to: 60 }], named)
  const fromMs = Date.UTC(2026, 0, 1)
  expect(never.add(fromMs, HOUR)).toBeGreaterThan(Date.UTC(2036, 0, 1))
  expect(never.between(fromMs, Date.UTC(2030, 0, 1))).toBe(0)
  for (const wild of [-8.64e15, 0, 8.64e15]) expect(Number.isFinite(never.between(wild, fromMs))).toBe(true)
})
