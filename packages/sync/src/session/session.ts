import {
  type EntryRef,
  giveKeys,
  hearRecords,
  MAX_SEGMENT_BYTES,
  type Membership,
  mayHold,
  memberAt,
  type PeerRow,
  type Station,
  standingOf,
  stationIdOf,
  storeProblem,
} from '@doorstep/core'
import type { Wire } from '../wire.ts'
import { BlobExchange, type BlobsMet } from './blob-exchange.ts'
import { CarryExchange, type Planned } from './carry-exchange.ts'
import { CheckpointExchange } from './checkpoint-exchange.ts'
import type { Clock } from './clock.ts'
import {
  commonVersion,
  encodeMessage,
  greeting,
  type Message,
  PROTOCOL,
  parseMessage,
  type SpaceDigestWire,
} from './message.ts'
import { PeerView } from './peer-view.ts'
import { isSame, type Met, ownDigest, peerRow, refName, rowsAtEnd, type SpaceState } from './proof.ts'
import { PING_MS, Pulse } from './pulse.ts'
import { Window } from './window.ts'

export type { SpaceState } from './proof.ts'

/** Segments under way at once: 2 MiB at most, so a slow peer costs a slow peer's memory. */
const WINDOW_SEGMENTS = 32
/** Segments admitted by one transaction: a disk write each. */
const BATCH_SEGMENTS = 16
/** Fewer, where they took longer than this: nobody else is heard meanwhile, and silence looks dead. */
const BATCH_MS = 300
/** Inbox beyond which the peer ignores our window, in segments. */
const MAX_INBOX_SEGMENTS = 4 * WINDOW_SEGMENTS
/** Entries of one removed station that are kept for a person to look at. */
const MAX_HELD_FROM_FORMER = 20_000

/** Acts of a whole community fit many times over. */
const MAX_STRANGER_SEGMENTS = 256
/** How long somebody may stay who does not belong: enough to ask, and to show what lets it in. */
const STRANGER_MS = 30_000
const MAX_JOIN_REQUESTS = 8
/** Acts that one removed station may still hand over in one meeting: no honest one has so many unsent. */
const MAX_ACTS_FROM_FORMER = 1000
/** What waits for a peer that does not read: more than a full window and the heads of many spaces. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024
/** Of what only a newer station understands: passed over, as long as it is not all there is. */
const MAX_UNKNOWN_MESSAGES = 1000
const MAX_UNKNOWN_BYTES = 8 * 1024 * 1024
/** Head exchange again, whatever happened meanwhile. */
const ANTI_ENTROPY_MS = 30_000
/** What is still to come is counted again while it comes. */
const COUNT_MS = 250
/** A change after a quiet while is looked for and sent at once; those that follow it are collected this long. */
const COLLECT_MS = 20

export type SessionState = {
  readonly station: string
  readonly name: string
  readonly via: Wire['via']
  /** Entries and bytes of segments, each way. */
  readonly sent: number
  readonly sentBytes: number
  readonly received: number
  readonly receivedBytes: number
  readonly refused: number
  readonly held: number
  /** Entries given to a peer that carries them for others: it is no witness of them. */
  readonly given: number
  /** Sealed segments taken from the peer to be passed on: none of them counts as this station's. */
  readonly takenToCarry: number
  /** Entries still to go, as far as known. */
  readonly toSend: number
  readonly toReceive: number
  /** What is to be sent takes up so many bytes of segments; what is to come is not known before it is here. */
  readonly toSendBytes: number
  /** Bytes of the segments that were received and are on disk. */
  readonly takenBytes: number
  /** Pages of checkpoints that come in place of entries: bytes that came, and bytes still to come. */
  readonly fetchedBytes: number
  readonly toFetchBytes: number
  /** The peer has said of every space how far it is; before, what is still to go or to come is not known. */
  readonly sized: boolean
  /** Something is under way, or waits for the peer's answer; without it nothing more will come by itself. */
  readonly busy: boolean
  readonly equal: boolean
  readonly spaces: readonly SpaceState[]
  /** Photos and recordings, which come after the entries and are no part of `equal`. */
  readonly blobs: BlobsMet
  readonly closed: string | null
}

export type SessionDeps = {
  readonly station: Station
  readonly wire: Wire
  readonly clock: Clock
  /** What this station calls itself on the other's screen. */
  readonly name: string
  /** Where this station listens on the LAN, if it does. */
  readonly listeningPort?: number
  /** On a wire that was on standby: the one that was used is gone. `hello`: what the peer said so in, if it was first. */
  readonly resumes?: { readonly hello: Uint8Array | null }
  /** Whether another wire to the peer is on standby and lives. */
  readonly hasStandby?: () => boolean
  readonly onHello?: (hello: { name: string; port: number }) => void
  /** For a newcomer: the one key it believes before it knows who belongs. */
  readonly trustKey?: Uint8Array
  /** Answers a newcomer's request; null when granted, else the problem's type. */
  readonly onJoin?: (request: string) => Promise<string | null>
  /** The answer to a newcomer's own request. */
  readonly onGranted?: (problem: string | null) => void
  readonly onState?: (state: SessionState) => void
  /** This station has learned that it was removed, and the peer holds what it had not sent. */
  readonly onRemoved?: (heardFrom: string) => void
  readonly maxHeldFromFormer?: number
  readonly maxUnsentBytes?: number
  /** Entries that a checkpoint must save a newcomer before it is offered. */
  readonly minSavedEntries?: number
}

/**
 * One meeting with one peer over one wire: heads, then what each lacks, pasts first; acknowledged when on disk;
 * digests when nothing is left. Clock, wire and store come in; nothing here waits for real time.
 */
export class Session {
  readonly peer: string
  readonly #deps: SessionDeps
  readonly #theirs = new PeerView()
  /** The same without what it took in and did not say to have kept: what it is a witness of (S4). */
  readonly #proved = new PeerView()
  readonly #checkpoints: CheckpointExchange
  readonly #blobs: BlobExchange
  readonly #carrying: CarryExchange
  #queue: Planned[] = []
  #inFlight: { outgoing: Planned; space: string; bytes: number; sentAt: number }[] = []
  #inFlightBytes = 0
  readonly #window = new Window()
  #inbox: Uint8Array[] = []
  #admitting = false
  #batch = BATCH_SEGMENTS
  #takenSegments = 0
  readonly #pulse: Pulse
  #closed: string | null = null
  #meant = false
  #theyRest = false
  #name = ''
  #spaces = new Map<string, SpaceState>()
  #theirDigest: readonly SpaceDigestWire[] | null = null
  #saidDigest = ''
  #saidSpaces = ''
  #askedAt = 0
  /** What had come when something was last asked for again: asked once more without progress, the answer is the same. */
  #askedWith = -1
  /** Notices of erasures that went ahead since the peer last said what it holds. */
  readonly #noticed = new Set<string>()
  #collecting = false
  #stopCollecting = () => {}
  /** When local changes were last looked for. */
  #lookedAt = 0
  #counts = {
    sent: 0,
    sentBytes: 0,
    received: 0,
    receivedBytes: 0,
    takenBytes: 0,
    fetchedBytes: 0,
    refused: 0,
    held: 0,
    given: 0,
    takenToCarry: 0,
  }
  #expected = 0
  #countedAt = 0
  /** What segments that were planned take up: asked once each. */
  #sizes = new Map<string, number>()
  #queueBytes = 0
  /** It has told something that no row of the store says yet. */
  #untold = false
  #fromStranger = 0
  #joinRequests = 0
  #actsFromFormer = 0
  #unsentBytes = 0
  #notedAt = 0
  /** What was carried here was handed on: its holder is to say what it has. */
  #handedOn = false
  #owesHeads = false
  /** Those that want to know how far the other is: put to the peer, and heard from it. */
  readonly #questions = { put: 0, heard: 0 }
  #unknown = { messages: 0, bytes: 0 }
  #theirFeatures: readonly string[] = []
  #keysGivenIn: Membership | null = null
  readonly #stops: (() => void)[] = []
  readonly #closeListeners: ((reason: string) => void)[] = []

  constructor(deps: SessionDeps) {
    this.#deps = deps
    this.peer = stationIdOf(deps.wire.peerKey)
    this.#pulse = new Pulse(deps.clock.now())
    this.#carrying = new CarryExchange(
      deps.station,
      this.peer,
      (message) => this.#say(message),
      () => this.#questions.put,
    )
    this.#checkpoints = new CheckpointExchange({
      station: deps.station,
      peer: this.peer,
      minSavedEntries: deps.minSavedEntries,
      send: (message) => {
        if (message.type === 'piece') this.#counts.sentBytes += message.bytes.length
        return this.#send(message)
      },
      now: () => deps.clock.now(),
      roundTripMs: () => this.#pulse.quickestMs,
      shared: () => this.#shared(),
      onTaken: () => {
        this.#countExpected()
        this.#sayHeads(false)
      },
      onDeclined: () => this.#plan(),
      onSettled: () => this.#settle(),
      onFault: (reason) => this.close(reason),
      onError: (error) => this.#fail(error),
    })
    this.#blobs = new BlobExchange({
      station: deps.station,
      peer: this.peer,
      clock: deps.clock,
      send: (message) => this.#send(message),
      isQuiet: () => !this.#busy(),
      onChange: () => (this.#blobs.isBusy() ? this.#report() : this.#settle()),
      onFault: (reason) => this.close(reason),
      onError: (error) => this.#fail(error),
    })
  }

  start(): void {
    const { wire, station } = this.#deps
    wire.onFrame((frame) => this.#guard(() => this.#receive(frame)))
    wire.onClose((reason) => this.#cut(reason))
    this.#stops.push(station.onChange(() => this.#collect()))
    const leave = () => this.close('station-closed')
    station.closing.addEventListener('abort', leave)
    this.#stops.push(() => station.closing.removeEventListener('abort', leave))
    this.#every(PING_MS, () => this.#beat())
    this.#stops.push(
      this.#deps.clock.after(STRANGER_MS, () => this.#shared().length === 0 && this.close('not-a-member')),
    )
    this.#every(ANTI_ENTROPY_MS, () => this.#sayHeads(true))
    this.#guard(() => {
      this.#greet()
      const { resumes } = this.#deps
      if (resumes?.hello) this.#receive(resumes.hello)
    })
  }

  #greet(): void {
    const { station, name, listeningPort, resumes } = this.#deps
    const { community } = station.identity
    const knows = this.#shared().length > 0
    this.#say(greeting({ community, name, port: listeningPort ?? 0, knows }, resumes !== undefined))
    this.#ping()
    this.#sayHeads(true)
  }

  state(): SessionState {
    const spaces = [...this.#spaces.values()]
    return {
      station: this.peer,
      name: this.#name,
      via: this.#deps.wire.via,
      ...this.#counts,
      toSend: entriesOf(this.#queue) + entriesOf(this.#inFlight.map(({ outgoing }) => outgoing)),
      toReceive: Math.max(0, this.#expected),
      toSendBytes: this.#queueBytes + this.#inFlight.reduce((sum, { bytes }) => sum + bytes, 0),
      toFetchBytes: this.#checkpoints.toFetchBytes(),
      sized: this.#isSized(),
      busy: this.#busy() || this.#checkpoints.isOffering(),
      equal: this.isEqual(),
      spaces,
      blobs: this.#blobs.state(),
      closed: this.#closed,
    }
  }

  /** Every space that both may read, and the membership log, compared and equal, and nothing under way. */
  isEqual(): boolean {
    if (this.#busy()) return false
    return this.#bothBelong() && this.#shared().every((space) => this.#spaces.get(space)?.equal === true)
  }

  #isSized(): boolean {
    return this.#bothBelong() && this.#shared().every((space) => this.#theirs.knows(space))
  }
  /** Each by what this station knows; of a newcomer or a removed station the log alone is compared, and proves nothing. */
  #bothBelong(): boolean {
    const { station } = this.#deps
    return station.isMember() && memberAt(station.membership(), this.peer) !== undefined
  }
  /** Equal, and no photo or recording is still to go either way. */
  isDone(): boolean {
    return this.isEqual() && !this.#isFetching()
  }
  /** A peer that knows of no photos is not waited for. */
  #isFetching(): boolean {
    return this.#theirFeatures.includes('blobs') && this.#blobs.isBusy()
  }

  /** Segments have arrived that are not on disk yet. */
  isAdmitting(): boolean {
    return this.#admitting
  }

  requestJoin(request: string): void {
    this.#say({ type: 'join', request })
  }

  onClose(listener: (reason: string) => void): void {
    if (this.#closed === null) this.#closeListeners.push(listener)
    else listener(this.#closed)
  }
  close(reason = 'done'): void {
    if (this.#closed !== null) return
    this.#meant = true
    this.#deps.wire.send(encodeMessage({ type: 'bye', reason })).catch(() => undefined)
    this.#end(reason)
    this.#deps.wire.close(reason)
  }

  /** It ended, and neither side meant it to: the wire died, or the peer fell silent. */
  get wasCut(): boolean {
    return this.#closed !== null && !this.#meant
  }
  /** The peer put this wire on standby: its last word on it was said. */
  get theyRest(): boolean {
    return this.#theyRest
  }

  /** Ends this meeting and leaves the wire open: it may go on standby. */
  rest(): void {
    this.#meant = true
    this.#end('another wire is used')
  }

  // ---- who is there

  /** The membership log first, so that who belongs is settled before what they wrote. */
  #shared(): string[] {
    const { station, trustKey, wire } = this.#deps
    const { community } = station.identity
    const membership = station.membership()
    const member = memberAt(membership, this.peer)
    if (!member) {
      // Who was removed is told so, by the acts that say it; what it still has goes to quarantine.
      if (membership.former.has(this.peer) && station.isMember()) return [community]
      const trusted = trustKey && !station.isMember() && Buffer.compare(trustKey, wire.peerKey) === 0
      return trusted ? [community] : []
    }
    return [community, ...station.holdings().filter((space) => mayHold(membership, member, space))]
  }

  /** Spaces this station lost, of those that the peer holds and asked to have completed. */
  #owed(): string[] {
    const { station } = this.#deps
    const membership = station.membership()
    const member = memberAt(membership, this.peer)
    if (!member) return []
    const shared = new Set(this.#shared())
    return station
      .spacesOwed()
      .filter(
        (space) => this.#theirs.knows(space) && !shared.has(space) && mayHold(membership, member, space),
      )
  }

  // ---- receiving

  #receive(frame: Uint8Array): void {
    if (this.#closed !== null) return
    const { clock, wire } = this.#deps
    this.#pulse.heard(clock.now(), wire.bytesHeard?.())
    const message = parseMessage(frame)
    if (!message.ok) return this.close(`cannot read the peer: ${message.problem.type}`)
    this.#handle(message.value, frame.length)
  }

  #handle(message: Message, bytes: number): void {
    switch (message.type) {
      case 'hello':
        this.#name = message.name
        if (message.community !== this.#deps.station.identity.community) return this.close('other-community')
        if (commonVersion(PROTOCOL, message) === null)
          return this.close(message.newest < PROTOCOL.oldest ? 'older-protocol' : 'newer-protocol')
        this.#theirFeatures = message.features
        this.#deps.onHello?.(message)
        this.#sayCarry()
        if (!message.knows) this.#introduce()
        return this.#report()
      case 'heads':
        if (message.asks) this.#questions.heard++
        return this.#onHeads(message)
      case 'segment':
        return this.#onSegment(message.bytes, bytes)
      case 'ack':
        return this.#onAck(message.count, message.isWhole)
      case 'digest':
        this.#theirDigest = message.spaces
        return this.#compare()
      case 'join':
        this.#onJoin(message.request)
        return
      case 'granted':
        this.#deps.onGranted?.(message.problem)
        if (message.problem === null) this.#sayHeads(true)
        else this.close(message.problem)
        return
      case 'bye':
        this.#meant = true
        this.#deps.wire.close(message.reason)
        return this.#end(message.reason)
      case 'ping':
        if (this.#pulse.heardPing(message, this.#deps.clock.now())) this.#ping()
        return
      case 'offer':
        return this.#checkpoints.onOffer(message.segment, message.isNeeded)
      case 'decline':
        return this.#checkpoints.onDecline(message.entry)
      case 'want':
        return this.#checkpoints.onWant(message.hash, message.offset)
      case 'piece':
        this.#counts.receivedBytes += bytes
        this.#counts.fetchedBytes += message.bytes.length
        return this.#checkpoints.onPiece(message.hash, message.total, message.offset, message.bytes)
      case 'blobs-ask':
      case 'blobs-have':
      case 'blob-want':
      case 'blob-piece':
      case 'blobs-got':
        // Of those who belong, or did: a stranger is told nothing and asked nothing.
        return this.#shared().length > 0 ? this.#blobs.on(message) : this.close('not-asked-for')
      case 'carry':
        this.#questions.heard++
        this.#carrying.onCarry(message)
        this.#owesHeads = message.spaces.length > 0
        this.#answerCarry()
        return this.#plan()
      case 'rest':
        this.#theyRest = true
        return
      case 'unknown':
        this.#unknown.messages++
        this.#unknown.bytes += bytes
        if (this.#unknown.messages > MAX_UNKNOWN_MESSAGES || this.#unknown.bytes > MAX_UNKNOWN_BYTES)
          return this.close('not-understood')
    }
  }

  /**
   * The peer has not heard of us yet, though we know it: it joined before we did, say. It believes the acts that let
   * us in, since they prove themselves; so we send those unasked, and nothing else.
   */
  #introduce(): void {
    const { community } = this.#deps.station.identity
    if (!this.#shared().includes(community) || this.#theirs.knows(community)) return
    this.#theirs.learn(community, [])
    this.#plan()
  }

  #onHeads(message: Extract<Message, { type: 'heads' }>): void {
    const { station } = this.#deps
    // Of what we share or owe: what anybody names beyond that would be kept for nothing. After new acts we ask again.
    const asked = new Set(this.#shared())
    if (asked.size === 0) return
    for (const space of station.spacesOwed()) asked.add(space)
    const spaces = message.spaces.filter(({ space }) => asked.has(space))
    for (const { space, heads } of message.spaces) if (!asked.has(space)) this.#carrying.onHeads(space, heads)
    for (const { space, heads } of spaces) {
      this.#theirs.learn(space, heads)
      this.#proved.learn(space, heads)
      this.#checkpoints.heardHeads(space)
    }
    this.#untold = true
    this.#noticed.clear()
    this.#countExpected()
    this.#carrying.answered(message.heard ?? 0)
    if (message.asks) this.#sayHeads(false)
    this.#plan()
  }

  /** How many entries the peer told of that are not here. */
  #countExpected(): void {
    const { station, clock } = this.#deps
    this.#countedAt = clock.now()
    this.#expected = 0
    for (const space of this.#shared()) {
      const heads = station.heads(space)
      const here = new Set(heads.map(refName))
      const news = this.#theirs
        .heads(space)
        .filter((ref) => !here.has(refName(ref)) && !station.has(ref.hash) && !station.isRefused(ref.hash))
      if (news.length === 0) continue
      const mine = new Map(heads.map((ref) => [ref.log, ref.seq]))
      for (const head of news) this.#expected += Math.max(1, head.seq - (mine.get(head.log) ?? -1))
    }
  }

  #onSegment(bytes: Uint8Array, frameBytes: number): void {
    // A stranger may send what proves itself, as a stick may; a little of it, and nothing that does not.
    if (this.#shared().length === 0 && ++this.#fromStranger > MAX_STRANGER_SEGMENTS)
      return this.close('not-asked-for')
    if (this.#inbox.length >= MAX_INBOX_SEGMENTS || bytes.length > MAX_SEGMENT_BYTES)
      return this.close('not-asked-for')
    if (this.#isQuarantineFull()) return this.close('quarantine-full')
    this.#counts.receivedBytes += frameBytes
    this.#inbox.push(bytes)
    this.#admit().catch((error: unknown) => this.#fail(error))
  }

  async #admit(): Promise<void> {
    if (this.#admitting) return
    this.#admitting = true
    try {
      while (this.#inbox.length > 0 && (this.#closed === null || this.#keepsInbox())) {
        const batch = this.#inbox.splice(0, this.#batch)
        const started = this.#deps.clock.now()
        const report = await this.#deps.station.admit(batch, this.peer)
        // What came is on the disk; the station may be closed by now.
        if (this.#deps.station.closing.aborted) return
        const slow = this.#deps.clock.now() - started > BATCH_MS
        this.#batch = slow ? Math.ceil(this.#batch / 2) : Math.min(BATCH_SEGMENTS, this.#batch + 1)
        if (!report.ok) return this.close(report.problem.type)
        this.#takenSegments += batch.length
        const { admitted, acts, refused, held, missing, stripped, skipped, aside } = report.value
        const { announced, asideFull } = report.value
        if (this.#shared().length === 0 && refused.length + skipped + aside > 0)
          return this.close('not-asked-for')
        this.#counts.received += admitted
        this.#counts.takenBytes += batch.reduce((sum, segment) => sum + segment.length, 0)
        this.#counts.refused += refused.length
        this.#counts.held += held
        this.#counts.takenToCarry += aside
        this.#expected = Math.max(0, this.#expected - admitted)
        // What came from others meanwhile is not to be waited for either.
        if (this.#deps.clock.now() - this.#countedAt >= COUNT_MS || this.#inbox.length === 0)
          this.#countExpected()
        if (this.#deps.station.membership().former.has(this.peer)) this.#actsFromFormer += acts
        if (this.#isQuarantineFull()) return this.close('quarantine-full')
        const isWhole = refused.length + missing + stripped + skipped + announced + asideFull === 0
        this.#say({ type: 'ack', count: this.#takenSegments, isWhole })
        if (missing + stripped > 0) this.#askAgain()
        this.#report()
      }
    } finally {
      this.#admitting = false
    }
    await this.#checkpoints.poke()
    if (this.#closed === null) this.#settle()
  }

  /** What a removed station may leave behind is bounded: more of it stays with the sender. */
  #isQuarantineFull(): boolean {
    const { station } = this.#deps
    if (this.#actsFromFormer > MAX_ACTS_FROM_FORMER) return true
    const most = this.#deps.maxHeldFromFormer ?? MAX_HELD_FROM_FORMER
    return station.membership().former.has(this.peer) && station.heldFrom(this.peer) > most
  }
  /** Something came before its past, or without a part: say again what we hold, but not in a circle. */
  #askAgain(): void {
    const now = this.#deps.clock.now()
    // A clock that was set back must not keep it from asking.
    if (Math.abs(now - this.#askedAt) < 1000 || this.#askedWith === this.#counts.received) return
    this.#askedAt = now
    this.#askedWith = this.#counts.received
    this.#sayHeads(false)
  }

  #onJoin(request: string): void {
    if (++this.#joinRequests > MAX_JOIN_REQUESTS) return this.close('not-asked-for')
    const answer = this.#deps.onJoin?.(request) ?? Promise.resolve('not-inviting')
    answer.then(
      (problem) => {
        this.#say({ type: 'granted', problem })
        if (problem === null) this.#guard(() => this.#sayHeads(true))
      },
      () => this.close('join-failed'),
    )
  }

  // ---- sending

  #say(message: Message): void {
    void this.#send(message)
  }

  /** Never rejects: a wire that fails ends the session. */
  async #send(message: Message): Promise<void> {
    if (this.#closed !== null) return
    if (message.type === 'carry' || (message.type === 'heads' && message.asks)) this.#questions.put++
    const frame = encodeMessage(message)
    this.#unsentBytes += frame.length
    if (this.#unsentBytes > (this.#deps.maxUnsentBytes ?? MAX_UNSENT_BYTES)) {
      this.#deps.wire.close('not-reading')
      return this.#end('not-reading')
    }
    try {
      await this.#deps.wire.send(frame)
      this.#unsentBytes -= frame.length
    } catch (error) {
      this.#cut(error instanceof Error ? error.message : String(error))
    }
  }

  /** What the peer does not understand it is not told. */
  #sayCarry(): void {
    if (this.#theirFeatures.includes('carry')) this.#carrying.say()
  }

  /** Whoever carries waits for how far we are; a stranger is answered when it has shown that it is none. */
  #answerCarry(): void {
    if (!this.#owesHeads || this.#shared().length === 0) return
    this.#owesHeads = false
    this.#sayHeads(false)
  }

  #sayHeads(asks: boolean): void {
    const spaces = this.#shared()
    if (spaces.length === 0) return
    this.#saidSpaces = spaces.join()
    const { station } = this.#deps
    this.#say({
      type: 'heads',
      asks,
      heard: this.#questions.heard,
      spaces: [
        ...spaces.map((space) => ({ space, heads: station.heads(space) })),
        ...station.headsOwedBy(this.peer),
        ...this.#carrying.named().map((space) => ({ space, heads: station.heads(space) })),
      ],
    })
  }

  /** Looks again at what the peer lacks; what is under way already is not sent twice. */
  #plan(): void {
    const { station } = this.#deps
    const underWay = new Set(this.#inFlight.map(({ outgoing }) => nameOf(outgoing)))
    const queue: Planned[] = []
    for (const space of [...this.#shared(), ...this.#owed()]) {
      if (!this.#theirs.knows(space)) continue
      if (
        space !== station.identity.community &&
        this.#checkpoints.holdsBack(space, this.#theirs.heads(space))
      )
        continue
      for (const outgoing of station.outgoing(space, this.#theirs.heads(space)))
        if (!underWay.has(nameOf(outgoing)) && !this.#noticed.has(nameOf(outgoing))) queue.push(outgoing)
    }
    for (const planned of this.#carrying.plan()) if (!underWay.has(nameOf(planned))) queue.push(planned)
    this.#queue = queue
    this.#sizes = new Map(queue.map((outgoing) => [nameOf(outgoing), this.#sizeOf(outgoing)]))
    this.#queueBytes = this.#sizes.values().reduce((sum, bytes) => sum + bytes, 0)
    this.#pump()
  }

  #sizeOf(outgoing: Planned): number {
    return this.#sizes.get(nameOf(outgoing)) ?? this.#deps.station.segmentBytes(outgoing.row)
  }

  #pump(): void {
    const { station } = this.#deps
    while (this.#queue.length > 0 && this.#hasRoom() && this.#closed === null) {
      const outgoing = this.#queue.shift()!
      this.#queueBytes -= this.#sizeOf(outgoing)
      if (outgoing.isNotice) this.#noticed.add(nameOf(outgoing))
      const bytes = station.segment(outgoing.row)
      const sentAt = this.#deps.clock.now()
      const space = outgoing.carry?.space ?? station.spaceOf(outgoing.row.log)
      // What was dropped meanwhile, or has no room with a peer that carries, waits for another meeting.
      if (bytes.length === 0 || (outgoing.carry && !this.#carrying.takeRoom(bytes.length))) continue
      if (outgoing.carry || outgoing.row.aside !== undefined) this.#carrying.noteSent(space, outgoing)
      this.#inFlight.push({ outgoing, space, bytes: bytes.length, sentAt })
      this.#inFlightBytes += bytes.length
      this.#say({ type: 'segment', bytes })
    }
    this.#settle()
  }

  #hasRoom(): boolean {
    return this.#inFlight.length < WINDOW_SEGMENTS && this.#window.isOpen(this.#inFlightBytes)
  }

  #onAck(count: number, isWhole: boolean): void {
    const taken = count - this.#ackedSegments
    if (taken < 0 || taken > this.#inFlight.length) return this.close('false-ack')
    this.#ackedSegments = count
    const now = this.#deps.clock.now()
    for (const { outgoing, space, bytes, sentAt } of this.#inFlight.splice(0, taken)) {
      this.#inFlightBytes -= bytes
      this.#window.answered(bytes, sentAt, now, this.#pulse.quickestMs)
      const head: EntryRef = { log: outgoing.row.log, seq: outgoing.row.last, hash: outgoing.row.head }
      if (outgoing.carry) {
        this.#counts.given += outgoing.entries
        this.#counts.sentBytes += bytes
        continue
      }
      if (outgoing.row.aside !== undefined) this.#handedOn = true
      // A notice tells of an erasure; the entry itself comes in its place.
      if (!outgoing.isNotice) this.#theirs.took(space, head)
      if (!outgoing.isNotice && isWhole) this.#proved.took(space, head)
      this.#counts.sent += outgoing.entries
      this.#counts.sentBytes += bytes
    }
    this.#untold = true
    this.#report()
    this.#pump()
  }
  #ackedSegments = 0

  // ---- proof

  #busy(): boolean {
    return (
      this.#queue.length > 0 ||
      this.#inFlight.length > 0 ||
      this.#inbox.length > 0 ||
      this.#admitting ||
      (this.#theirFeatures.includes('carry') && this.#carrying.isWaiting()) ||
      this.#checkpoints.isBusy()
    )
  }

  /** Nothing left to send or take in: say what we hold, and compare. */
  #settle(): void {
    this.#sayCarry()
    this.#answerCarry()
    if (this.#busy()) return
    if (this.#handedOn) {
      this.#handedOn = false
      this.#sayHeads(true)
      return this.#carrying.expectAnswer()
    }
    const spaces = this.#shared()
    if (spaces.length === 0) return
    if (spaces.join() !== this.#saidSpaces) this.#sayHeads(true)
    if (this.#checkpoints.fetchNewest()) return
    const mine = spaces.map((space) => ownDigest(this.#deps.station, space))
    const said = JSON.stringify(mine)
    if (said !== this.#saidDigest) {
      this.#saidDigest = said
      this.#say({ type: 'digest', spaces: mine })
    }
    this.#compare()
    this.#giveKeys()
    if (this.#theirFeatures.includes('blobs')) this.#blobs.poke()
    this.#noteHandedOver()
  }

  /** Whoever holds a key boxes it to a reader who lacks it, when they meet (A17). */
  #giveKeys(): void {
    const { station } = this.#deps
    const membership = station.membership()
    if (membership === this.#keysGivenIn || !station.isMember() || !memberAt(membership, this.peer)) return
    this.#keysGivenIn = membership
    giveKeys(station, this.peer).catch((error: unknown) => this.#fail(error))
  }

  /** The peer has all that this station still owed of spaces it lost; who was removed can go now. */
  #noteHandedOver(): void {
    const { station, onRemoved } = this.#deps
    const owed = this.#owed()
    if (owed.length > 0) station.putPeers(owed.map((space) => peerRow(this.#met(), space, '', false)))
    if (standingOf(station).state === 'removed' && !this.#isFetching()) onRemoved?.(this.peer)
  }

  #compare(): void {
    if (this.#busy() || !this.#theirDigest) return
    const { station, clock } = this.#deps
    const before = JSON.stringify([...this.#spaces.values()])
    const theirs = new Map(this.#theirDigest.map((space) => [space.space, space]))
    const rows: Omit<PeerRow, 'equalAt'>[] = []
    this.#spaces.clear()
    for (const space of this.#shared()) {
      const mine = ownDigest(station, space)
      const other = theirs.get(space)
      const equal = other !== undefined && isSame(mine, other)
      if (other) this.#hearRecords(mine, other)
      this.#spaces.set(space, { space, entries: mine.entries, digest: mine.digest, equal })
      rows.push(peerRow(this.#met(), space, other?.digest ?? '', equal))
    }
    // Also when nothing changed: "last met" is when it was last proved, not when there was last news.
    const news = JSON.stringify([...this.#spaces.values()]) !== before
    if (news || Math.abs(clock.now() - this.#notedAt) >= ANTI_ENTROPY_MS) {
      this.#notedAt = clock.now()
      this.#untold = false
      station.putPeers(rows)
    }
    this.#report()
  }

  /** A meeting that is cut short is one all the same: what the peer said by then is not forgotten. */
  #noteAtEnd(): void {
    const { station } = this.#deps
    if (!this.#untold) return
    this.#untold = false
    station.putPeers(rowsAtEnd(this.#met(), this.#shared(), this.#theirDigest ?? [], this.#spaces))
  }
  #met(): Met {
    const { station, wire } = this.#deps
    return { station, peer: this.peer, via: wire.via, proved: this.#proved }
  }

  /** A18: what this station took on trust is compared with the first who need not. */
  #hearRecords(mine: SpaceDigestWire, other: SpaceDigestWire): void {
    if (!mine.onTrust || other.onTrust || mine.records === null || other.records === null) return
    if (mine.entries !== other.entries || mine.digest !== other.digest) return
    const { station } = this.#deps
    const heard = hearRecords(station, mine.space, this.peer, mine.records === other.records)
    heard.then(
      (restarts) => {
        if (restarts) this.#guard(() => this.#sayHeads(true))
      },
      () => this.close('station-closed'),
    )
  }

  // ---- time

  #collect(): void {
    if (this.#collecting || this.#closed !== null) return
    this.#collecting = true
    const { clock } = this.#deps
    // From the end of the last look, so that where looking is slow there is time for more than looking.
    const quietMs = Math.abs(clock.now() - this.#lookedAt)
    this.#stopCollecting = clock.after(Math.max(0, COLLECT_MS - quietMs), () => {
      this.#collecting = false
      if (this.#closed === null) this.#guard(() => this.#plan())
      this.#lookedAt = clock.now()
    })
  }

  #beat(): void {
    const { wire, clock, hasStandby } = this.#deps
    if (this.#pulse.beat(clock.now(), wire.bytesHeard?.(), hasStandby?.() === true)) return this.#ping()
    wire.close('silent')
    this.#cut('silent')
  }

  #ping(): void {
    this.#say({ type: 'ping', ...this.#pulse.ping(this.#deps.clock.now()) })
  }

  /** A disk that is full or damaged ends the meeting, not the process. */
  #guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#fail(error)
    }
  }
  #fail(error: unknown): void {
    this.close(storeProblem(error, this.#deps.station.home).type)
  }

  #every(ms: number, task: () => void): void {
    let stop = () => {}
    const again = () => {
      stop = this.#deps.clock.after(ms, () => {
        if (this.#closed !== null) return
        this.#guard(task)
        again()
      })
    }
    again()
    this.#stops.push(() => stop())
  }

  /** What had come whole before a cut is taken in still: it need not come again. */
  #cut(reason: string): void {
    this.#isCut ||= this.#closed === null
    this.#end(reason)
  }
  #isCut = false
  #keepsInbox(): boolean {
    return this.#isCut && !this.#deps.station.closing.aborted
  }

  #end(reason: string): void {
    if (this.#closed !== null) return
    this.#closed = reason
    this.#checkpoints.close()
    try {
      this.#whateverTheStore(() => this.#noteAtEnd())
      this.#whateverTheStore(() => this.#blobs.close())
    } finally {
      this.#stopCollecting()
      for (const stop of this.#stops.splice(0)) stop()
      for (const listener of this.#closeListeners.splice(0)) listener(reason)
    }
    this.#report()
  }

  /** The end is the end also where nothing can be noted: whoever waits for it is told. */
  #whateverTheStore(work: () => void): void {
    try {
      work()
    } catch (error) {
      storeProblem(error, this.#deps.station.home)
    }
  }

  #report(): void {
    this.#deps.onState?.(this.state())
  }
}

const nameOf = (outgoing: Planned): string =>
  `${outgoing.isNotice ? 'notice/' : ''}${outgoing.row.log}/${outgoing.row.first}/${Buffer.from(outgoing.row.head).toString('latin1')}`
const entriesOf = (list: readonly { readonly entries: number }[]): number =>
  list.reduce((sum, { entries }) => sum + entries, 0)
