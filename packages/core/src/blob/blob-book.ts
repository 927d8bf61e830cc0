import { type Membership, memberAt } from '../membership/resolve.ts'
import type { Role } from '../membership/roles.ts'
import { whereThereIsRoom } from '../station/home.ts'
import type { BlobHolder, BlobRow, HolderRank } from '../store/blob-shelf.ts'
import type { Store } from '../store/store.ts'
import type { Trunk } from '../trunk/context.ts'
import { BlobFiles } from './blob-files.ts'
import { namesIn } from './blob-names.ts'
import { chunksIn, sealedSizeOf } from './limits.ts'

/** How much a station keeps, and whether originals come by themselves or only when somebody asks for one. */
export type BlobBudget = {
  /** Sealed bytes; null for as much as there is. */
  readonly bytes: number | null
  readonly originals: 'all' | 'asked'
}

export type Tally = { readonly count: number; readonly bytes: number }
/** What a station has of the photos, scans and recordings that it knows of. Bytes are sealed ones. */
export type BlobStatus = {
  readonly here: Tally
  /** Not here, and fetched from the next who has them. */
  readonly wanted: Tally
  /** Not here, and not fetched: dropped to make room, beyond the budget, or originals that nobody asked for. */
  readonly left: Tally
  /** Here, and no other standing station said that it has them. */
  readonly onlyHere: Tally
  readonly budget: BlobBudget
  /** Beyond the budget, because nothing more may be dropped. */
  readonly overBytes: number
}

/** A laptop of a worker has to leave room for other things; whoever keeps the archive keeps it all. */
const LAPTOP_BYTES = 2 * 1024 ** 3
const ARCHIVES: readonly Role[] = ['chief', 'steward', 'relay']
const BUDGET = 'blobs/budget'
const INDEXED = 'blobs/rev'

/**
 * The photos, scans and recordings of one station: which it knows of, which are here, who else has them, what is to be
 * fetched, and what may go. Files are beside the store; the store says what they are.
 *
 * What may go: nothing that was kept or promised, and nothing unless a standing station of a higher rank said it has
 * it. Ranks are 2 for whoever promised to keep it, 1 for who made it, 0 for the rest, so no two stations ever rely on
 * each other, and the last copy stays.
 */
export class BlobBook {
  readonly files: BlobFiles
  readonly #trunk: Trunk
  readonly #home: string
  readonly #holdings: () => readonly string[]
  /** Blobs that a meeting is fetching: no two fetch the same. */
  readonly #claimed = new Set<string>()
  #indexed = -1
  readonly #listeners = new Set<(blob: string, isHere: boolean) => void>()

  constructor(trunk: Trunk, home: string, holdings: () => readonly string[]) {
    this.files = new BlobFiles(home)
    this.#home = home
    this.#trunk = trunk
    this.#holdings = holdings
  }

  get #store(): Store {
    return this.#trunk.store
  }
  #membership(): Membership {
    return this.#trunk.acts.now()
  }

  // ---- what there is

  /** Notes what records name since the last look, and takes away the files of what nobody names any more. */
  settle(): void {
    const { blobs } = this.#store
    const rev = this.#store.rev()
    if (rev === this.#indexed && !blobs.mayHaveLost) return
    const wasLost = blobs.mayHaveLost
    this.#index(rev)
    this.#indexed = rev
    if (!wasLost) return
    blobs.settledLost()
    try {
      const lost = this.#lostNames()
      const gone = this.#store.transaction(() => {
        for (const { blob, space, record } of lost) blobs.dropName(blob, space, record)
        return blobs.unnamed()
      })
      if (gone.length === 0) return
      for (const blob of gone) this.files.remove(blob)
      this.#store.transaction(() => {
        for (const blob of gone) blobs.forget(blob)
      })
    } catch (error) {
      blobs.noteLost()
      throw error
    }
  }

  /** `rev`: as of before it looks, for another process may write meanwhile. */
  #index(rev: number): void {
    const kept = this.#store.setting(INDEXED)
    const since = Math.max(this.#indexed, kept ? Number(Buffer.from(kept).toString()) : 0)
    const fresh = [...this.#store.recordsSince('attachment', since)]
    if (fresh.length === 0) return
    this.#store.transaction(() => {
      for (const { id, space, fields, createdAt } of fresh)
        for (const name of namesIn((field) => fields[field])) {
          this.#store.blobs.putName(name, { record: id }, space, createdAt)
          const known = this.#store.blobs.row(name.blob)
          // The file is there before its record; after a restored backup it may be there without this row.
          if (!known?.isHere && this.files.has(name.blob))
            this.#store.blobs.put(name.blob, { isHere: true, usedAt: this.#trunk.now() })
        }
      this.#store.putSetting(INDEXED, Buffer.from(String(rev)))
    })
  }

  /**
   * Of an erased record at once; of a space that is not held any more, unless this station made it and nobody is known
   * to have it. What is to be folded again in a space that is held stays.
   */
  #lostNames() {
    const orphans = this.#store.blobs.orphans()
    // Nothing to be judged: who belongs is not asked, and need not be readable.
    if (orphans.length === 0) return []
    const held = new Set(this.#holdings())
    return orphans.filter(({ blob, space, isErased }) => {
      if (isErased) return true
      if (held.has(space)) return false
      return !this.#store.blobs.row(blob)?.isOwn || this.holders(blob).length > 0
    })
  }

  row(blob: string): BlobRow | null {
    return this.#store.blobs.row(blob)
  }
  rows(): readonly BlobRow[] {
    return this.#store.blobs.rows()
  }

  /** Sealed bytes that have come of it. */
  receivedBytes(blob: string): number {
    const row = this.row(blob)
    if (row?.isHere) return row.bytes
    const chunks = this.files.arrived(blob)?.chunks ?? 0
    return Math.min(
      sealedSizeOf(blob),
      Math.ceil((sealedSizeOf(blob) / chunksIn(sealedSizeOf(blob))) * chunks),
    )
  }

  /** Stations that said they have it, and stand. */
  holders(blob: string): readonly BlobHolder[] {
    const membership = this.#membership()
    const { station } = this.#trunk.identity
    return this.#store.blobs
      .holders(blob)
      .filter((holder) => holder.station !== station && memberAt(membership, holder.station) !== undefined)
  }

  status(): BlobStatus {
    const rows = this.rows()
    const budget = this.budget()
    const here = rows.filter(({ isHere }) => isHere)
    const wanted = this.wanted(rows)
    const named = new Set(wanted.map(({ blob }) => blob))
    const tallies = {
      here: tally(here),
      wanted: tally(wanted),
      left: tally(rows.filter(({ blob, isHere }) => !isHere && !named.has(blob))),
      onlyHere: tally(here.filter(({ blob }) => this.holders(blob).length === 0)),
    }
    const overBytes = budget.bytes === null ? 0 : Math.max(0, tallies.here.bytes - budget.bytes)
    return { ...tallies, budget, overBytes }
  }

  // ---- what is to come

  budget(): BlobBudget {
    const kept = this.#store.setting(BUDGET)
    if (kept) return JSON.parse(Buffer.from(kept).toString()) as BlobBudget
    const role = memberAt(this.#membership(), this.#trunk.identity.station)?.role
    return { bytes: role && ARCHIVES.includes(role) ? null : LAPTOP_BYTES, originals: 'all' }
  }
  /** What others were told would be kept stays, whatever the budget. */
  setBudget(budget: BlobBudget): void {
    this.#store.transaction(() => this.#store.putSetting(BUDGET, Buffer.from(JSON.stringify(budget))))
    this.makeRoom()
  }

  /** What is to be fetched, in this order: asked for, previews, originals; of each the newest first. */
  wanted(rows: readonly BlobRow[] = this.rows()): readonly BlobRow[] {
    const { bytes, originals } = this.budget()
    const missing = rows.filter(
      ({ isHere, isDropped, isKept, isPreview }) =>
        !isHere && (isKept || (!isDropped && (isPreview || originals === 'all'))),
    )
    const urgency = (row: BlobRow) => (row.isKept ? 0 : row.isPreview ? 1 : 2)
    const sorted = missing.sort((a, b) => urgency(a) - urgency(b) || b.at - a.at)
    if (bytes === null) return sorted
    let room = bytes - tally(rows.filter(({ isHere }) => isHere)).bytes
    for (const row of rows) if (!row.isPreview && this.#mayGo(row)) room += row.bytes
    return sorted.filter((row) => {
      if (!row.isKept && row.bytes > room) return false
      room -= row.bytes
      return true
    })
  }

  /** Whether this fetch is the only one of this process; `release` when it ended. */
  claim(blob: string): boolean {
    if (this.#claimed.has(blob)) return false
    // So that a part of it that is left is known when nobody names it any more.
    this.#store.transaction(() => this.#store.blobs.put(blob, {}))
    this.#claimed.add(blob)
    return true
  }
  release(blob: string): void {
    if (this.#claimed.delete(blob)) this.#tell(blob, this.row(blob)?.isHere === true)
  }

  /** It came whole, and is on the disk. */
  arrived(blob: string): void {
    this.#store.transaction(() =>
      this.#store.blobs.put(blob, { isHere: true, isDropped: false, usedAt: this.#trunk.now() }),
    )
    this.#claimed.delete(blob)
    this.makeRoom()
    this.#tell(blob, true)
  }
  /** Calls back when a fetch of this process ended, with whether it is here now; returns how to stop. */
  onFetched(listener: (blob: string, isHere: boolean) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  #tell(blob: string, isHere: boolean): void {
    for (const listener of [...this.#listeners]) listener(blob, isHere)
  }

  /** Changes when there may be something new to ask for. */
  mark(): string {
    return `${this.#store.rev()}/${this.#store.blobs.named}`
  }

  /** Made here, and on the disk. In the transaction of the record that names it. */
  made(blob: string): void {
    this.#store.blobs.put(blob, { isHere: true, isOwn: true, usedAt: this.#trunk.now() })
  }

  /** Sealed; null when it is not here, or not whole: then what is right of it is kept and the rest fetched again. */
  read(blob: string): Uint8Array | null {
    if (!this.row(blob)?.isHere) return null
    const sealed = this.files.read(blob)
    if (!sealed) this.notWhole(blob)
    else this.#store.transaction(() => this.#store.blobs.put(blob, { usedAt: this.#trunk.now() }))
    return sealed
  }

  /** Found damaged or gone. The only copy is left as it is: what is right of it may be all there is. */
  notWhole(blob: string): boolean {
    if (this.holders(blob).length === 0 && this.files.has(blob)) return false
    this.files.reopen(blob)
    this.#store.transaction(() => this.#store.blobs.put(blob, { isHere: false, isDropped: false }))
    return true
  }

  // ---- who has what

  /** What to tell somebody who asks: for each whether it is here. What is told to be kept is promised from then on. */
  tell(blobs: readonly string[]): {
    readonly has: readonly boolean[]
    readonly ranks: readonly HolderRank[]
  } {
    const rows = blobs.map((blob) => this.row(blob))
    const ranks = rows.map((row): HolderRank => (row ? this.#rank(row) : 0))
    const fresh = rows.filter((row, at) => row?.isHere && ranks[at] === 2 && !row.isPromised)
    const isNoted =
      fresh.length === 0 ||
      this.#whereThereIsRoom(() => {
        for (const row of fresh) this.#store.blobs.put(row!.blob, { isPromised: true })
      })
    return {
      has: rows.map((row) => row?.isHere === true),
      // What could not be written down is not promised.
      ranks: isNoted
        ? ranks
        : rows.map((row, at) => (fresh.includes(row) ? (row!.isOwn ? 1 : 0) : ranks[at]!)),
    }
  }
  #whereThereIsRoom(work: () => void): boolean {
    return whereThereIsRoom(this.#home, () => this.#store.transaction(work))
  }
  #rank(row: BlobRow): HolderRank {
    if (row.isKept || row.isPromised || this.budget().bytes === null) return 2
    return row.isOwn ? 1 : 0
  }

  hear(station: string, said: readonly { readonly blob: string; readonly rank: HolderRank | null }[]): void {
    const at = this.#trunk.now()
    this.#whereThereIsRoom(() => {
      for (const { blob, rank } of said)
        if (rank === null) this.#store.blobs.dropHolder(blob, station)
        else if (this.row(blob)) this.#store.blobs.putHolder(blob, { station, rank, at })
    })
  }

  /** Whether some other that stands has promised to keep it. */
  isSafe(blob: string): boolean {
    return this.holders(blob).some(({ rank }) => rank === 2)
  }

  // ---- what may go

  #mayGo(row: BlobRow): boolean {
    if (!row.isHere || row.isKept || row.isPromised) return false
    return this.holders(row.blob).some(({ rank }) => rank > (row.isOwn ? 1 : 0))
  }

  /** Keeps to the budget: originals that were not used for longest go first, previews last. Returns what went. */
  makeRoom(): readonly string[] {
    const { bytes } = this.budget()
    if (bytes === null) return []
    const rows = this.rows()
    let over = tally(rows.filter(({ isHere }) => isHere)).bytes - bytes
    if (over <= 0) return []
    const order = [...rows].sort(
      (a, b) => Number(a.isPreview) - Number(b.isPreview) || a.usedAt - b.usedAt || a.at - b.at,
    )
    const gone: string[] = []
    for (const row of order) {
      if (over <= 0) break
      if (!this.#mayGo(row)) continue
      this.#drop(row.blob)
      gone.push(row.blob)
      over -= row.bytes
    }
    return gone
  }

  /** `only-copy`: nobody who will keep it is known to have it; `promised`: others were told that it is kept here. */
  drop(blob: string, force = false): 'dropped' | 'not-here' | 'only-copy' | 'promised' {
    const row = this.row(blob)
    if (!row?.isHere) {
      this.#store.transaction(() => this.#store.blobs.put(blob, { isKept: false, isDropped: true }))
      return 'not-here'
    }
    const loose = { ...row, isKept: false }
    if (!force && row.isPromised) return 'promised'
    if (!force && !this.#mayGo(loose)) return 'only-copy'
    this.#drop(blob)
    return 'dropped'
  }
  #drop(blob: string): void {
    this.#store.transaction(() =>
      this.#store.blobs.put(blob, { isHere: false, isKept: false, isPromised: false, isDropped: true }),
    )
    this.files.remove(blob)
  }

  /** Never dropped to make room, and fetched if it is not here. */
  keep(blob: string): void {
    this.#store.transaction(() => this.#store.blobs.put(blob, { isKept: true, isDropped: false }))
  }

  /** Files that nobody names, left by a killed process. Returns how many there were. */
  sweep(): number {
    this.settle()
    return this.files.sweep((blob, isPart) => {
      const row = this.row(blob)
      return row !== null && (isPart ? !row.isHere : row.isHere)
    }, this.#trunk.now())
  }
}

const tally = (rows: readonly BlobRow[]): Tally => ({
  count: rows.length,
  bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
})
