import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { FORMAT_VERSION, SCHEMA_VERSION, type Station } from '@doorstep/core'

/** A golden folder is named by the format of its entries and the layout of its store. */
export const CURRENT = `format-${FORMAT_VERSION}-layout-${SCHEMA_VERSION}`
export const FOLDER = import.meta.dirname

export type Expected = {
  /** Opens both homes: a key of zeros, for people that do not exist. */
  readonly keyHex: string
  readonly community: string
  /** Of every space that the founder reads: what both must hold after they met. */
  readonly spaces: readonly {
    readonly id: string
    readonly entries: number
    readonly digest: string
    readonly recordsDigest: string | null
  }[]
  /** SHA-256 of the projections as JSON, by record type, with how many there are. */
  readonly records: Readonly<Record<string, { readonly count: number; readonly sha256: string }>>
  readonly sent: { readonly entries: number; readonly bundleSha256: string }
}

export const expectedOf = (station: Station): Pick<Expected, 'community' | 'spaces' | 'records'> => {
  const records: Record<string, { count: number; sha256: string }> = {}
  const lines = new Map<string, string[]>()
  for (const record of station.trunk.store.records()) {
    const line = JSON.stringify(record)
    lines.set(record.type, [...(lines.get(record.type) ?? []), line])
  }
  for (const [type, list] of [...lines].sort(([a], [b]) => (a < b ? -1 : 1)))
    records[type] = { count: list.length, sha256: sha256(list.sort().join('\n')) }
  const { community } = station.identity
  const spaces = [community, ...station.spaces().map(({ id }) => id)].sort().map((id) => station.digest(id))
  return { community, spaces, records }
}

export const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The files of a home at rest, packed one by one; its write-ahead log is empty then. */
export function packFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from).filter((one) => !/-(wal|shm)$/.test(one)))
    writeFileSync(join(to, `${name}.gz`), gzipSync(readFileSync(join(from, name)), { level: 9 }))
}

export function unpackFolder(from: string, to: string): string {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(from))
    writeFileSync(join(to, name.replace(/\.gz$/, '')), gunzipSync(readFileSync(join(from, name))), {
      mode: 0o600,
    })
  return to
}
