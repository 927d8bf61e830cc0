/** How fast something goes, and how long it may still take: said only once it can be known. */

/** Work that was done is averaged over so long, in milliseconds: a radio that comes and goes evens out. */
const WINDOW_MS = 20_000
/** Nothing is said of the time left before so long; a slow start says nothing of what comes. */
const FIRST_MS = 3000
/** Without progress for so long nobody knows when it will end. */
const STALL_MS = 8000
/** What is said of the time left follows what is measured with this time constant, so that it never jumps about. */
const SMOOTH_MS = 8000
/** Beyond this it is not an estimate any more. */
const MOST_MS = 24 * 3_600_000

export class Pace {
  readonly #marks: { readonly atMs: number; readonly done: number }[] = []
  #startedMs: number | null = null
  #movedMs = 0
  /** When it is expected to end, as last said. */
  #endsMs: number | null = null
  #saidMs = 0

  /** `done` never falls; any unit. `nowMs` should not run back: when it does, that moment says nothing. */
  note(done: number, nowMs: number): void {
    const last = this.#marks.at(-1)
    if (last && nowMs < last.atMs) return
    this.#startedMs ??= nowMs
    if (last === undefined || done > last.done) this.#movedMs = nowMs
    if (last?.atMs === nowMs) this.#marks.pop()
    this.#marks.push({ atMs: nowMs, done: Math.max(done, last?.done ?? done) })
    while (this.#marks.length > 2 && this.#marks[1]!.atMs <= nowMs - WINDOW_MS) this.#marks.shift()
  }

  /** Units a second over the last while; 0 when nothing moved; null before anything is known. */
  perSecond(nowMs: number): number | null {
    const first = this.#marks[0]
    const last = this.#marks.at(-1)
    if (!first || !last || this.#startedMs === null || nowMs - this.#startedMs < FIRST_MS) return null
    const spanMs = nowMs - first.atMs
    return spanMs <= 0 ? null : ((last.done - first.done) / spanMs) * 1000
  }

  /** Milliseconds that `left` units may still take; null while that cannot be known. */
  leftMs(left: number, nowMs: number): number | null {
    if (left <= 0) return 0
    const rate = this.perSecond(nowMs)
    if (rate === null || rate <= 0 || nowMs - this.#movedMs > STALL_MS) {
      this.#endsMs = null
      return null
    }
    const measured = (left / rate) * 1000
    if (measured > MOST_MS) {
      this.#endsMs = null
      return null
    }
    if (this.#endsMs === null) {
      this.#saidMs = nowMs
      this.#endsMs = nowMs + measured
      return measured
    }
    const said = Math.max(1, this.#endsMs - nowMs)
    const weight = 1 - Math.exp(-(nowMs - this.#saidMs) / SMOOTH_MS)
    const next = Math.exp(Math.log(said) * (1 - weight) + Math.log(Math.max(1, measured)) * weight)
    this.#saidMs = nowMs
    this.#endsMs = nowMs + next
    return next
  }
}
