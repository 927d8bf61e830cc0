import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createInvite,
  expectOk,
  grantRequest,
  joinWithInvite,
  makeCheckpoint,
  openStation,
  type RecordType,
  type Station,
  toHex,
  type Value,
} from '@doorstep/core'
import { type Session, SyncNode } from '@doorstep/sync'
import { buildCommunity, SECRET, write } from '../community.ts'
import type { PlainRecord, Size } from '../generate.ts'
import type { Newcomer, OpenSide } from '../side.ts'

/** Longer than any machine takes; a meeting that never ends should say so. */
const DEADLINE_MS = 900_000
const GENERATED = new Set([
  'building',
  'dwelling',
  'household',
  'person',
  'residence',
  'device',
  'visit',
  'case',
])

/** A lived community: every visit and every step of a case a write of its own. */
export async function build(folder: string, size: Size): Promise<void> {
  await buildCommunity(folder, size)
}

export async function newcomer(server: string, laptop: string, { checkpoint }: Newcomer): Promise<void> {
  const chief = expectOk(await openStation({ home: join(server, 'chief'), secret: SECRET }))
  const grids = gridSpaces(chief)
  if (checkpoint) for (const space of grids) expectOk(await makeCheckpoint(chief, space))
  // Whoever keeps everything takes entries; a worker of every grid starts from the checkpoints.
  const names = [...chief.records({ type: 'grid' })].map(({ fields }) => String(fields.name))
  const invite = expectOk(
    createInvite(
      chief,
      checkpoint
        ? { role: 'worker', name: '测试新人', grids: names }
        : { role: 'chief', name: '测试新人', grids: [] },
    ),
  )
  const { station, request } = expectOk(
    joinWithInvite(join(laptop, 'chief'), SECRET, invite, { stationName: '新人的笔记本' }),
  )
  expectOk(await grantRequest(chief, request))
  writeTrust(laptop, chief)
  await station.close()
  await chief.close()
}

/** The one key a newcomer believes before it knows anybody. */
export const writeTrust = (laptop: string, inviter: Station): void =>
  writeFileSync(trustFile(laptop), toHex(inviter.identity.key))

const trustFile = (laptop: string): string => join(laptop, 'trust-key')

export async function open(folder: string): Promise<OpenSide> {
  const station = expectOk(await openStation({ home: join(folder, 'chief'), secret: SECRET }))
  let node: SyncNode | null = null
  let grids: readonly string[] = []
  return {
    records: async () => plainRecords(station),
    async put(records) {
      if (grids.length === 0) grids = gridSpaces(station)
      for (const record of records) await write(station, 'visit.record', grids[record.grid]!, [record])
    },
    onRecord(listener) {
      station.onChange(({ records }) => {
        for (const { id } of records) listener(id)
      })
    },
    async serve() {
      node = new SyncNode({ station, name: '测试员甲' })
      return expectOk(await node.serve({ host: '127.0.0.1', port: 0 })).port
    },
    async meet(port) {
      const trustKey = Buffer.from(readFileSync(trustFile(folder), 'utf8'), 'hex')
      let session: Session | null = null
      let met = () => {}
      const equal = new Promise<void>((resolve) => {
        met = resolve
      })
      node = new SyncNode({
        station,
        name: '测试新人',
        trustKey,
        onState: () => session?.isEqual() && met(),
      })
      session = expectOk(await node.dial(`127.0.0.1:${port}`))
      const ended = new Promise<never>((_, reject) => {
        session!.onClose((reason) => reject(new Error(`the meeting ended: ${reason}`)))
        setTimeout(() => reject(new Error('never equal')), DEADLINE_MS).unref()
      })
      if (session.isEqual()) met()
      await Promise.race([equal, ended])
      ended.catch(() => undefined)
    },
    async close() {
      await node?.close()
      await station.close()
    },
  }
}

/** In the order of the grids' numbers. */
function gridSpaces(station: Station): string[] {
  const numberOf = (name: unknown): number => Number(/\d+/.exec(String(name))![0])
  return [...station.records({ type: 'grid' })]
    .sort((a, b) => numberOf(a.fields.name) - numberOf(b.fields.name))
    .map(({ fields }) => String(fields.space))
}

/** From the inner side: what a screen shows is masked. */
function plainRecords(station: Station): PlainRecord[] {
  const grids = gridSpaces(station)
  const records: PlainRecord[] = []
  for (const { id, type, space, fields, sets, timelines } of station.trunk.store.records({})) {
    if (!GENERATED.has(type)) continue
    const steps = timelines.steps?.map(({ value }) => value as { step: 'report'; note?: string })
    records.push({
      type: type as RecordType,
      id,
      grid: grids.indexOf(space),
      set: fields as Record<string, Value>,
      ...(sets.categories ? { categories: sets.categories as string[] } : {}),
      ...(steps ? { steps: steps.map(({ step, note }) => ({ step, ...(note ? { note } : {}) })) } : {}),
    })
  }
  return records
}
