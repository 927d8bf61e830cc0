/** A home out of its backup: nothing has its place before it was found to be what was taken. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fail, type HomeSecret, homeDigests, homeExists, ok, type Problem, type Result } from '@doorstep/core'
import {
  BACKUP_FORMAT,
  type BackupManifest,
  BLOB_PATH,
  DATABASES,
  fileProblem,
  MANIFEST,
  measure,
} from './backup.ts'

export type RestoreProblem = Problem & {
  readonly type: 'not-a-backup' | 'backup-altered' | 'backup-differs' | 'home-exists' | 'folder-not-empty'
}

/** Opening it afterwards gives it a fresh epoch (A15): the machine it was taken of may still be there. */
export async function restoreHome(input: {
  readonly file: string
  readonly home: string
  readonly secret: HomeSecret
}): Promise<Result<BackupManifest, RestoreProblem | Problem>> {
  const { file, secret } = input
  const home = resolve(input.home)
  if (homeExists(home)) return fail({ type: 'home-exists', home })
  if (existsSync(home) && readdirSync(home).length > 0)
    return fail({ type: 'folder-not-empty', folder: home })
  let staging: string | null = null
  try {
    if (!existsSync(file)) return fail({ type: 'file-unreadable', file, code: 'ENOENT' })
    mkdirSync(dirname(home), { recursive: true })
    staging = mkdtempSync(join(dirname(home), '.doorstep-restore-'))
    const unpacked = await unpack(file, staging)
    if (!unpacked.ok) return unpacked
    const manifest = readManifest(join(staging, MANIFEST), file)
    if (!manifest.ok) return manifest
    for (const { name, bytes, sha256 } of manifest.value.files) {
      const path = join(staging, name)
      const found = existsSync(path) ? await measure(path) : null
      if (found?.bytes !== bytes || found.sha256 !== sha256)
        return fail({ type: 'backup-altered', file, name })
      chmodSync(path, 0o600)
    }
    const digests = homeDigests(staging, secret)
    if (!digests.ok) return digests
    if (JSON.stringify(digests.value) !== JSON.stringify(manifest.value.digests))
      return fail({ type: 'backup-differs', file })
    rmSync(join(staging, MANIFEST))
    chmodSync(staging, 0o700)
    if (existsSync(home)) rmdirSync(home)
    renameSync(staging, home)
    staging = null
    return manifest
  } catch (error) {
    return fail(fileProblem(error, home))
  } finally {
    if (staging) rmSync(staging, { recursive: true, force: true })
  }
}

/** Only what a backup has, by its names; no links, no folders elsewhere. */
async function unpack(file: string, into: string): Promise<Result<void, RestoreProblem>> {
  const { extract } = await import('tar')
  const names = new Set<string>([MANIFEST, ...DATABASES])
  let isOdd = false
  try {
    await extract({
      file,
      cwd: into,
      strict: true,
      preserveOwner: false,
      noMtime: true,
      filter: (path, entry) => {
        const isFile = 'type' in entry ? entry.type === 'File' : entry.isFile()
        const isOurs = isFile && (names.has(path) || BLOB_PATH.test(path))
        if (!isOurs) isOdd = true
        return isOurs
      },
    })
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENOSPC' || code === 'EACCES' || code === 'ENOENT') throw error
    return fail({ type: 'not-a-backup', file })
  }
  return isOdd || !lstatSync(join(into, MANIFEST), { throwIfNoEntry: false })?.isFile()
    ? fail({ type: 'not-a-backup', file })
    : ok(undefined)
}

function readManifest(path: string, file: string): Result<BackupManifest, RestoreProblem> {
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as BackupManifest
    const isWhole =
      manifest.doorstep === BACKUP_FORMAT &&
      Array.isArray(manifest.digests) &&
      Array.isArray(manifest.files) &&
      manifest.files.some(({ name }) => name === 'station.db') &&
      manifest.files.every(({ name }) => (DATABASES as readonly string[]).includes(name))
    return isWhole ? ok(manifest) : fail({ type: 'not-a-backup', file })
  } catch {
    return fail({ type: 'not-a-backup', file })
  }
}
