/**
 * The reading side (RxDB, in memory): callers query and subscribe; writing is for commands. Mind the free version's
 * 13 open collections a process: two views fit, a third does not open.
 */
import { randomUUID } from 'node:crypto'
import type { MangoQuery, RxCollection, RxDatabase } from 'rxdb'
import type { Observable } from 'rxjs'
import type { Station } from '../station/station.ts'
import { openRecordSet, type RecordSet } from '../work/record-set.ts'
import { CardFeed } from './card-feed.ts'
import { CARD_KINDS, schemaOf } from './card-schemas.ts'
import type { CardKind, Cards } from './cards.ts'

/** Changes are collected so long, in milliseconds, before they are written: an update costs a pass over its collection. */
const COLLECT_MS = 80

export type LiveQuery<T> = {
  exec(): Promise<T>
  /** What `exec` gives, now and after every change that matters to it. */
  readonly $: Observable<T>
}

export type CardCollection<T> = {
  /** Mango: `{selector, sort, limit, skip}`. */
  find(query?: MangoQuery<T>): LiveQuery<readonly T[]>
  findOne(id: string): LiveQuery<T | null>
  count(query?: MangoQuery<T>): LiveQuery<number>
}

export type View = { readonly [K in CardKind]: CardCollection<Cards[K]> } & {
  /** The records behind the cards, for everything that is not a list. */
  readonly records: RecordSet
  /** Resolves when the cards show all that the station had written or admitted when this was called. */
  settled(): Promise<void>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export type ViewOptions = {
  /** A record set that follows this station already; left open when the view closes. */
  readonly records?: RecordSet
}

/** Opens a view of everything the station reads and keeps it up until closed. RxDB is loaded here, not before. */
export async function openView(station: Station, options: ViewOptions = {}): Promise<View> {
  const records = options.records ?? openRecordSet(station)
  const feed = new CardFeed(records)
  let keeper: Keeper | null = null
  // From here on nothing is missed, though the database is not there yet.
  const leave = records.subscribe((change) => {
    for (const record of [...change.records, ...change.erased]) feed.touch(record)
    keeper?.wake()
  })
  const release = () => {
    leave()
    if (!options.records) records.close()
  }
  let database: RxDatabase | null = null
  try {
    const { map, Subject, takeUntil } = await import('rxjs')
    const closed = new Subject<void>()
    const live: Lively = (source, change) => source.pipe(takeUntil(closed), map(change))
    database = await openDatabase()
    const opened = database
    const collections = opened.collections as Collections
    const keeping = new Keeper(records, feed, collections)
    keeper = keeping
    await keeping.settled()
    let closing: Promise<void> | null = null
    const close = () => {
      closing ??= (async () => {
        release()
        closed.next()
        closed.complete()
        await keeping.stop()
        await opened.close()
      })()
      return closing
    }
    return {
      households: cardsOf(collections.households, live),
      persons: cardsOf(collections.persons, live),
      cases: cardsOf(collections.cases, live),
      visits: cardsOf(collections.visits, live),
      devices: cardsOf(collections.devices, live),
      conflicts: cardsOf(collections.conflicts, live),
      records,
      settled: () => keeping.settled(),
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    release()
    await database?.close()
    throw error
  }
}

/** Until the view closes: then whoever subscribed is told that nothing more comes. */
type Lively = <S, T>(source: Observable<S>, change: (value: S) => T) => Observable<T>
type Collections = { readonly [K in CardKind]: RxCollection<Cards[K]> }

async function openDatabase(): Promise<RxDatabase> {
  const [{ createRxDatabase }, { getRxStorageMemory }] = await Promise.all([
    import('rxdb'),
    import('rxdb/plugins/storage-memory'),
  ])
  const database = await createRxDatabase({
    name: `doorstep-${randomUUID()}`,
    // States of its own: the plugin's are kept for the life of the process, and these hold people.
    storage: Object.assign(getRxStorageMemory(), { collectionStates: new Map() }),
    allowSlowCount: true,
    multiInstance: false,
    eventReduce: true,
  })
  try {
    await database.addCollections(
      Object.fromEntries(
        CARD_KINDS.map((kind) => [kind, { schema: structuredClone(schemaOf(kind)) as never }]),
      ),
    )
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Writes what the feed collects, one bulk call a collection. */
class Keeper {
  readonly #records: RecordSet
  readonly #feed: CardFeed
  readonly #collections: Collections
  #viewer: RecordSet['viewer']
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()

  constructor(records: RecordSet, feed: CardFeed, collections: Collections) {
    this.#records = records
    this.#feed = feed
    this.#collections = collections
    this.#viewer = records.viewer
  }

  wake(): void {
    this.#timer ??= setTimeout(() => void this.settled(), COLLECT_MS)
  }

  settled(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  async stop(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    await this.#writing
  }

  async #write(): Promise<void> {
    if (this.#viewer !== this.#records.viewer) {
      this.#viewer = this.#records.viewer
      this.#feed.touchAll()
    }
    if (this.#feed.isEmpty) return
    const { upserts, settled, gone } = this.#feed.take()
    await Promise.all([
      put(this.#collections.households, upserts.households),
      put(this.#collections.persons, upserts.persons),
      put(this.#collections.cases, upserts.cases),
      put(this.#collections.visits, upserts.visits),
      put(this.#collections.devices, upserts.devices),
      put(this.#collections.conflicts, upserts.conflicts),
      settled.length > 0 ? this.#collections.conflicts.bulkRemove([...settled]) : null,
    ])
    if (gone.length > 0)
      await Promise.all(CARD_KINDS.map((kind) => this.#collections[kind].bulkRemove([...gone])))
  }
}

async function put<T extends { readonly id: string }>(
  collection: RxCollection<T>,
  cards: readonly T[],
): Promise<void> {
  if (cards.length === 0) return
  const { error } = await collection.bulkUpsert([...cards])
  if (error.length > 0) throw new Error(`${error.length} cards of ${collection.name} were not taken`)
}

/** Plain cards instead of RxDB's documents, which would let themselves be written to. */
const cardsOf = <T>(collection: RxCollection<T>, live: Lively): CardCollection<T> => ({
  find(query) {
    const found = collection.find(query)
    const plain = (documents: readonly { toJSON(): unknown }[]) => documents.map((one) => one.toJSON() as T)
    return { exec: async () => plain(await found.exec()), $: live(found.$, plain) }
  },
  findOne(id) {
    const found = collection.findOne(id)
    const plain = (document: { toJSON(): unknown } | null) => (document ? (document.toJSON() as T) : null)
    return { exec: async () => plain(await found.exec()), $: live(found.$, plain) }
  },
  count(query) {
    const counted = collection.count(query)
    return { exec: () => counted.exec(), $: live(counted.$, (number) => number) }
  },
})
