import { createReadStream, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  createCommunity,
  expectOk,
  giveConsent,
  importReadings,
  type Observation,
  ok,
  openSeries,
  parseReadingsMapping,
} from '@doorstep/core'
import { SECRET } from '../community.ts'
import { HOUR_MS, readingOf, type Year } from '../meter-year.ts'
import { step, usage } from '../step.ts'

export type Readings = {
  readonly ms: number
  readonly cpuMs: number
  readonly bytes: number
  readonly kept: number
  /** A year of one home, cleaned, by hours: the first time and the median of the others. */
  readonly readMs: readonly number[]
  readonly used: number
}

/** A year of all meters: an hour at a time as they are heard, or from a utility's CSV. */
step<Year & { home: string; csv: string | null }>(async ({ home, csv, ...year }): Promise<Readings> => {
  const station = expectOk(
    await createCommunity({
      home,
      secret: SECRET,
      ...{ community: '测试社区', member: '测试员甲', grids: ['一号网格'], timeZone: 'Asia/Shanghai' },
    }),
  )
  const grid = station.spaces().find(({ kind }) => kind === 'grid')!.id
  const { devices, households } = expectOk(
    await station.write('record.import', (book) => {
      const building = expectOk(book.create('building', grid, { set: { name: '1幢' } }))
      const made = { devices: [] as string[], households: [] as string[] }
      for (let meter = 0; meter < year.homes; meter++) {
        const dwelling = expectOk(book.create('dwelling', grid, { set: { building, room: String(meter) } }))
        made.households.push(
          expectOk(book.create('household', grid, { set: { dwelling, name: `测试住户${meter}` } })),
        )
        const set = { dwelling, kind: 'water', protocol: 'utility', address: String(10_000 + meter) }
        made.devices.push(expectOk(book.create('device', grid, { set })))
      }
      return ok(made)
    }),
  ).value
  for (const subject of households)
    expectOk(
      await giveConsent(station, { subject, purpose: 'monitor-water', how: 'paper', from: '2020-01-01' }),
    )
  const series = expectOk(openSeries(station))
  const startedAt = performance.now()
  const before = usage().cpuMs
  let kept = 0
  if (csv === null) {
    for (let hour = 0; hour < year.hours; hour++) {
      const heard = devices.map(
        (device, meter): Observation => ({ device, signal: 'water', ...readingOf(year, meter, hour) }),
      )
      kept += expectOk(await series.append(heard)).kept
    }
    expectOk(await series.compact())
  } else {
    const mapping = expectOk(
      parseReadingsMapping(
        JSON.stringify({
          doorstep: 'readings/1',
          name: 'bench',
          meter: '表号',
          time: '时间',
          readings: [{ column: '累计', signal: 'water', unit: 'm³' }],
        }),
      ),
    )
    const chunks = createReadStream(csv, { highWaterMark: 256 * 1024 })
    const report = expectOk(await importReadings(station, series, { chunks, mapping }))
    if (report.rejectedRows > 0) throw new Error(`rejected: ${JSON.stringify(report.rejected[0])}`)
    kept = report.kept
  }
  const ms = performance.now() - startedAt
  const { cpuMs } = usage()
  const readMs: number[] = []
  let used = 0
  for (let n = 0; n < 11; n++) {
    const at = performance.now()
    const until = year.startMs + year.hours * HOUR_MS
    const uses = series.uses(devices[n % year.homes]!, 'water', year.startMs, until, HOUR_MS)
    readMs.push(performance.now() - at)
    if (n === 0) used = uses.reduce<number>((sum, use) => sum + (use ?? 0), 0)
  }
  await series.close()
  await station.close()
  const { size } = statSync(join(home, 'readings.db'))
  return { ms, cpuMs: cpuMs - before, bytes: size, kept, readMs, used }
})
