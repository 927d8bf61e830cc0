import type { BenchContext } from '../bench-context.ts'
import { copyHashSyncSeconds, fdatasyncMs, loopbackRoundTripMs, verifyMicroseconds } from '../limits.ts'
import { median, percentile } from '../median.ts'
import { type Group, type GroupResult, type Row, toMegabytes } from '../row.ts'
import { type Side, sideNames } from '../side.ts'
import { type Chain, type Meeting, runChain } from './meetings.ts'

/** The rows of this file: all come from one chain of meetings a side. */
export const meetingGroups: readonly Group[] = [
  'first-sync',
  'checkpoint-sync',
  'no-op',
  'catch-up',
  'live-edit',
]

/** A side whose chain takes longer goes through it once only: the whole run should end within minutes. */
const SLOW_CHAIN_MS = 60_000

type Chains = Partial<Record<Side, Chain[]>>
type Of<T> = (chain: Chain) => T | null

/** Takes turns: every side once, then every side again. */
export async function measureMeetings(
  context: BenchContext,
  groups: ReadonlySet<Group>,
): Promise<GroupResult> {
  const { sides, repetitions } = context.options
  const chains: Chains = {}
  const summed: Chain[] = []
  const withFirst = [...meetingGroups].some((group) => groups.has(group) && group !== 'checkpoint-sync')
  const slow = new Set<Side>()
  for (let n = 1; n <= repetitions; n++) {
    // Edits live, and compares every record, the first time: once is enough.
    const whole = n === 1
    for (const side of sides) {
      if ((side === 'doorstep' && !withFirst) || (side !== 'doorstep' && slow.has(side))) continue
      await context.built(side)
      context.progress(`meetings ${n}/${repetitions}: ${side}`)
      const startedAt = performance.now()
      const chain = await runChain(context, { side, checkpoint: false, groups, whole })
      chains[side] = [...(chains[side] ?? []), chain]
      if (performance.now() - startedAt > SLOW_CHAIN_MS) slow.add(side)
    }
    if (!groups.has('checkpoint-sync') || !sides.includes('doorstep')) continue
    context.progress(`meetings ${n}/${repetitions}: doorstep, from a checkpoint`)
    const only = new Set<Group>(['checkpoint-sync'])
    summed.push(await runChain(context, { side: 'doorstep', checkpoint: true, groups: only, whole }))
  }
  const rows: Row[] = []
  const notes: string[] = []
  if (repetitions > 1 && slow.size > 0)
    notes.push(
      `meetings: once instead of ${repetitions} times, because one round takes over a minute: ${[...slow].map((side) => sideNames[side]).join(', ')}`,
    )
  const add = (of: GroupResult): void => {
    rows.push(...of.rows)
    notes.push(...of.notes)
  }
  if (groups.has('first-sync')) add(firstSync(context, 'first-sync', 'first sync · 首次同步', chains))
  if (groups.has('checkpoint-sync')) {
    const what = 'first sync from a checkpoint · 从检查点首次同步'
    const made = firstSync(context, 'checkpoint-sync', what, { ...chains, doorstep: summed })
    add(made)
    const seconds = median(summed.map(({ newcomerMs }) => newcomerMs)) / 1000
    notes.push(
      ...(summed.every(({ isFromCheckpoint }) => isFromCheckpoint)
        ? []
        : ['checkpoint-sync: NOT from checkpoints: grids of fewer than 2,000 entries come as entries']),
      `checkpoint-sync: summing up every grid beforehand and letting the newcomer in took ${seconds.toFixed(1)} s; the peers' values are those of their first sync`,
    )
  }
  if (groups.has('no-op')) add(noOp(chains, await loopbackRoundTripMs()))
  if (groups.has('catch-up')) add(catchUp(context, chains))
  if (groups.has('live-edit')) add(liveEdit(context, chains, await loopbackRoundTripMs()))
  return { rows, notes }
}

/** Medians of something, a side each. */
function values(chains: Chains, of: Of<Meeting>, value: (meeting: Meeting) => number): Row['values'] {
  const medians: Partial<Record<Side, number>> = {}
  for (const [side, list] of Object.entries(chains) as [Side, Chain[]][]) {
    const numbers = list.flatMap((chain) => {
      const meeting = of(chain)
      return meeting ? [value(meeting)] : []
    })
    if (numbers.length > 0) medians[side] = median(numbers)
  }
  return medians
}

const seconds = ({ ms }: Meeting): number => ms / 1000
const bytes = ({ up, down }: Meeting): number => up + down
const megabytes = (meeting: Meeting): number => toMegabytes(bytes(meeting))

function usageRows(group: Group, chains: Chains, of: Of<Meeting>): Row[] {
  const line = (what: string, unit: Row['unit'], value: (meeting: Meeting) => number): Row => ({
    group,
    what,
    unit,
    values: values(chains, of, value),
  })
  return [
    line('… CPU, laptop · 笔记本 CPU', 's', ({ laptop }) => laptop.cpuMs / 1000),
    line('… CPU, server · 对端 CPU', 's', ({ server }) => server.cpuMs / 1000),
    line('… memory peak, laptop · 笔记本内存峰值', 'MB', ({ laptop }) => toMegabytes(laptop.peakRssBytes)),
    line('… memory peak, server · 对端内存峰值', 'MB', ({ server }) => toMegabytes(server.peakRssBytes)),
  ]
}

function firstSync(context: BenchContext, group: Group, what: string, chains: Chains): GroupResult {
  const first: Of<Meeting> = (chain) => chain.first
  const wire = values(chains, first, bytes).doorstep ?? 0
  const copying = {
    what: 'copy, hash, one fsync',
    value: copyHashSyncSeconds(wire, context.fresh('copy')),
  }
  const rows: Row[] = [
    { group, what, unit: 's', values: values(chains, first, seconds), limit: copying },
    {
      group,
      what: '… bytes, to the laptop · 下行字节',
      unit: 'MB',
      values: values(chains, first, ({ down }) => toMegabytes(down)),
    },
    {
      group,
      what: '… bytes, from the laptop · 上行字节',
      unit: 'MB',
      values: values(chains, first, ({ up }) => toMegabytes(up)),
    },
    ...usageRows(group, chains, first),
  ]
  const checked = Object.values(chains).flatMap((list) => list.flatMap((chain) => chain.checked ?? []))
  const records = checked[0]
  return {
    rows,
    notes: [
      ...(records
        ? [
            `${group}: ${records.records} records, ${toMegabytes(records.jsonBytes).toFixed(1)} MB as JSON, the same on every side at the end`,
          ]
        : []),
      `${group}: one Ed25519 verification takes ${verifyMicroseconds().toFixed(0)} µs here, one a segment of at most 64 entries`,
    ],
  }
}

function noOp(chains: Chains, roundTripMs: number): GroupResult {
  const of: Of<Meeting> = (chain) => chain.nothingNew
  const group = 'no-op'
  const limit = { what: 'one round trip on loopback', value: roundTripMs }
  return {
    rows: [
      {
        group,
        what: 'meeting with nothing new · 无新内容的会面',
        unit: 'ms',
        values: values(chains, of, ({ ms }) => ms),
        limit,
      },
      {
        group,
        what: '… bytes, both ways · 双向字节',
        unit: 'KB',
        values: values(chains, of, (one) => bytes(one) / 1000),
      },
      {
        group,
        what: '… turns on the wire · 线上往返',
        unit: 'turns',
        values: values(chains, of, ({ turns }) => turns),
      },
      ...usageRows(group, chains, of).slice(0, 2),
    ],
    notes: [
      'no-op: from the call to knowing that nothing is left to bring, handshakes included; two turns are a round trip, bytes and turns to the end of the process',
    ],
  }
}

function catchUp(context: BenchContext, chains: Chains): GroupResult {
  const of: Of<Meeting> = (chain) => chain.catchUp
  const group = 'catch-up'
  const wire = values(chains, of, bytes).doorstep ?? 0
  const limit = {
    what: 'copy, hash, one fsync, twice',
    value: 2 * copyHashSyncSeconds(wire / 2, context.fresh('copy')),
  }
  return {
    rows: [
      {
        group,
        what: 'catch-up after a day apart · 一天后补齐',
        unit: 's',
        values: values(chains, of, seconds),
        limit,
      },
      { group, what: '… bytes, both ways · 双向字节', unit: 'MB', values: values(chains, of, megabytes) },
      ...usageRows(group, chains, of),
    ],
    notes: [
      `catch-up: ${context.options.dayVisits} visits written on each side; until both have all of them`,
    ],
  }
}

function liveEdit(context: BenchContext, chains: Chains, roundTripMs: number): GroupResult {
  const group = 'live-edit'
  const at = (share: number): Row['values'] => {
    const shares: Partial<Record<Side, number>> = {}
    for (const [side, list] of Object.entries(chains) as [Side, Chain[]][]) {
      const latencies = list.flatMap((chain) => chain.latencies)
      if (latencies.length > 0) shares[side] = percentile(latencies, share)
    }
    return shares
  }
  const file = context.fresh('sync')
  const limit = {
    what: 'half a round trip, one fdatasync',
    value: roundTripMs / 2 + fdatasyncMs(file),
  }
  return {
    rows: [
      { group, what: 'live edit to a neighbour, p50 · 实时到邻机 p50', unit: 'ms', values: at(0.5), limit },
      { group, what: 'live edit to a neighbour, p95 · 实时到邻机 p95', unit: 'ms', values: at(0.95) },
    ],
    notes: [
      `live-edit: ${context.options.liveEdits} visits, each from asking for its save to its being readable at the neighbour. Doorstep's entry is signed and on the disk where it was written by then, and committed at the neighbour, which acknowledges it when its disk has it too; PouchDB has written to leveldb without waiting for the disk; automerge-repo and Hocuspocus are in memory, and write files some 0.1 s and 2 s later`,
    ],
  }
}
