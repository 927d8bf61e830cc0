import {
  type EntryRef,
  MAX_SEGMENT_BYTES,
  parseSegment,
  type SealedAgain,
  type Station,
} from '@doorstep/core'
import type { Clock } from './clock.ts'
import type { Message } from './message.ts'
import type { PeerScope } from './peer-scope.ts'
import type { PeerView } from './peer-view.ts'
import { refName } from './proof.ts'
import { WINDOW_SEGMENTS } from './sender.ts'

/** Segments admitted by one transaction, a disk write each: half of what is under way, so that the other half comes meanwhile. */
const BATCH_SEGMENTS = 16
/** Fewer, where they took longer than this: nobody else is heard meanwhile, and silence looks dead. */
const BATCH_MS = 500
/** Inbox beyond which the peer ignores our window, in segments. */
const MAX_INBOX_SEGMENTS = 4 * WINDOW_SEGMENTS
/** Entries of one removed station that are kept for a person to look at. */
const MAX_HELD_FROM_FORMER = 20_000
/** Acts of a whole community fit many times over. */
const MAX_STRANGER_SEGMENTS = 256
/** Acts that one removed station may still hand over in one meeting: no honest one has so many unsent. */
const MAX_ACTS_FROM_FORMER = 1000
/** What is still to come is counted again while it comes. */
const COUNT_MS = 250

export type IntakeDeps = {
  readonly station: Station
  readonly peer: string
  readonly clock: Clock
  readonly scope: PeerScope
  readonly theirs: PeerView
  readonly maxHeldFromFormer: number | undefined
  readonly say: (message: Message) => void
  /** More is taken in: the meeting is open, or was cut with these whole in hand. */
  readonly goesOn: () => boolean
  /** Something came before its past, or without a part. */
  readonly onMissing: () => void
  readonly onTaken: () => void
  /** All that came is on the disk. */
  readonly onEmpty: () => Promise<void>
  readonly onFault: (reason: string) => void
  /** The store failed. */
  readonly onError: (error: unknown) => void
}

/** A frame in the lean form, which is read when what came before it is on the disk: with that came its keys, perhaps. */
type Lean = { readonly lean: Uint8Array; readonly count: number }
/** `null`: it came in the lean form, and cannot be had from that here. */
type Arrived = Uint8Array | SealedAgain | null

/** Segments from a peer, on their way to the disk; what is there is acknowledged. */
export class Intake {
  readonly #deps: IntakeDeps
  #inbox: (Uint8Array | Lean)[] = []
  /** Of the frame that was read last, what is not admitted yet; before all that is in the inbox. */
  #read: Arrived[] = []
  /** Segments in both. */
  #waiting = 0
  /** Frames in the lean form that could not be read whole. */
  #unreadFrames = 0
  #admitting = false
  /** Batches that were taken in and are not on the disk yet: the next is taken in meanwhile. */
  #flushing = 0
  /** One after the other, whichever was on the disk first. */
  #acknowledged = Promise.resolve()
  #batch = BATCH_SEGMENTS
  #takenSegments = 0
  #expected = 0
  #countedAt = 0
  #askedAt = 0
  /** What had come when something was last asked for again: asked once more without progress, the answer is the same. */
  #askedWith = -1
  #fromStranger = 0
  #actsFromFormer = 0
  #counts = { received: 0, receivedBytes: 0, takenBytes: 0, refused: 0, held: 0, takenToCarry: 0 }

  constructor(deps: IntakeDeps) {
    this.#deps = deps
  }

  /** Segments have arrived that are not on disk yet. */
  get isAdmitting(): boolean {
    return this.#admitting || this.#flushing > 0
  }
  isBusy(): boolean {
    return this.#waiting > 0 || this.isAdmitting
  }

  state() {
    return { ...this.#counts, toReceive: Math.max(0, this.#expected) }
  }

  /** How many entries the peer told of that are not here. */
  countExpected(): void {
    const { station, clock, scope, theirs } = this.#deps
    this.#countedAt = clock.now()
    this.#expected = 0
    for (const space of scope.shared()) {
      const heads = station.heads(space)
      const here = new Set(heads.map(refName))
      const news = theirs
        .heads(space)
        .filter((ref) => !here.has(refName(ref)) && !station.has(ref.hash) && !station.isRefused(ref.hash))
      if (news.length === 0) continue
      const mine = new Map(heads.map((ref) => [ref.log, ref.seq]))
      for (const head of news) this.#expected += Math.max(1, head.seq - (mine.get(head.log) ?? -1))
    }
  }

  onSegment(bytes: Uint8Array, frameBytes: number): void {
    const { onFault } = this.#deps
    // A stranger may send what proves itself, as a stick may; a little of it, and nothing that does not.
    if (this.#deps.scope.shared().length === 0 && ++this.#fromStranger > MAX_STRANGER_SEGMENTS)
      return onFault('not-asked-for')
    if (bytes.length > MAX_SEGMENT_BYTES) return onFault('not-asked-for')
    this.#arrived(bytes, 1, frameBytes)
  }

  onLean(lean: Uint8Array, count: number, frameBytes: number): void {
    const { scope, onFault } = this.#deps
    // Those are of spaces that both read; and none is sent any more after what is under way when one was not read.
    if (scope.shared().length === 0 || this.#unreadFrames > WINDOW_SEGMENTS) return onFault('not-asked-for')
    this.#arrived({ lean, count }, count, frameBytes)
  }

  #arrived(frame: Uint8Array | Lean, segments: number, frameBytes: number): void {
    const { onFault, onError } = this.#deps
    if (this.#waiting + segments > MAX_INBOX_SEGMENTS) return onFault('not-asked-for')
    if (this.#isQuarantineFull()) return onFault('quarantine-full')
    this.#counts.receivedBytes += frameBytes
    this.#inbox.push(frame)
    this.#waiting += segments
    this.#admit().catch(onError)
  }

  async #admit(): Promise<void> {
    if (this.#admitting) return
    this.#admitting = true
    try {
      while (this.#waiting > 0 && this.#deps.goesOn()) if (!(await this.#admitBatch())) return
    } finally {
      this.#admitting = false
    }
    if (!this.isBusy()) await this.#deps.onEmpty()
  }

  /** False when nothing more is to be taken in. */
  async #admitBatch(): Promise<boolean> {
    const { station, peer, clock, scope, theirs, onError } = this.#deps
    const end = (reason: string) => {
      this.#deps.onFault(reason)
      return false
    }
    const started = clock.now()
    const batch = this.#nextBatch()
    if (batch === 'malformed') return end('cannot read the peer: malformed')
    const known = batch.filter((one) => one !== null).map(readOnce)
    const unread = batch.length - known.length
    const report = await station.takeIn(
      known.map((one) => (one instanceof Uint8Array ? one : one.segment)),
      peer,
    )
    // What came was taken in; the station may be closed by now.
    if (station.closing.aborted) return false
    const slow = clock.now() - started > BATCH_MS
    this.#batch = slow ? Math.ceil(this.#batch / 2) : Math.min(BATCH_SEGMENTS, this.#batch + 1)
    if (!report.ok) return end(report.problem.type)
    this.#takenSegments += batch.length
    this.#waiting -= batch.length
    const { admitted, acts, refused, held, missing, stripped, skipped, aside } = report.value
    const { announced, asideFull, carried } = report.value
    if (scope.shared().length === 0 && refused.length + skipped + aside > 0) return end('not-asked-for')
    this.#counts.received += admitted
    this.#counts.takenBytes += known.reduce(
      (sum, one) => sum + (one instanceof Uint8Array ? one.length : one.bytes),
      0,
    )
    this.#counts.refused += refused.length
    this.#counts.held += held
    this.#counts.takenToCarry += aside
    this.#expected = Math.max(0, this.#expected - admitted)
    // What came from others meanwhile is not to be waited for either.
    if (clock.now() - this.#countedAt >= COUNT_MS || this.#waiting === 0) this.countExpected()
    if (station.membership().former.has(peer)) this.#actsFromFormer += acts
    if (this.#isQuarantineFull()) return end('quarantine-full')
    const isWhole = refused.length + missing + stripped + skipped + announced + asideFull + unread === 0
    // Or it would be sent back. Whether the peer's disk has it is the peer's to say.
    if (isWhole)
      for (const one of known)
        if (!(one instanceof Uint8Array)) theirs.took(one.segment.log.space, endOf(one.segment))
    // What counts now may lack a part that its eraser had no right to take.
    const asksAgain = missing + stripped + carried > 0
    this.#flushing++
    const taken = { count: this.#takenSegments, isWhole, unread, asksAgain }
    this.#acknowledged = this.#acknowledged.then(() => this.#acknowledge(taken)).catch(onError)
    this.#deps.onTaken()
    return true
  }

  async #acknowledge(taken: { count: number; isWhole: boolean; unread: number; asksAgain: boolean }) {
    const { station, say, onFault, onMissing, onTaken, onEmpty } = this.#deps
    const flushed = await station.onDisk()
    this.#flushing--
    if (station.closing.aborted) return
    if (!flushed.ok) return onFault(flushed.problem.type)
    say({ type: 'ack', count: taken.count, isWhole: taken.isWhole })
    if (taken.unread > 0) {
      say({ type: 'as-is' })
      // At once, and however often: there are no more such frames than were under way.
      onMissing()
    } else if (taken.asksAgain) this.#askAgain()
    onTaken()
    if (!this.isBusy()) await onEmpty()
  }

  /** What came in the lean form is in no batch with what came as it is: that may be what it takes to read it. */
  #nextBatch(): Arrived[] | 'malformed' {
    const isLean = (frame: Uint8Array | Lean | undefined) => frame && !(frame instanceof Uint8Array)
    if (this.#read.length === 0 && !isLean(this.#inbox[0])) {
      const end = this.#inbox.slice(0, this.#batch).findIndex(isLean)
      return this.#inbox.splice(0, end < 0 ? this.#batch : end) as Uint8Array[]
    }
    while (this.#read.length < this.#batch && isLean(this.#inbox[0])) {
      const { lean, count } = this.#inbox.shift() as Lean
      const read = this.#deps.station.readLean(lean, count)
      if (!read.ok) return 'malformed'
      if (read.value.includes(null)) this.#unreadFrames++
      this.#read.push(...read.value)
    }
    return this.#read.splice(0, this.#batch)
  }

  /** What a removed station may leave behind is bounded: more of it stays with the sender. */
  #isQuarantineFull(): boolean {
    const { station, peer, maxHeldFromFormer = MAX_HELD_FROM_FORMER } = this.#deps
    if (this.#actsFromFormer > MAX_ACTS_FROM_FORMER) return true
    return station.membership().former.has(peer) && station.heldFrom(peer) > maxHeldFromFormer
  }

  /** Something came before its past, or without a part: say again what we hold, but not in a circle. */
  #askAgain(): void {
    const now = this.#deps.clock.now()
    // A clock that was set back must not keep it from asking.
    if (Math.abs(now - this.#askedAt) < 1000 || this.#askedWith === this.#counts.received) return
    this.#askedAt = now
    this.#askedWith = this.#counts.received
    this.#deps.onMissing()
  }
}

/** One that cannot be read is the gate's to judge. */
function readOnce(one: Uint8Array | SealedAgain): Uint8Array | SealedAgain {
  const parsed = one instanceof Uint8Array ? parseSegment(one) : null
  return parsed?.ok ? { segment: parsed.value, bytes: (one as Uint8Array).length } : one
}

const endOf = ({ id, entries }: SealedAgain['segment']): EntryRef => {
  const { hash, header } = entries.at(-1)!
  return { log: id, seq: header.seq, hash }
}
