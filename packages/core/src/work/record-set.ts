import type { Role } from '../membership/roles.ts'
import type { RecordDefinition } from '../record/define.ts'
import { allMoves, openCopy, placesOf, shownCopy } from '../record/place.ts'
import type { Projection } from '../record/project.ts'
import { type RecordType, recordTypes } from '../records/registry.ts'
import type { Station } from '../station/station.ts'
import { HouseholdMemo } from './household-memo.ts'
import { STRICTEST } from './mask.ts'
import { maskedRecord } from './masked-record.ts'

export type RecordSetChange = {
  readonly records: readonly Projection[]
  /** As they last were; they are not in the set any more. */
  readonly erased: readonly Projection[]
}

/** A record type and one of its fields of type `id`. */
type Reference = `${string}.${string}`

const NONE: readonly Projection[] = []
const EMPTY: ReadonlyMap<string, Projection> = new Map()

/**
 * The records a caller needs, in memory, found by id, by type and by what they refer to, each in constant time, and
 * masked for its viewer. Everything in this folder that answers a question is a pure function over one.
 */
export class RecordSet {
  readonly #byId = new Map<string, Projection>()
  /** Of ids that are in several spaces, every copy. */
  readonly #copies = new Map<string, readonly Projection[]>()
  readonly #byType = new Map<string, Map<string, Projection>>()
  readonly #referring = new Map<Reference, Map<string, Projection[]>>()
  readonly #inConflict = new Map<string, Projection>()
  readonly #listeners = new Set<(change: RecordSetChange) => void>()
  readonly #stops: (() => void)[] = []
  readonly households = new HouseholdMemo(this)
  #viewer: Role
  #revision = 0

  /** `viewer` decides what is masked; see mask.ts. */
  constructor(records: Iterable<Projection> = [], viewer: Role = 'worker') {
    this.#viewer = viewer
    for (const record of records) this.#put(record)
  }

  /** For whom answers are masked. */
  get viewer(): Role {
    return this.#viewer
  }
  get size(): number {
    return this.#byId.size
  }
  /** Rises with every change: what was computed at the same revision still holds. */
  get revision(): number {
    return this.#revision
  }

  /** As it is kept now; of one that was moved to a space that is not here, the copy that was left behind. */
  get(id: string): Projection | null {
    return this.#byId.get(id) ?? null
  }
  /** The record if it is of this type; its copy in `space`, if there is one that did not move away. */
  getA(type: RecordType, id: unknown, space?: string): Projection | null {
    if (typeof id !== 'string') return null
    const copies = space === undefined ? undefined : this.#copies.get(id)
    const record = copies ? shownCopy(copies, space) : this.#byId.get(id)
    return record?.type === type ? record : null
  }
  /** Every copy of a record, in each space it was in. */
  copies(id: string): readonly Projection[] {
    const record = this.#byId.get(id)
    return this.#copies.get(id) ?? (record ? [record] : NONE)
  }
  /** Whether it is kept here; what was moved to a space that is not here is in no list. */
  isKept(id: string): boolean {
    return openCopy(this.copies(id)) !== null
  }
  ofType(type: RecordType): Iterable<Projection> {
    return (this.#byType.get(type) ?? EMPTY).values()
  }
  countOf(type: RecordType): number {
    return this.#byType.get(type)?.size ?? 0
  }
  /** Records of `type` whose id field `field` holds `id`, in no promised order. */
  referring(type: RecordType, field: string, id: string): readonly Projection[] {
    return this.#referring.get(`${type}.${field}`)?.get(id) ?? NONE
  }
  /** With two living values in a field, or two places it may have been moved to. */
  inConflict(): Iterable<Projection> {
    return this.#inConflict.values()
  }

  /** Takes newer projections in; each replaces the one of the same id. */
  apply(records: readonly Projection[]): void {
    if (records.length === 0) return
    const taken = records.map((record) => this.#put(record))
    this.#revision++
    for (const listener of [...this.#listeners]) listener({ records: taken, erased: [] })
  }

  /** Takes records out that were erased. */
  erase(gone: readonly { readonly space: string; readonly id: string }[]): void {
    const erased: Projection[] = []
    for (const { space, id } of gone) {
      const old = this.copies(id).find((copy) => copy.space === space)
      if (!old) continue
      this.#keep(
        id,
        this.copies(id).filter((copy) => copy !== old),
      )
      erased.push(old)
    }
    if (erased.length === 0) return
    this.#revision++
    for (const listener of [...this.#listeners]) listener({ records: [], erased })
  }

  #look(viewer: Role): void {
    if (viewer === this.#viewer) return
    this.#viewer = viewer
    this.households.clear()
    const all = [...this.#byId.keys()].flatMap((id) => this.copies(id))
    for (const record of all) this.#put(record)
  }

  #put(given: Projection): Projection {
    const record = maskedRecord(given, this.#viewer)
    const others = this.copies(record.id).filter((copy) => copy.space !== record.space)
    this.#keep(record.id, [...others, record])
    return record
  }

  #keep(id: string, copies: readonly Projection[]): void {
    const old = this.#byId.get(id)
    const before = this.copies(id)
    if (old) this.#forget(old)
    if (copies.length > 1) this.#copies.set(id, copies)
    else this.#copies.delete(id)
    const shown = shownCopy(copies)
    if (shown) this.#show(shown, openCopy(copies) !== null)
    else this.#byId.delete(id)
    for (const copy of before) this.households.touch(copy)
    for (const copy of copies) this.households.touch(copy)
  }

  #show(record: Projection, isKept: boolean): void {
    this.#byId.set(record.id, record)
    if (isAsked(record, this.copies(record.id), isKept)) this.#inConflict.set(record.id, record)
    if (!isKept) return
    let ofType = this.#byType.get(record.type)
    if (!ofType) {
      ofType = new Map()
      this.#byType.set(record.type, ofType)
    }
    ofType.set(record.id, record)
    for (const [reference, id] of referencesOf(record)) {
      let ids = this.#referring.get(reference)
      if (!ids) {
        ids = new Map()
        this.#referring.set(reference, ids)
      }
      const records = ids.get(id)
      if (records) records.push(record)
      else ids.set(id, [record])
    }
  }

  #forget(old: Projection): void {
    this.#byType.get(old.type)?.delete(old.id)
    this.#inConflict.delete(old.id)
    for (const [reference, id] of referencesOf(old)) {
      const ids = this.#referring.get(reference)
      const rest = ids?.get(id)?.filter((record) => record.id !== old.id) ?? []
      if (rest.length > 0) ids?.set(id, rest)
      else ids?.delete(id)
    }
  }

  /** Calls back after each change, with the set already changed. */
  subscribe(listener: (change: RecordSetChange) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** Follows a station until closed; of some spaces alone when they are given. */
  follow(station: Station, spaces?: ReadonlySet<string>): void {
    this.#stops.push(
      station.onChange(({ records, erased }) => {
        this.#look(station.member()?.role ?? STRICTEST)
        this.erase(erased)
        this.apply(spaces ? records.filter((record) => spaces.has(record.space)) : records)
      }),
    )
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop()
    this.#listeners.clear()
  }
  [Symbol.dispose](): void {
    this.close()
  }
}

/**
 * Everything this station reads, kept up to date with every write and everything admitted until it is closed.
 * `follow: false` for a command that asks once and ends; `spaces` for one that asks about some grids of many: a town
 * of 90,000 records is not opened for one door.
 */
export function openRecordSet(
  station: Station,
  options: { readonly follow?: boolean; readonly spaces?: readonly string[] } = {},
): RecordSet {
  const set = new RecordSet([], station.member()?.role ?? STRICTEST)
  const spaces = options.spaces && withDesks(station, options.spaces)
  if (options.follow !== false) set.follow(station, spaces)
  if (!spaces) set.apply([...station.records({ moved: true })])
  else for (const space of spaces) set.apply([...station.records({ space, moved: true })])
  return set
}

/** What is known of a grid: the community's own records, and what its desks report. */
function withDesks(station: Station, grids: readonly string[]): ReadonlySet<string> {
  const spaces = new Set([...grids, station.communitySpace() ?? ''])
  for (const [desk, grid] of station.membership().parents) if (grids.includes(grid)) spaces.add(desk)
  return spaces
}

const ID_FIELDS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.values<RecordDefinition>(recordTypes).map(({ type, fields }) => [
    type,
    Object.keys(fields).filter((name) => fields[name]!.type === 'id'),
  ]),
)

function* referencesOf(record: Projection): Generator<readonly [Reference, string]> {
  for (const field of ID_FIELDS.get(record.type) ?? []) {
    const id = record.fields[field]
    if (typeof id === 'string') yield [`${record.type}.${field}`, id]
  }
}

/** Of what was moved away, only where to: the rest is a question where it is kept now. */
function isAsked(record: Projection, copies: readonly Projection[], isKept: boolean): boolean {
  if (record.type === 'household' && placesOf(allMoves(copies)).length > 1) return true
  if (isKept) for (const field in record.conflicts) if (field !== 'movedTo') return true
  return false
}

/** A field as text, or null when it is empty or of another kind. */
export const textOf = (record: Projection | null | undefined, field: string): string | null => {
  const value = record?.fields[field]
  return typeof value === 'string' && value !== '' ? value : null
}
