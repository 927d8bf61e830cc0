import { type BlobRow, type HolderRank, mayHold, memberAt, type Station } from '@doorstep/core'
import { BlobGiver } from './blob-giver.ts'
import { BlobTaker, WINDOW_CHUNKS } from './blob-taker.ts'
import type { Clock } from './clock.ts'
import { HeardRanks } from './heard-ranks.ts'
import type { BlobMessage } from './message.ts'

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

/**
 * Photos, scans and recordings in a meeting, after the entries that name them. Each side asks which of those it lacks
 * the other has, fetches them (blob-taker.ts), small previews first, gives what it is asked for (blob-giver.ts), and
 * says what is on its disk.
 */
export class BlobExchange {
  readonly #deps: BlobExchangeDeps
  readonly #taker: BlobTaker
  readonly #giver: BlobGiver
  readonly #heard: HeardRanks
  /** Asked about in this meeting, until asked again. */
  readonly #asked = new Set<string>()
  #asking: { readonly round: number; readonly blobs: readonly string[] } | null = null
  #round = 0
  #askedAt = 0
  /** What there was when nothing more was to be asked. */
  #askedMark = ''
  /** Said by the peer to be there: of these it may be told, and asked, though it may not hold their grid any more. */
  readonly #named = new Set<string>()
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
  #closed = false
  readonly #stops: (() => void)[] = []

  constructor(deps: BlobExchangeDeps) {
    this.#deps = deps
    const { station, clock, isQuiet, onChange, onFault, onError } = deps
    const send = (message: BlobMessage) => this.#deps.send(message)
    this.#heard = new HeardRanks(station, deps.peer, clock, onError)
    this.#giver = new BlobGiver({
      station,
      send,
      isQuiet,
      onError,
      mayGive: (blob) => this.#mayGive(blob),
      onLacking: (blob) => this.#owed.delete(blob),
    })
    this.#taker = new BlobTaker({
      station,
      clock,
      send,
      isQuiet,
      onChange,
      onFault,
      onIdle: () => this.poke(),
      announce: (blob) => this.#announce(blob),
      onFalse: (blob) => this.#heard.note(blob, null),
    })
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
      this.#taker.isFetching() ||
      this.#owed.size > 0
    )
  }

  state(): BlobsMet {
    return { ...this.#taker.state(), sentBytes: this.#giver.sentBytes }
  }

  /** Entries are settled for now: ask, and go on fetching and giving. */
  poke(): void {
    if (this.#closed || !this.#deps.isQuiet()) return
    this.#taker.letGo()
    this.#ask()
    this.#taker.fetch()
    this.#giver.poke()
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
        return this.#taker.onPiece(message.blob, message.index, message.bytes)
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
    const lacked = this.#taker.isAtAnEnd
      ? []
      : blobs
          .wanted(rows)
          .filter(
            (row) => !this.#asked.has(row.blob) && !this.#taker.isSettled(row.blob) && this.#mayTell(row),
          )
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
    for (const blob of lacked) this.#heard.note(blob, null)
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
      this.#heard.note(blob, rank)
      const isNews = !this.#deps.station.blobs.row(blob)?.isHere && !this.#taker.isSettled(blob)
      if (rank !== null && isNews) had.push(blob)
    }
    this.#taker.add(...had)
    this.#heard.write()
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

  /** Came here, from whomever: others may want it, or may let go of theirs. If another meeting broke off, it is our turn. */
  #onFetched(blob: string, isHere: boolean): void {
    if (this.#closed) return
    if (this.#taker.takesOver(blob, isHere)) this.poke()
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
    this.#heard.note(blob, rank)
    if (this.#owed.size === 0) this.#heard.write()
    const { blobs } = this.#deps.station
    const row = rank === null ? null : blobs.row(blob)
    if (row) this.#named.add(blob)
    const isNews = row && !row.isHere && !this.#taker.isStuck && !this.#taker.isSettled(blob)
    if (isNews && blobs.wanted().some((one) => one.blob === blob)) {
      this.#taker.add(blob)
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

  #onWant(blob: string, index: number): void {
    if (this.#giver.waiting >= MAX_WANTS) return this.#deps.onFault('not-asked-for')
    this.#giver.want(blob, index)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#heard.stop()
    for (const stop of this.#stops.splice(0)) stop()
    this.#giver.close()
    this.#taker.close()
    if (!this.#deps.station.closing.aborted) this.#heard.write()
  }
}
