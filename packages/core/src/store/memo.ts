import type { SqliteConnection } from './sqlite-connection.ts'

/** More is not kept: a community of thousands of logs must not keep the ends of all of them in memory. */
const MAX_KEPT = 512

/**
 * What was read of the file, kept for as long as it is what is there: whoever writes it here forgets it, what was
 * undone is forgotten, and so is everything when another process has written.
 */
export class Memo<V> {
  readonly #db: SqliteConnection
  readonly #values = new Map<string, V>()
  #version = -1

  constructor(db: SqliteConnection) {
    this.#db = db
    db.onUndone(() => this.#values.clear())
  }

  of(name: string, read: () => V): V {
    const known = this.known(name)
    if (known !== undefined) return known
    const value = read()
    this.keep(name, value)
    return value
  }
  known(name: string): V | undefined {
    const version = this.#db.versionNow()
    if (version !== this.#version) this.#values.clear()
    this.#version = version
    return this.#values.get(name)
  }
  /** What `known` was just asked for and is now this. */
  keep(name: string, value: V): void {
    if (this.#values.size >= MAX_KEPT) this.#values.clear()
    this.#values.set(name, value)
  }
  forget(name: string): void {
    this.#values.delete(name)
  }
  forgetAll(): void {
    this.#values.clear()
  }
}
