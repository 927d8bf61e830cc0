import type { Clock } from '../../src/session/clock.ts'

type Event = { readonly at: number; readonly n: number; task: (() => void) | null }

/** Virtual time: what is due earlier runs earlier, and of two at once the one that was asked for first. */
export class Timeline {
  /** Milliseconds since the history began. */
  now = 0
  #n = 0
  readonly #heap: Event[] = []
  readonly #settle: () => Promise<void>

  /** `settle` runs what an event set in motion, until all of it waits for a later one. */
  constructor(settle: () => Promise<void>) {
    this.#settle = settle
  }

  after(delayMs: number, task: () => void): () => void {
    const event: Event = { at: this.now + Math.max(0, delayMs), n: this.#n++, task }
    this.#push(event)
    return () => {
      event.task = null
    }
  }

  /** A machine's own clock, which may be years off and be set again at any time. */
  clock(offsetMs: () => number): Clock {
    return { now: () => START + this.now + offsetMs(), after: (ms, task) => this.after(ms, task) }
  }

  /** Lets time pass; earlier where `until` is true after an event. False when it never was. */
  async run(forMs: number, until: () => boolean = () => false): Promise<boolean> {
    const end = this.now + forMs
    for (;;) {
      const next = this.#heap[0]
      if (!next || next.at > end) break
      this.#pop()
      if (!next.task) continue
      this.now = next.at
      next.task()
      await this.#settle()
      if (until()) return true
    }
    this.now = end
    return until()
  }

  #push(event: Event): void {
    const heap = this.#heap
    let at = heap.push(event) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(heap[at]!, heap[parent]!)) return
      swap(heap, at, parent)
      at = parent
    }
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    heap[0] = last
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      let least = at
      for (const child of [left, left + 1])
        if (child < heap.length && isBefore(heap[child]!, heap[least]!)) least = child
      if (least === at) return
      swap(heap, at, least)
      at = least
    }
  }
}

/** When every history begins, in milliseconds since 1970. */
export const START = Date.UTC(2026, 0, 5)

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.n < b.n)

function swap(heap: Event[], a: number, b: number): void {
  const held = heap[a]!
  heap[a] = heap[b]!
  heap[b] = held
}
