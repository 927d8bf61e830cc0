import {
  areLeavesOf,
  type BlobRow,
  chunksIn,
  type HolderRank,
  isChunkOf,
  mayHold,
  memberAt,
  type Station,
  sealedSizeOf,
} from '@doorstep/core'
import type { Clock } from './clock.ts'
import type { BlobMessage } from './message.ts'

/** Chunks asked for and not here yet: 256 KiB, so that a slow link is never full of what can wait. */
const WINDOW_CHUNKS = 16
/** Asked of us beyond which the peer ignores that window. */
const MAX_WANTS = 4 * WINDOW_CHUNKS
/** Blobs asked about at once: 32 KiB. */
const MAX_ASKED = 1024
/** Of them, those that are here, to hear who else has them. */
const MAX_WITNESSED = 256
/** Questions a peer may ask at once, and how many more a second; an honest one asks again every half minute. */
const ASKS_AT_ONCE = 64
const ASKS_A_SECOND = 4
/** Words of what became of a blob: a few for each that is known here, and so many more at once and each second. */
const GOTS_FOR_A_BLOB = 4
const GOTS_AT_ONCE = 1024
const GOTS_A_SECOND = 16
/** What was not there may be by now. */
const ASK_AGAIN_MS = 30_000
/** A peer that has given nothing of what was asked for in this long is asked no more: another may have it. */
const STUCK_MS = 60_000
/** What peers said is written down together: a disk write for each word would be slow. */
const HEARD_AT_ONCE = 256
const HEARD_MS = 500

export type BlobExchangeDeps = {
  readonly station: Station
  readonly peer: string
  readonly clock: Clock
  /** Resolves when the frame left our buffers. */
  readonly send: (message: BlobMessage) => Promise<void>
  /** No entry is under way in either direction: blobs come after them. */
  readonly isQuiet: () => boolean
  readonly onChange: () => void
  readonly onFault: (reason: string) => void
  /** The store failed. */
  readonly onError: (error: unknown) => void
}

export type BlobsMet = {
  /** Whole blobs that came, and sealed bytes, also of those that came in part. */
  readonly received: number
  readonly receivedBytes: number
  readonly sentBytes: number
  /** Still to come from this peer. */
  readonly toReceive: number
  readonly toReceiveBytes: number
  /** Pieces that were not what their hash says: not kept, and not asked of this peer again. */
  readonly falsePieces: number
  /** Why nothing more is fetched: `disk-full`, `not-writable`. */
  readonly problem: string | null
}

type Fetch = { readonly blob: string; leaves: Uint8Array | null; filled: number; asked: number }

/**
 * Photos, scans and recordings in a meeting, after the entries that name them. Each side asks which of those it lacks
 * the other has, fetches them chunk by chunk at its own pace, small previews first, and says what is on its disk. A
 * chunk is compared with its hash and written as it comes, so that whoever is met next goes on from there.
 */
export class BlobExchange {
  readonly #deps: BlobExchangeDeps
  /** Asked about in this meeting, until asked again. */
  readonly #asked = new Set<string>()
  #asking: { readonly round: number; readonly blobs: readonly string[] } | null = null
  #round = 0
  #askedAt = 0
  /** What there was when nothing more was to be asked. */
  #askedMark = ''
  #queue: string[] = []
  readonly #open = new Map<string, Fetch>()
  /** The peer has them, and another meeting is fetching them. */
  readonly #passedBy = new Set<string>()
  /** Pieces asked for: `blob/index`. Those of a fetch that was given up may still be under way. */
  readonly #expected = new Set<string>()
  readonly #giving: { readonly blob: string; readonly index: number }[] = []
  #isGiving = false
  /** Said by the peer to be there: of these it may be told, and asked, though it may not hold their grid any more. */
  readonly #named = new Set<string>()
  /** A piece of them was false: of this peer they are not asked again. */
  readonly #false = new Set<string>()
  /** Told to be here, to a peer that lacks them and has not said since what became of them. */
  readonly #owed = new Set<string>()
  #heardAsk = false
  /** Questions that the peer may still ask, and since when they were counted. */
  #asksLeft = ASKS_AT_ONCE
  #asksAt: number
  #gots = 0
  /** So many may be said in all; counted anew when they are used up. */
  #mostGots = GOTS_AT_ONCE
  readonly #since: number
  readonly #heard = new Map<string, HolderRank | null>()
  #isHearing = false
  #stopHearing = () => {}
  #counts = { received: 0, receivedBytes: 0, sentBytes: 0, falsePieces: 0 }
  #problem: string | null = null
  /** When a piece last came, or was asked for while none was to come. */
  #cameAt = 0
  /** It gives nothing of what it says to have. */
  #isStuck = false
  #closed = false
  readonly #stops: (() => void)[] = []

  constructor(deps: BlobExchangeDeps) {
    this.#deps = deps
    this.#asksAt = deps.clock.now()
    this.#since = this.#asksAt
    this.#stops.push(deps.station.blobs.onFetched((blob, isHere) => this.#onFetched(blob, isHere)))
  }

  /** Something is still to come, from here or from there, or neither has asked yet. */
  isBusy(): boolean {
    return (
      !this.#heardAsk ||
      this.#round === 0 ||
      this.#asking !== null ||
      this.#isFetching() ||
      this.#owed.size > 0
    )
  }
  #isFetching(): boolean {
    return this.#problem === null && (this.#open.size > 0 || this.#queue.length > 0)
  }

  state(): BlobsMet {
    const open = [...this.#open.values()]
    const bytes =
      open.reduce(
        (sum, { blob, filled }) => sum + sealedSizeOf(blob) * (1 - filled / chunksIn(sealedSizeOf(blob))),
        0,
      ) + this.#queue.reduce((sum, blob) => sum + sealedSizeOf(blob), 0)
    return {
      ...this.#counts,
      toReceive: open.length + this.#queue.length,
      toReceiveBytes: Math.round(bytes),
      problem: this.#problem,
    }
  }

  /** Entries are settled for now: ask, and go on fetching and giving. */
  poke(): void {
    if (this.#closed || !this.#deps.isQuiet()) return
    this.#letGo()
    this.#ask()
    this.#fetch()
    this.#give().catch(this.#deps.onError)
  }

  on(message: BlobMessage): void {
    if (this.#closed) return
    switch (message.type) {
      case 'blobs-ask':
        return this.#onAsk(message.round, message.lacked, message.held)
      case 'blobs-have':
        return this.#onHave(message.round, message.ranks)
      case 'blob-want':
        return this.#onWant(message.blob, message.index)
      case 'blob-piece':
        return this.#onPiece(message.blob, message.index, message.bytes)
      case 'blobs-got':
        return this.#onGot(message.blob, message.rank)
    }
  }

  // ---- who has what

  #ask(): void {
    const { blobs } = this.#deps.station
    const now = this.#deps.clock.now()
    const isLate = Math.abs(now - this.#askedAt) > ASK_AGAIN_MS
    const mark = blobs.mark()
    if (this.#asking || (mark === this.#askedMark && !isLate) || this.#waitsForNames()) return
    if (isLate) this.#asked.clear()
    const rows = blobs.rows()
    const lacked =
      this.#problem !== null || this.#isStuck
        ? []
        : blobs
            .wanted(rows)
            .filter((row) => !this.#asked.has(row.blob) && !this.#isQueued(row.blob) && this.#mayTell(row))
            .slice(0, MAX_ASKED - MAX_WITNESSED)
            .map(({ blob }) => blob)
    const held = rows
      .filter(
        (row) => row.isHere && !this.#asked.has(row.blob) && this.#mayTell(row) && !blobs.isSafe(row.blob),
      )
      .slice(0, MAX_WITNESSED)
      .map(({ blob }) => blob)
    // The first is asked in any case: the peer hears that there is nothing, or nothing more.
    if (this.#round > 0 && lacked.length + held.length === 0) {
      this.#askedMark = mark
      return
    }
    this.#askedAt = now
    this.#round++
    this.#asking = { round: this.#round, blobs: [...lacked, ...held] }
    for (const blob of this.#asking.blobs) this.#asked.add(blob)
    void this.#deps.send({ type: 'blobs-ask', round: this.#round, lacked, held })
  }

  #onAsk(round: number, lacked: readonly string[], held: readonly string[]): void {
    const now = this.#deps.clock.now()
    const more = (ASKS_A_SECOND * Math.max(0, now - this.#asksAt)) / 1000
    this.#asksLeft = Math.min(ASKS_AT_ONCE, this.#asksLeft + more) - 1
    this.#asksAt = now
    if (this.#asksLeft < 0) return this.#deps.onFault('not-asked-for')
    this.#heardAsk = true
    const asked = [...lacked, ...held]
    const { station } = this.#deps
    const named = this.#named.size
    for (const blob of held) if (station.blobs.row(blob)) this.#named.add(blob)
    if (this.#named.size > named) {
      // Asked for before the peer is told that this was all, so that it stays.
      this.#askedMark = ''
      this.poke()
    }
    const mine = asked.filter((blob) => this.#named.has(blob) || this.#mayGive(blob))
    const { has, ranks } = station.blobs.tell(mine)
    const told = new Map(mine.map((blob, at) => [blob, has[at] ? ranks[at]! : null]))
    for (const blob of lacked) if ((told.get(blob) ?? null) !== null) this.#owed.add(blob)
    // What the peer asks about, it has or lacks.
    for (const blob of lacked) this.#hear(blob, null)
    void this.#deps.send({ type: 'blobs-have', round, ranks: asked.map((blob) => told.get(blob) ?? null) })
    this.#deps.onChange()
  }

  #onHave(round: number, ranks: readonly (HolderRank | null)[]): void {
    const asking = this.#asking
    if (!asking || asking.round !== round || ranks.length !== asking.blobs.length)
      return this.#deps.onFault('not-asked-for')
    this.#asking = null
    const had: string[] = []
    for (const [at, blob] of asking.blobs.entries()) {
      const rank = ranks[at] ?? null
      this.#hear(blob, rank)
      const isNews = !this.#deps.station.blobs.row(blob)?.isHere && !this.#isQueued(blob)
      if (rank !== null && isNews) had.push(blob)
    }
    this.#queue.push(...had)
    this.#write()
    this.poke()
    this.#deps.onChange()
  }

  /** To a station that may hold a space in which it is named; to one that was removed, nothing. */
  #mayGive(blob: string): boolean {
    const row = this.#deps.station.blobs.row(blob)
    return row !== null && this.#mayHold(row.spaces)
  }
  #mayHold(spaces: readonly string[]): boolean {
    const { station, peer } = this.#deps
    const membership = station.membership()
    const member = memberAt(membership, peer)
    return member !== undefined && spaces.some((space) => mayHold(membership, member, space))
  }
  /** That it exists is told to who may hold it, and to who has said so itself. */
  #mayTell({ blob, spaces }: BlobRow): boolean {
    return this.#named.has(blob) || this.#mayHold(spaces)
  }
  /** Who was removed, or lost a grid, says first what it has: it is asked for that and for nothing else (S7, S8). */
  #waitsForNames(): boolean {
    const { station, peer } = this.#deps
    if (this.#heardAsk || this.#round > 0) return false
    if (!memberAt(station.membership(), peer)) return true
    return station.headsOwedBy(peer).length > 0 && station.spacesOwed().length === 0
  }
  /** To come already, or never from this peer. */
  #isQueued(blob: string): boolean {
    return this.#open.has(blob) || this.#queue.includes(blob) || this.#false.has(blob)
  }

  /** Came here, from whomever: others may want it, or may let go of theirs. If another meeting broke off, it is our turn. */
  #onFetched(blob: string, isHere: boolean): void {
    if (this.#closed) return
    if (this.#passedBy.delete(blob) && !isHere) {
      this.#queue.push(blob)
      this.poke()
    }
    if (isHere) this.#announce(blob)
  }

  #announce(blob: string): void {
    if (!this.#named.has(blob) && !this.#mayGive(blob)) return
    const { has, ranks } = this.#deps.station.blobs.tell([blob])
    if (has[0]) void this.#deps.send({ type: 'blobs-got', blob, rank: ranks[0]! })
  }

  #onGot(blob: string, rank: HolderRank | null): void {
    if (++this.#gots > this.#mostGots && this.#gots > this.#countMostGots())
      return this.#deps.onFault('not-asked-for')
    this.#owed.delete(blob)
    this.#hear(blob, rank)
    if (this.#owed.size === 0) this.#write()
    const { blobs } = this.#deps.station
    const row = rank === null ? null : blobs.row(blob)
    if (row) this.#named.add(blob)
    const isNews = row && !row.isHere && !this.#isStuck && !this.#isQueued(blob)
    if (isNews && blobs.wanted().some((one) => one.blob === blob)) {
      this.#queue.push(blob)
      this.poke()
    }
    this.#deps.onChange()
  }

  #countMostGots(): number {
    const { station, clock } = this.#deps
    const seconds = Math.abs(clock.now() - this.#since) / 1000
    this.#mostGots = GOTS_AT_ONCE + GOTS_A_SECOND * seconds + GOTS_FOR_A_BLOB * station.blobs.rows().length
    return this.#mostGots
  }

  #hear(blob: string, rank: HolderRank | null): void {
    const { blobs } = this.#deps.station
    const known = blobs.holders(blob).find(({ station }) => station === this.#deps.peer)
    if (!blobs.row(blob) || (known?.rank ?? null) === rank) return void this.#heard.delete(blob)
    this.#heard.set(blob, rank)
    if (this.#heard.size >= HEARD_AT_ONCE) return this.#write()
    if (this.#isHearing) return
    this.#isHearing = true
    this.#stopHearing = this.#deps.clock.after(HEARD_MS, () => {
      try {
        this.#write()
      } catch (error) {
        this.#deps.onError(error)
      }
    })
  }
  #write(): void {
    this.#stopHearing()
    this.#isHearing = false
    const said = [...this.#heard].map(([blob, rank]) => ({ blob, rank }))
    this.#heard.clear()
    if (said.length > 0) this.#deps.station.blobs.hear(this.#deps.peer, said)
  }

  // ---- giving

  #onWant(blob: string, index: number): void {
    if (this.#giving.length >= MAX_WANTS) return this.#deps.onFault('not-asked-for')
    this.#giving.push({ blob, index })
    this.#give().catch(this.#deps.onError)
  }

  /** One at a time, each when the one before has left: an entry that comes meanwhile waits for one chunk at most. */
  async #give(): Promise<void> {
    if (this.#isGiving) return
    this.#isGiving = true
    try {
      while (this.#giving.length > 0 && !this.#closed && this.#deps.isQuiet()) {
        const { blob, index } = this.#giving.shift()!
        const bytes = this.#piece(blob, index)
        this.#counts.sentBytes += bytes.length
        await this.#deps.send({ type: 'blob-piece', blob, index, bytes })
      }
    } finally {
      this.#isGiving = false
    }
  }

  /** Piece 0 are the leaves, the others the chunks; empty when it is not here, or not right any more. */
  #piece(blob: string, index: number): Uint8Array {
    const { blobs } = this.#deps.station
    const nothing = new Uint8Array(0)
    if (!this.#mayGive(blob) || !blobs.row(blob)?.isHere) return nothing
    const bytes = index === 0 ? blobs.files.leaves(blob) : blobs.files.chunk(blob, index - 1)
    if (!bytes && index <= chunksIn(sealedSizeOf(blob))) blobs.notWhole(blob)
    if (!bytes) this.#owed.delete(blob)
    return bytes ?? nothing
  }

  // ---- taking

  #fetch(): void {
    while (this.#expected.size < WINDOW_CHUNKS && this.#problem === null && !this.#closed) {
      const next = [...this.#open.values()].find(
        ({ blob, leaves, asked }) => leaves && asked < chunksIn(sealedSizeOf(blob)),
      )
      if (next) this.#want(next.blob, ++next.asked)
      else if (!this.#openNext()) return
    }
  }

  /** Begins another; false when there is none. */
  #openNext(): boolean {
    const { blobs } = this.#deps.station
    const blob = this.#queue.shift()
    if (blob === undefined) return false
    const row = blobs.row(blob)
    if (!row || row.isHere) {
      // Erased meanwhile, or it came from elsewhere: the peer need not wait.
      if (!row) void this.#deps.send({ type: 'blobs-got', blob, rank: null })
      else this.#announce(blob)
      return true
    }
    return this.#tryDisk(() => {
      if (!blobs.claim(blob)) return void this.#passedBy.add(blob)
      if (blobs.files.has(blob)) return this.#arrive(blob)
      const begun = blobs.files.begun(blob)
      const fetch = {
        blob,
        leaves: begun?.leaves ?? null,
        filled: begun?.chunks ?? 0,
        asked: begun?.chunks ?? 0,
      }
      this.#open.set(blob, fetch)
      if (begun?.chunks === chunksIn(row.bytes)) return this.#whole(fetch)
      if (!begun) this.#want(blob, 0)
    })
  }

  /** What this peer does not give others may: no fetch is claimed for it any longer. */
  #letGo(): void {
    const silentMs = Math.abs(this.#deps.clock.now() - this.#cameAt)
    if (this.#expected.size === 0 || silentMs < STUCK_MS) return
    this.#isStuck = true
    this.#queue = []
    for (const blob of [...this.#open.keys()]) this.#giveUp(blob)
  }

  #want(blob: string, index: number): void {
    if (this.#expected.size === 0) this.#cameAt = this.#deps.clock.now()
    this.#expected.add(`${blob}/${index}`)
    void this.#deps.send({ type: 'blob-want', blob, index })
  }

  #onPiece(blob: string, index: number, bytes: Uint8Array): void {
    if (!this.#expected.delete(`${blob}/${index}`)) return this.#deps.onFault('not-asked-for')
    this.#cameAt = this.#deps.clock.now()
    this.#isStuck = false
    const fetch = this.#open.get(blob)
    if (fetch && bytes.length === 0) this.#giveUp(blob)
    else if (fetch && !this.#isTrue(fetch, index, bytes)) {
      this.#counts.falsePieces++
      this.#false.add(blob)
      this.#hear(blob, null)
      this.#giveUp(blob)
    } else if (fetch) this.#tryDisk(() => this.#take(fetch, index, bytes))
    if (this.#deps.isQuiet()) this.#fetch()
    if (!this.#isFetching()) this.poke()
    this.#deps.onChange()
  }

  /** Chunks come in the order in which they were asked for. */
  #isTrue({ blob, leaves, filled }: Fetch, index: number, bytes: Uint8Array): boolean {
    if (index === 0) return leaves === null && areLeavesOf(blob, bytes)
    return leaves !== null && index === filled + 1 && isChunkOf(blob, leaves, index - 1, bytes)
  }

  #take(fetch: Fetch, index: number, bytes: Uint8Array): void {
    const { files } = this.#deps.station.blobs
    if (index === 0) {
      files.begin(fetch.blob, bytes)
      fetch.leaves = bytes
      return
    }
    files.append(fetch.blob, index - 1, bytes)
    fetch.filled = index
    this.#counts.receivedBytes += bytes.length
    if (fetch.filled === chunksIn(sealedSizeOf(fetch.blob))) this.#whole(fetch)
  }

  #whole({ blob }: Fetch): void {
    if (this.#deps.station.blobs.files.finish(blob)) this.#arrive(blob)
    else this.#giveUp(blob)
  }

  #arrive(blob: string): void {
    this.#open.delete(blob)
    this.#counts.received++
    this.#deps.station.blobs.arrived(blob)
  }

  /** The peer need not wait for it. */
  #giveUp(blob: string): void {
    this.#open.delete(blob)
    this.#deps.station.blobs.release(blob)
    void this.#deps.send({ type: 'blobs-got', blob, rank: null })
  }

  /** A full disk ends the fetching of this meeting, and nothing else: what has come stays. */
  #tryDisk(work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (!code) throw error
      this.#problem = code === 'ENOSPC' || code === 'ERR_SQLITE_ERROR' ? 'disk-full' : 'not-writable'
      for (const blob of [...this.#open.keys(), ...this.#queue]) this.#giveUp(blob)
      this.#queue = []
      return false
    }
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stopHearing()
    for (const stop of this.#stops.splice(0)) stop()
    for (const blob of this.#open.keys()) this.#deps.station.blobs.release(blob)
    this.#open.clear()
    if (!this.#deps.station.closing.aborted) this.#write()
  }
}
