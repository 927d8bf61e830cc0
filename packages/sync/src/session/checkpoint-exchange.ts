import {
  blobStart,
  type Commitment,
  type EntryRef,
  isBelowBase,
  keepBlobStarts,
  keepNewest,
  missingBlobs,
  type OfferedCheckpoint,
  offerFor,
  parseOffer,
  putBlobs,
  readBlob,
  renewCheckpoints,
  type Station,
  sameBytes,
  servableBlobs,
  sha256Of,
  takeOffer,
  toHex,
  wantedCheckpoint,
  wouldTake,
} from '@doorstep/core'
import type { Message } from './message.ts'
import { nameOfHeads } from './name-of-heads.ts'
import { Window } from './window.ts'

/** One piece of a manifest or page: what is cut off in the middle comes again. */
const PIECE_BYTES = 15 * 1024
/** The same for a peer of before there were short ones (feature `pieces`). */
const LONG_PIECE_BYTES = 60 * 1024
/** Pieces asked for and not here yet, of all fetches together: the asker's window, as for segments. */
const WINDOW_BYTES = 16 * LONG_PIECE_BYTES
/** Asked of us beyond which the peer ignores that window. */
const MAX_WANTS = (4 * WINDOW_BYTES) / PIECE_BYTES
/** Whole pages that wait to be written together: a disk write each is slow, and what is not written is asked again. */
const WRITE_BYTES = 1024 * 1024

export type ExchangeDeps = {
  readonly station: Station
  readonly peer: string
  readonly minSavedEntries: number | undefined
  /** Resolves when the frame left our buffers. */
  readonly send: (message: Message) => Promise<void>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** What the link takes with nothing in its queues. */
  readonly roundTripMs: () => number
  /** Whether the peer gives and asks for short pieces. */
  readonly hasShortPieces: () => boolean
  readonly shared: () => readonly string[]
  /** A space was started from a checkpoint: say how far we are. */
  readonly onTaken: () => void
  /** The peer declined: what it lacks goes as entries. */
  readonly onDeclined: () => void
  readonly onSettled: () => void
  readonly onFault: (reason: string) => void
  /** The store failed. */
  readonly onError: (error: unknown) => void
}

type Blob = { readonly hash: Uint8Array; readonly bytes: Uint8Array; filled: number; asked: number }
type Fetch = {
  readonly space: string
  readonly commitment: Commitment
  /** The offer, when the space is to be started from it; null when it is fetched to be kept. */
  offer: { readonly segment: Uint8Array; readonly parsed: OfferedCheckpoint } | null
  queue: { hash: Uint8Array; bytes: number }[]
  readonly open: Map<string, Blob>
  inFlight: number
  toCome: number
  /** Everything is here; the offer waits for acts or a key. */
  isWhole: boolean
}

/**
 * Checkpoints in a meeting: offered to whoever lacks what is not here any more, or most of a large space; fetched
 * piece by piece by whoever wants one, at its own pace; what has come is not asked for again.
 */
export class CheckpointExchange {
  readonly #deps: ExchangeDeps
  /** Spaces whose segments wait for the peer's answer, with the entry that was offered and the heads that it was for. */
  readonly #offered = new Map<string, { readonly entry: string; readonly heads: string }>()
  readonly #declined = new Set<string>()
  /** Spaces of which a new checkpoint was asked for: once a meeting. */
  readonly #renewed = new Set<string>()
  #fetches: Fetch[] = []
  /** Pieces asked for and not here yet, of all fetches, in the order in which they come. */
  readonly #asked: { readonly bytes: number; readonly at: number }[] = []
  #askedBytes = 0
  readonly #window = new Window()
  /** Manifests that the peer does not have. */
  readonly #absent = new Set<string>()
  readonly #wants: { hash: Uint8Array; offset: number }[] = []
  #serving = false
  #servable: { readonly hashes: ReadonlySet<string>; readonly spaces: string } | null = null
  #reading: { readonly hash: Uint8Array; readonly bytes: Uint8Array } | null = null
  #ready: { hash: Uint8Array; bytes: Uint8Array }[] = []
  #readyBytes = 0
  #taking = false

  constructor(deps: ExchangeDeps) {
    this.#deps = deps
  }

  #pieceBytes(): number {
    return this.#deps.hasShortPieces() ? PIECE_BYTES : LONG_PIECE_BYTES
  }

  isBusy(): boolean {
    return this.#taking || this.#fetches.some((fetch) => !fetch.isWhole)
  }

  /** Bytes of pages that were asked for or are about to be, and have not come. */
  toFetchBytes(): number {
    return this.#fetches.reduce((sum, { toCome }) => sum + toCome, 0)
  }

  /** A checkpoint was offered, and the peer has not answered or is fetching it. */
  isOffering(): boolean {
    return this.#offered.size > 0
  }

  // ---- giving

  /** Offers a checkpoint where one is due; true while the space's segments wait for the answer. */
  holdsBack(space: string, theirs: readonly EntryRef[]): boolean {
    if (this.#offered.has(space)) return true
    const { station, minSavedEntries } = this.#deps
    const isNeeded = isBelowBase(station, space, theirs)
    const offer = offerFor(station, space, theirs, minSavedEntries, isNeeded)
    if (isNeeded && (!offer || offer.isBarred)) this.#renew(space)
    const parsed = offer && parseOffer(offer.segment)
    const name = parsed && toHex(parsed.ref.hash)
    if (!offer || !name || this.#declined.has(name)) return false
    this.#offered.set(space, { entry: name, heads: nameOfHeads(theirs) })
    void this.#deps.send({ type: 'offer', segment: offer.segment, isNeeded: offer.isNeeded })
    return true
  }

  /** None that the peer would take can be offered: a new one is, when it is made, by whoever may. */
  #renew(space: string): void {
    const { station, onError } = this.#deps
    if (this.#renewed.has(space)) return
    this.#renewed.add(space)
    renewCheckpoints(station, [space]).catch(onError)
  }

  /** The peer said how far it is: where that is as it was, it has yet to answer. */
  heardHeads(space: string, heads: readonly EntryRef[]): void {
    const offered = this.#offered.get(space)
    if (offered && offered.heads !== nameOfHeads(heads)) this.#offered.delete(space)
  }

  onDecline(entry: Uint8Array): void {
    const name = toHex(entry)
    this.#declined.add(name)
    for (const [space, { entry: offered }] of this.#offered) if (offered === name) this.#offered.delete(space)
    this.#deps.onDeclined()
  }

  onWant(hash: Uint8Array, offset: number): void {
    if (this.#wants.length >= MAX_WANTS) return this.#deps.onFault('not-asked-for')
    this.#wants.push({ hash, offset })
    void this.#serve()
  }

  async #serve(): Promise<void> {
    if (this.#serving) return
    this.#serving = true
    try {
      for (let want = this.#wants.shift(); want; want = this.#wants.shift()) {
        const bytes = this.#readServable(want.hash)
        const piece = bytes?.subarray(want.offset, want.offset + this.#pieceBytes()) ?? new Uint8Array(0)
        await this.#deps.send({
          type: 'piece',
          hash: want.hash,
          total: bytes?.length ?? 0,
          offset: want.offset,
          bytes: piece,
        })
      }
    } catch (error) {
      // The peer waits for what it asked for: a meeting that cannot give it ends.
      this.#wants.length = 0
      this.#deps.onError(error)
    } finally {
      this.#serving = false
    }
  }

  #readServable(hash: Uint8Array): Uint8Array | null {
    if (this.#reading && sameBytes(this.#reading.hash, hash)) return this.#reading.bytes
    const { station, shared } = this.#deps
    const spaces = shared()
    const isKnown = () => this.#servable?.spaces === spaces.join() && this.#servable.hashes.has(toHex(hash))
    if (!isKnown()) this.#servable = { hashes: servableBlobs(station, spaces), spaces: spaces.join() }
    const bytes = isKnown() ? readBlob(station, hash) : null
    this.#reading = bytes && { hash, bytes }
    return bytes
  }

  // ---- taking

  onOffer(segment: Uint8Array, isNeeded: boolean): void {
    const { station, shared, onFault } = this.#deps
    const parsed = parseOffer(segment)
    if (!parsed) return onFault('not-a-checkpoint')
    const { space } = parsed.segment.log
    const known = this.#fetches.find(({ commitment }) =>
      sameBytes(commitment.manifest, parsed.commitment.manifest),
    )
    // It is being fetched, or just taken: that will be the answer.
    if (known?.offer) return
    if (!shared().includes(space) || !wouldTake(station, parsed, isNeeded)) return this.#decline(parsed)
    const offer = { segment, parsed }
    if (known) known.offer = offer
    else if (this.#fetches.some((fetch) => fetch.space === space && fetch.offer)) this.#decline(parsed)
    else this.#begin({ space, commitment: parsed.commitment, offer })
  }

  /** Keeps the newest checkpoint of each space, when nothing else is to be done; true while one is fetched. */
  fetchNewest(): boolean {
    if (this.isBusy()) return true
    for (const space of this.#deps.shared()) {
      if (this.#fetches.some((fetch) => fetch.space === space)) continue
      const commitment = wantedCheckpoint(this.#deps.station, space)
      if (!commitment || this.#absent.has(toHex(commitment.manifest))) continue
      this.#begin({ space, commitment, offer: null })
      return true
    }
    return false
  }

  #begin(fetch: Pick<Fetch, 'space' | 'commitment' | 'offer'>): void {
    const begun: Fetch = { ...fetch, queue: [], open: new Map(), inFlight: 0, toCome: 0, isWhole: false }
    this.#fetches.push(begun)
    this.#goOn(begun)
  }

  /** What is still missing, in order: the manifest, then its pages. */
  #goOn(fetch: Fetch): void {
    if (fetch.queue.length === 0 && fetch.open.size === 0) {
      const missing = missingBlobs(this.#deps.station, fetch.commitment, this.#ready)
      if (!missing) return this.#giveUp(fetch)
      if (missing.length === 0) return void this.#whole(fetch).catch(this.#deps.onError)
      fetch.queue = missing
      fetch.toCome = missing.reduce((sum, { bytes: size }) => sum + size, 0)
      // The pages come after the manifest that lists them; how much they are was said before.
      if (sameBytes(missing[0]!.hash, fetch.commitment.manifest)) fetch.toCome += fetch.commitment.pageBytes
    }
    const most = WINDOW_BYTES / this.#pieceBytes()
    while (this.#asked.length < most && this.#window.isOpen(this.#askedBytes)) {
      const blob =
        [...fetch.open.values()].find((one) => one.asked < one.bytes.length) ?? this.#openNext(fetch)
      if (!blob) return
      fetch.inFlight++
      void this.#deps.send({ type: 'want', hash: blob.hash, offset: blob.asked })
      const bytes = Math.min(this.#pieceBytes(), blob.bytes.length - blob.asked)
      blob.asked += bytes
      this.#asked.push({ bytes, at: this.#deps.now() })
      this.#askedBytes += bytes
    }
  }

  #openNext(fetch: Fetch): Blob | null {
    const next = fetch.queue.shift()
    if (!next) return null
    // A meeting cut off in the middle of one was not in vain.
    const start = blobStart(this.#deps.station, next.hash)
    const known = start && start.length < next.bytes ? start.length - (start.length % this.#pieceBytes()) : 0
    const blob = { hash: next.hash, bytes: new Uint8Array(next.bytes), filled: known, asked: known }
    if (start) blob.bytes.set(start.subarray(0, known))
    fetch.open.set(toHex(next.hash), blob)
    return blob
  }

  onPiece(hash: Uint8Array, total: number, offset: number, bytes: Uint8Array): void {
    this.#heardPiece()
    this.#takePiece(hash, total, offset, bytes)
    // The window is one for all.
    for (const fetch of this.#fetches) if (!fetch.isWhole) this.#goOn(fetch)
  }

  #takePiece(hash: Uint8Array, total: number, offset: number, bytes: Uint8Array): void {
    const name = toHex(hash)
    const fetch = this.#fetches.find(({ open }) => open.has(name))
    const blob = fetch?.open.get(name)
    if (!fetch || !blob || fetch.inFlight === 0) {
      // Of a fetch that was given up, pieces may still be under way; of none, nobody asked.
      if (this.#fetches.length === 0 && this.#absent.size === 0) this.#deps.onFault('not-asked-for')
      return
    }
    fetch.inFlight--
    if (total === 0) {
      this.#absent.add(toHex(fetch.commitment.manifest))
      return this.#giveUp(fetch)
    }
    const isAsked = total === blob.bytes.length && offset === blob.filled && offset + bytes.length <= total
    if (!isAsked || bytes.length !== Math.min(this.#pieceBytes(), total - offset)) return this.#giveUp(fetch)
    blob.bytes.set(bytes, offset)
    blob.filled += bytes.length
    fetch.toCome -= bytes.length
    if (blob.filled === total) {
      fetch.open.delete(name)
      if (!sameBytes(sha256Of(blob.bytes), hash)) {
        // What was kept of it may be what is wrong.
        keepBlobStarts(this.#deps.station, [])
        return this.#giveUp(fetch)
      }
      this.#ready.push({ hash, bytes: blob.bytes })
      this.#readyBytes += total
      if (this.#readyBytes >= WRITE_BYTES) this.#write()
    }
  }

  #heardPiece(): void {
    const asked = this.#asked.shift()
    if (!asked) return
    this.#askedBytes -= asked.bytes
    this.#window.answered(asked.bytes, asked.at, this.#deps.now(), this.#deps.roundTripMs())
  }

  #write(): void {
    if (this.#ready.length > 0) putBlobs(this.#deps.station, this.#ready)
    this.#ready = []
    this.#readyBytes = 0
  }

  async #whole(fetch: Fetch): Promise<void> {
    fetch.isWhole = true
    if (fetch.offer) return this.poke()
    this.#write()
    this.#end(fetch)
    keepNewest(this.#deps.station, fetch.space)
    this.#deps.onSettled()
  }

  /** Acts or keys may have come that an offer waited for. */
  async poke(): Promise<void> {
    if (this.#taking) return
    this.#taking = true
    let settled = false
    try {
      // While one is taken another may have come whole.
      const tried = new Set<Fetch>()
      for (;;) {
        const fetch = this.#fetches.find((one) => one.isWhole && !tried.has(one))
        if (!fetch) break
        tried.add(fetch)
        if (!fetch.offer) continue
        // With whatever else has come while another was taken.
        this.#write()
        const taken = await takeOffer(this.#deps.station, fetch.offer.segment, this.#deps.peer)
        if (this.#deps.station.closing.aborted) return
        if (!taken.ok && taken.problem.type === 'checkpoint-early') continue
        this.#end(fetch)
        settled = true
        if (taken.ok) this.#deps.onTaken()
        else this.#decline(fetch.offer.parsed)
      }
    } finally {
      this.#taking = false
    }
    if (settled) this.#deps.onSettled()
  }

  #giveUp(fetch: Fetch): void {
    this.#absent.add(toHex(fetch.commitment.manifest))
    this.#end(fetch)
    if (fetch.offer) this.#decline(fetch.offer.parsed)
    this.#deps.onSettled()
  }

  #end(fetch: Fetch): void {
    this.#fetches = this.#fetches.filter((other) => other !== fetch)
  }

  #decline({ ref }: OfferedCheckpoint): void {
    void this.#deps.send({ type: 'decline', entry: ref.hash })
  }

  /** The wire is gone: what has come is kept for the next meeting. */
  close(): void {
    const open = this.#fetches.flatMap((fetch) => [...fetch.open.values()])
    const starts = open.filter(({ filled }) => filled > 0)
    this.#fetches = []
    this.#wants.length = 0
    try {
      this.#write()
      if (starts.length > 0)
        keepBlobStarts(
          this.#deps.station,
          starts.map(({ hash, bytes, filled }) => ({ hash, bytes: bytes.subarray(0, filled) })),
        )
    } catch (error) {
      this.#deps.onError(error)
    }
  }
}
