import { fail, ok, type Problem, type Result } from '../result.ts'
import { storeProblem } from '../station/home.ts'
import { StoreVersionError } from '../store/sqlite-connection.ts'
import { DamagedSeriesError, ForeignSeriesError } from './series-file.ts'

export type SeriesProblem = Problem & {
  readonly type:
    | 'no-readings'
    | 'readings-damaged'
    | 'readings-of-another-home'
    | 'readings-newer'
    | 'readings-older'
    | 'home-busy'
    | 'disk-full'
    | 'not-writable'
}

/** What is done with the file: where it does not take it, that is a problem and no bug. */
export function onFile<T>(home: string, work: () => T): Result<T, SeriesProblem> {
  try {
    return ok(work())
  } catch (error) {
    return fail(seriesProblem(error, home))
  }
}

export function seriesProblem(error: unknown, home: string): SeriesProblem {
  if (error instanceof ForeignSeriesError) return { type: 'readings-of-another-home', home }
  if (error instanceof DamagedSeriesError) return { type: 'readings-damaged', home, detail: error.message }
  if (error instanceof StoreVersionError)
    return { type: error.isNewer ? 'readings-newer' : 'readings-older', home, version: error.version }
  const { type, ...problem } = storeProblem(error, home)
  if (type === 'damaged-store') return { ...problem, type: 'readings-damaged' }
  return { ...problem, type: type as SeriesProblem['type'] }
}
