import { expectOk, fromHex, openStation } from '@doorstep/core'
import { combinedDigest, type Session, SyncNode } from '@doorstep/sync'
import { SECRET } from '../community.ts'
import { step, type Usage, usage } from '../step.ts'

export type Joined = {
  /** From the call to digests that were compared and found equal, everything on disk. */
  readonly ms: number
  readonly entries: number
  readonly segmentBytes: number
  readonly records: number
  readonly digest: string
  readonly before: Usage
  readonly after: Usage
}

/** Longer than any machine takes; a meeting that never ends should say so. */
const DEADLINE_MS = 900_000

step<{ home: string; port: number; trustKey: string }>(async ({ home, port, trustKey }): Promise<Joined> => {
  const station = expectOk(await openStation({ home, secret: SECRET }))
  let session: Session | null = null
  let met = () => {}
  const equal = new Promise<void>((resolve) => {
    met = resolve
  })
  const node = new SyncNode({
    station,
    name: '测试新人',
    trustKey: fromHex(trustKey),
    onState: () => session?.isEqual() && met(),
  })
  const before = usage()
  const startedAt = performance.now()
  session = expectOk(await node.dial(`127.0.0.1:${port}`))
  const ended = new Promise<never>((_, reject) => {
    session!.onClose((reason) => reject(new Error(`the meeting ended: ${reason}`)))
    setTimeout(() => reject(new Error('never equal')), DEADLINE_MS).unref()
  })
  await Promise.race([equal, ended])
  const ms = performance.now() - startedAt
  const after = usage()
  ended.catch(() => undefined)
  const { received, receivedBytes, spaces } = session.state()
  const records = [...station.records()].length
  await node.close()
  await station.close()
  return {
    ms,
    entries: received,
    segmentBytes: receivedBytes,
    records,
    digest: combinedDigest(spaces),
    before,
    after,
  }
})
