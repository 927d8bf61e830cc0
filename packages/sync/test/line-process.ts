import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'

type Line = Record<string, unknown>

/** A process that says JSON documents, each beginning on a line of its own, and hears one word a line. */
export class LineProcess {
  readonly lines: Line[] = []
  errors = ''
  readonly #child: ChildProcess
  readonly #listeners = new Set<() => void>()
  #rest = ''
  #document = ''
  #ended = false
  readonly ended: Promise<void>

  constructor(command: string, args: readonly string[], options: SpawnOptions = {}) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options })
    this.#child.on('error', (error) => {
      this.errors += String(error)
    })
    this.#child.stdout!.on('data', (bytes: Buffer) => {
      const parts = (this.#rest + bytes.toString()).split('\n')
      this.#rest = parts.pop()!
      for (const part of parts) this.#take(part)
      this.#look()
    })
    this.#child.stderr!.on('data', (bytes: Buffer) => {
      this.errors = (this.errors + bytes.toString()).slice(-20_000)
    })
    this.#child.stdin!.on('error', () => undefined)
    this.ended = new Promise((resolve) =>
      this.#child.once('close', () => {
        this.#ended = true
        this.#look()
        resolve()
      }),
    )
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }
  get isAlive(): boolean {
    return !this.#ended
  }
  tell(word: string): void {
    this.#child.stdin!.write(`${word}\n`)
  }

  /** The next line from `from` on that passes; fails when the process ends before, or after so long. */
  async says(what: string, passes: (line: Line) => boolean, from = 0, withinMs = 120_000): Promise<Line> {
    const waiting = Promise.withResolvers<Line>()
    const timer = setTimeout(
      () => waiting.reject(new Error(`waited ${withinMs} ms for: ${what}\n${this.errors}`)),
      withinMs,
    )
    const look = () => {
      const line = this.lines.slice(from).find(passes)
      if (line) waiting.resolve(line)
      else if (this.#ended) waiting.reject(new Error(`ended before: ${what}\n${this.errors}`))
    }
    this.#listeners.add(look)
    look()
    try {
      return await waiting.promise
    } finally {
      clearTimeout(timer)
      this.#listeners.delete(look)
    }
  }

  async ask(word: string, answer: string, withinMs?: number): Promise<Line> {
    const from = this.lines.length
    this.tell(word)
    return this.says(`${answer}, asked by ${word}`, (line) => line.say === answer, from, withinMs)
  }

  async end(signal: NodeJS.Signals | null): Promise<void> {
    if (this.#ended) return
    const closed = once(this.#child, 'close')
    if (signal) this.#child.kill(signal)
    else this.#child.stdin!.end()
    await closed
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL')
  }

  #take(part: string): void {
    if (this.#document === '' && !part.startsWith('{')) return
    this.#document += part
    // A document over several lines ends where its first brace is closed.
    if (part.endsWith('}') && (part.startsWith('{') || part === '}')) {
      this.lines.push(JSON.parse(this.#document) as Line)
      this.#document = ''
    }
  }

  #look(): void {
    for (const listener of this.#listeners) listener()
  }
}
