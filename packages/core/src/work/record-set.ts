import type { Role } from '../membership/roles.ts'
import type { Value } from '../record/change.ts'
import type { RecordDefinition } from '../record/define.ts'
import { allMoves, openCopy, placesOf, shownCopy } from '../record/place.ts'
import type { ConflictValue, Projection } from '../record/project.ts'
import { type RecordType, recordTypes } from '../records/registry.ts'
import type { Station } from '../station/station.ts'
import { HouseholdMemo } from './household-memo.ts'
import { STRICTEST } from './mask.ts'
import { maskedRecord, plainOf } from './masked-record.ts'
import { type Cluster, clustersOf, pairOf, survivorOf } from './merge-state.ts'
import { mergedView } from './merged-record.ts'

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
 *
 * Records that people merged are one here: found under the id of each, listed once, and whatever names one of them
 * names it. What each says by itself is `members`.
 */
export class RecordSet {
  /** Of each record the copy that is shown, by itself. */
  readonly #byId = new Map<string, Projection>()
  /** Where that is not what is given out: what merged ones say together, and what names one of them. */
  readonly #views = new Map<string, Projection>()
  /** Under which id a merged record goes on. */
  readonly #into = new Map<string, string>()
  #clusters: ReadonlyMap<string, Cluster> = new Map()
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
    const stale = new Set<string>()
    for (const record of records) this.#put(record, stale)
    this.#merge(stale)
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
    const one = this.#into.get(id) ?? id
    return this.#views.get(one) ?? this.#byId.get(one) ?? null
  }
  /** The record if it is of this type; its copy in `space`, if there is one that did not move away. */
  getA(type: RecordType, id: unknown, space?: string): Projection | null {
    if (typeof id !== 'string') return null
    const copies = space === undefined || this.#clusters.has(id) ? undefined : this.#copies.get(id)
    const record = copies ? this.#copyIn(copies, space!) : this.get(id)
    return record?.type === type ? record : null
  }
  #copyIn(copies: readonly Projection[], space: string): Projection | null {
    const copy = shownCopy(copies, space)
    return copy === null || this.#into.size === 0 ? copy : this.#viewOf(copy)
  }
  /** Every copy of a record, in each space it was in. */
  copies(id: string): readonly Projection[] {
    const record = this.#byId.get(id)
    return this.#copies.get(id) ?? (record ? [record] : NONE)
  }
  /** Whether it is kept here; what was moved to a space that is not here is in no list. */
  isKept(id: string): boolean {
    return !this.#into.has(id) && openCopy(this.copies(id)) !== null
  }
  /** The id under which it goes on; its own where it was merged into none. */
  idOf(id: string): string {
    return this.#into.get(id) ?? id
  }
  /** Each record that is one with it, by itself, the one it goes on under first; alone where nothing was merged. */
  members(id: string): readonly Projection[] {
    const one = this.idOf(id)
    const own = this.#byId.get(one)
    const others = (this.#clusters.get(one)?.members ?? []).flatMap((member) =>
      this.#into.get(member) === one ? (this.#byId.get(member) ?? []) : [],
    )
    return own ? [own, ...others] : NONE
  }
  /** The merge records that name it, or one that is one with it. */
  mergesOf(id: string): readonly Projection[] {
    const ids = new Set([
      id,
      ...this.members(id).map((one) => one.id),
      ...(this.#clusters.get(id)?.members ?? []),
    ])
    return ['merge.one', 'merge.other'].flatMap((reference) =>
      [...ids].flatMap((one) => this.#referring.get(reference as Reference)?.get(one) ?? []),
    )
  }
  /** What people said of it and others being one; null where nobody did, or it holds no more. */
  clusterOf(id: string): Cluster | null {
    return this.#clusters.get(id) ?? null
  }
  ofType(type: RecordType): Iterable<Projection> {
    return (this.#byType.get(type) ?? EMPTY).values()
  }
  countOf(type: RecordType): number {
    return this.#byType.get(type)?.size ?? 0
  }
  /** Records of `type` whose id field `field` holds `id`, in no promised order. */
  referring(type: RecordType, field: string, id: string): readonly Projection[] {
    return this.#referring.get(`${type}.${field}`)?.get(this.#into.get(id) ?? id) ?? NONE
  }
  /** With two living values in a field, or two places it may have been moved to. */
  inConflict(): Iterable<Projection> {
    return this.#inConflict.values()
  }

  /** Takes newer projections in; each replaces the one of the same id. */
  apply(records: readonly Projection[]): void {
    if (records.length === 0) return
    const stale = new Set<string>()
    const taken = records.map((record) => this.#put(record, stale))
    taken.push(...this.#merge(stale))
    this.#revision++
    for (const listener of [...this.#listeners]) listener({ records: taken, erased: [] })
  }

  /** Takes records out that were erased. */
  erase(gone: readonly { readonly space: string; readonly id: string }[]): void {
    const erased: Projection[] = []
    const stale = new Set<string>()
    for (const { space, id } of gone) {
      const old = this.copies(id).find((copy) => copy.space === space)
      if (!old) continue
      this.#keep(
        id,
        this.copies(id).filter((copy) => copy !== old),
        stale,
      )
      erased.push(old)
    }
    if (erased.length === 0) return
    const records = this.#merge(stale)
    this.#revision++
    for (const listener of [...this.#listeners]) listener({ records, erased })
  }

  #look(viewer: Role): void {
    if (viewer === this.#viewer) return
    this.#viewer = viewer
    this.households.clear()
    const all = [...this.#byId.keys()].flatMap((id) => this.copies(id))
    const stale = new Set<string>()
    for (const record of all) this.#put(record, stale)
    this.#merge(stale)
  }

  /** `stale` gathers the ids whose merges have to be looked at again. */
  #put(given: Projection, stale: Set<string>): Projection {
    const record = maskedRecord(given, this.#viewer)
    const others = this.copies(record.id).filter((copy) => copy.space !== record.space)
    this.#keep(record.id, [...others, record], stale)
    return this.#views.get(record.id) ?? record
  }

  #keep(id: string, copies: readonly Projection[], stale: Set<string>): void {
    const before = [...this.copies(id), ...(this.#views.has(id) ? [this.#views.get(id)!] : [])]
    this.#forget(id)
    if (copies.length > 1) this.#copies.set(id, copies)
    else this.#copies.delete(id)
    const shown = shownCopy(copies)
    if (shown) this.#byId.set(id, shown)
    else this.#byId.delete(id)
    if (this.#clusters.has(id) || id.startsWith(MERGE)) stale.add(id)
    if (shown && !this.#clusters.has(id)) this.#show(shown)
    for (const copy of before) this.households.touch(copy)
    for (const copy of copies) this.households.touch(copy)
    const view = this.#views.get(id)
    if (view) this.households.touch(view)
  }

  /**
   * Brings the merges up to date: each cluster that changed is shown anew, and all that names one of it. Gives back what
   * is shown otherwise than it was, and what is not listed any more.
   */
  #merge(stale: ReadonlySet<string>): readonly Projection[] {
    if (stale.size === 0) return NONE
    const touched = new Set([...stale].filter((id) => !id.startsWith(MERGE)))
    const before = this.#clusters
    if (touched.size < stale.size) {
      this.#clusters = clustersOf(
        [...this.ofType('merge')].flatMap(({ id }) => pairOf(this.copies(id)) ?? []),
      )
      for (const id of new Set([...before.keys(), ...this.#clusters.keys()]))
        if (signOf(before.get(id)) !== signOf(this.#clusters.get(id))) touched.add(id)
    }
    for (const id of [...touched])
      for (const cluster of [before.get(id), this.#clusters.get(id)])
        for (const one of cluster?.members ?? []) touched.add(one)
    if (touched.size === 0) return NONE
    this.households.clear()
    const old = new Map([...touched].map((id) => [id, this.idOf(id)]))
    for (const id of touched) {
      this.#forget(id)
      this.#into.delete(id)
    }
    for (const cluster of new Set([...touched].flatMap((id) => this.#clusters.get(id) ?? []))) {
      const here = new Set(cluster.members.filter((id) => openCopy(this.copies(id)) !== null))
      const survivor = survivorOf(cluster, here)
      for (const id of here) if (survivor !== null && id !== survivor) this.#into.set(id, survivor)
    }
    const naming = new Set<string>()
    for (const [id, known] of old)
      if (known !== this.idOf(id))
        for (const one of [id, known])
          for (const ids of this.#referring.values())
            for (const record of ids.get(one) ?? []) naming.add(record.id)
    const again = new Set([...touched, ...naming])
    for (const id of naming) this.#forget(id)
    for (const id of again) {
      const record = this.#byId.get(id)
      if (record && !this.#into.has(id)) this.#show(record)
    }
    return [...again].flatMap((id) => this.#views.get(id) ?? this.#byId.get(id) ?? [])
  }

  /** What is given out of a record: with those that are one with it, and naming what goes on. */
  #viewOf(record: Projection): Projection {
    const plain = plainOf(record)
    const cluster = this.#clusters.get(record.id)
    const members = cluster && this.#byId.get(record.id) === record ? this.members(record.id) : NONE
    const one = members.length > 1 ? mergedView(members.map(plainOf), cluster!) : plain
    const named = this.#into.size === 0 || record.type === 'merge' ? one : this.#renamed(one)
    return named === plain ? record : maskedRecord(named, this.#viewer)
  }

  #renamed(record: Projection): Projection {
    let { fields, conflicts }: { fields: Record<string, Value>; conflicts: Projection['conflicts'] } = record
    for (const field of ID_FIELDS.get(record.type) ?? []) {
      const id = fields[field]
      const one = typeof id === 'string' ? this.#into.get(id) : undefined
      if (one !== undefined) fields = { ...fields, [field]: one }
      const asked = conflicts[field]
      if (!asked?.some(({ value }) => typeof value === 'string' && this.#into.has(value))) continue
      const values = new Map<string, ConflictValue>()
      for (const choice of asked) {
        const value = this.idOf(String(choice.value))
        if (!values.has(value)) values.set(value, { ...choice, value })
      }
      const { [field]: _, ...rest } = conflicts
      // Two who named what is one now said the same.
      conflicts = values.size > 1 ? { ...rest, [field]: [...values.values()] } : rest
    }
    return fields === record.fields && conflicts === record.conflicts
      ? record
      : { ...record, fields, conflicts }
  }

  #show(base: Projection): void {
    const isKept = openCopy(this.copies(base.id)) !== null
    const record = this.#viewOf(base)
    if (record !== base) this.#views.set(base.id, record)
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

  #forget(id: string): void {
    const old = this.#views.get(id) ?? this.#byId.get(id)
    if (!old) return
    this.#views.delete(id)
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

/** How the ids of merges begin. */
const MERGE = `${recordTypes.merge.prefix}-`

/** Whether a cluster is as it was: who is in it, and all that holds of it. */
const signOf = (cluster: Cluster | undefined): string =>
  cluster ? JSON.stringify(cluster.pairs.map(({ id, live }) => [id, live])) : ''

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
