import { expectOk, listAlarms, openRecordSet, openStation } from '@doorstep/core'
import { SyncNode } from '@doorstep/sync'
import { nowMs } from '../clock.ts'
import { SECRET } from '../community.ts'
import { step } from '../step.ts'

/** When each alarm could be read here as the workstation reads it: milliseconds since 1970. */
export type SeenAlarms = { readonly seen: readonly [id: string, atMs: number][] }

step<{ home: string }>(async ({ home }, talk): Promise<SeenAlarms> => {
  const station = expectOk(await openStation({ home, secret: SECRET }))
  const records = openRecordSet(station)
  const seen = new Map<string, number>()
  records.subscribe(({ records: changed }) => {
    if (!changed.some(({ type }) => type === 'alarm')) return
    for (const { id } of listAlarms(records, { open: true, nowMs: station.now }))
      if (!seen.has(id)) seen.set(id, nowMs())
  })
  const node = new SyncNode({ station, name: '笔记本' })
  const { port } = expectOk(await node.serve({ host: '127.0.0.1', port: 0 }))
  talk.ready({ port })
  await talk.stopped
  await node.close()
  await station.close()
  return { seen: [...seen] }
})
