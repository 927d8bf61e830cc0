import { expectOk, openStation } from '@doorstep/core'
import type { BenchContext } from '../bench-context.ts'
import { SECRET } from '../community.ts'
import { median } from '../median.ts'
import { type GroupResult, type Row, toMegabytes } from '../row.ts'
import { type Done, runStep } from '../run-step.ts'
import type { Opened } from '../steps/doorstep-open.ts'

/** Cheap, so more often than the rest. */
const TIMES_AS_OFTEN = 3

/** A worker's morning: their own grid, until the first due list. */
export async function measureOpen(context: BenchContext): Promise<GroupResult> {
  const { workerHome } = await context.doorstep()
  const grid = context.options.sides.includes('pouchdb') ? await context.pouchGrid() : null
  const measured = await openBoth(context, workerHome, grid, 'open: one grid')
  return { rows: rowsOf('open', 'one grid', '一个网格', measured), notes: [noteOf('open', measured)] }
}

export type Both = { readonly ours: readonly Done<Opened>[]; readonly theirs: readonly Done<Opened>[] }

export async function openBoth(
  context: BenchContext,
  home: string,
  database: string | null,
  name: string,
): Promise<Both> {
  const station = expectOk(await openStation({ home, secret: SECRET }))
  const policies = [...station.records({ type: 'policy' }), ...station.records({ type: 'community' })]
  await station.close()
  const ours: Done<Opened>[] = []
  const theirs: Done<Opened>[] = []
  const times = context.options.repetitions * TIMES_AS_OFTEN
  for (let n = 1; n <= times; n++) {
    context.progress(`${name} ${n}/${times}`)
    ours.push(await runStep<Opened>('doorstep-open', { home }))
    if (database) theirs.push(await runStep<Opened>('pouch-open', { database, policies }))
  }
  // A side that lists more does more: then nothing here could be compared.
  const lists = new Set([...ours, ...theirs].map(({ value }) => value.due))
  if (lists.size !== 1) throw new Error(`the two sides list different visits: ${[...lists].join(', ')}`)
  return { ours, theirs }
}

export function rowsOf(group: Row['group'], en: string, zh: string, { ours, theirs }: Both): Row[] {
  const row = (what: string, unit: Row['unit'], value: (one: Done<Opened>) => number): Row => ({
    group,
    what,
    unit,
    values: {
      doorstep: median(ours.map(value)),
      ...(theirs.length > 0 ? { pouchdb: median(theirs.map(value)) } : {}),
    },
  })
  return [
    row(`open ${en} to the due list · 打开${zh}`, 's', (one) => one.value.ms / 1000),
    row('… as a whole process · 含进程启动', 's', (one) => one.wholeMs / 1000),
    row('… memory after · 内存', 'MB', (one) => toMegabytes(one.usage.rssBytes)),
    row('… of it the records · 其中记录', 'MB', (one) =>
      toMegabytes(Math.max(0, one.usage.rssBytes - one.value.rssBeforeBytes)),
    ),
  ]
}

export const noteOf = (group: string, { ours }: Both): string => {
  const { records, due } = ours.at(-1)!.value
  return `${group}: ${records} records, ${due} visits due; PouchDB's documents go through the same due list`
}
