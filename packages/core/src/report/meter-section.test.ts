import { expect, test } from 'vitest'
import { calendarIn } from '../work/day.ts'
import { RecordSet } from '../work/record-set.ts'
import { meteredGrid, type SampleHome, timeline } from '../work/sample-meters.test.data.ts'
import { GRID_SPACE, record } from '../work/sample-records.test.data.ts'
import { meterSection } from './meter-section.ts'

const calendar = calendarIn('Asia/Shanghai')
const ON = '2026-12-01'
const ask = {
  ...{ period: { from: '2026-11-01', until: '2026-11-30' }, asOf: '2026-11-30', limit: 5, calendar },
  spaces: new Set([GRID_SPACE]),
}
const homes = (count: number): SampleHome[] =>
  Array.from({ length: count }, (_, at) => ({
    room: String(101 + at),
    uses: Array.from({ length: 30 }, () => 0.1 + at * 0.03),
    device: { installedOn: '2026-01-01' },
  }))
const alarm = record('device', 'gas', {
  ...{ dwelling: 'dw-1.2.101', kind: 'gas-alarm', installedOn: '2020-01-01' },
})
const sectionOf = (count: number) =>
  meterSection(new RecordSet([...meteredGrid(homes(count), ON), alarm]), ask)

test('devices are counted by kind; one alone is hidden, and so is what would tell it', () => {
  const { kinds, total } = sectionOf(14)
  expect(kinds.find(({ kind }) => kind === 'gas-alarm')).toMatchObject({ devices: null, expired: null })
  // With the total beside it, the water meters would tell the one.
  expect(
    [kinds.find(({ kind }) => kind === 'water')!.devices, total.devices].filter((one) => one === null),
  ).not.toHaveLength(0)
  const retired = { ...alarm, fields: { ...alarm.fields, retiredOn: '2026-11-02' } }
  const without = meterSection(new RecordSet([...meteredGrid(homes(14), ON), retired]), ask)
  expect(without.total).toMatchObject({ devices: 14, heard: 14, expired: 0 })
})

test('what homes use is told of eleven at least, in steps, and each day by the home in the middle', () => {
  const [use] = sectionOf(14).use
  expect(use).toMatchObject({ kind: 'water', unit: 'm³' })
  expect(use!.quartiles!.low).toBeLessThan(use!.quartiles!.middle)
  expect(use!.days).toHaveLength(30)
  for (const { middle } of use!.days) expect((middle! * 1000) % 20).toBeCloseTo(0)
  const [few] = sectionOf(10).use
  expect(few!.quartiles).toBeNull()
  expect(few!.days.every(({ middle }) => middle === null)).toBe(true)
})

test('an alarm that was raised counts in its month', () => {
  const at = Date.UTC(2026, 10, 10)
  const raised = Array.from({ length: 6 }, (_, name) =>
    record(
      'alarm',
      String(name),
      { device: 'de-1.2.101', rule: 'water-none-24h', sinceMs: at },
      {
        createdAt: at,
        timelines: { signals: timeline([{ state: 'raised', at, round: 1, saw: [], case: 'ca-1' }]) },
      },
    ),
  )
  const set = new RecordSet([...meteredGrid(homes(14), ON), ...raised])
  expect(meterSection(set, ask).total.alarms).toBe(6)
  expect(
    meterSection(set, { ...ask, period: { from: '2026-10-01', until: '2026-10-31' }, asOf: '2026-10-31' })
      .total.alarms,
  ).toBe(0)
})
