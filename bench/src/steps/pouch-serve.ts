import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import expressPouchDB from 'express-pouchdb'
import PouchDB from 'pouchdb'
import { step } from '../step.ts'

/** The database `name` in `folder` over HTTP, with no more middleware than replication needs. */
step<{ folder: string }>(async ({ folder }, talk) => {
  const app = express()
  const Local = PouchDB.defaults({ prefix: `${folder}/` })
  app.use('/', expressPouchDB(Local, { mode: 'minimumForPouchDB', inMemoryConfig: true }))
  const server = createServer(app)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  talk.ready({ port: (server.address() as AddressInfo).port })
  await talk.stopped
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
})
