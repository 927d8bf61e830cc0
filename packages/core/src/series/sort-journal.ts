import { setImmediate as nextTurn } from 'node:timers/promises'
import { ok, type Result } from '../result.ts'
import type { Point } from './observation.ts'
import { dayOfMs, isDamage, type SeriesFile } from './series-file.ts'
import { type Known, merged, type SeriesMemory } from './series-memory.ts'
import { onFile, type SeriesProblem } from './series-problem.ts'

/** Series sorted in one transaction: others wait meanwhile. */
const AT_ONCE = 200

/**
 * Puts what lies in the journal into days. It may stop anywhere: a reading that lies in both is one reading, and the
 * journal's rows go last.
 */
export async function sortJournal(
  home: string,
  file: SeriesFile,
  memory: SeriesMemory,
): Promise<Result<void, SeriesProblem>> {
  const started = onFile(home, () => memory.refresh())
  if (!started.ok) return started
  const { epoch, lastRow: upTo } = memory
  const work = memory.withJournal().map((known) => ({ known, points: [...known.journal] }))
  if (work.length === 0) return ok(undefined)
  for (let at = 0; at < work.length; at += AT_ONCE) {
    if (at > 0) await nextTurn()
    if (!file.db.isOpen) return ok(undefined)
    const done = onFile(home, () =>
      file.db.transaction(() => {
        memory.refresh()
        if (memory.epoch !== epoch) return false
        for (const { known, points } of work.slice(at, at + AT_ONCE)) intoDays(file, known, points)
        return true
      }),
    )
    if (!done.ok) return done
    // Somebody took readings away meanwhile: begin again with what is there.
    if (!done.value) return sortJournal(home, file, memory)
  }
  return onFile(home, () =>
    file.db.transaction(() => {
      memory.refresh()
      if (memory.epoch !== epoch) return
      for (const { known } of work) if (known.newest) file.putNewest(known.row.n, known.newest)
      if (memory.unreadableRows > 0) setAsideUnreadable(file, upTo)
      file.dropJournal(upTo)
      file.nextEpoch()
      memory.doubt()
    }),
  )
}

export function setAsideUnreadable(file: SeriesFile, upTo: number): void {
  for (const { n, groups } of [...file.journal(0)]) if (!groups && n <= upTo) file.setAsideJournalRow(n)
}

function intoDays(file: SeriesFile, { row }: Known, points: readonly Point[]): void {
  for (const [day, more] of byDay(points))
    file.putBlock(row.n, day, merged([blockToAddTo(file, row.n, day), more]), 0)
}

function blockToAddTo(file: SeriesFile, series: number, day: number): readonly Point[] {
  try {
    return file.block(series, day) ?? []
  } catch (error) {
    if (!isDamage(error)) throw error
    file.setAsideBlock(series, day)
    return []
  }
}

function byDay(points: readonly Point[]): Map<number, Point[]> {
  const days = new Map<number, Point[]>()
  for (const point of points) {
    const day = dayOfMs(point.atMs)
    const list = days.get(day)
    if (list) list.push(point)
    else days.set(day, [point])
  }
  return days
}
