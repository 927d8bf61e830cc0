import { toHex } from '../bytes/bytes.ts'
import { parseEntry } from '../log/entry.ts'
import { expectOk } from '../result.ts'
import type { ErasedName } from '../store/store.ts'
import type { Trunk } from './context.ts'
import { readPart } from './erase.ts'
import { isErasure } from './erased-list.ts'

/** Entries read at once: each has up to 512 parts to unseal, so a page takes a tenth of a second at most. */
const PAGE_ENTRIES = 16

/**
 * Every accepted part about some records, void ones too, found by unsealing a space's log from its start. Of entries
 * that are held, only how many: an erasure names nothing that it does not stand on.
 */
export class PartCollector {
  readonly #trunk: Trunk
  readonly #space: string
  readonly #records: ReadonlySet<string>
  readonly #found = new Map<string, Map<string, ErasedName & { readonly parts: number[] }>>()
  readonly #held = new Set<string>()
  #after = 0

  constructor(trunk: Trunk, space: string, records: ReadonlySet<string>) {
    this.#trunk = trunk
    this.#space = space
    this.#records = records
  }

  /** Reads one page on; false at the end. What arrives later is read by calling again. */
  step(): boolean {
    const page = this.#trunk.store.entriesOf(this.#space, this.#after, PAGE_ENTRIES)
    for (const entry of page) {
      this.#after = entry.n
      const { header } = expectOk(parseEntry(entry.raw))
      if (isErasure(header)) continue
      for (let part = 1; part < header.blobs.length; part++) {
        const change = readPart(this.#trunk, this.#space, entry, header, part)
        if (!change || !this.#records.has(change.id)) continue
        if (entry.status === 'accepted') this.#note(change.id, entry, part)
        else this.#held.add(toHex(entry.hash))
      }
    }
    return page.length === PAGE_ENTRIES
  }

  #note(record: string, { log, seq, hash }: Omit<ErasedName, 'parts'>, part: number): void {
    const names = this.#found.get(record) ?? new Map<string, ErasedName & { parts: number[] }>()
    this.#found.set(record, names)
    const name = names.get(toHex(hash))
    if (name) name.parts.push(part)
    else names.set(toHex(hash), { log, seq, hash, parts: [part] })
  }

  /** Entries about them that are held back here. */
  get held(): number {
    return this.#held.size
  }

  /** The parts of a record that are still there. A page read before another erasure struck some names them again: no harm. */
  names(record: string): readonly ErasedName[] {
    return [...(this.#found.get(record)?.values() ?? [])]
  }
}
