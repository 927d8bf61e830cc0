/** The sources of a configuration, each supervised; what a new one leaves as it was goes on undisturbed. */
import type { GatewayLog } from './log.ts'
import type { Sink, Source } from './source.ts'
import { type Supervised, supervise } from './supervise.ts'

export type WantedSource = {
  readonly name: string
  /** Whatever, when it differs, needs another source. */
  readonly settings: unknown
  readonly create: () => Source
}

type Running = {
  readonly settings: string
  readonly source: Source
  readonly supervised: Supervised
  readonly stop: AbortController
}

export class Sources {
  readonly #log: GatewayLog
  readonly #sink: (source: string, signal: AbortSignal) => Sink
  readonly #running = new Map<string, Running>()

  constructor(log: GatewayLog, sink: (source: string, signal: AbortSignal) => Sink) {
    this.#log = log
    this.#sink = sink
  }

  async set(wanted: readonly WantedSource[]): Promise<void> {
    const texts = new Map(wanted.map(({ name, settings }) => [name, JSON.stringify(settings)]))
    const gone = [...this.#running].filter(([name, { settings }]) => texts.get(name) !== settings)
    await Promise.all(gone.map(([name]) => this.#end(name)))
    for (const { name, create } of wanted) {
      if (this.#running.has(name)) continue
      const source = create()
      const stop = new AbortController()
      const supervised = supervise({ source, sink: this.#sink(name, stop.signal), log: this.#log })
      this.#running.set(name, { settings: texts.get(name)!, source, supervised, stop })
      this.#log.info('source-started', { source: name })
    }
  }

  async #end(name: string): Promise<void> {
    const running = this.#running.get(name)
    if (!running) return
    running.stop.abort()
    await running.supervised.stop()
    this.#running.delete(name)
    this.#log.info('source-stopped', { source: name })
  }

  list(): readonly Source[] {
    return [...this.#running.values()].map(({ source }) => source)
  }
  statuses() {
    return [...this.#running].map(([name, { supervised }]) => ({ name, ...supervised.status() }))
  }
  look(): void {
    for (const { supervised } of this.#running.values()) supervised.look()
  }
  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.#end(name)))
  }
}
