import {
  type EntryRef,
  giveKeys,
  type Membership,
  memberAt,
  standingOf,
  stationIdOf,
  storeProblem,
} from '@doorstep/core'
import { BlobExchange } from './blob-exchange.ts'
import { CarryExchange } from './carry-exchange.ts'
import { CheckpointExchange } from './checkpoint-exchange.ts'
import { Collecting } from './collecting.ts'
import { Comparison } from './comparison.ts'
import { Intake } from './intake.ts'
import { commonVersion, encodeMessage, greeting, type Message, PROTOCOL, parseMessage } from './message.ts'
import { Outbox } from './outbox.ts'
import { PeerScope } from './peer-scope.ts'
import { PeerView } from './peer-view.ts'
import { PING_MS, Pulse } from './pulse.ts'
import { Sender } from './sender.ts'
import type { SessionDeps, SessionState } from './session-port.ts'
import { sumOf, wasEqual } from './sum.ts'
import { TimeOffer } from './time-offer.ts'

export type { SpaceState } from './proof.ts'
export type { SessionDeps, SessionState } from './session-port.ts'

/** How long somebody may stay who does not belong: enough to ask, and to show what lets it in. */
const STRANGER_MS = 30_000
const MAX_JOIN_REQUESTS = 8
/** Of what only a newer station understands: passed over, as long as it is not all there is. */
const MAX_UNKNOWN_MESSAGES = 1000
const MAX_UNKNOWN_BYTES = 8 * 1024 * 1024
/** Head exchange again, whatever happened meanwhile. */
const ANTI_ENTROPY_MS = 30_000
/**
 * One meeting with one peer over one wire: heads, then what each lacks, pasts first; acknowledged when on disk;
 * digests when nothing is left. Clock, wire and store come in; nothing here waits for real time.
 */
export class Session {
  readonly peer: string
  readonly #deps: SessionDeps
  readonly #scope: PeerScope
  readonly #theirs: PeerView
  /** The same without what it took in and did not say to have kept: what it is a witness of (S4). */
  readonly #proved: PeerView
  readonly #checkpoints: CheckpointExchange
  readonly #blobs: BlobExchange
  readonly #carrying: CarryExchange
  readonly #sender: Sender
  readonly #intake: Intake
  readonly #comparison: Comparison
  readonly #pulse: Pulse
  readonly #outbox: Outbox
  readonly #time: TimeOffer
  #closed: string | null = null
  #meant = false
  #theyRest = false
  #name = ''
  #saidSpaces = ''
  readonly #collecting: Collecting
  /** Pieces of checkpoints, each way. */
  #pieces = { sentBytes: 0, receivedBytes: 0, fetchedBytes: 0 }
  #joinRequests = 0
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
    const { station, wire, clock, trustKey } = deps
    const isAtOrBefore = (ref: EntryRef, head: EntryRef) => station.isAtOrBefore(ref, head)
    this.#theirs = new PeerView(isAtOrBefore)
    this.#proved = new PeerView(isAtOrBefore)
    this.#pulse = new Pulse(clock.now())
    this.#collecting = new Collecting(clock, () => {
      if (this.#closed === null) this.#guard(() => this.#sender.plan())
    })
    const isTrusted = trustKey !== undefined && Buffer.compare(trustKey, wire.peerKey) === 0
    this.#scope = new PeerScope(station, this.peer, this.#theirs, isTrusted)
    const say = (message: Message) => this.#say(message)
    const onFault = (reason: string) => this.close(reason)
    const onError = (error: unknown) => this.#fail(error)
    this.#outbox = new Outbox({
      station,
      wire,
      maxUnsentBytes: deps.maxUnsentBytes,
      onNotReading: () => {
        wire.close('not-reading')
        this.#end('not-reading')
      },
      onCut: (reason) => this.#cut(reason),
      onError,
    })
    this.#time = new TimeOffer({
      station,
      peer: this.peer,
      offersTime: deps.offersTime,
      isHeard: () => this.#theirFeatures.includes('clock') && this.#scope.shared().length > 0,
      say,
    })
    this.#carrying = new CarryExchange(station, this.peer, say, () => this.#questions.put)
    this.#checkpoints = new CheckpointExchange({
      station,
      peer: this.peer,
      minSavedEntries: deps.minSavedEntries,
      send: (message) => {
        if (message.type === 'piece') this.#pieces.sentBytes += message.bytes.length
        return this.#send(message)
      },
      now: () => clock.now(),
      roundTripMs: () => this.#pulse.quickestMs,
      hasShortPieces: () => this.#theirFeatures.includes('pieces'),
      shared: () => this.#scope.shared(),
      onTaken: () => {
        this.#intake.countExpected()
        this.#sayHeads(false)
      },
      onDeclined: () => this.#sender.plan(),
      onSettled: () => this.#settle(),
      onFault,
      onError,
    })
    this.#sender = new Sender({
      station,
      clock,
      scope: this.#scope,
      theirs: this.#theirs,
      peer: this.peer,
      proved: this.#proved,
      carrying: this.#carrying,
      readsLean: () => this.#theirFeatures.includes('lean'),
      holdsBack: (space) => this.#checkpoints.holdsBack(space, this.#theirs.heads(space)),
      roundTripMs: () => this.#pulse.quickestMs,
      say,
      isOpen: () => this.#closed === null,
      onSent: () => this.#settle(),
      onAcked: () => {
        this.#comparison.heardSomething()
        this.#report()
      },
      onFault,
    })
    this.#intake = new Intake({
      station,
      peer: this.peer,
      clock,
      scope: this.#scope,
      theirs: this.#theirs,
      maxHeldFromFormer: deps.maxHeldFromFormer,
      say,
      goesOn: () => this.#closed === null || this.#keepsInbox(),
      onMissing: () => this.#sayHeads(false),
      onTaken: () => this.#report(),
      onEmpty: async () => {
        await this.#checkpoints.poke()
        if (this.#closed === null) station.steadily(() => this.#settle())
      },
      onFault,
      onError,
    })
    this.#comparison = new Comparison({
      station,
      peer: this.peer,
      via: wire.via,
      clock,
      scope: this.#scope,
      proved: this.#proved,
      onRestart: () => this.#guard(() => this.#sayHeads(true)),
      onFault,
    })
    this.#blobs = new BlobExchange({
      station,
      peer: this.peer,
      clock,
      send: (message) => this.#send(message),
      isQuiet: () => !this.#busy(),
      onChange: () => (this.#blobs.isBusy() ? this.#report() : this.#settle()),
      onFault,
      onError,
    })
  }

  start(): void {
    const { wire, station } = this.#deps
    wire.onFrame((frame) => this.#guard(() => this.#receive(frame)))
    wire.onClose((reason) => this.#cut(reason))
    this.#stops.push(station.onChange(() => this.#collecting.changed()))
    this.#stops.push(station.sendsAtOnce(() => this.#collecting.isQuiet()))
    const leave = () => this.close('station-closed')
    station.closing.addEventListener('abort', leave)
    this.#stops.push(() => station.closing.removeEventListener('abort', leave))
    this.#every(PING_MS, () => this.#beat())
    this.#stops.push(
      this.#deps.clock.after(
        STRANGER_MS,
        () => this.#scope.shared().length === 0 && this.close('not-a-member'),
      ),
    )
    this.#every(ANTI_ENTROPY_MS, () => {
      this.#sayHeads(true)
      this.#time.sayAgain()
    })
    this.#guard(() => {
      this.#greet()
      const { resumes } = this.#deps
      if (resumes?.hello) this.#receive(resumes.hello)
    })
  }

  #greet(): void {
    const { station, name, listeningPort, resumes } = this.#deps
    const { community } = station.identity
    const knows = this.#scope.shared().length > 0
    const sum = wasEqual(station, this.peer, this.#scope) ? sumOf(station, this.#scope.shared()) : null
    this.#say(greeting({ community, name, port: listeningPort ?? 0, knows }, resumes !== undefined, sum))
    this.#ping()
    this.#awaitsSum = sum !== null
    if (sum === null) this.#sayHeads(true)
  }

  /** Of the greeting alone: the same sum is the word of both that they hold the same, and spares heads and digests. */
  #onSum(theirs: Uint8Array | null): void {
    if (!this.#awaitsSum) return
    this.#awaitsSum = false
    const { station } = this.#deps
    const spaces = this.#scope.shared()
    const mine = theirs && sumOf(station, spaces)
    if (!theirs || !mine || Buffer.compare(theirs, mine) !== 0) return this.#sayHeads(true)
    this.#saidSpaces = spaces.join()
    for (const space of spaces) this.#learn(space, station.heads(space))
    this.#comparison.hearSame()
    this.#sender.plan()
  }
  /** Heads wait for the peer's greeting. */
  #awaitsSum = false

  state(): SessionState {
    const sending = this.#sender.state()
    const taking = this.#intake.state()
    return {
      station: this.peer,
      name: this.#name,
      via: this.#deps.wire.via,
      ...sending,
      sentBytes: sending.sentBytes + this.#pieces.sentBytes,
      ...taking,
      receivedBytes: taking.receivedBytes + this.#pieces.receivedBytes,
      fetchedBytes: this.#pieces.fetchedBytes,
      toFetchBytes: this.#checkpoints.toFetchBytes(),
      sized: this.#scope.isSized(),
      busy: this.#busy() || this.#checkpoints.isOffering(),
      equal: this.isEqual(),
      spaces: this.#comparison.spaces(),
      blobs: this.#blobs.state(),
      closed: this.#closed,
    }
  }

  /** Every space that both may read, and the membership log, compared and equal, and nothing under way. */
  isEqual(): boolean {
    return !this.#busy() && this.#comparison.isEqual()
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
    return this.#intake.isAdmitting
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
        this.#time.say()
        if (!message.knows) this.#introduce()
        this.#onSum(message.sum)
        return this.#report()
      case 'heads':
        if (message.asks) {
          this.#questions.heard++
          this.#comparison.heardQuestion()
        }
        return this.#onHeads(message)
      case 'segment':
        return this.#intake.onSegment(message.bytes, bytes)
      case 'lean':
        return this.#intake.onLean(message.bytes, message.count, bytes)
      case 'as-is':
        return this.#sender.sendAsIs()
      case 'ack':
        return this.#sender.onAck(message.count, message.isWhole)
      case 'digest':
        this.#comparison.hear(message.spaces)
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
        this.#pieces.receivedBytes += bytes
        this.#pieces.fetchedBytes += message.bytes.length
        return this.#checkpoints.onPiece(message.hash, message.total, message.offset, message.bytes)
      case 'blobs-ask':
      case 'blobs-have':
      case 'blob-want':
      case 'blob-piece':
      case 'blobs-got':
        // Of those who belong, or did: a stranger is told nothing and asked nothing.
        return this.#scope.shared().length > 0 ? this.#blobs.on(message) : this.close('not-asked-for')
      case 'carry':
        this.#questions.heard++
        this.#carrying.onCarry(message)
        this.#owesHeads = message.spaces.length > 0
        this.#answerCarry()
        return this.#sender.plan()
      case 'rest':
        this.#theyRest = true
        return
      case 'time':
        return this.#time.hear(message.atMs)
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
    if (!this.#scope.shared().includes(community) || this.#theirs.knows(community)) return
    this.#theirs.learn(community, [])
    this.#sender.plan()
  }

  #onHeads(message: Extract<Message, { type: 'heads' }>): void {
    const { station } = this.#deps
    // Of what we share or owe: what anybody names beyond that would be kept for nothing. After new acts we ask again.
    const asked = new Set(this.#scope.shared())
    if (asked.size === 0) return
    for (const space of station.spacesOwed()) asked.add(space)
    // One word about each: two that differ would each be news, again and again.
    const told = new Map(message.spaces.map(({ space, heads }) => [space, heads]))
    for (const [space, heads] of told) {
      // One that was lost, and of which something is owed, may be carried too.
      this.#carrying.onHeads(space, heads)
      if (asked.has(space)) this.#learn(space, heads)
    }
    this.#comparison.heardSomething()
    this.#sender.heardHeads()
    this.#intake.countExpected()
    this.#carrying.answered(message.heard ?? 0)
    if (message.asks) this.#sayHeads(false)
    this.#sender.plan()
  }

  #learn(space: string, heads: readonly EntryRef[]): void {
    this.#theirs.learn(space, heads)
    this.#proved.learn(space, heads)
    this.#checkpoints.heardHeads(space, heads)
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

  /** Never rejects. */
  async #send(message: Message): Promise<void> {
    if (this.#closed !== null) return
    if (message.type === 'carry' || (message.type === 'heads' && message.asks)) this.#questions.put++
    await this.#outbox.send(message)
  }

  /** What the peer does not understand it is not told. */
  #sayCarry(): void {
    if (this.#theirFeatures.includes('carry')) this.#carrying.say()
  }

  /** Whoever carries waits for how far we are; a stranger is answered when it has shown that it is none. */
  #answerCarry(): void {
    if (!this.#owesHeads || this.#scope.shared().length === 0) return
    this.#owesHeads = false
    this.#sayHeads(false)
  }

  #sayHeads(asks: boolean): void {
    const spaces = this.#scope.shared()
    if (spaces.length === 0) return
    this.#saidSpaces = spaces.join()
    const { station } = this.#deps
    const whole = [...spaces, ...this.#carrying.named()]
    this.#say({
      type: 'heads',
      asks,
      heard: this.#questions.heard,
      spaces: [
        ...whole.map((space) => ({ space, heads: station.heads(space) })),
        // Whoever lost a space may carry it too: then it is told of all.
        ...station.headsOwedBy(this.peer).filter(({ space }) => !whole.includes(space)),
      ],
    })
  }

  // ---- proof

  #busy(): boolean {
    return (
      this.#sender.isBusy() ||
      this.#intake.isBusy() ||
      (this.#theirFeatures.includes('carry') && this.#carrying.isWaiting()) ||
      this.#checkpoints.isBusy()
    )
  }

  /** Nothing left to send or take in: say what we hold, and compare. */
  #settle(): void {
    this.#sayCarry()
    this.#time.say()
    this.#answerCarry()
    if (this.#busy()) return
    if (this.#sender.tookHandedOn()) {
      this.#sayHeads(true)
      return this.#carrying.expectAnswer()
    }
    const spaces = this.#scope.shared()
    if (spaces.length === 0) return
    if (spaces.join() !== this.#saidSpaces) this.#sayHeads(true)
    if (this.#checkpoints.fetchNewest()) return
    const digests = this.#comparison.toSay()
    if (digests) this.#say({ type: 'digest', spaces: digests })
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
    this.#comparison.noteHandedOver(this.#scope.owed())
    if (standingOf(station).state === 'removed' && !this.#isFetching()) onRemoved?.(this.peer)
  }

  #compare(): void {
    if (!this.#busy() && this.#comparison.compare()) this.#report()
  }

  // ---- time

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
      this.#deps.station.steadily(work)
    } catch (error) {
      this.#fail(error)
    }
  }
  #fail(error: unknown): void {
    // What was under way when the station closed finds its store closed.
    if (this.#deps.station.closing.aborted) return this.close('station-closed')
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
      this.#whateverTheStore(() => this.#comparison.noteAtEnd())
      this.#whateverTheStore(() => this.#blobs.close())
    } finally {
      this.#collecting.stop()
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
