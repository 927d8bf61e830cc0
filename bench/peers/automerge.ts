import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type AutomergeUrl, type DocHandle, ImmutableString, Repo } from '@automerge/automerge-repo'
import { WebSocketClientAdapter, WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket'
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs'
import { WebSocketServer } from 'ws'
import { generate, gridsOf, type PlainRecord, recordsOf, type Size } from '../src/generate.ts'
import type { OpenSide } from '../src/side.ts'

/**
 * One document a grid, its records a map in it: far faster here than a document a record, and the same unit as a
 * space of Doorstep's. The addresses of the documents are given to the newcomer beforehand.
 */
type Grid = { records: Record<string, Plain> }
type Plain = Omit<PlainRecord, 'id' | 'grid'>

const RECORDS_A_CHANGE = 500
const QUIET_MS = 100
const QUIET_TIMES = 6
const ADDRESSES = 'addresses.json'

export async function build(folder: string, size: Size): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const repo = repoIn(folder)
  const handles = Array.from({ length: gridsOf(size) }, () => repo.create<Grid>({ records: {} }))
  for (const [grid, households] of Map.groupBy(generate(size), (one) => one.grid)) {
    const records = households.flatMap(recordsOf)
    for (let at = 0; at < records.length; at += RECORDS_A_CHANGE)
      handles[grid]!.change((doc) => {
        for (const record of records.slice(at, at + RECORDS_A_CHANGE))
          doc.records[record.id] = plainOf(record)
      })
  }
  await repo.flush()
  writeFileSync(join(folder, ADDRESSES), JSON.stringify(handles.map(({ url }) => url)))
  await repo.shutdown()
  await saved()
}

export async function newcomer(server: string, laptop: string): Promise<void> {
  mkdirSync(laptop, { recursive: true })
  cpSync(join(server, ADDRESSES), join(laptop, ADDRESSES))
}

export async function open(folder: string): Promise<OpenSide> {
  const repo = repoIn(folder)
  const addresses = JSON.parse(readFileSync(join(folder, ADDRESSES), 'utf8')) as AutomergeUrl[]
  const found = new Map<AutomergeUrl, Promise<DocHandle<Grid>>>()
  const find = (url: AutomergeUrl) => {
    let handle = found.get(url)
    if (!handle) {
      handle = findReady(repo, url)
      found.set(url, handle)
    }
    return handle
  }
  const findAll = () => Promise.all(addresses.map(find))
  let sockets: WebSocketServer | null = null
  return {
    async records() {
      return (await findAll()).flatMap((handle, grid) =>
        Object.entries(handle.doc().records).map(
          ([id, plain]) => ({ id, grid, ...(unpacked(plain) as Plain) }) as PlainRecord,
        ),
      )
    },
    async put(records) {
      for (const record of records)
        (await find(addresses[record.grid]!)).change((doc) => {
          doc.records[record.id] = plainOf(record)
        })
      await repo.flush()
    },
    onRecord(listener) {
      void findAll().then((handles) => {
        for (const handle of handles)
          handle.on('change', ({ patches }) => {
            for (const { path } of patches) if (path.length === 2) listener(String(path[1]))
          })
      })
    },
    async serve() {
      // Asked for a document that it is still loading, it answers that it has none.
      await findAll()
      sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
      await new Promise((listening) => sockets!.once('listening', listening))
      repo.networkSubsystem.addNetworkAdapter(new WebSocketServerAdapter(sockets))
      return (sockets.address() as AddressInfo).port
    },
    async meet(port) {
      repo.networkSubsystem.addNetworkAdapter(new WebSocketClientAdapter(`ws://127.0.0.1:${port}`))
      const peer = await new Promise<string>((met) =>
        repo.networkSubsystem.once('peer', ({ peerId }) => met(peerId)),
      )
      const storage = repo.getStorageIdOfPeer(peer)!
      // Settled: the server has said that it has what we have. Saved: NodeFS waits for no disk.
      await Promise.all(
        addresses.map(async (url) => {
          const handle = await find(url)
          const same = () => String(handle.getSyncInfo(storage)?.lastHeads) === String(handle.heads())
          if (same()) return
          await new Promise<void>((settled) => {
            const look = () => same() && settled()
            handle.on('remote-heads', look)
            handle.on('heads-changed', look)
          })
        }),
      )
      await repo.flush()
    },
    async close() {
      await repo.shutdown()
      await saved()
      for (const socket of sockets?.clients ?? []) socket.terminate()
      sockets?.close()
    },
  }
}

/** It goes on saving after `flush` and `shutdown`, in place: a process that ends meanwhile leaves an empty file. */
async function saved(): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TIMES; quiet++) {
    await pause(QUIET_MS)
    if (process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq'))) quiet = 0
  }
}

/** It may say `unavailable` of what the other side is about to send. */
async function findReady(repo: Repo, url: AutomergeUrl): Promise<DocHandle<Grid>> {
  const handle = await repo.find<Grid>(url, { allowableStates: ['ready', 'unavailable'] })
  await handle.whenReady()
  return handle
}

const repoIn = (folder: string): Repo =>
  new Repo({ storage: new NodeFSStorageAdapter(join(folder, 'store')) })

/** Strings that are replaced whole, as a field's value is on the other sides: far cheaper than texts to be edited together. */
const plainOf = ({ id, grid, ...plain }: PlainRecord): Plain => packed(plain) as Plain

function packed(value: unknown): unknown {
  if (typeof value === 'string') return new ImmutableString(value)
  if (Array.isArray(value)) return value.map(packed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, packed(field)]))
}

function unpacked(value: unknown): unknown {
  if (value instanceof ImmutableString) return value.val
  if (Array.isArray(value)) return value.map(unpacked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, unpacked(field)]))
}
