/**
 * A home in one file, while it is in use: a tar archive of the store, the raw readings and the photos, sealed as they
 * are. The key that opens them is not in it. Whoever restores it proves that it is what was taken.
 */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { pipeline } from 'node:stream/promises'
import {
  fail,
  type HomeDigest,
  type HomeSecret,
  homeDigests,
  homeExists,
  ok,
  type Problem,
  type Result,
} from '@doorstep/core'

export const BACKUP_FORMAT = 'backup/1'
export const DATABASES = ['station.db', 'readings.db'] as const
export const MANIFEST = 'manifest.json'
const BLOBS = 'blobs'
/** A blob that is whole; pieces of others are fetched again. */
export const BLOB_PATH = /^blobs\/[0-9a-f]{2}\/[0-9a-z]+$/

export type BackupManifest = {
  readonly doorstep: typeof BACKUP_FORMAT
  /** ISO 8601, UTC. */
  readonly at: string
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[]
  readonly blobs: number
  readonly digests: readonly HomeDigest[]
}

export type BackupDone = { readonly file: string; readonly bytes: number } & Pick<
  BackupManifest,
  'blobs' | 'digests'
>

export type BackupProblem = Problem & {
  readonly type: 'backup-exists' | 'disk-full' | 'file-unwritable' | 'no-home'
}

/** Reads only; the home may be in use by others meanwhile. The file appears whole or not at all. */
export async function backupHome(input: {
  readonly home: string
  readonly secret: HomeSecret
  readonly file: string
  readonly nowMs: number
}): Promise<Result<BackupDone>> {
  const { home, secret } = input
  const file = resolve(input.file)
  if (!homeExists(home)) return fail({ type: 'no-home', home })
  if (existsSync(file)) return fail({ type: 'backup-exists', file })
  let staging: string | null = null
  const part = `${file}.part`
  try {
    staging = mkdtempSync(join(dirname(file), '.doorstep-backup-'))
    const names = DATABASES.filter((name) => existsSync(join(home, name)))
    for (const name of names) await copyDatabase(join(home, name), join(staging, name))
    // Of the copy, not of the home: what is written meanwhile is not in it.
    const digests = homeDigests(staging, secret)
    if (!digests.ok) return digests
    const files = []
    for (const name of names) files.push({ name, ...(await measure(join(staging, name))) })
    const blobs = wholeBlobs(home)
    const manifest: BackupManifest = {
      doorstep: BACKUP_FORMAT,
      at: new Date(input.nowMs).toISOString(),
      files,
      blobs: blobs.length,
      digests: digests.value,
    }
    writeFileSync(join(staging, MANIFEST), JSON.stringify(manifest, null, 2))
    const { create, replace } = await import('tar')
    const usual = { file: part, portable: true, noMtime: true } as const
    await create({ ...usual, cwd: staging }, [MANIFEST, ...names])
    if (blobs.length > 0) await replace({ file: part, portable: true, cwd: home }, blobs)
    chmodSync(part, 0o600)
    settle(part)
    renameSync(part, file)
    return ok({ file, bytes: statSync(file).size, blobs: blobs.length, digests: digests.value })
  } catch (error) {
    rmSync(part, { force: true })
    return fail(fileProblem(error, file))
  } finally {
    if (staging) rmSync(staging, { recursive: true, force: true })
  }
}

const ALL_PAGES = 2 ** 31 - 1

/** In one step: in several, each write of a running gateway would make it begin again. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const db = new DatabaseSync(from, { readOnly: true })
  try {
    await backup(db, to, { rate: ALL_PAGES })
  } finally {
    db.close()
  }
}

export async function measure(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  await pipeline(createReadStream(file), async (chunks) => {
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      hash.update(chunk)
      bytes += chunk.length
    }
  })
  return { bytes, sha256: hash.digest('hex') }
}

function wholeBlobs(home: string): string[] {
  const folder = join(home, BLOBS)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${BLOBS}/${basename(entry.parentPath)}/${entry.name}`)
    .filter((path) => BLOB_PATH.test(path))
    .sort()
}

function settle(path: string): void {
  const opened = openSync(path, 'r+')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

export function fileProblem(error: unknown, file: string): Problem {
  const { code, errcode } = error as { code?: string; errcode?: number }
  if (code === 'ENOSPC' || (errcode !== undefined && (errcode & 0xff) === 13))
    return { type: 'disk-full', file }
  if (code === undefined) throw error
  return { type: 'file-unwritable', file, code }
}
