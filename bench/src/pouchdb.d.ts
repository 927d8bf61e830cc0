/** What the benchmarks use of packages that bring no types. */
declare module 'pouchdb' {
  class PouchDB {
    static replicate(
      source: PouchDB | string,
      target: PouchDB | string,
      options?: { batch_size?: number; batches_limit?: number },
    ): Promise<PouchDB.Replication>
    static defaults(options: { prefix: string }): typeof PouchDB
    readonly adapter: string
    constructor(name: string, options?: { adapter?: string })
    put(doc: PouchDB.Doc): Promise<{ ok: boolean; rev: string }>
    bulkDocs(docs: readonly PouchDB.Doc[]): Promise<({ ok: true } | { error: true; message: string })[]>
    allDocs(options: { include_docs: true }): Promise<{ rows: { doc: PouchDB.Doc }[] }>
    info(): Promise<{ doc_count: number }>
    close(): Promise<void>
  }
  namespace PouchDB {
    type Doc = { _id: string; [field: string]: unknown }
    type Replication = { ok: boolean; docs_written: number; doc_write_failures: number }
  }
  export = PouchDB
}
declare module 'express-pouchdb' {
  import type { RequestListener } from 'node:http'

  function expressPouchDB(
    pouch: typeof import('pouchdb'),
    options: { mode: 'minimumForPouchDB' | 'fullCouchDB'; inMemoryConfig: boolean },
  ): RequestListener
  export = expressPouchDB
}
declare module 'express' {
  import type { RequestListener } from 'node:http'

  function express(): RequestListener & { use(path: string, listener: RequestListener): void }
  export = express
}
