import { createDice } from '../../../core/test/oracle/dice.ts'
import { Broken, checkAll, type Invariant } from './check.ts'
import type { Mutant } from './mutants.ts'
import { heal, quiet } from './quiet.ts'
import { takeStep } from './steps.ts'
import { mix, World, type WorldOptions } from './world.ts'

export type HistoryOptions = Partial<WorldOptions> & {
  readonly steps?: number | undefined
  /** Steps that do not happen: a history made shorter. */
  readonly without?: ReadonlySet<number> | undefined
  /** A fault of the product that is planted, for the check to find. */
  readonly mutant?: Mutant | undefined
}
export type HistoryReport = {
  readonly seed: number
  readonly stations: number
  readonly steps: number
  readonly trace: string
  readonly counts: ReadonlyMap<string, number>
  /** Null, or what was not true at the end. */
  readonly failure: { readonly invariant: Invariant | 'thrown'; readonly text: string } | null
}

/** Most histories are small, some are large: the many find what needs luck, the few what needs length. */
export function sizeOf(seed: number): { stations: number; steps: number } {
  const dice = createDice(mix(seed, 7))
  const size = dice.below(100)
  const stations = size < 50 ? 3 : size < 85 ? 4 : size < 97 ? 5 + dice.below(3) : 8 + dice.below(5)
  const length = dice.below(100)
  const steps = length < 92 ? 10 + dice.below(11) : length < 99 ? 20 + dice.below(41) : 60 + dice.below(141)
  return { stations, steps }
}

/** One history from one number: everything that may happen, then peace, then everything that must be true. */
export async function runHistory(seed: number, options: HistoryOptions = {}): Promise<HistoryReport> {
  const size = sizeOf(seed)
  const stations = options.stations ?? size.stations
  const steps = options.steps ?? size.steps
  const world = await World.create(seed, { ...options, stations })
  let failure: HistoryReport['failure'] = null
  // What the product starts and nobody waits for would end a process.
  let stray: unknown = null
  const onStray = (error: unknown) => {
    stray ??= error
  }
  process.on('unhandledRejection', onStray)
  try {
    world.forgetsCommits = options.mutant?.forgetsCommits === true
    world.platform.flushing.isIdle = options.mutant?.flushesNothing === true
    for (let step = 0; step < steps; step++) {
      if (options.without?.has(step)) continue
      world.begin(step)
      await takeStep(world, step)
    }
    world.begin(steps)
    await heal(world)
    options.mutant?.atPeace?.(world)
    await quiet(world)
    options.mutant?.atEnd?.(world)
    checkAll(world)
    if (stray !== null) throw stray
  } catch (error) {
    failure =
      error instanceof Broken
        ? { invariant: error.invariant, text: error.message }
        : {
            invariant: 'thrown',
            text: error instanceof Error ? (error.stack ?? error.message) : String(error),
          }
    world.note(failure.text)
  } finally {
    await world.close()
    process.off('unhandledRejection', onStray)
  }
  return { seed, stations, steps, trace: world.traceHash(), counts: world.counts, failure }
}
