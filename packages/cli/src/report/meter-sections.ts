import type { MonthReport } from '@doorstep/core'
import type { Words } from '../voice/language.ts'
import { barChart, dayChart } from './chart.ts'
import { HIDDEN, number, table } from './html.ts'
import { coverageBar, section } from './section.ts'

type Meters = MonthReport['meters']

/** Devices by kind, and what homes use on a day: the home in the middle, never one of them. */
export function meterSections({ kinds, total, use }: Meters): string[] {
  const all: Words = ['合计', 'All']
  const rows =
    kinds.length > 0 ? [...kinds.map((row) => ({ name: row.label, row })), { name: all, row: total }] : []
  return [
    section(
      ['家里的设备', 'Devices in homes'],
      [
        ['本月有消息', 'heard this month'],
        ['没有', 'not heard'],
      ],
      barChart(
        ['各类设备,本月有没有消息', 'Devices by kind, heard or not'],
        kinds.map(({ label, devices, heard }) => coverageBar(label, { households: devices, visited: heard })),
      ),
      table(
        [
          ['种类', 'Kind'],
          ['在用', 'In use'],
          ['有消息', 'Heard'],
          ['到期', 'Expired'],
          ['报警', 'Alarms'],
        ],
        rows.map(({ name, row }) => [
          name,
          number(row.devices),
          number(row.heard),
          number(row.expired),
          number(row.alarms),
        ]),
      ),
    ),
    ...use.map((one) => useSection(one)),
  ]
}

/** Whole numbers for the chart: water in litres, the rest in tenths. */
const SCALES: Readonly<Record<string, { readonly times: number; readonly unit: Words }>> = {
  water: { times: 1000, unit: ['升', 'litres'] },
  electricity: { times: 1, unit: ['度', 'kWh'] },
  gas: { times: 1000, unit: ['升', 'litres'] },
  heat: { times: 1, unit: ['度', 'kWh'] },
}

function useSection({ kind, label, quartiles, days }: Meters['use'][number]): string {
  const { times, unit } = SCALES[kind]!
  const scaled = (value: number) => Math.round(value * times * 10) / 10
  const text = (value: number | null) => (value === null ? HIDDEN : number(scaled(value)))
  const name = (words: Words): Words => [`${label[0]}:${words[0]}`, `${label[1]}: ${words[1]}`]
  return section(
    name([`居中的一家每天用多少(${unit[0]})`, `what the home in the middle uses a day (${unit[1]})`]),
    null,
    dayChart(
      name(['居中的一家', 'the home in the middle']),
      days.map(({ day, middle }) => ({ day, done: middle === null ? 0 : scaled(middle), rest: 0 })),
    ),
    table(
      [
        ['日期', 'Day'],
        ['居中的一家', 'Home in the middle'],
      ],
      [
        [
          ['本月每天(中间一半人家)', 'A day of the month (the middle half of homes)'],
          quartiles ? `${text(quartiles.middle)} (${text(quartiles.low)}–${text(quartiles.high)})` : HIDDEN,
        ],
        ...days.map(({ day, middle }) => [day, text(middle)]),
      ],
    ),
  )
}
