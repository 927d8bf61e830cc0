import { cpSync } from 'node:fs'
import type { BenchContext } from '../bench-context.ts'
import { median, percentile } from '../median.ts'
import type { GroupResult } from '../row.ts'
import { runStep } from '../run-step.ts'
import type { Saved } from '../steps/doorstep-save.ts'

const WARM_UP = 100
const BLOCKS = 2

/** One visit after the other, in a grid of the worker's. Blocks of both sides alternate; each block is a process. */
export async function measureSave(context: BenchContext): Promise<GroupResult> {
  const { workerHome } = await context.doorstep()
  const grid = context.options.sides.includes('pouchdb') ? await context.pouchGrid() : null
  const { size, saves } = context.options
  const times = { doorstep: [] as number[], syncs: [] as number[], pouchdb: [] as number[] }
  let recordBytes = 0
  for (let block = 1; block <= BLOCKS; block++) {
    context.progress(`save ${block}/${BLOCKS}`)
    const home = context.fresh('worker')
    cpSync(workerHome, home, { recursive: true })
    const input = { size, saves: Math.ceil(saves / BLOCKS), warmUp: WARM_UP }
    const ours = await runStep<Saved>('doorstep-save', { ...input, home, file: context.fresh('plain') })
    times.doorstep.push(...ours.value.saves)
    times.syncs.push(...ours.value.syncs)
    recordBytes = ours.value.recordBytes
    if (!grid) continue
    const database = context.fresh('grid')
    cpSync(grid, database, { recursive: true })
    const theirs = await runStep<{ saves: number[] }>('pouch-save', { ...input, database })
    times.pouchdb.push(...theirs.value.saves)
  }
  const row = (what: string, share: number) =>
    ({
      group: 'save',
      what,
      unit: 'ms',
      values: {
        doorstep: percentile(times.doorstep, share),
        ...(grid ? { pouchdb: percentile(times.pouchdb, share) } : {}),
      },
      limit: { what: 'write + fdatasync', value: percentile(times.syncs, share) },
    }) as const
  const each = times.doorstep.map((ms, n) => ms / times.syncs[n]!)
  return {
    rows: [row('save a visit, p50 · 保存探访 p50', 0.5), row('save a visit, p99 · 保存探访 p99', 0.99)],
    notes: [
      `save: ${times.doorstep.length} saves of ${recordBytes} bytes as JSON; Doorstep is on disk when it answers, PouchDB is not (leveldb writes without fsync)`,
      `save: each save beside the fdatasync just before it: ${median(each).toFixed(2)} times, median`,
    ],
  }
}
