import type { Role } from '../membership/roles.ts'
import type { Projection } from '../record/project.ts'
import type { Store } from '../store/store.ts'
import { maskedRecord } from '../work/masked-record.ts'

/** To be looked at when it is told: what it says is read then. */
export type Changed = {
  readonly records: readonly Projection[]
  /** Records that are gone for good (A19). */
  readonly erased: readonly { readonly space: string; readonly id: string }[]
}

/** How often another process's writes are looked for, in milliseconds: within a second, as promised. */
const POLL_MS = 300

/** Tells of records that changed, whoever changed them. */
export class ChangeFeed {
  readonly #store: Store
  readonly #viewer: () => Role
  readonly #onForeign: () => void
  readonly #listeners = new Set<(changed: Changed) => void>()
  #poll: NodeJS.Timeout | null = null
  #seenVersion: number
  #seenRev: number

  /** `onForeign`: another process of this home has written, and nobody was told yet. */
  constructor(store: Store, viewer: () => Role, onForeign: () => void) {
    this.#store = store
    this.#viewer = viewer
    this.#onForeign = onForeign
    this.#seenVersion = store.dataVersion()
    this.#seenRev = store.rev()
  }

  listen(listener: (changed: Changed) => void): () => void {
    // What changed while nobody listened is read, not told: an import would be told again at the next keystroke.
    if (this.#listeners.size === 0) this.#seenRev = this.#store.rev()
    this.#listeners.add(listener)
    this.#poll ??= setInterval(() => this.#look(), POLL_MS)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#stopPolling()
    }
  }

  #look(): void {
    const version = this.#store.dataVersion()
    if (version === this.#seenVersion) return
    this.#seenVersion = version
    this.#onForeign()
    this.announce()
  }

  announce(): void {
    if (this.#listeners.size === 0) return
    const since = this.#store.changedSince(this.#seenRev)
    this.#seenRev = since.rev
    let records: readonly Projection[] | null = null
    const viewer = this.#viewer
    // Who only wants to know that something changed, as a meeting does, need not have thousands unsealed for it.
    const changed: Changed = {
      get records() {
        const who = viewer()
        records ??= since.records.map((record) => maskedRecord(record, who))
        return records
      },
      erased: since.erased,
    }
    for (const listener of this.#listeners) listener(changed)
  }

  #stopPolling(): void {
    if (this.#poll) clearInterval(this.#poll)
    this.#poll = null
  }

  close(): void {
    this.#stopPolling()
    this.#listeners.clear()
  }
}
