/** Homes with water meters and weeks of daily summaries, as projections, without a station. */
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { addDays } from './day.ts'
import { communityRecords, homeRecords, record } from './sample-records.test.data.ts'

export type SampleHome = {
  readonly room: string
  /** Cubic metres a day; of each day before `on`, the newest last. */
  readonly uses: readonly (number | null)[]
  readonly people?: number
  readonly area?: number
  readonly consent?: Record<string, Value> | null
  readonly withdrawnOn?: string
  readonly device?: Record<string, Value>
  readonly nightLow?: number
}

export const meterId = (room: string): string => `de-1.2.${room}`
export const homeId = (room: string): string => `hh-1.2.${room}`

export const timeline = (values: readonly Value[]) =>
  values.map((value, at) => ({ id: String(at).padStart(6, '0'), by: 'me-1111', at, value }))

export const summary = (on: string, use: number | null, more: Record<string, Value> = {}): Value => ({
  ...{ on, item: 'water', value: 100, unit: 'm³', use, nightLow: 0, dryHours: 6, untoldHours: 0 },
  ...{ readAt: `${on}T15:59:00.000Z`, ...more },
})

export function meterRecords(home: SampleHome, on: string): Projection[] {
  const { room, uses, people = 2, area, consent = {}, withdrawnOn, device = {}, nightLow = 0 } = home
  const door = `1.2.${room}`
  const [building, dwelling, household] = homeRecords('1', '2', room) as [Projection, Projection, Projection]
  const first = addDays(on, -uses.length)
  return [
    building,
    {
      ...dwelling,
      fields: { ...dwelling.fields, ...(area === undefined ? {} : { areaSquareMetres: area }) },
    },
    household,
    ...Array.from({ length: people }, (_, at) => [
      record('person', `${door}.${at}`, { name: `测试住户 ${room}` }),
      record('residence', `${door}.${at}`, {
        ...{ person: `pe-${door}.${at}`, dwelling: `dw-${door}`, household: `hh-${door}`, state: 'present' },
      }),
    ]).flat(),
    record(
      'device',
      door,
      { dwelling: `dw-${door}`, kind: 'water', ...device },
      {
        timelines: { daily: timeline(uses.map((use, at) => summary(addDays(first, at), use, { nightLow }))) },
      },
    ),
    ...(consent === null
      ? []
      : [
          record(
            'consent',
            door,
            {
              ...{ subject: `hh-${door}`, purpose: 'monitor-water', basis: 'consent', from: '2020-01-01' },
              ...consent,
            },
            withdrawnOn === undefined ? {} : { timelines: { withdrawals: timeline([{ on: withdrawnOn }]) } },
          ),
        ]),
  ]
}

export const meteredGrid = (homes: readonly SampleHome[], on: string): Projection[] => [
  ...communityRecords(),
  ...new Map(homes.flatMap((home) => meterRecords(home, on)).map((one) => [one.id, one])).values(),
]
