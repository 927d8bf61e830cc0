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
import { Session, type SessionState } from '../session/session.ts'
import type { Wire } from '../wire.ts'

/** First wait before calling an address again; doubled, with jitter, up to the last. */
const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 30_000
const RENEW_LEASE_MS = 10_000
/** Callers at once that do not belong, or not yet: newcomers, and stations whose acts are not here. */
const MAX_STRANGERS = 32
const MAX_STRANGERS_A_HOST = 8
/** Back within 5 s of a peer's return, as long as it was away for less than a day's work. */
const SOON_RETRY_MS = 4000

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
  readonly #stops: (() => void)[] = []
  #server: LanServer | null = null
  readonly #meshes: Mesh[] = []
  #closed = false

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
      if (this.#isOwn(wire)) wire.close('own address')
      else if (this.#isCrowded(wire, remote)) wire.close('crowded')
      else if (!this.#options.onIncoming?.(wire, remote)) this.adopt(wire, 'them', remote)
    })
    if (server.ok) this.#server = server.value
    return server
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

  /** One call. The session it gives may be one that was there before. */
  async dial(address: string, signal?: AbortSignal): Promise<Result<Session, LanProblem>> {
    const parsed = parseAddress(address)
    if (!parsed.ok) return parsed
    const wire = await dialLan(this.#signing(), parsed.value, signal ? { signal } : {})
    if (!wire.ok) return wire
    if (this.#isOwn(wire.value)) {
      wire.value.close('own address')
      return fail({ type: 'not-a-station', address })
    }
    if (this.#closed) {
      wire.value.close()
      return fail({ type: 'unreachable', address, code: 'closed' })
    }
    const session = this.adopt(wire.value, 'me', address)
    if (this.station.membership().stations.has(session.peer)) this.station.putAddress(session.peer, address)
    return ok(session)
  }

  /** Calls an address for as long as the node lives, again after each loss, ever slower while nobody answers. */
  keepCalling(address: string): void {
    let waitMs = FIRST_RETRY_MS
    let stop = () => {}
    const call = async (): Promise<void> => {
      const result = await this.dial(address)
      if (this.#closed) return
      if (result.ok) {
        waitMs = FIRST_RETRY_MS
        result.value.onClose(() => later())
        return
      }
      this.#options.onTrouble?.(address, result.problem)
      later()
    }
    const later = () => {
      if (this.#closed) return
      const jitter = 0.5 + (this.#options.random ?? Math.random)()
      stop = this.#clock.after(Math.min(waitMs, SOON_RETRY_MS) * jitter, () => void call())
      waitMs = Math.min(waitMs * 2, LAST_RETRY_MS)
    }
    this.#stops.push(() => stop())
    void call()
  }

  /**
   * Takes a proved wire. Two stations may call each other at once, or meet over two transports: both keep the same
   * one, the LAN before the mesh, then the one called by the smaller id; a new call by the same caller replaces the
   * old, which it must have lost.
   */
  adopt(wire: Wire, initiator: 'me' | 'them' | 'both', remote = ''): Session {
    const peer = stationIdOf(wire.peerKey)
    const me = this.station.identity.station
    const caller = initiator === 'me' || (initiator === 'both' && me < peer) ? me : peer
    const old = this.#sessions.get(peer)
    if (old && !isBetter({ wire, initiator: caller }, old)) {
      wire.close('another wire is kept')
      return old.session
    }
    const { trustKey, onGranted, onRemoved, name } = this.#options
    const session = new Session({
      station: this.station,
      wire,
      clock: this.#clock,
      name,
      listeningPort: this.#server?.port ?? 0,
      onJoin: (request) => this.#grant(request),
      onState: () => this.#report(),
      onHello: (hello) => this.#remember(peer, wire, remote, hello.port),
      ...(trustKey ? { trustKey } : {}),
      ...(onGranted ? { onGranted } : {}),
      ...(onRemoved ? { onRemoved } : {}),
    })
    this.#sessions.set(peer, { session, wire, initiator: caller, host: caller === me ? '' : hostOf(remote) })
    old?.session.close('replaced')
    session.onClose(() => {
      if (this.#sessions.get(peer)?.session === session) this.#sessions.delete(peer)
      this.#report()
    })
    session.start()
    return session
  }

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
    mesh.onWire((wire) => this.adopt(wire, 'both'))
    let known = this.station.membership()
    this.#stops.push(
      this.station.onChange(() => {
        if (this.station.membership() === known) return
        known = this.station.membership()
        mesh.setAllowed(this.#allowed())
      }),
    )
    let stopRenewing = () => {}
    const renew = () => {
      stopRenewing = this.#clock.after(RENEW_LEASE_MS, () => {
        this.station.holdLease('mesh')
        renew()
      })
    }
    renew()
    this.#stops.push(() => stopRenewing())
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
