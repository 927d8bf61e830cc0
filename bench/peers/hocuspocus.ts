import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { Server } from '@hocuspocus/server'
import * as Y from 'yjs'
import { generate, gridsOf, type PlainRecord, recordsOf, type Size } from '../src/generate.ts'
import type { OpenSide } from '../src/side.ts'

/**
 * One Y.Doc a grid, each record a Y.Map with a key a field, all over one socket: the same unit as a space of
 * Doorstep's. Both ends keep a file a document, written whole and not synced to disk.
 */
const RECORDS_A_TRANSACTION = 500
const SIZE = 'size.json'

export async function build(folder: string, size: Size): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const [grid, households] of Map.groupBy(generate(size), (one) => one.grid)) {
    const doc = new Y.Doc()
    const records = households.flatMap(recordsOf)
    for (let at = 0; at < records.length; at += RECORDS_A_TRANSACTION)
      doc.transact(() => {
        for (const record of records.slice(at, at + RECORDS_A_TRANSACTION)) putIn(doc, record)
      })
    save(folder, nameOf(grid), doc)
  }
  writeFileSync(join(folder, SIZE), JSON.stringify({ grids: gridsOf(size) }))
}

export async function newcomer(server: string, laptop: string): Promise<void> {
  mkdirSync(laptop, { recursive: true })
  writeFileSync(join(laptop, SIZE), readFileSync(join(server, SIZE)))
}

export async function open(folder: string): Promise<OpenSide> {
  const { grids } = JSON.parse(readFileSync(join(folder, SIZE), 'utf8')) as { grids: number }
  const names = Array.from({ length: grids }, (_, grid) => nameOf(grid))
  const docs = new Map<string, Y.Doc>()
  const listeners: ((id: string) => void)[] = []
  const watch = (doc: Y.Doc): void =>
    mapOf(doc).observe(({ keysChanged, transaction }) => {
      if (!transaction.local) for (const id of keysChanged) for (const each of listeners) each(String(id))
    })
  const docIn = (name: string): Y.Doc => {
    let doc = docs.get(name)
    if (!doc) {
      doc = new Y.Doc()
      docs.set(name, doc)
      load(folder, name, doc)
      watch(doc)
    }
    return doc
  }
  let server: Server | null = null
  const providers: HocuspocusProvider[] = []
  let socket: HocuspocusProviderWebsocket | null = null
  const dirty = new Set<string>()
  const saveAll = (): void => {
    for (const name of dirty) save(folder, name, docIn(name))
    dirty.clear()
  }
  return {
    records: async () =>
      names.flatMap((name, grid) =>
        [...mapOf(docIn(name))].map(([id, map]) => ({ id, grid, ...map.toJSON() })).map(recordOf),
      ),
    async put(records) {
      for (const record of records) {
        putIn(docIn(nameOf(record.grid)), record)
        dirty.add(nameOf(record.grid))
      }
      if (providers.length === 0) saveAll()
    },
    onRecord: (listener) => void listeners.push(listener),
    async serve() {
      server = new Server({
        port: 0,
        address: '127.0.0.1',
        quiet: true,
        stopOnSignals: false,
        async onLoadDocument({ documentName, document }) {
          load(folder, documentName, document)
          watch(document)
        },
        async onStoreDocument({ documentName, document }) {
          save(folder, documentName, document)
        },
      })
      await server.listen()
      return server.address.port
    },
    async meet(port) {
      socket = new HocuspocusProviderWebsocket({ url: `ws://127.0.0.1:${port}` })
      await Promise.all(
        names.map((name) => {
          const document = docIn(name)
          const provider = new HocuspocusProvider({ websocketProvider: socket!, name, document })
          providers.push(provider)
          return new Promise<void>((settled) => {
            const look = () => provider.isSynced && !provider.hasUnsyncedChanges && settled()
            provider.on('synced', look)
            provider.on('unsyncedChanges', look)
            document.on('update', () => dirty.add(name))
            provider.attach()
          })
        }),
      )
      saveAll()
    },
    async close() {
      saveAll()
      for (const provider of providers) provider.destroy()
      socket?.destroy()
      server?.hocuspocus.flushPendingStores()
      await server?.destroy()
    },
  }
}

type RecordMap = Y.Map<unknown>

const nameOf = (grid: number): string => `grid-${grid}`
const fileOf = (folder: string, name: string): string => join(folder, `${name}.yjs`)
const mapOf = (doc: Y.Doc): Y.Map<RecordMap> => doc.getMap('records') as Y.Map<RecordMap>

function putIn(doc: Y.Doc, { id, type, set, categories, steps }: PlainRecord): void {
  const fields = { type, ...set, ...(categories ? { categories } : {}), ...(steps ? { steps } : {}) }
  mapOf(doc).set(id, new Y.Map(Object.entries(fields)))
}

function recordOf({ id, grid, type, categories, steps, ...set }: Record<string, unknown>): PlainRecord {
  return {
    id,
    grid,
    type,
    set,
    ...(categories ? { categories } : {}),
    ...(steps ? { steps } : {}),
  } as PlainRecord
}

const load = (folder: string, name: string, doc: Y.Doc): void => {
  const file = fileOf(folder, name)
  if (existsSync(file)) Y.applyUpdate(doc, readFileSync(file))
}

const save = (folder: string, name: string, doc: Y.Doc): void =>
  writeFileSync(fileOf(folder, name), Y.encodeStateAsUpdate(doc))
