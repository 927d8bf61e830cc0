import type { Clock } from './clock.ts'

/** Moved by hand. */
export class HandClock implements Clock {
  #now = 1_800_000_000_000
  #tasks: { at: number; task: () => void }[] = []
  now(): number {
    return this.#now
  }
  after(delayMs: number, task: () => void): () => void {
    const one = { at: this.#now + delayMs, task }
    this.#tasks.push(one)
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== one)
    }
  }
  get waiting(): number {
    return this.#tasks.length
  }
  advance(ms: number): void {
    this.set(this.#now + ms)
  }
  /** Back too, as a wrong clock is set. */
  set(now: number): void {
    this.#now = now
    const due = this.#tasks.filter(({ at }) => at <= this.#now)
    this.#tasks = this.#tasks.filter(({ at }) => at > this.#now)
    for (const { task } of due) task()
  }
}
