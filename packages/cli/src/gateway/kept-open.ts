/** Keeps one service open: tried again until it opens, opened anew when its settings change, left alone otherwise. */
import type { Problem, Result } from '@doorstep/core'
import type { GatewayLog } from './log.ts'
import { rest } from './supervise.ts'

const FIRST_REST_MS = 1000
const LONGEST_REST_MS = 60_000

export class KeptOpen<T extends { close(): Promise<void> }> {
  readonly name: string
  readonly #log: GatewayLog
  #settings: string | null = null
  #stop = new AbortController()
  #done: Promise<void> = Promise.resolve()
  #current: T | null = null
  #problem: Problem | null = null

  constructor(name: string, log: GatewayLog) {
    this.name = name
    this.#log = log
  }

  get current(): T | null {
    return this.#current
  }
  /** Why it is not open though it should be. */
  get problem(): Problem | null {
    return this.#problem
  }

  /** Null settings: it is not wanted. Resolves when it was tried once. */
  async set(settings: unknown, open: () => Promise<Result<T>>): Promise<void> {
    const wanted = settings === null ? null : JSON.stringify(settings)
    if (wanted === this.#settings) return
    await this.close()
    this.#settings = wanted
    if (wanted === null) return
    const stop = new AbortController()
    this.#stop = stop
    const tried = Promise.withResolvers<void>()
    this.#done = this.#keepOpening(open, stop.signal, tried.resolve)
    await tried.promise
  }

  async #keepOpening(open: () => Promise<Result<T>>, signal: AbortSignal, tried: () => void): Promise<void> {
    for (let restMs = FIRST_REST_MS; ; restMs = Math.min(restMs * 2, LONGEST_REST_MS)) {
      const opened = await open()
      if (opened.ok) {
        if (signal.aborted) await opened.value.close()
        else this.#current = opened.value
        this.#problem = null
        return tried()
      }
      if (this.#problem?.type !== opened.problem.type)
        this.#log.error('service-failed', { source: this.name, problem: opened.problem })
      this.#problem = opened.problem
      tried()
      await rest(restMs, signal)
      if (signal.aborted) return
    }
  }

  async close(): Promise<void> {
    this.#settings = null
    this.#stop.abort()
    await this.#done
    await this.#current?.close()
    this.#current = null
    this.#problem = null
  }
}
