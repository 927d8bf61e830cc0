import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, calendarIn } from './day.ts'
import { bandPeriod, LEAST_OTHERS, peerBand, quartilesOf, STEPS } from './peer-band.ts'
import { RecordSet } from './record-set.ts'
import { homeId, meteredGrid, type SampleHome } from './sample-meters.test.data.ts'
import { record } from './sample-records.test.data.ts'

const ON = '2026-11-24'
const { from, until } = bandPeriod(ON)
const calendar = calendarIn('Asia/Shanghai')
const STEP = STEPS.water

test('the period is the four whole weeks before this one, whatever the day', () => {
  expect([from, until]).toEqual(['2026-10-26', '2026-11-22'])
  for (const on of ['2026-11-23', '2026-11-29']) expect(bandPeriod(on)).toEqual({ from, until })
  expect(bandPeriod('2026-11-30').from).toBe('2026-11-02')
})

const drawnHome = fc.record({
  perDay: fc.integer({ min: 0, max: 150 }).map((hundredths) => hundredths / 100),
  people: fc.integer({ min: 0, max: 4 }),
  area: fc.constantFrom(undefined, 40, 70, 120),
  // One that left since closes its whole group: so few that other groups stay open.
  fate: fc.oneof(
    { weight: 40, arbitrary: fc.constant('in' as const) },
    { weight: 1, arbitrary: fc.constant('withdrawn-since' as const) },
    {
      weight: 8,
      arbitrary: fc.constantFrom('no-consent', 'withdrawn-before', 'few-days', 'retired'),
    },
  ),
})
type Drawn = typeof drawnHome extends fc.Arbitrary<infer T> ? T : never

const sampleOf = ({ perDay, people, area, fate }: Drawn, at: number): SampleHome => ({
  room: String(101 + at),
  uses: Array.from({ length: 32 }, (_, day) => (fate === 'few-days' && day % 2 ? null : perDay)),
  people,
  ...(area === undefined ? {} : { area }),
  ...(fate === 'no-consent' ? { consent: null } : {}),
  ...(fate === 'withdrawn-before' ? { withdrawnOn: addDays(until, -3) } : {}),
  ...(fate === 'withdrawn-since' ? { withdrawnOn: addDays(until, 1) } : {}),
  ...(fate === 'retired' ? { device: { retiredOn: addDays(until, -1) } } : {}),
})
const bandsOf = (homes: readonly SampleHome[]) => {
  const set = new RecordSet(meteredGrid(homes, ON))
  return homes.map(({ room }) =>
    peerBand(set, set.getA('household', homeId(room))!, 'water', { on: ON, calendar }),
  )
}

test('never a band with fewer than ten other homes, or with one that did not consent or has left', () => {
  let bandsTold = 0
  fc.assert(
    fc.property(fc.noBias(fc.array(drawnHome, { minLength: 8, maxLength: 40, size: 'max' })), (drawn) => {
      const bands = bandsOf(drawn.map(sampleOf))
      const told = new Map<string, { readonly band: unknown; homes: number }>()
      for (const [at, band] of bands.entries()) {
        if (drawn[at]!.fate !== 'in') expect(band).toBeNull()
        if (band?.state !== 'told') continue
        const group = JSON.stringify([band.people, band.areas])
        const known = told.get(group) ?? { band, homes: 0 }
        // All of a group are told the same.
        expect(band).toEqual(known.band)
        known.homes++
        told.set(group, known)
      }
      for (const { homes } of told.values()) expect(homes).toBeGreaterThan(LEAST_OTHERS)
      bandsTold += told.size
    }),
    { numRuns: 16 },
  )
  expect(bandsTold).toBeGreaterThan(0)
})

test('whoever knows every other home, and the bands with one home and without it, learns its step and no more', () => {
  const value = fc.double({ min: 0, max: 2, noNaN: true })
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 0, maxLength: 60 }),
      value,
      fc.double({ min: -0.499, max: 0.499, noNaN: true }),
      (others, own, within) => {
        // Another home in its place, anywhere within the same step.
        const other = Math.max(0, (Math.round(own / STEP) + within) * STEP)
        expect(Math.round(other / STEP)).toBe(Math.round(own / STEP))
        expect(quartilesOf([...others, other], STEP)).toEqual(quartilesOf([...others, own], STEP))
        const shown = quartilesOf([...others, own], STEP)
        if (typeof shown === 'string') return
        for (const number of Object.values(shown))
          expect(Math.abs(number / STEP - Math.round(number / STEP))).toBeLessThan(1e-6)
      },
    ),
    { numRuns: 300 },
  )
})

test('one home leaves: its group has no band until the next period, then one without it', () => {
  const homes = Array.from({ length: 12 }, (_, at) =>
    sampleOf(
      { perDay: 0.1 + at * 0.03, people: 2, area: undefined, fate: at === 5 ? 'withdrawn-since' : 'in' },
      at,
    ),
  )
  for (const [at, band] of bandsOf(homes).entries())
    expect(band === null ? null : [band.state, band.quartiles]).toEqual(at === 5 ? null : ['left', null])
  const later = '2026-11-30'
  const set = new RecordSet(
    meteredGrid(
      homes.map((home) => ({ ...home, uses: home.uses })),
      later,
    ),
  )
  const band = peerBand(set, set.getA('household', homeId('101'))!, 'water', { on: later, calendar })
  expect(band).toMatchObject({ state: 'told', homesAtLeast: 10 })
})

test('homes that are all the same have no band: it would tell each of them', () => {
  const same = Array.from({ length: 20 }, (_, at) =>
    sampleOf({ perDay: 0.2 + (at % 2) * 0.001, people: 1, area: 40, fate: 'in' }, at),
  )
  expect(bandsOf(same)[0]).toMatchObject({ state: 'alike', quartiles: null })
  expect(bandsOf(same.slice(0, 10))[0]).toMatchObject({
    state: 'too-few',
    quartiles: null,
    homesAtLeast: null,
  })
})

test('a meter that was changed since is the same home: the band stays as it was', () => {
  const homes = Array.from({ length: 11 }, (_, at) =>
    sampleOf({ perDay: 0.1 + at * 0.03, people: 2, area: undefined, fate: 'in' }, at),
  )
  const changed = new RecordSet([
    ...meteredGrid([{ ...homes[0]!, device: { retiredOn: ON } }, ...homes.slice(1)], ON),
    record('device', 'new', {
      dwelling: `dw-1.2.101`,
      kind: 'water',
      installedOn: ON,
      replaces: 'de-1.2.101',
    }),
  ])
  const [before] = bandsOf(homes)
  expect(before?.state).toBe('told')
  expect(peerBand(changed, changed.getA('household', homeId('101'))!, 'water', { on: ON, calendar })).toEqual(
    before,
  )
})
