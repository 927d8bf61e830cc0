import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { BenchContext } from '../bench-context.ts'
import { median } from '../median.ts'
import { readingOf, type Year } from '../meter-year.ts'
import { type GroupResult, type Row, toMegabytes } from '../row.ts'
import { runStep } from '../run-step.ts'
import type { Readings } from '../steps/doorstep-readings.ts'

const PLAIN = 'a plain SQLite table, unsealed'
const DAY_MS = 86_400_000

/** A year of hourly readings of every home, through both ways in, beside the same rows in a plain table. */
export async function measureReadings(context: BenchContext): Promise<GroupResult> {
  const { meters } = context.options
  const startMs = Math.floor(Date.now() / DAY_MS - 366) * DAY_MS
  const year: Year = { homes: meters, hours: 365 * 24, startMs }
  context.progress('readings: as they are heard')
  const live = await runStep<Readings>('doorstep-readings', {
    ...year,
    home: context.fresh('live'),
    csv: null,
  })
  context.progress('readings: writing a CSV')
  const csv = context.fresh('readings.csv')
  await writeCsv(csv, year)
  context.progress('readings: from the CSV')
  const imported = await runStep<Readings>('doorstep-readings', { ...year, home: context.fresh('csv'), csv })
  context.progress('readings: a plain table')
  const plain = await runStep<Readings>('plain-readings', { ...year, file: context.fresh('plain.db') })
  const expected = year.homes * year.hours
  for (const { value } of [live, imported, plain])
    if (value.kept !== expected) throw new Error(`${value.kept} readings kept of ${expected}`)
  if (Math.abs(live.value.used - imported.value.used) > 1e-6) throw new Error('the two ways tell other uses')
  const row = (what: string, unit: Row['unit'], doorstep: number, limit: number): Row => ({
    ...{ group: 'readings', what, unit },
    values: { doorstep },
    limit: { what: PLAIN, value: limit },
  })
  const read = (one: { value: Readings }) => median(one.value.readMs.slice(1))
  return {
    rows: [
      row('readings as they are heard · 逐时收下', 's', live.value.ms / 1000, plain.value.ms / 1000),
      row('… CPU', 's', live.value.cpuMs / 1000, plain.value.cpuMs / 1000),
      row('… on disk', 'MB', toMegabytes(live.value.bytes), toMegabytes(plain.value.bytes)),
      row('… memory peak', 'MB', toMegabytes(live.usage.peakRssBytes), toMegabytes(plain.usage.peakRssBytes)),
      row('readings from a CSV · 从导出文件', 's', imported.value.ms / 1000, plain.value.ms / 1000),
      row('… CPU', 's', imported.value.cpuMs / 1000, plain.value.cpuMs / 1000),
      row(
        '… memory peak',
        'MB',
        toMegabytes(imported.usage.peakRssBytes),
        toMegabytes(plain.usage.peakRssBytes),
      ),
      row('a year of one home, cleaned, by hours · 读一户一年', 'ms', read(live), read(plain)),
    ],
    notes: [
      `readings: ${expected} hourly readings of ${meters} homes; an hour is one append, on disk when it is answered; the CSV has consent looked at for every meter and day, and tells its dirt; the plain table answers raw rows`,
    ],
  }
}

/** By time, as a concentrator reads its meters. */
async function writeCsv(file: string, year: Year): Promise<void> {
  const to = createWriteStream(file)
  to.write('表号,时间,累计\n')
  for (let hour = 0; hour < year.hours; hour++) {
    let lines = ''
    for (let meter = 0; meter < year.homes; meter++) {
      const { atMs, value } = readingOf(year, meter, hour)
      const shown = new Date(atMs + 8 * 3_600_000).toISOString()
      lines += `${10_000 + meter},${shown.slice(0, 10)} ${shown.slice(11, 19)},${value}\n`
    }
    if (!to.write(lines)) await once(to, 'drain')
  }
  to.end()
  await once(to, 'finish')
}
