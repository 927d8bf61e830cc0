import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const CHILD = 'home-child.ts'
const TSX = import.meta.resolve('tsx')
const DEADLINE_MS = 30_000

/** A child that works in a home, and what it has said. */
export class HomeProcess {
  readonly lines: string[] = []
  readonly #child: ChildProcess
  #rest = ''
  #errors = ''
  #listeners = new Set<() => void>()

  constructor(home: string, name: string, batches: number, script = CHILD) {
    const path = fileURLToPath(new URL(script, import.meta.url))
    this.#child = spawn(process.execPath, ['--import', TSX, path, home, name, String(batches)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child.stdout!.on('data', (bytes: Buffer) => {
      const parts = (this.#rest + bytes.toString()).split('\n')
      this.#rest = parts.pop()!
      this.lines.push(...parts)
      for (const listener of this.#listeners) listener()
    })
    this.#child.stderr!.on('data', (bytes: Buffer) => {
      this.#errors += bytes.toString()
    })
    this.#child.once('exit', () => {
      for (const listener of this.#listeners) listener()
    })
  }

  /** Until it has said a line that passes; fails when it ends or takes too long. */
  async says(what: string, passes: (line: string) => boolean): Promise<void> {
    const waiting = Promise.withResolvers<void>()
    const timer = setTimeout(
      () => waiting.reject(new Error(`waited ${DEADLINE_MS} ms for: ${what}`)),
      DEADLINE_MS,
    )
    const look = () => {
      if (this.lines.some(passes)) waiting.resolve()
      else if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        waiting.reject(new Error(`ended before: ${what}\n${this.#errors}`))
    }
    this.#listeners.add(look)
    look()
    try {
      await waiting.promise
    } finally {
      clearTimeout(timer)
      this.#listeners.delete(look)
    }
  }

  /** Ends it without a warning, and takes in what it had said. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGKILL')
    await closed
  }

  /** Lets it end by itself. */
  async end(): Promise<void> {
    const closed = once(this.#child, 'close')
    this.#child.stdin!.end()
    await closed
  }

  /** A test that fails leaves nobody writing. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}
