import { parseEntry } from '../log/entry.ts'
import type { Change } from '../record/change.ts'
import { type FieldWrite, RecordDoc, type SetWrite, type Stamp } from '../record/fold.ts'
import { type Projection, projectRecord } from '../record/project.ts'
import { writeTagOf } from '../record/tag.ts'
import { definitionOf } from '../records/registry.ts'
import { expectOk } from '../result.ts'
import type { StoredEntry } from '../store/store.ts'
import type { Trunk } from '../trunk/context.ts'
import { openDeed, openPart } from '../trunk/part.ts'

/** The action of every entry that an import writes; only these count as what the register said. */
export const IMPORT_ACTION = 'record.import'

/** What the register said of a record when it was last imported, as if nobody else had ever written. */
export type LastImported = Pick<Projection, 'fields' | 'sets'>

type OpenEntry = {
  readonly n: number
  readonly isImport: boolean
  /** Which part is whose: a record's stamps name the tags of parts. */
  readonly parts: ReadonlyMap<string, number>
  readonly open: (part: number) => Change | null
}

/** Entries kept open: records imported together lie in the same ones. */
const MAX_OPEN = 64

/**
 * Reads the import parts of a record from the log. Every part leaves its stamp on the record, so the log need not be
 * searched: the stamps name the entries.
 */
export class ImportHistory {
  readonly #trunk: Trunk
  readonly #open = new Map<string, readonly OpenEntry[]>()

  constructor(trunk: Trunk) {
    this.#trunk = trunk
  }

  lastImported(space: string, id: string): LastImported {
    const row = this.#trunk.store.record(space, id)
    if (!row) return { fields: {}, sets: {} }
    const found: { n: number; part: number; change: Change; stamp: Stamp }[] = []
    for (const stamp of new RecordDoc(id, row.state).live().stamps.values()) {
      for (const entry of this.#entries(stamp, space)) {
        const part = entry.parts.get(stamp.tag)
        const change = part === undefined || !entry.isImport ? null : entry.open(part)
        if (change && part !== undefined) found.push({ n: entry.n, part, change, stamp })
      }
    }
    // Local numbers are a causal order. Two imports that did not know of each other agree, or left a conflict.
    found.sort((a, b) => a.n - b.n || a.part - b.part)
    const fields = new Map<string, FieldWrite>()
    const sets = new Map<string, SetWrite>()
    for (const { change, stamp } of found) {
      for (const unwrite of change.unwrites)
        if (unwrite.type === 'add') sets.delete(`${unwrite.name}+${unwrite.element}`)
      for (const write of change.writes) {
        if (write.type === 'field') fields.set(write.name, { name: write.name, value: write.value, stamp })
        else if (write.type === 'add')
          sets.set(`${write.name}+${write.element}`, { name: write.name, element: write.element, stamp })
      }
    }
    const live = {
      fields: [...fields.values()],
      sets: [...sets.values()],
      timelines: [],
      stamps: new Map<string, Stamp>(),
    }
    return projectRecord(id, row.type, space, live, definitionOf(row.type))
  }

  #entries(stamp: Stamp, space: string): readonly OpenEntry[] {
    const name = `${stamp.log}/${stamp.seq}`
    let entries = this.#open.get(name)
    if (!entries) {
      if (this.#open.size >= MAX_OPEN) this.#open.delete(this.#open.keys().next().value!)
      entries = this.#trunk.store
        .entriesAt(stamp.log, stamp.seq)
        .map((stored) => openEntry(this.#trunk, stored, space))
      this.#open.set(name, entries)
    }
    return entries
  }
}

function openEntry(trunk: Trunk, stored: StoredEntry, space: string): OpenEntry {
  const { header, hash } = expectOk(parseEntry(stored.raw))
  const keyOf = (index: number) => {
    const generation = header.keys[header.blobs[index]!.key]
    return generation ? trunk.keyring.keyFor(trunk.acts.now(), generation, stored.log, space) : null
  }
  const sealedDeed = stored.raw.blobs[0]
  const deedKey = sealedDeed ? keyOf(0) : null
  const deed = sealedDeed && deedKey ? openDeed(deedKey, stored.log, stored.seq, sealedDeed) : null
  const parts = new Map<string, number>()
  for (let part = 1; part < header.blobs.length; part++) parts.set(writeTagOf(hash, part), part)
  return {
    n: stored.n,
    isImport: deed?.ok === true && deed.value.action === IMPORT_ACTION,
    parts,
    open: (part) => {
      const blob = stored.raw.blobs[part]
      const key = keyOf(part)
      const opened = blob && key ? openPart(key, stored.log, stored.seq, part, blob) : null
      return opened?.ok ? opened.value : null
    },
  }
}
