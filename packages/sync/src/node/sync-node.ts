import { setImmediate } from 'node:timers/promises'
import {
  fail,
  grantRequest,
  memberAt,
  ok,
  parseJoinFile,
  type Result,
  type Station,
  sha256,
  stationIdOf,
  toHex,
} from '@doorstep/core'
import { dialLan, type LanProblem, type LanServer, parseAddress, serveLan } from '../lan/lan.ts'
import { type Mesh, openMesh, type PresenceState } from '../mesh/index.ts'
import { type Clock, systemClock } from '../session/clock.ts'
import { Session, type SessionDeps, type SessionState } from '../session/session.ts'
import type { Wire } from '../wire.ts'
import { CallAgain } from './call-again.ts'
import { type Attempt, type Candidate, eachOnce, typedCandidates } from './meeting-attempts.ts'
import { Standby } from './standby.ts'

const RENEW_LEASE_MS = 10_000
/** A meeting that lasted so long was one. */
const STAYED_MS = 5000
/** Callers at once that do not belong, or not yet: newcomers, and stations whose acts are not here. */
const MAX_STRANGERS = 32
const MAX_STRANGERS_A_HOST = 8

export type SyncNodeOptions = {
  readonly station: Station
  readonly name: string
  readonly clock?: Clock
  readonly random?: () => number
  /** For a newcomer: the inviter's key, believed before anything else is known. */
  readonly trustKey?: Uint8Array
  readonly onState?: (states: readonly SessionState[]) => void
  readonly onGranted?: (problem: string | null) => void
  /** This station was removed: it has learned so from a peer that now holds what it had not sent. */
  readonly onRemoved?: (heardFrom: string) => void
  /** True when it takes a wire that came in: while a code is open, say, nothing is said to who has not proved it. */
  readonly onIncoming?: (wire: Wire, remote: string) => boolean
  /** How an address is called; over the LAN unless another way is given. */
  readonly call?: (
    address: { host: string; port: number },
    options: { signal?: AbortSignal; wants?: string },
  ) => Promise<Result<Wire, LanProblem>>
  /** As in a session: a gateway's word on what the time is. */
  readonly offersTime?: () => number | null
  /** What went wrong with an address, for a line on a screen. */
  readonly onTrouble?: (address: string, problem: LanProblem) => void
}

type Held = {
  readonly session: Session
  readonly wire: Wire
  readonly initiator: string
  /** Where it came from; empty for a call of ours. */
  readonly host: string
}

/** All meetings of one station: it listens, calls, keeps one session a peer whatever the transports, and calls again. */
export class SyncNode {
  readonly station: Station
  readonly #options: SyncNodeOptions
  readonly #clock: Clock
  readonly #sessions = new Map<string, Held>()
  /** One a peer at most: of another kind than the wire that is used, so that what kills the one spares the other. */
  readonly #standbys = new Map<string, Standby>()
  readonly #stops: (() => void)[] = []
  #server: LanServer | null = null
  readonly #meshes: Mesh[] = []
  #closed = false
  #callsElsewhere = false
  #renewsCalls = false

  constructor(options: SyncNodeOptions) {
    this.station = options.station
    this.#options = options
    this.#clock = options.clock ?? systemClock
    const leave = () => void this.close()
    this.station.closing.addEventListener('abort', leave)
    this.#stops.push(() => this.station.closing.removeEventListener('abort', leave))
  }

  get listening(): { host: string; port: number } | null {
    return this.#server ? { host: this.#server.host, port: this.#server.port } : null
  }
  sessions(): readonly Session[] {
    return [...this.#sessions.values()].map(({ session }) => session)
  }
  /** Peers to whom a second wire is ready, of another kind than the one that is used. */
  standingBy(): readonly { readonly station: string; readonly via: Wire['via'] }[] {
    return [...this.#standbys]
      .filter(([, standby]) => standby.isReady())
      .map(([station, { wire }]) => ({ station, via: wire.via }))
  }
  states(): SessionState[] {
    return this.sessions().map((session) => session.state())
  }

  #signing() {
    return { publicKey: this.station.identity.key, privateKey: this.station.signingKey }
  }

  #isOwn(wire: Wire): boolean {
    return stationIdOf(wire.peerKey) === this.station.identity.station
  }

  async serve(listen: { host: string; port: number }): Promise<Result<LanServer, LanProblem>> {
    const server = await serveLan(this.#signing(), listen, (wire, remote) => {
      if (this.#closed) wire.close('closing')
      else if (this.#isOwn(wire)) wire.close('own address')
      else if (this.#isCrowded(wire, remote)) wire.close('crowded')
      else if (!this.#options.onIncoming?.(wire, remote)) this.adopt(wire, 'them', remote)
    })
    if (server.ok) {
      this.#server = server.value
      void this.#sumUp()
    }
    return server
  }

  /**
   * Digests are found at the first asking and kept: of a whole street 3.4 s in one piece, in the middle of somebody's
   * meeting. So they are found beforehand, one space in a turn.
   */
  async #sumUp(): Promise<void> {
    const { station } = this.#options
    for (const space of station.holdings()) {
      await setImmediate()
      if (this.#closed) return
      try {
        station.digest(space)
      } catch {
        // Whoever asks in a meeting is told what is wrong with the store.
        return
      }
    }
  }

  /** Strangers take up only so much room, and of that one machine only a part. */
  #isCrowded(wire: Wire, remote: string): boolean {
    const { stations, former } = this.station.membership()
    const isStranger = (id: string) => !stations.has(id) && !former.has(id)
    const peer = stationIdOf(wire.peerKey)
    if (!isStranger(peer) || this.#sessions.has(peer)) return false
    const strangers = [...this.#sessions].filter(([id, { host }]) => host !== '' && isStranger(id))
    const neighbours = strangers.filter(([, { host }]) => host === hostOf(remote))
    return strangers.length >= MAX_STRANGERS || neighbours.length >= MAX_STRANGERS_A_HOST
  }

  /** One call. The session it gives may be one that was there before. `wants`: the only station that will do. */
  async dial(address: string, signal?: AbortSignal, wants?: string): Promise<Result<Session, LanProblem>> {
    const parsed = parseAddress(address)
    if (!parsed.ok) return parsed
    const call = this.#options.call ?? ((at, options) => dialLan(this.#signing(), at, options))
    const wire = await call(parsed.value, { ...(signal ? { signal } : {}), ...(wants ? { wants } : {}) })
    if (!wire.ok) return wire
    if (this.#isOwn(wire.value)) {
      wire.value.close('own address')
      return fail({ type: 'own-address', address })
    }
    if (this.#closed) {
      wire.value.close()
      return fail({ type: 'unreachable', address, code: 'closed' })
    }
    const session = this.adopt(wire.value, 'me', address)
    const keep = () => {
      if (this.station.membership().stations.has(session.peer)) this.station.putAddress(session.peer, address)
    }
    keep()
    // Who joined after us is known to belong once the meeting has told so.
    session.onClose(keep)
    return ok(session)
  }

  /** Tries them all at once. What happened at each, and the meetings that came of it. */
  async tryEach(
    candidates: readonly Candidate[],
    signal?: AbortSignal,
  ): Promise<readonly { readonly attempt: Attempt; readonly session: Session | null }[]> {
    return Promise.all(
      eachOnce(candidates).map(async (candidate) => {
        const wants = candidate.how === 'scanned' ? (candidate.station ?? undefined) : undefined
        const result = await this.dial(candidate.address, signal, wants)
        if (result.ok) {
          const attempt = { ...candidate, station: result.value.peer, problem: null, code: '' }
          return { attempt, session: result.value }
        }
        const { type, code } = result.problem
        return { attempt: { ...candidate, problem: type, code: String(code ?? '') }, session: null }
      }),
    )
  }

  /**
   * Calls an address for as long as the node lives, again after each loss, slower while nobody answers. Of several
   * processes of one home one does so at a time, or each would take the other's meetings away.
   */
  keepCalling(text: string): void {
    for (const { address, how, station } of typedCandidates([text]))
      this.#keepCalling(address, how === 'scanned' ? (station ?? undefined) : undefined)
  }

  #keepCalling(address: string, wants: string | undefined): void {
    const again = new CallAgain(this.#clock, this.#options.random ?? Math.random)
    let stop = () => {}
    const later = () => {
      if (!this.#closed) stop = this.#clock.after(again.nextMs(), () => void call())
    }
    const call = async (): Promise<void> => {
      if (!this.#mayCall()) {
        stop = this.#clock.after(RENEW_LEASE_MS, () => void call())
        return
      }
      const result = await this.dial(address, undefined, wants)
      if (this.#closed) return
      if (result.ok) {
        // One that answers and hangs up at once, crowded or of another version, is called no more often than one that
        // does not answer.
        const stopCounting = this.#clock.after(STAYED_MS, () => again.answered())
        result.value.onClose(() => {
          stopCounting()
          later()
        })
        return
      }
      this.#options.onTrouble?.(address, result.problem)
      later()
    }
    this.#stops.push(() => stop())
    void call()
  }

  /** Whether another process of this home does the calling, and is met in this one's place. */
  get callsElsewhere(): boolean {
    return this.#callsElsewhere
  }

  #mayCall(): boolean {
    const before = this.#callsElsewhere
    this.#callsElsewhere = !this.#holds('calls')
    if (this.#callsElsewhere !== before) this.#report()
    if (!this.#callsElsewhere && !this.#renewsCalls) {
      this.#renewsCalls = true
      this.#renew('calls')
    }
    return !this.#callsElsewhere
  }

  /** A full disk keeps nobody from meeting. */
  #holds(lease: string): boolean {
    try {
      return this.station.holdLease(lease)
    } catch {
      return true
    }
  }

  #renew(lease: string): void {
    let stopRenewing = () => {}
    const renew = () => {
      stopRenewing = this.#clock.after(RENEW_LEASE_MS, () => {
        this.#holds(lease)
        renew()
      })
    }
    renew()
    this.#stops.push(() => stopRenewing())
  }

  /**
   * Takes a proved wire. Two stations may call each other at once, or meet over two transports: both use the same
   * one, the LAN before the mesh, then the one called by the smaller id; a new call by the same caller replaces the
   * old, which it must have lost. Of two transports the other goes on standby, and takes over when the first dies.
   */
  adopt(wire: Wire, initiator: 'me' | 'them' | 'both', remote = ''): Session {
    const peer = stationIdOf(wire.peerKey)
    const me = this.station.identity.station
    const caller = initiator === 'me' || (initiator === 'both' && me < peer) ? me : peer
    const old = this.#sessions.get(peer)
    if (old && !isBetter({ wire, initiator: caller }, old)) {
      if (wire.via === old.wire.via) wire.close('another wire is kept')
      else this.#putOnStandby(peer, wire, caller, false)
      return old.session
    }
    const held = { wire, initiator: caller, host: caller === me ? '' : hostOf(remote) }
    if (old && old.wire.via !== wire.via) {
      this.#sessions.delete(peer)
      old.session.rest()
      this.#putOnStandby(peer, old.wire, old.initiator, old.session.theyRest)
    }
    const session = this.#meet(peer, held, remote)
    if (old?.wire.via === wire.via) old.session.close('replaced')
    session.start()
    return session
  }

  #meet(
    peer: string,
    held: Omit<Held, 'session'>,
    remote: string,
    resumes?: SessionDeps['resumes'],
  ): Session {
    const { trustKey, onGranted, onRemoved, offersTime, name } = this.#options
    const { wire } = held
    const session: Session = new Session({
      station: this.station,
      wire,
      clock: this.#clock,
      name,
      listeningPort: this.#server?.port ?? 0,
      hasStandby: () => this.#standbys.get(peer)?.isLively() === true,
      onJoin: (request) => this.#grant(request),
      onState: () => this.#report(),
      onHello: (hello) => this.#remember(peer, wire, remote, hello.port),
      ...(resumes ? { resumes } : {}),
      ...(trustKey ? { trustKey } : {}),
      ...(onGranted ? { onGranted } : {}),
      ...(onRemoved ? { onRemoved } : {}),
      ...(offersTime ? { offersTime } : {}),
    })
    this.#sessions.set(peer, { ...held, session })
    session.onClose((reason) => this.#ended(peer, session, reason))
    return session
  }

  /** A wire that died leaves its place to the one on standby; a peer that took its leave takes it from both. */
  #ended(peer: string, session: Session, reason: string): void {
    if (this.#sessions.get(peer)?.session !== session) return
    this.#sessions.delete(peer)
    const standby = this.#standbys.get(peer)
    if (standby && !this.#closed && session.wasCut && standby.isReady()) this.#takeUp(peer, standby, null)
    else if (standby) {
      this.#standbys.delete(peer)
      standby.close(reason)
    }
    this.#report()
  }

  #putOnStandby(peer: string, wire: Wire, initiator: string, theyRest: boolean): void {
    this.#standbys.get(peer)?.close('another wire is on standby')
    const standby: Standby = new Standby({
      wire,
      clock: this.#clock,
      theyRest,
      onResume: (hello) => {
        const used = this.#sessions.get(peer)
        this.#sessions.delete(peer)
        used?.session.close('the other wire is used')
        this.#takeUp(peer, standby, hello)
      },
      onEnd: () => {
        if (this.#standbys.get(peer) === standby) this.#standbys.delete(peer)
      },
    })
    this.#callers.set(standby, initiator)
    this.#standbys.set(peer, standby)
  }

  #takeUp(peer: string, standby: Standby, hello: Uint8Array | null): void {
    this.#standbys.delete(peer)
    const wire = standby.take()
    const initiator = this.#callers.get(standby) ?? peer
    this.#meet(peer, { wire, initiator, host: '' }, '', { hello }).start()
  }
  readonly #callers = new WeakMap<Standby, string>()

  #remember(peer: string, wire: Wire, remote: string, port: number): void {
    const host = hostOf(remote)
    if (wire.via !== 'lan' || port === 0 || host === '' || !this.station.membership().stations.has(peer))
      return
    const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
    if (this.station.addresses().some((known) => known.station === peer && known.address === address)) return
    this.station.putAddress(peer, address)
  }

  /**
   * Joins the community's y-webrtc mesh: its wires carry the same sessions, its awareness says who is at which door.
   * Null without a key of the community, or while another process of this home is in the mesh.
   */
  joinMesh(signalingUrls: readonly string[], presence: PresenceState): Result<Mesh | null> {
    const roomKey = this.station.meshKey()
    if (!roomKey || !this.station.holdLease('mesh')) return ok(null)
    const { publicKey, privateKey } = this.#signing()
    const opened = openMesh({
      signalingUrls,
      roomKey,
      stationPrivateKey: privateKey,
      stationPublicKey: publicKey,
      allowed: this.#allowed(),
      presence,
    })
    if (!opened.ok) return opened
    const mesh = opened.value
    mesh.onWire((wire) => (this.#closed ? wire.close('closing') : this.adopt(wire, 'both')))
    let known = this.station.membership()
    this.#stops.push(
      this.station.onChange(() => {
        if (this.station.membership() === known) return
        known = this.station.membership()
        mesh.setAllowed(this.#allowed())
      }),
    )
    this.#renew('mesh')
    this.#meshes.push(mesh)
    return ok(mesh)
  }

  #allowed(): Uint8Array[] {
    const membership = this.station.membership()
    return [...membership.stations.values()]
      .filter(({ id }) => id !== this.station.identity.station && memberAt(membership, id) !== undefined)
      .map(({ key }) => key)
  }

  async #grant(text: string): Promise<string | null> {
    const parsed = parseJoinFile(text)
    if (!parsed.ok || parsed.value.doorstep !== 'request/1') return 'malformed-file'
    const granted = await grantRequest(this.station, parsed.value)
    return granted.ok ? null : granted.problem.type
  }

  #report(): void {
    this.#options.onState?.(this.states())
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const stop of this.#stops.splice(0)) stop()
    for (const { session } of this.#sessions.values()) session.close('closing')
    for (const standby of this.#standbys.values()) standby.close('closing')
    await Promise.all([this.#server?.close(), ...this.#meshes.map((mesh) => mesh.close())])
  }
}

const hostOf = (remote: string): string => remote.slice(0, remote.lastIndexOf(':')).replace(/^::ffff:/, '')

const RANK: Record<Wire['via'], number> = { lan: 2, memory: 1, mesh: 0 }

function isBetter(fresh: { wire: Wire; initiator: string }, old: Held): boolean {
  if (RANK[fresh.wire.via] !== RANK[old.wire.via]) return RANK[fresh.wire.via] > RANK[old.wire.via]
  return fresh.initiator === old.initiator || fresh.initiator < old.initiator
}

/** One word for what a station holds of the spaces it shared with a peer. */
export const combinedDigest = (spaces: readonly { space: string; digest: string }[]): string =>
  toHex(sha256('doorstep/meeting/1', ...spaces.map(({ space, digest }) => `${space}:${digest}`).sort()))
