import type { BuiltHomes, Shape } from './community.ts'
import type { Size } from './generate.ts'
import { runStep } from './run-step.ts'

export type Options = {
  readonly size: Size
  /** How often a cheap and a dear thing is repeated. */
  readonly repetitions: number
  readonly saves: number
  /** A register as hdb-blocks.mapping.json reads it; null: the sample of nine blocks. */
  readonly register: string | null
  readonly town: string
}

export type PouchFolders = { readonly folder: string; readonly jsonBytes: number; readonly docs: number }

/** What rows share: options, a folder, and the communities to measure on, each built once and only when asked for. */
export type BenchContext = {
  readonly options: Options
  /** A path in the run's folder that nothing else has. */
  fresh(name: string): string
  progress(text: string): void
  doorstep(shape: Shape): Promise<BuiltHomes>
  /** Databases `whole` and `grid` in one folder. */
  pouch(): Promise<PouchFolders>
}

export function createBenchContext(
  options: Options,
  folder: string,
  progress: (text: string) => void,
): BenchContext {
  const built = new Map<Shape, Promise<BuiltHomes>>()
  let pouch: Promise<PouchFolders> | null = null
  let count = 0
  const fresh = (name: string) => `${folder}/${name}-${count++}`
  return {
    options,
    fresh,
    progress,
    doorstep(shape) {
      let homes = built.get(shape)
      if (!homes) {
        progress(`building a community of ${options.size.households} households (${shape})`)
        homes = runStep<BuiltHomes>('build-doorstep', {
          folder: fresh(shape),
          size: options.size,
          shape,
        }).then(({ value }) => value)
        built.set(shape, homes)
      }
      return homes
    },
    pouch() {
      if (!pouch) {
        progress('building the same for PouchDB')
        pouch = buildPouch(fresh('pouch'), options.size)
      }
      return pouch
    },
  }
}

async function buildPouch(folder: string, size: Size): Promise<PouchFolders> {
  const { value } = await runStep<{ docs: number; jsonBytes: number }>('build-pouch', { folder, size })
  return { folder, ...value }
}
