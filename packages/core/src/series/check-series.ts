import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Station } from '../station/station.ts'
import { readOr, SERIES_FILE, SeriesFile } from './series-file.ts'
import { seriesKeys } from './series-keys.ts'
import { seriesProblem } from './series-problem.ts'
import { setAsideUnreadable } from './sort-journal.ts'

export type SeriesCheck = {
  /** Days of a device's signal that open. */
  readonly days: number
  /** Set aside in earlier repairs, or when their day was written anew. */
  readonly aside: number
  /** What does not open, by its place in the file. */
  readonly damaged: readonly string[]
}

/**
 * Opens everything that lies in a home's file of readings; null where there is none. To repair, what does not open is set
 * aside, so that the rest goes on; a file that is no readable database becomes `readings.db.damaged`, and the next
 * reading begins a new one.
 */
export function checkSeries(station: Station, repair: boolean): SeriesCheck | null {
  const path = join(station.home, SERIES_FILE)
  if (!existsSync(path)) return null
  let file: SeriesFile
  try {
    file = new SeriesFile(station.home, seriesKeys(station))
  } catch (error) {
    const { type, detail } = seriesProblem(error, station.home)
    if (repair && type === 'readings-damaged') putAway(path)
    return { days: 0, aside: 0, damaged: [typeof detail === 'string' ? detail : type] }
  }
  try {
    return look(file, repair)
  } finally {
    file.close()
  }
}

function putAway(path: string): void {
  for (const suffix of ['', '-wal', '-shm'])
    if (existsSync(path + suffix)) renameSync(path + suffix, `${path}.damaged${suffix}`)
}

function look(file: SeriesFile, repair: boolean): SeriesCheck {
  const damaged: string[] = file.db.integrity()
  let days = 0
  for (const n of file.numbers()) {
    if (!file.seriesByNumber(n)) damaged.push(`series ${n}`)
    for (const day of readOr([], () => file.daysOf(n))) {
      if (file.blocks(n, day, day)[0]?.points) days++
      else {
        damaged.push(`series ${n}, ${new Date(day * 86_400_000).toISOString().slice(0, 10)}`)
        if (repair) repaired(file, () => file.setAsideBlock(n, day))
      }
    }
  }
  const rows = [...file.journal(0)]
  for (const { n, groups } of rows) if (!groups) damaged.push(`journal ${n}`)
  if (repair && rows.some(({ groups }) => !groups))
    repaired(file, () => setAsideUnreadable(file, rows.at(-1)!.n))
  return { days, aside: file.countAside(), damaged }
}

const repaired = (file: SeriesFile, work: () => void): void =>
  file.db.transaction(() => {
    work()
    file.nextEpoch()
  })
