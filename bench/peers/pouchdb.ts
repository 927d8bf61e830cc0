import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express from 'express'
import expressPouchDB from 'express-pouchdb'
import PouchDB from 'pouchdb'
import { generate, type PlainRecord, recordsOf, type Size } from '../src/generate.ts'
import type { OpenSide } from '../src/side.ts'
import { docOf, fill, recordOf } from './pouch-docs.ts'

/** One document a record in leveldb, over HTTP. Batches of 1,000, which suit it better than its default of 100. */
const BATCH = { batch_size: 1000 }

export async function build(folder: string, size: Size): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await fill(join(folder, 'whole'), [...generate(size)].flatMap(recordsOf).map(docOf))
}

export async function newcomer(_server: string, laptop: string): Promise<void> {
  mkdirSync(laptop, { recursive: true })
}

export async function open(folder: string): Promise<OpenSide> {
  const Local = PouchDB.defaults({ prefix: `${folder}/` })
  const db = new Local('whole')
  let server: Server | null = null
  let live: PouchDB.Sync | null = null
  const listeners: ((id: string) => void)[] = []
  let changes: { cancel(): void } | null = null
  return {
    async records() {
      const { rows } = await db.allDocs({ include_docs: true })
      return rows.map(({ doc }) => recordOf(doc))
    },
    async put(records: readonly PlainRecord[]) {
      for (const record of records) await db.put(docOf(record))
    },
    onRecord(listener) {
      listeners.push(listener)
      changes ??= db.changes({ live: true, since: 'now' }).on('change', ({ id }) => {
        for (const each of listeners) each(id.slice(id.indexOf(':') + 1))
      })
    },
    async serve() {
      const app = express()
      app.use('/', expressPouchDB(Local, { mode: 'minimumForPouchDB', inMemoryConfig: true }))
      server = createServer(app)
      await new Promise<void>((listening) => server!.listen(0, '127.0.0.1', listening))
      return (server.address() as AddressInfo).port
    },
    async meet(port) {
      const there = `http://127.0.0.1:${port}/whole`
      // A newcomer has nothing to bring.
      if ((await db.info()).doc_count === 0) {
        const pulled = await PouchDB.replicate(there, db, BATCH)
        if (!pulled.ok || pulled.doc_write_failures > 0) throw new Error('replication failed')
        return
      }
      const both = await PouchDB.sync(db, there, BATCH)
      for (const way of [both.push, both.pull])
        if (!way?.ok || way.doc_write_failures > 0) throw new Error('replication failed')
      live = PouchDB.sync(db, there, { ...BATCH, live: true })
      live.catch(() => undefined)
    },
    async close() {
      live?.cancel()
      changes?.cancel()
      server?.closeAllConnections()
      await new Promise<void>((closed) => (server ? server.close(() => closed()) : closed()))
      await db.close()
    },
  }
}
