import { runHistory, sizeOf } from './run.ts'

/**
 * Leaves out steps for as long as the history still fails in the same way. Every step draws from a number of its own,
 * so those that stay do much the same.
 */
export async function shrink(seed: number, given: ReadonlySet<number> = new Set()): Promise<Set<number>> {
  const how = (await runHistory(seed, { without: given })).failure?.invariant
  let without = new Set(given)
  if (how === undefined) return without
  const { steps } = sizeOf(seed)
  for (let size = Math.ceil(steps / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < steps; from += size) {
      const tried = new Set(without)
      for (let step = from; step < Math.min(steps, from + size); step++) tried.add(step)
      if (tried.size === without.size) continue
      const { failure } = await runHistory(seed, { without: tried })
      if (failure?.invariant === how) without = tried
    }
  }
  return without
}
