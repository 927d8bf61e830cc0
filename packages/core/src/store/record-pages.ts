import { type PageRecord, type PartPlace, pageWithOnly } from '../record/page.ts'
import { decodePage } from '../record/page-read.ts'
import { encodePlainState } from '../record/plain.ts'
import { projectPlain } from '../record/project-plain.ts'
import { encodeRefs, keptRefs } from './kept-forms.ts'
import type { Sealer } from './sealer.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { DamagedStoreError, type RecordPage, type RecordRow } from './store.ts'

/** Pages kept open: who goes through records meets those of one page together. */
const MAX_OPEN = 2

type OpenPage = ReadonlyMap<string, PageRecord>

/** Records as a checkpoint brought them, a page of them under one seal, opened when one is asked for. */
export class RecordPages {
  readonly #db: SqliteConnection
  readonly #sealer: Sealer
  /** What is on a page only ever becomes less, and then nobody asks for that. */
  readonly #open = new Map<number, OpenPage>()

  constructor(db: SqliteConnection, sealer: Sealer) {
    this.#db = db
    this.#sealer = sealer
    db.onUndone(() => this.#open.clear())
  }

  put(space: string, page: RecordPage): number {
    return this.#db.run(
      'INSERT INTO record_page (space, sealed) VALUES (?, ?)',
      space,
      this.#seal(space, page),
    )
  }

  /** With a state and a projection that are made when they are asked for; null when it is not, or no more, there. */
  row(n: number, space: string, id: string, type: string, hash: Uint8Array): RecordRow | null {
    const found = this.#page(n)?.get(id)
    if (!found) return null
    return {
      space,
      id,
      type,
      hash,
      get state() {
        return encodePlainState(found.plain)
      },
      get projection() {
        return projectPlain(space, id, type, found.plain)
      },
    }
  }

  /** Puts the page anew without these records: nothing of them is left there. */
  erase(n: number, gone: ReadonlySet<string>): void {
    const read = this.#read(n)
    if (!read) throw new DamagedStoreError(`page ${n} of records is not there`)
    const { space, page } = read
    const placed = new Map<string, PartPlace>()
    const { records } = this.#decode(n, page, placed)
    const left = records.filter(({ id }) => !gone.has(id))
    this.#open.delete(n)
    if (left.length === 0) this.#db.run('DELETE FROM record_page WHERE n = ?', n)
    else
      this.#db.run(
        'UPDATE record_page SET sealed = ? WHERE n = ?',
        this.#seal(space, pageWithOnly(left, page.entries, placed)),
        n,
      )
  }

  drop(space: string): void {
    this.#db.run('DELETE FROM record_page WHERE space = ?', space)
    this.#open.clear()
  }

  #page(n: number): OpenPage | null {
    const known = this.#open.get(n)
    if (known) return known
    const read = this.#read(n)
    if (!read) return null
    const { records } = this.#decode(n, read.page)
    const page = new Map(records.map((record) => [record.id, record]))
    if (this.#open.size >= MAX_OPEN) this.#open.delete(this.#open.keys().next().value!)
    this.#open.set(n, page)
    return page
  }
  #decode(n: number, { packed, entries }: RecordPage, placed?: Map<string, PartPlace>) {
    const decoded = decodePage(packed, (_, at) => entries[at], placed)
    if (!decoded.ok) throw new DamagedStoreError(`page ${n} of records is damaged`)
    return decoded.value
  }
  #read(n: number): { space: string; page: RecordPage } | null {
    const row = this.#db.get('SELECT space, sealed FROM record_page WHERE n = ?', n)
    if (!row) return null
    const space = row.space as string
    const text = this.#sealer.open(row.sealed as Uint8Array, space, 'page')
    const length = text.readUInt32LE(0)
    return {
      space,
      page: { entries: keptRefs(text.subarray(4, 4 + length)), packed: text.subarray(4 + length) },
    }
  }
  #seal(space: string, { packed, entries }: RecordPage): Uint8Array {
    const refs = encodeRefs(entries)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(refs.length)
    return this.#sealer.seal(Buffer.concat([length, refs, packed]), space, 'page')
  }
}
