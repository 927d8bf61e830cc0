import PouchDB from 'pouchdb'
import { step, type Usage, usage } from '../step.ts'

export type Replicated = {
  /** From the call to `complete`. Nothing is synced to disk by then: leveldb writes without fsync. */
  readonly ms: number
  readonly docs: number
  readonly before: Usage
  readonly after: Usage
}

/** `batchSize` null: PouchDB's own default, 100. */
step<{ target: string; port: number; name: string; batchSize: number | null }>(
  async ({ target, port, name, batchSize }): Promise<Replicated> => {
    const local = new PouchDB(target)
    const before = usage()
    const startedAt = performance.now()
    const answer = await PouchDB.replicate(
      `http://127.0.0.1:${port}/${name}`,
      local,
      batchSize === null ? {} : { batch_size: batchSize },
    )
    const ms = performance.now() - startedAt
    const after = usage()
    if (!answer.ok || answer.doc_write_failures > 0) throw new Error('replication failed')
    const { doc_count } = await local.info()
    await local.close()
    return { ms, docs: doc_count, before, after }
  },
)
