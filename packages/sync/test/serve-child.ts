import { expectOk, openStation } from '@doorstep/core'
import { testSecret } from '@doorstep/core/testing'
import { SyncNode } from '../src/node/sync-node.ts'

/** A station of its own process: serves a home on a port until it is killed. */
const [, , home, port] = process.argv
const station = expectOk(await openStation({ home: home!, secret: testSecret }))
const node = new SyncNode({ station, name: 'child' })
const server = expectOk(await node.serve({ host: '127.0.0.1', port: Number(port) }))
process.stdout.write(`${server.port}\n`)
