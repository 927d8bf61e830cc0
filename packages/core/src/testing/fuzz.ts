export { chanceFrom } from './mutate.ts'
export { seedsToTry } from './seeds.ts'

import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { chanceFrom, type MutateOptions, mutate } from './mutate.ts'

/** A reader of foreign bytes, with samples that the product itself has made. */
export type Target = MutateOptions & {
  readonly name: string
  readonly samples: readonly Uint8Array[]
  /** Reads them, and says whether it took them for what they claim to be; what it throws is a defect. */
  readonly read: (bytes: Uint8Array) => boolean | Promise<boolean>
  /** Share of the inputs that this reader is given, where each costs much. */
  readonly share?: number
  /** Beyond the general bound, where one reading does more than read: milliseconds, bytes. */
  readonly allow?: { readonly ms?: number; readonly bytes?: number }
}

export type Tried = {
  readonly name: string
  readonly inputs: number
  readonly accepted: number
  readonly worstMs: number
  /** What one reading left on the heap and beside it before anything was collected. */
  readonly worstBytes: number
  /** Kept for good by all of them together. */
  readonly keptBytes: number
}

/*
 * Bounds a hundred times beyond what reading costs, so that a busy machine breaks none: they are to tell work that
 * grows with a promised length, or with the square of a real one, from work that grows with what is there.
 */
const boundMs = (length: number, allowed = 0): number => 100 + allowed + length / 100
const boundBytes = (length: number, allowed = 0): number => 4 * 1024 * 1024 + allowed + length * 400
const MAX_KEPT_BYTES = 32 * 1024 * 1024

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const heldBytes = (): number => {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}

/** Some times, with a turn between: what holds memory of the platform's lets go of it only then. */
async function keptBytesNow(): Promise<number> {
  for (let turn = 0; turn < 4; turn++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return heldBytes()
}

type Cost = { readonly ms: number; readonly bytes: number; readonly accepted: boolean }

async function measure(target: Target, bytes: Uint8Array): Promise<Cost> {
  const before = heldBytes()
  const started = performance.now()
  const result = target.read(bytes)
  const accepted = typeof result === 'boolean' ? result : await result
  const ms = performance.now() - started
  return { ms, bytes: heldBytes() - before, accepted }
}

/** A single slow reading may be the machine's: only one that is slow, or large, four times is the reader's. */
async function leastOf(target: Target, bytes: Uint8Array, first: Cost): Promise<Cost> {
  let least = first
  for (let again = 0; again < 3; again++) {
    collect()
    const { ms, bytes: held } = await measure(target, bytes)
    least = { ...least, ms: Math.min(least.ms, ms), bytes: Math.min(least.bytes, held) }
  }
  return least
}

/** Reads so many mutations of the samples. The failure it throws names the seed and holds the input. */
export async function fuzz(target: Target, seed: number, inputs: number, untilMs = Infinity): Promise<Tried> {
  const tried = { inputs: 0, accepted: 0, worstMs: 0, worstBytes: 0 }
  for (const sample of target.samples)
    if (!(await target.read(sample))) throw new Error(`${target.name}: a sample of our own is not read`)
  const before = await keptBytesNow()
  for (let n = 0; n < inputs && performance.now() < untilMs; n++) {
    const bytes = mutate(target.samples, chanceFrom(seed + n), target)
    const where = () =>
      `${target.name}, seed ${seed + n}: ${Buffer.from(bytes).toString('hex').slice(0, 4000)}`
    let cost: Cost
    try {
      cost = await measure(target, bytes)
      const isOver = ({ ms, bytes: held }: Cost) =>
        ms > boundMs(bytes.length, target.allow?.ms) || held > boundBytes(bytes.length, target.allow?.bytes)
      if (isOver(cost)) {
        cost = await leastOf(target, bytes, cost)
        if (isOver(cost)) throw new Error(`took ${cost.ms.toFixed(1)} ms and ${cost.bytes} bytes`)
      }
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)} · ${where()}`, {
        cause: error,
      })
    }
    tried.inputs++
    if (cost.accepted) tried.accepted++
    tried.worstMs = Math.max(tried.worstMs, cost.ms)
    tried.worstBytes = Math.max(tried.worstBytes, cost.bytes)
  }
  const keptBytes = Math.max(0, (await keptBytesNow()) - before)
  if (keptBytes > MAX_KEPT_BYTES)
    throw new Error(`${target.name}: ${keptBytes} bytes kept after ${tried.inputs} inputs, seed ${seed}`)
  return { name: target.name, ...tried, keptBytes }
}

/** `DOORSTEP_SEED=n` repeats the input of that seed first. */
export const fuzzSeed = (fallback: number): number => Number(process.env.DOORSTEP_SEED ?? fallback)

export function fuzzTable(rows: readonly Tried[]): string {
  const cells = [
    ['decoder', 'inputs', 'taken', 'worst ms', 'worst kB', 'kept kB'],
    ...rows.map((row) => [
      row.name,
      String(row.inputs),
      String(row.accepted),
      row.worstMs.toFixed(1),
      (row.worstBytes / 1000).toFixed(0),
      (row.keptBytes / 1000).toFixed(0),
    ]),
  ]
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  return cells
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '),
    )
    .join('\n')
}
