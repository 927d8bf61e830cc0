import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { fail, type HomeSecret, ok, type Result, syncFolder } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { readBytes } from '../read-bytes.ts'
import { checkChosen } from './chosen-passphrase.ts'

/** Flags of every command that sets a new secret. */
export const newSecretFlags = {
  'new-passphrase-file': Flags.string({
    description: '新口令文件 · file with the new passphrase',
    exclusive: ['new-key-file'],
  }),
  'new-key-file': Flags.string({
    description: '新密钥文件(网关);没有就建一个 · new key file of a gateway, made if there is none',
  }),
}

export type NewSecretFlags = {
  readonly 'new-passphrase-file'?: string | undefined
  readonly 'new-key-file'?: string | undefined
}

export type NewSecret = {
  readonly secret: HomeSecret
  /** The key file that was made just now; taken away again by `undo`. */
  readonly made: string | null
  undo(): void
}

const nothing = () => undefined

/** From the flags, or whatever `ask` gives; checked as something that a person chose. */
export async function newSecretOf(
  flags: NewSecretFlags,
  ask: () => Promise<string>,
): Promise<Result<NewSecret>> {
  const keyFile = flags['new-key-file']
  if (keyFile !== undefined) return newKeyFile(keyFile)
  let text: string
  const file = flags['new-passphrase-file']
  if (file === undefined) text = await ask()
  else {
    const read = readBytes(file)
    if (!read.ok) return read
    text = textOfPassphraseFile(read.value)
  }
  const chosen = checkChosen(text)
  return chosen.ok ? ok({ secret: { type: 'passphrase', text }, made: null, undo: nothing }) : chosen
}

/** The line that an editor adds at the end is not meant. */
export const textOfPassphraseFile = (bytes: Buffer): string => bytes.toString('utf8').replace(/\r?\n$/, '')

/** 256 random bits. */
const KEY_BYTES = 32

function newKeyFile(path: string): Result<NewSecret> {
  if (existsSync(path)) {
    const read = readBytes(path)
    if (!read.ok) return read
    if (read.value.length < KEY_BYTES) return fail({ type: 'key-file-short', file: path, least: KEY_BYTES })
    return ok({ secret: { type: 'key', bytes: new Uint8Array(read.value) }, made: null, undo: nothing })
  }
  const bytes = new Uint8Array(randomBytes(KEY_BYTES))
  try {
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, bytes)
    fsyncSync(file)
    closeSync(file)
    // The home is about to depend on this file: its name must be on the disk too.
    syncFolder(dirname(path))
  } catch (error) {
    return fail({ type: 'file-unwritable', file: path, code: (error as NodeJS.ErrnoException).code ?? '' })
  }
  return ok({ secret: { type: 'key', bytes }, made: path, undo: () => rmSync(path, { force: true }) })
}
