import { expectOk, openStation, toHex } from '@doorstep/core'
import type { BenchContext } from '../bench-context.ts'
import { inviteHome, SECRET, type Shape } from '../community.ts'
import { openCountingProxy } from '../counting-proxy.ts'
import { copyHashSyncSeconds, verifyMicroseconds } from '../limits.ts'
import { median } from '../median.ts'
import { type GroupResult, type Row, toMegabytes } from '../row.ts'
import { type Done, runStep, serveStep } from '../run-step.ts'
import type { Usage } from '../step.ts'
import type { Joined } from '../steps/doorstep-join.ts'
import type { Replicated } from '../steps/pouch-replicate.ts'

type Measured = {
  readonly ms: number
  readonly bytes: number
  readonly records: number
  /** Of the sync alone: without the start of the process. */
  readonly receiver: Usage
  readonly sender: Usage
}

/** Documents a batch of the tuned run: PouchDB's default is 100. */
const TUNED_BATCH = 1000

/** Everything to an empty laptop, in turns: Doorstep, PouchDB as it comes, PouchDB with larger batches. */
export async function measureFirstSync(context: BenchContext, shape: Shape): Promise<GroupResult> {
  const group = shape === 'lived' ? 'first-sync' : 'imported-sync'
  const { home } = await context.doorstep(shape)
  const pouch = await context.pouch()
  const runs = { doorstep: [] as Measured[], pouch: [] as Measured[], tuned: [] as Measured[] }
  let last: Joined | null = null
  for (let n = 1; n <= context.options.repetitions; n++) {
    context.progress(`${group} ${n}/${context.options.repetitions}: Doorstep`)
    const joined = await join(context, home)
    last = joined.joined
    runs.doorstep.push(joined.measured)
    context.progress(`${group} ${n}/${context.options.repetitions}: PouchDB`)
    runs.pouch.push(await replicate(context, pouch.folder, null))
    runs.tuned.push(await replicate(context, pouch.folder, TUNED_BATCH))
  }
  const pouchDocs = new Set([...runs.pouch, ...runs.tuned].map(({ records }) => records))
  if (pouchDocs.size !== 1 || !pouchDocs.has(pouch.docs))
    throw new Error('PouchDB did not bring every document')
  const of = (side: keyof typeof runs, value: (one: Measured) => number) => median(runs[side].map(value))
  const bytes = of('doorstep', (one) => one.bytes)
  const copying = { what: 'copy, hash, one fsync', value: copyHashSyncSeconds(bytes, context.fresh('copy')) }
  const line = (
    what: string,
    value: (one: Measured) => number,
    unit: Row['unit'],
    limit?: Row['limit'],
  ): Row => ({
    group,
    what,
    unit,
    doorstep: of('doorstep', value),
    pouch: of('pouch', value),
    ...(limit ? { limit } : {}),
  })
  const seconds = (one: Measured) => one.ms / 1000
  const name = shape === 'lived' ? 'first sync · 首次同步' : 'first sync, all imported · 首次同步(全为导入)'
  const rows: Row[] = [
    line(name, seconds, 's', copying),
    { ...line(`… PouchDB in batches of ${TUNED_BATCH}`, seconds, 's'), pouch: of('tuned', seconds) },
    line('… bytes on the wire · 线上字节', (one) => toMegabytes(one.bytes), 'MB'),
    line('… CPU, receiving · 接收方 CPU', (one) => one.receiver.cpuMs / 1000, 's'),
    line('… CPU, sending · 发送方 CPU', (one) => one.sender.cpuMs / 1000, 's'),
    line('… memory after, receiving · 接收方内存', (one) => toMegabytes(one.receiver.rssBytes), 'MB'),
    line('… memory peak, receiving · 接收方内存峰值', (one) => toMegabytes(one.receiver.peakRssBytes), 'MB'),
    line('… memory peak, sending · 发送方内存峰值', (one) => toMegabytes(one.sender.peakRssBytes), 'MB'),
  ]
  const notes = [
    `${group}: ${last!.records} records in ${last!.entries} entries, ${toMegabytes(last!.segmentBytes).toFixed(1)} MB of segments; PouchDB ${pouch.docs} documents, ${toMegabytes(pouch.jsonBytes).toFixed(1)} MB as JSON`,
    `${group}: one Ed25519 verification takes ${verifyMicroseconds().toFixed(0)} µs here, one a segment of at most 64 entries`,
  ]
  return { rows, notes }
}

async function join(context: BenchContext, home: string): Promise<{ measured: Measured; joined: Joined }> {
  const laptop = context.fresh('laptop')
  const chief = expectOk(await openStation({ home, secret: SECRET }))
  const trustKey = toHex(chief.identity.key)
  await (await inviteHome(chief, laptop, '测试新人', 'chief', [])).close()
  await chief.close()
  const server = await serveStep<{ port: number }, undefined>('doorstep-serve', { home })
  const proxy = await openCountingProxy(server.ready.port)
  const receiver = await runStep<Joined>('doorstep-join', { home: laptop, port: proxy.port, trustKey })
  const sender = await server.stop()
  const measured = measuredOf(receiver, sender, proxy.up + proxy.down, receiver.value.records)
  await proxy.close()
  return { measured, joined: receiver.value }
}

async function replicate(context: BenchContext, folder: string, batchSize: number | null): Promise<Measured> {
  const server = await serveStep<{ port: number }, undefined>('pouch-serve', { folder })
  const proxy = await openCountingProxy(server.ready.port)
  const receiver = await runStep<Replicated>('pouch-replicate', {
    target: context.fresh('replica'),
    port: proxy.port,
    name: 'whole',
    batchSize,
  })
  const sender = await server.stop()
  const measured = measuredOf(receiver, sender, proxy.up + proxy.down, receiver.value.docs)
  await proxy.close()
  return measured
}

function measuredOf(
  receiver: Done<Joined | Replicated>,
  sender: Done<undefined>,
  bytes: number,
  records: number,
): Measured {
  const { ms, before, after } = receiver.value
  return {
    ms,
    bytes,
    records,
    receiver: { ...after, cpuMs: after.cpuMs - before.cpuMs },
    sender: sender.usage,
  }
}
