import { digestOfStretch, digestOfStretches, stretchOf, type WorkedDigest } from '../record/digest.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

type Known = {
  version: number
  readonly stretches: Map<string, string>
  readonly touched: Set<string>
  digest: Uint8Array
}

/** The digest of a space's records, kept while nothing changes; after a change only its stretch is read again. */
export class RecordsDigest {
  readonly #db: SqliteConnection
  readonly #known = new Map<string, Known>()

  constructor(db: SqliteConnection) {
    this.#db = db
    db.onUndone(() => this.#known.clear())
  }

  touch(space: string, id: string): void {
    this.#known.get(space)?.touched.add(stretchOf(id))
  }
  forget(space: string): void {
    this.#known.delete(space)
  }

  /** What somebody has just worked out of all records of a space. */
  keep(space: string, { stretches, digest }: WorkedDigest): void {
    this.#keep(space, { stretches: new Map(stretches), digest }, this.#db.versionNow())
  }
  /** `version`: as of before they were read, for another process may write between two reads. */
  #keep(space: string, worked: Pick<Known, 'stretches' | 'digest'>, version: number): Uint8Array {
    this.#known.set(space, { ...worked, version, touched: new Set() })
    return worked.digest
  }

  of(space: string): Uint8Array {
    const version = this.#db.versionNow()
    const known = this.#known.get(space)
    // Another process may have changed any.
    if (!known || known.version !== version) return this.#readAll(space, version)
    if (known.touched.size === 0) return known.digest
    // A first sync touches all of them: one statement reads them faster than one each.
    if (known.touched.size > known.stretches.size / 4) return this.#readAll(space, version)
    for (const name of known.touched) {
      const text = this.#db.get(
        `SELECT group_concat(id || hex(hash), '' ORDER BY id) AS text FROM record WHERE space = ? AND id >= ? AND id < ? || '~'`,
        space,
        name,
        name,
      )?.text
      if (typeof text === 'string') known.stretches.set(name, digestOfStretch(text))
      else known.stretches.delete(name)
    }
    known.touched.clear()
    known.digest = digestOfStretches(known.stretches)
    return known.digest
  }

  #readAll(space: string, version: number): Uint8Array {
    const rows = this.#db.all(
      `SELECT name, group_concat(line, '') AS text FROM
       (SELECT substr(id, 1, 5) AS name, id || hex(hash) AS line FROM record WHERE space = ? ORDER BY id) GROUP BY name`,
      space,
    )
    const stretches = new Map(rows.map(({ name, text }) => [name as string, digestOfStretch(text as string)]))
    return this.#keep(space, { stretches, digest: digestOfStretches(stretches) }, version)
  }
}
