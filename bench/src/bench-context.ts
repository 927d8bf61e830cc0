import { join } from 'node:path'
import type { Size } from './generate.ts'
import { runStep } from './run-step.ts'
import type { Side } from './side.ts'

export type Options = {
  readonly size: Size
  /** How often a cheap and a dear thing is repeated. */
  readonly repetitions: number
  readonly saves: number
  /** Homes whose meters are read for a year. */
  readonly meters: number
  /** Visits that each side writes in the day apart. */
  readonly dayVisits: number
  readonly liveEdits: number
  readonly sides: readonly Side[]
  /** A register as hdb-blocks.mapping.json reads it; null: the sample of nine blocks. */
  readonly register: string | null
  readonly town: string
}

export type BuiltHomes = {
  /** The chief's: reads everything. */
  readonly home: string
  /** The worker's of the first grid. */
  readonly workerHome: string
}

/** What rows share: options, a folder, and the communities to measure on, each built once and only when asked for. */
export type BenchContext = {
  readonly options: Options
  /** A path in the run's folder that nothing else has. */
  fresh(name: string): string
  progress(text: string): void
  /** A folder with the whole community, as this side keeps it. */
  built(side: Side): Promise<string>
  doorstep(): Promise<BuiltHomes>
  /** PouchDB's database of the first grid. */
  pouchGrid(): Promise<string>
}

export function createBenchContext(
  options: Options,
  folder: string,
  progress: (text: string) => void,
): BenchContext {
  const folders = new Map<Side, Promise<string>>()
  let grid: Promise<string> | null = null
  let count = 0
  const fresh = (name: string) => `${folder}/${name}-${count++}`
  const built = (side: Side): Promise<string> => {
    let made = folders.get(side)
    if (!made) {
      progress(`building a community of ${options.size.households} households: ${side}`)
      const path = fresh(side)
      made = runStep('side-build', { side, folder: path, size: options.size }).then(() => path)
      folders.set(side, made)
    }
    return made
  }
  return {
    options,
    fresh,
    progress,
    built,
    async doorstep() {
      const made = await built('doorstep')
      return { home: join(made, 'chief'), workerHome: join(made, 'worker-0') }
    },
    pouchGrid() {
      if (!grid) {
        const path = fresh('pouch-grid')
        grid = runStep('pouch-build', { folder: path, size: options.size }).then(() => path)
      }
      return grid
    },
  }
}
