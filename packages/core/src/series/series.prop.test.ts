import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { chance } from '../testing/hostile-bytes.test.data.ts'
import { TestCommunity } from '../testing/test-community.ts'
import { calendarIn, startOfDay } from '../work/day.ts'
import { cleanRegister } from './clean-register.ts'
import { registerLimits } from './limits.ts'
import type { Observation, Point, Signal } from './observation.ts'
import { openSeries } from './open-series.ts'
import { hourOf, thin } from './retention.ts'
import { spreadUses } from './spread-uses.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const START = Date.UTC(2026, 8, 1)
const NOW = Date.UTC(2026, 9, 1)
const water = registerLimits.water!

/** Readings of a register at odd minutes, some missing, with what a line does to them. */
const dirtyRegister = (most: number): fc.Arbitrary<Point[]> =>
  fc
    .array(
      fc.record({
        minutes: fc.oneof(
          { weight: 20, arbitrary: fc.integer({ min: 40, max: 75 }) },
          fc.integer({ min: 1, max: 3_000 }),
        ),
        litres: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 })),
        odd: fc.oneof(
          { weight: 12, arbitrary: fc.constant('none' as const) },
          fc.constantFrom('low' as const, 'absurd' as const, 'twice' as const, 'back' as const),
        ),
      }),
      { maxLength: most },
    )
    .map((steps) => {
      let atMs = START
      let litres = 80_000
      return steps.flatMap(({ minutes, litres: use, odd }) => {
        atMs += minutes * MINUTE
        litres += use
        const point = { atMs, value: litres / 1000 }
        if (odd === 'low') return [{ atMs, value: 3 }]
        if (odd === 'absurd') return [{ atMs, value: 4_294_967.295 }]
        if (odd === 'twice') return [point, { atMs, value: 7 }]
        if (odd === 'back') litres -= 1
        return [point]
      })
    })
const inOrder = (points: readonly Point[]): Point[] =>
  [...points]
    .sort((a, b) => a.atMs - b.atMs || a.value - b.value)
    .filter(
      (point, at, all) => at === 0 || point.atMs !== all[at - 1]!.atMs || point.value !== all[at - 1]!.value,
    )

test('what the steps say adds up to what the readings that count moved, whatever the steps', () => {
  fc.assert(
    fc.property(dirtyRegister(120), fc.constantFrom(0.25, 1, 3, 24), (given, hours) => {
      const clean = cleanRegister(inOrder(given), water)
      const step = hours * HOUR
      const uses = spreadUses(clean, START, START + 40 * 24 * HOUR, step)
      expect(uses.every((use) => use === null || use >= 0)).toBe(true)
      const first = clean.counted[0]
      const last = clean.counted.at(-1)
      if (!first || !last || first === last) return
      // One step from reading to reading over any run without a change of meter.
      let run = first
      let moved = 0
      for (const stretch of clean.stretches) {
        if (stretch.use === null) {
          run = clean.counted.find(({ atMs }) => atMs === stretch.untilMs)!
          moved = 0
          continue
        }
        moved += stretch.use
        const [whole] = spreadUses(clean, run.atMs, stretch.untilMs, stretch.untilMs - run.atMs)
        expect(whole).toBeCloseTo(moved, 6)
      }
      // A run of told steps says what the same time says as one step.
      let from = 0
      while (from < uses.length) {
        let until = from
        while (until < uses.length && uses[until] !== null) until++
        if (until > from) {
          const sum = uses.slice(from, until).reduce<number>((all, use) => all + use!, 0)
          const ends = [START + from * step, START + until * step] as const
          const [whole] = spreadUses(clean, ...ends, ends[1] - ends[0])
          expect(whole).toBeCloseTo(sum, 6)
        }
        from = until + 1
      }
    }),
    chance(150),
  )
})

test('every reading counts or is in the dirt, and what counts only grows but where that is said', () => {
  fc.assert(
    fc.property(dirtyRegister(80), (given) => {
      const points = inOrder(given)
      const { counted, stretches, dirt } = cleanRegister(points, water)
      const of = (...kinds: string[]) => dirt.filter(({ kind }) => kinds.includes(kind)).length
      expect(counted.length + of('two-values', 'negative-step', 'jump')).toBe(points.length)
      expect(stretches.filter(({ use }) => use === null).length).toBe(of('meter-change', 'step-back'))
      for (const stretch of stretches) expect(stretch.use === null || stretch.use >= 0).toBe(true)
    }),
    chance(150),
  )
})

test('thinned by hours the hours say the same, thinned by days the days of the community do', () => {
  const calendar = calendarIn('Asia/Shanghai')
  const firstDay = startOfDay(calendar, '2026-09-01')
  fc.assert(
    fc.property(dirtyRegister(120), (given) => {
      const points = inOrder(given)
      const byHours = thin('water', points, hourOf)
      const byDays = thin('water', byHours, (atMs) => calendar.dayOf(atMs))
      expect(
        byDays.every((point) => points.some((one) => one.atMs === point.atMs && one.value === point.value)),
      ).toBe(true)
      const says = (some: readonly Point[], step: number) =>
        spreadUses(cleanRegister(some, water), firstDay, firstDay + 30 * 24 * HOUR, step)
      expect(says(byHours, HOUR)).toEqual(says(points, HOUR))
      expect(says(byDays, 24 * HOUR)).toEqual(says(points, 24 * HOUR))
    }),
    chance(100),
  )
})

test('any order, repetition and cutting of the same readings gives the same view', async () => {
  const { community, founder } = await TestCommunity.create(['一号网格'], () => NOW)
  await using _ = community
  const series = expectOk(openSeries(founder))
  let home = 0
  await fc.assert(
    fc.asyncProperty(
      dirtyRegister(60),
      fc.infiniteStream(fc.nat({ max: 1_000_000 })),
      fc.infiniteStream(fc.integer({ min: 1, max: 12 })),
      async (points, order, cuts) => {
        const [one, other] = [`de-one-${++home}`, `de-other-${home}`]
        const of = (device: string): Observation[] =>
          points.flatMap((point, at) => [
            { device, signal: 'water' as Signal, ...point },
            ...(at % 5 === 0 ? [{ device, signal: 'power' as Signal, ...point }] : []),
          ])
        expectOk(await series.append(of(one)))
        const again = [...of(other), ...of(other).filter((_reading, at) => at % 3 === 0)]
        const shuffled = again
          .map((reading) => ({ reading, place: order.next().value }))
          .sort((a, b) => a.place - b.place)
          .map(({ reading }) => reading)
        let kept = 0
        for (let at = 0; at < shuffled.length; ) {
          const size = cuts.next().value
          const done = expectOk(await series.append(shuffled.slice(at, at + size)))
          kept += done.kept
          if (size === 12) expectOk(await series.compact())
          at += size
        }
        expect(kept).toBe(inOrder(points).length + series.raw(one, 'power', START, NOW).length)
        for (const signal of ['water', 'power'] as const) {
          expect(series.raw(other, signal, START, NOW)).toEqual(series.raw(one, signal, START, NOW))
          expect(series.latest(other, signal)).toEqual(series.latest(one, signal))
        }
        expect(series.raw(one, 'water', START, NOW)).toEqual(inOrder(points).filter(({ atMs }) => atMs < NOW))
        const uses = (device: string) => series.uses(device, 'water', START, START + 20 * 24 * HOUR, HOUR)
        expect(uses(other)).toEqual(uses(one))
        expect(series.heardAt(other)).toBe(series.heardAt(one))
      },
    ),
    chance(25),
  )
  await series.close()
})
