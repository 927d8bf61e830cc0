import type { EntryRef, LogId } from '@doorstep/core'

/** What a peer holds, as far as it said or acknowledged. */
export class PeerView {
  readonly #spaces = new Map<string, Map<LogId, EntryRef[]>>()
  readonly #isAtOrBefore: (ref: EntryRef, head: EntryRef) => boolean

  /** By the chains that are here, whether an entry is at or before another in its log. */
  constructor(isAtOrBefore: (ref: EntryRef, head: EntryRef) => boolean) {
    this.#isAtOrBefore = isAtOrBefore
  }

  learn(space: string, heads: readonly EntryRef[]): void {
    const logs = new Map<LogId, EntryRef[]>()
    for (const head of heads) {
      const refs = logs.get(head.log)
      if (refs) refs.push(head)
      else logs.set(head.log, [head])
    }
    this.#spaces.set(space, logs)
  }

  /** It has acknowledged a segment, so it holds everything up to its head on that chain. */
  took(space: string, head: EntryRef): void {
    const logs = this.#spaces.get(space)
    if (!logs) return
    // What it said of another branch still holds.
    const others = (logs.get(head.log) ?? []).filter((ref) => !this.#isAtOrBefore(ref, head))
    logs.set(head.log, [...others, head])
  }

  knows(space: string): boolean {
    return this.#spaces.has(space)
  }

  heads(space: string): EntryRef[] {
    return [...(this.#spaces.get(space)?.values() ?? [])].flat()
  }
}
