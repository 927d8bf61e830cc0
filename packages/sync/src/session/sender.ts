import { type EntryRef, MAX_LEAN_SEGMENTS, type Station } from '@doorstep/core'
import type { CarryExchange, Planned } from './carry-exchange.ts'
import type { Clock } from './clock.ts'
import type { Message } from './message.ts'
import type { PeerScope } from './peer-scope.ts'
import type { PeerView } from './peer-view.ts'
import { Window } from './window.ts'

/** Segments under way at once: 2 MiB at most, so a slow peer costs a slow peer's memory. */
export const WINDOW_SEGMENTS = 32

/** Below this the lean form gains nothing: what is edited live goes as it is. */
const MIN_LEAN_BYTES = 4 * 1024
/** What goes in one lean frame, as it is: packed or not, that is within a frame. */
const MAX_LEAN_BYTES = 960 * 1024
/** How large a lean frame is to be: what is cut off in the middle comes again. Four times as large packs 6 % better. */
const FRAME_BYTES = 16 * 1024
/** What the lean form leaves of it, before anything is known; mostly it is less. */
const FIRST_SHARE = 1 / 2

export type SenderDeps = {
  readonly station: Station
  readonly peer: string
  readonly clock: Clock
  readonly scope: PeerScope
  readonly theirs: PeerView
  /** What the peer said or acknowledged to have on its disk (S4). */
  readonly proved: PeerView
  readonly carrying: CarryExchange
  /** Of a space segments wait, for a checkpoint may take their place. */
  readonly holdsBack: (space: string) => boolean
  readonly roundTripMs: () => number
  /** Whether the peer understands the lean form. */
  readonly readsLean: () => boolean
  readonly say: (message: Message) => void
  readonly isOpen: () => boolean
  readonly onSent: () => void
  readonly onAcked: () => void
  readonly onFault: (reason: string) => void
}

/** Segments to a peer, pasts first, as many under way as it and the link take, until it says that they are on its disk. */
export class Sender {
  readonly #deps: SenderDeps
  #queue: Planned[] = []
  /** `bytes`: of the segment; `wireBytes`: its share of what went over the wire. */
  #inFlight: { outgoing: Planned; space: string; bytes: number; wireBytes: number; sentAt: number }[] = []
  #inFlightBytes = 0
  /** What the lean form left of what was put into it last. */
  #leanShare = FIRST_SHARE
  /** The peer could not read some of what came in the lean form. */
  #asIs = false
  readonly #window = new Window()
  /** What segments that were planned take up: asked once each. */
  #sizes = new Map<string, number>()
  #queueBytes = 0
  #ackedSegments = 0
  /** Notices of erasures that went ahead since the peer last said what it holds. */
  readonly #noticed = new Set<string>()
  /** What was carried here was handed on: its holder is to say what it has. */
  #handedOn = false
  #counts = { sent: 0, sentBytes: 0, given: 0 }

  constructor(deps: SenderDeps) {
    this.#deps = deps
  }

  isBusy(): boolean {
    return this.#queue.length > 0 || this.#inFlight.length > 0
  }

  state() {
    return {
      ...this.#counts,
      toSend: entriesOf(this.#queue) + entriesOf(this.#inFlight.map(({ outgoing }) => outgoing)),
      toSendBytes: this.#queueBytes + this.#inFlight.reduce((sum, { bytes }) => sum + bytes, 0),
    }
  }

  /** Whether something carried was handed on since this was last asked. */
  tookHandedOn(): boolean {
    const was = this.#handedOn
    this.#handedOn = false
    return was
  }

  /** The peer said what it holds: notices that it took no heed of go again. */
  heardHeads(): void {
    this.#noticed.clear()
  }

  /** From here on in this meeting, and what it could not read it says that it lacks. */
  sendAsIs(): void {
    this.#asIs = true
  }

  /** Looks again at what the peer lacks; what is under way already is not sent twice. */
  plan(): void {
    const { station, scope, theirs, carrying, holdsBack } = this.#deps
    const underWay = new Set(this.#inFlight.map(({ outgoing }) => nameOf(outgoing)))
    const queue: Planned[] = []
    const spaces = [...scope.shared(), ...scope.owed()].filter((space) => theirs.knows(space))
    station.sign(spaces)
    for (const space of spaces) {
      if (space !== station.identity.community && holdsBack(space)) continue
      for (const outgoing of station.outgoing(space, theirs.heads(space)))
        if (!underWay.has(nameOf(outgoing)) && !this.#noticed.has(nameOf(outgoing))) queue.push(outgoing)
    }
    for (const planned of carrying.plan()) if (!underWay.has(nameOf(planned))) queue.push(planned)
    this.#queue = queue
    this.#sizes = new Map(queue.map((outgoing) => [nameOf(outgoing), this.#sizeOf(outgoing)]))
    this.#queueBytes = this.#sizes.values().reduce((sum, bytes) => sum + bytes, 0)
    this.#pump()
  }

  #sizeOf(outgoing: Planned): number {
    return this.#sizes.get(nameOf(outgoing)) ?? this.#deps.station.segmentBytes(outgoing.row)
  }

  #pump(): void {
    const { station, clock, carrying, say, isOpen } = this.#deps
    while (this.#queue.length > 0 && this.#hasRoom() && isOpen()) {
      if (this.#sendLean()) continue
      const outgoing = this.#queue.shift()!
      this.#queueBytes -= this.#sizeOf(outgoing)
      if (outgoing.isNotice) this.#noticed.add(nameOf(outgoing))
      const bytes = station.segment(outgoing.row)
      const sentAt = clock.now()
      const space = outgoing.carry?.space ?? station.spaceOf(outgoing.row.log)
      // What was dropped meanwhile, or has no room with a peer that carries, waits for another meeting.
      if (bytes.length === 0 || (outgoing.carry && !carrying.takeRoom(bytes.length))) continue
      if (outgoing.carry || outgoing.row.aside !== undefined) carrying.noteSent(space, outgoing)
      this.#inFlight.push({ outgoing, space, bytes: bytes.length, wireBytes: bytes.length, sentAt })
      this.#inFlightBytes += bytes.length
      say({ type: 'segment', bytes })
    }
    this.#deps.onSent()
  }

  /** What is next, of one space, in one frame; false where it is to go as it is. */
  #sendLean(): boolean {
    const { station, peer, clock, say } = this.#deps
    const { run, space, bytes } = this.#leanRun()
    if (bytes < MIN_LEAN_BYTES) return false
    const rows = run.map(({ row }) => row)
    const packed = station.leanSegments(rows, peer)
    if (!packed) return false
    const sentAt = clock.now()
    const sent = this.#queue
      .splice(0, packed.count)
      .map((outgoing) => ({ outgoing, bytes: this.#sizeOf(outgoing) }))
    const whole = sent.reduce((sum, one) => sum + one.bytes, 0)
    for (const one of sent) {
      const wireBytes = (packed.bytes.length * one.bytes) / whole
      this.#queueBytes -= one.bytes
      this.#inFlight.push({ ...one, space, wireBytes, sentAt })
    }
    this.#inFlightBytes += packed.bytes.length
    this.#leanShare = Math.min(1, packed.bytes.length / whole)
    say({ type: 'lean', ...packed })
    return true
  }

  #leanRun(): { run: readonly Planned[]; space: string; bytes: number } {
    const { station, readsLean } = this.#deps
    const run: Planned[] = []
    let space = ''
    let bytes = 0
    if (this.#asIs || !readsLean()) return { run, space, bytes }
    const most = Math.min(MAX_LEAN_SEGMENTS, WINDOW_SEGMENTS - this.#inFlight.length)
    for (const outgoing of this.#queue) {
      const { carry, isNotice, row } = outgoing
      if (run.length === most || carry || isNotice || row.aside !== undefined) break
      const of = station.spaceOf(row.log)
      // One space in a frame: how well it packs tells nobody what others say who write elsewhere.
      if (of === station.identity.community || (run.length > 0 && of !== space)) break
      const size = this.#sizeOf(outgoing)
      const packed = (bytes + size) * this.#leanShare
      const isFull =
        bytes + size > MAX_LEAN_BYTES ||
        packed > FRAME_BYTES ||
        !this.#window.isOpen(this.#inFlightBytes + packed)
      if (run.length > 0 && isFull) break
      run.push(outgoing)
      space = of
      bytes += size
    }
    return { run, space, bytes }
  }

  #hasRoom(): boolean {
    return this.#inFlight.length < WINDOW_SEGMENTS && this.#window.isOpen(this.#inFlightBytes)
  }

  onAck(count: number, isWhole: boolean): void {
    const { clock, theirs, proved, roundTripMs, onFault, onAcked } = this.#deps
    const taken = count - this.#ackedSegments
    if (taken < 0 || taken > this.#inFlight.length) return onFault('false-ack')
    this.#ackedSegments = count
    const now = clock.now()
    for (const { outgoing, space, bytes, wireBytes, sentAt } of this.#inFlight.splice(0, taken)) {
      this.#inFlightBytes -= wireBytes
      this.#window.answered(wireBytes, sentAt, now, roundTripMs())
      const head: EntryRef = { log: outgoing.row.log, seq: outgoing.row.last, hash: outgoing.row.head }
      this.#counts.sentBytes += bytes
      if (outgoing.carry) {
        this.#counts.given += outgoing.entries
        continue
      }
      if (outgoing.row.aside !== undefined) this.#handedOn = true
      // A notice tells of an erasure; the entry itself comes in its place.
      if (!outgoing.isNotice) theirs.took(space, head)
      if (!outgoing.isNotice && isWhole) proved.took(space, head)
      this.#counts.sent += outgoing.entries
    }
    onAcked()
    this.#pump()
  }
}

const nameOf = (outgoing: Planned): string =>
  `${outgoing.isNotice ? 'notice/' : ''}${outgoing.row.log}/${outgoing.row.first}/${Buffer.from(outgoing.row.head).toString('latin1')}`
const entriesOf = (list: readonly { readonly entries: number }[]): number =>
  list.reduce((sum, { entries }) => sum + entries, 0)
