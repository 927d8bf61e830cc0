import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expectOk, openStation } from '@doorstep/core'
import type { BenchContext } from '../bench-context.ts'
import { SECRET } from '../community.ts'
import { openCountingProxy } from '../counting-proxy.ts'
import type { Group } from '../row.ts'
import { runStep, serveStep } from '../run-step.ts'
import type { Side } from '../side.ts'
import type { Usage } from '../step.ts'
import type { Checked } from '../steps/side-check.ts'
import type { Met } from '../steps/side-meet.ts'
import type { Served } from '../steps/side-serve.ts'

/** One meeting of a laptop with the server, through the counting proxy. */
export type Meeting = {
  readonly ms: number
  readonly up: number
  readonly down: number
  readonly turns: number
  /** CPU of the meeting alone; memory of the whole process. */
  readonly laptop: Usage
  readonly server: Usage
}

/** All that one laptop of a side goes through, from empty to a neighbour that follows live. */
export type Chain = {
  readonly first: Meeting
  readonly nothingNew: Meeting | null
  readonly catchUp: Meeting | null
  readonly live: Meeting | null
  /** Milliseconds from asking for a save to its being readable at the neighbour. */
  readonly latencies: readonly number[]
  readonly checked: Checked | null
  /** Doorstep's: the server summing up, and letting the newcomer in. */
  readonly newcomerMs: number
  /** Every grid of Doorstep's laptop stands on a checkpoint; a small one comes as entries anyway. */
  readonly isFromCheckpoint: boolean
}

/** Other visits for each of them. */
const SALT = { server: 1, laptop: 2, live: 3 }

export type Wanted = {
  readonly side: Side
  readonly checkpoint: boolean
  readonly groups: ReadonlySet<Group>
  /** Edits live, too, and compares all records at the end. */
  readonly whole: boolean
}

export async function runChain(context: BenchContext, wanted: Wanted): Promise<Chain> {
  const { side, groups, whole } = wanted
  const { size, dayVisits, liveEdits } = context.options
  const server = context.fresh(`${side}-server`)
  const laptop = context.fresh(`${side}-laptop`)
  cpSync(await context.built(side), server, { recursive: true })
  const { value } = await runStep<{ ms: number }>('side-newcomer', {
    side,
    server,
    laptop,
    checkpoint: wanted.checkpoint,
  })
  const more: { count: number; salt: number }[] = []
  const meet = (edits: { count: number; salt: number } | null = null) =>
    meetOnce({ side, server, laptop, size, edits })
  const { meeting: first } = await meet()
  const isFromCheckpoint = wanted.checkpoint && (await startedFromCheckpoints(laptop))
  // The one after the first settles what a side only notes when all is there.
  let nothingNew: Meeting | null = null
  if (groups.has('no-op')) {
    await meet()
    nothingNew = (await meet()).meeting
  }
  let catchUp: Meeting | null = null
  if (groups.has('catch-up')) {
    for (const [folder, salt] of [
      [server, SALT.server],
      [laptop, SALT.laptop],
    ] as const) {
      await runStep('side-write', { side, folder, size, count: dayVisits, salt })
      more.push({ count: dayVisits, salt })
    }
    const { meeting, met, seen } = await meet()
    if (seen.size < dayVisits)
      throw new Error(`${side}: only ${seen.size} of ${dayVisits} visits of the laptop arrived`)
    const arrived = Math.max(met.settledAtMs, ...seen.values())
    catchUp = { ...meeting, ms: arrived - met.startedAtMs }
  }
  let live: Meeting | null = null
  let latencies: number[] = []
  if (whole && groups.has('live-edit')) {
    const edits = { count: liveEdits, salt: SALT.live }
    more.push(edits)
    const { meeting, met, seen } = await meet(edits)
    live = meeting
    latencies = met.edits.map(([id, askedAtMs]) => {
      const at = seen.get(id)
      if (at === undefined) throw new Error(`${side}: an edit did not reach the neighbour`)
      return at - askedAtMs
    })
  }
  let checked: Checked | null = null
  if (whole)
    for (const folder of [laptop, server])
      checked = (await runStep<Checked>('side-check', { side, folder, size, more })).value
  rmSync(server, { recursive: true })
  rmSync(laptop, { recursive: true })
  return { first, nothingNew, catchUp, live, latencies, checked, newcomerMs: value.ms, isFromCheckpoint }
}

async function startedFromCheckpoints(laptop: string): Promise<boolean> {
  const station = expectOk(await openStation({ home: join(laptop, 'chief'), secret: SECRET }))
  const grids = station.spaces().filter(({ kind }) => kind === 'grid')
  const stands = grids.every(({ id }) => station.trunk.store.shelf.baseTops(id).length > 0)
  await station.close()
  return stands
}

async function meetOnce({
  side,
  server,
  laptop,
  size,
  edits,
}: {
  side: Side
  server: string
  laptop: string
  size: BenchContext['options']['size']
  edits: { count: number; salt: number } | null
}) {
  const serving = await serveStep<{ port: number }, Served>('side-serve', { side, folder: server })
  const proxy = await openCountingProxy(serving.ready.port)
  const { value: met } = await runStep<Met>('side-meet', {
    side,
    folder: laptop,
    port: proxy.port,
    size,
    edits,
  })
  const served = await serving.stop()
  const { up, down, turns } = proxy
  await proxy.close()
  const meeting: Meeting = {
    ms: met.settledAtMs - met.startedAtMs,
    up,
    down,
    turns,
    laptop: { ...met.after, cpuMs: met.after.cpuMs - met.before.cpuMs },
    server: { ...served.usage, cpuMs: served.usage.cpuMs - served.value.before.cpuMs },
  }
  return { meeting, met, seen: new Map(served.value.seen) }
}
