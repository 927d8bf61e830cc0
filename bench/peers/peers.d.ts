/** What the benchmarks use of packages that bring no types, or that are not installed with Doorstep. */
declare module 'pouchdb' {
  class PouchDB {
    static replicate(
      source: PouchDB | string,
      target: PouchDB | string,
      options?: PouchDB.Options,
    ): Promise<PouchDB.Replication>
    static sync(source: PouchDB | string, target: PouchDB | string, options?: PouchDB.Options): PouchDB.Sync
    static defaults(options: { prefix: string }): typeof PouchDB
    readonly adapter: string
    constructor(name: string, options?: { adapter?: string })
    put(doc: PouchDB.Doc): Promise<{ ok: boolean; rev: string }>
    bulkDocs(docs: readonly PouchDB.Doc[]): Promise<({ ok: true } | { error: true; message: string })[]>
    allDocs(options: { include_docs: true }): Promise<{ rows: { doc: PouchDB.Doc }[] }>
    changes(options: { live: true; since: 'now' }): PouchDB.Changes
    info(): Promise<{ doc_count: number }>
    close(): Promise<void>
  }
  namespace PouchDB {
    type Options = { batch_size?: number; batches_limit?: number; live?: boolean }
    type Doc = { _id: string; [field: string]: unknown }
    type Replication = { ok: boolean; docs_written: number; doc_write_failures: number }
    type Sync = Promise<{ push?: Replication; pull?: Replication }> & { cancel(): void }
    type Changes = {
      on(event: 'change', listener: (change: { id: string }) => void): Changes
      cancel(): void
    }
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
declare module 'ws' {
  import type { EventEmitter } from 'node:events'
  import type { AddressInfo } from 'node:net'

  export class WebSocketServer extends EventEmitter {
    constructor(options: { port: number; host: string })
    readonly clients: Set<{ terminate(): void }>
    address(): AddressInfo | string | null
    close(): void
  }
}
declare module '@automerge/automerge-repo' {
  export type AutomergeUrl = string & { readonly automerge: unique symbol }
  export type DocHandle<T> = {
    readonly url: AutomergeUrl
    doc(): T
    change(work: (doc: T) => void): void
    heads(): readonly string[]
    whenReady(): Promise<void>
    getSyncInfo(storage: string): { lastHeads: readonly string[] } | undefined
    on(
      event: 'change',
      listener: (change: { patches: readonly { path: readonly unknown[] }[] }) => void,
    ): void
    on(event: 'remote-heads' | 'heads-changed', listener: () => void): void
  }
  export class ImmutableString {
    constructor(text: string)
    readonly val: string
  }
  export class Repo {
    constructor(options: { storage: object })
    readonly networkSubsystem: {
      addNetworkAdapter(adapter: object): void
      once(event: 'peer', listener: (peer: { peerId: string }) => void): void
    }
    create<T>(initial: T): DocHandle<T>
    find<T>(url: AutomergeUrl, options: { allowableStates: readonly string[] }): Promise<DocHandle<T>>
    getStorageIdOfPeer(peer: string): string | undefined
    flush(): Promise<void>
    shutdown(): Promise<void>
  }
}
declare module '@automerge/automerge-repo-network-websocket' {
  export class WebSocketClientAdapter {
    constructor(url: string)
  }
  export class WebSocketServerAdapter {
    constructor(server: object)
  }
}
declare module '@automerge/automerge-repo-storage-nodefs' {
  export class NodeFSStorageAdapter {
    constructor(folder: string)
  }
}
declare module 'yjs' {
  class YMap<T> {
    constructor(entries: Iterable<readonly [string, T]>)
    set(key: string, value: T): void
    toJSON(): Record<string, unknown>
    observe(
      listener: (event: {
        keysChanged: ReadonlySet<string>
        transaction: { readonly local: boolean }
      }) => void,
    ): void
    [Symbol.iterator](): IterableIterator<[string, T]>
  }

  export { YMap as Map }
  export class Doc {
    getMap(name: string): YMap<unknown>
    transact(work: () => void): void
    on(event: 'update', listener: () => void): void
  }
  export function applyUpdate(doc: Doc, update: Uint8Array): void
  export function encodeStateAsUpdate(doc: Doc): Uint8Array
}
declare module '@hocuspocus/provider' {
  import type { Doc } from 'yjs'

  export class HocuspocusProviderWebsocket {
    constructor(options: { url: string })
    destroy(): void
  }
  export class HocuspocusProvider {
    constructor(options: { websocketProvider: HocuspocusProviderWebsocket; name: string; document: Doc })
    readonly isSynced: boolean
    readonly hasUnsyncedChanges: boolean
    on(event: 'synced' | 'unsyncedChanges', listener: () => void): void
    attach(): void
    destroy(): void
  }
}
declare module '@hocuspocus/server' {
  import type { Doc } from 'yjs'

  type Payload = { documentName: string; document: Doc }
  export class Server {
    constructor(options: {
      port: number
      address: string
      quiet: boolean
      stopOnSignals: boolean
      onLoadDocument(payload: Payload): Promise<void>
      onStoreDocument(payload: Payload): Promise<void>
    })
    readonly hocuspocus: { flushPendingStores(): void }
    readonly address: { port: number }
    listen(): Promise<unknown>
    destroy(): Promise<void>
  }
}
