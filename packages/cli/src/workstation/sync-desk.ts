import { networkInterfaces } from 'node:os'
import type { Problem, Result, Station } from '@doorstep/core'
import type { MeetingAttempts, SessionState, SyncNode } from '@doorstep/sync'
import { memberOfKey, ownName } from '../station/names.ts'
import { SyncProgress, type SyncProgressNow } from '../voice/sync-progress.ts'
import type { Meetings } from './data/sync.ts'

export type SyncOptions = {
  /** `HOST:PORT`; when the port is taken, by another process of this machine, any free one. */
  readonly listen: string
  readonly peers: readonly string[]
  readonly discover: boolean
  readonly signalingUrls: readonly string[]
}

type Deps = {
  readonly station: Station
  readonly options: SyncOptions
  readonly onState: () => void
  /** Household to the names of those who stand at its door. */
  readonly onPresence: (doors: ReadonlyMap<string, string>) => void
  /** This station has learned that it was removed, and a peer holds what it had not sent. */
  readonly onRemoved: () => void
}

/** Listening, calling and being found, in the background, for as long as the workstation runs. */
export class SyncDesk {
  readonly #deps: Deps
  readonly #stops: (() => void | Promise<void>)[] = []
  readonly #called = new Set<string>()
  #node: SyncNode | null = null
  #presence: ((door: string | null) => void) | null = null
  #door: string | null = null
  #closed = false
  #metMs: number | null = null
  readonly #progress = new SyncProgress()
  #progressNow: SyncProgressNow | null = null
  #tried: MeetingAttempts | null = null

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** What is known of them now; progress only while there is something to be done. */
  meetings(): Meetings {
    const sessions = this.#node?.states() ?? []
    const isMoving = sessions.some(
      ({ toSend, toReceive, toFetchBytes }) => toSend + toReceive + toFetchBytes > 0,
    )
    return {
      sessions,
      metMs: this.#metMs,
      listening: this.listening(),
      elsewhere: this.#node?.callsElsewhere === true,
      progress: isMoving ? this.#progressNow : null,
      tried: this.#tried,
    }
  }
  listening(): string | null {
    const at = this.#node?.listening
    return at ? `${at.host}:${at.port}` : null
  }

  /** The network code is loaded here, after the first screen. A problem leaves the workstation as it was: offline. */
  async start(): Promise<Result<void>> {
    const { SyncNode, announce, listen, parseAddress } = await import('@doorstep/sync')
    const { station, options } = this.#deps
    const address = parseAddress(options.listen)
    if (!address.ok) return address
    if (this.#closed) return { ok: true, value: undefined }
    const node = new SyncNode({
      station,
      name: ownName(station),
      onState: (states) => this.#changed(states),
      onRemoved: this.#deps.onRemoved,
    })
    this.#node = node
    let served = await node.serve(address.value)
    if (!served.ok && address.value.port !== 0) served = await node.serve({ ...address.value, port: 0 })
    for (const peer of [...options.peers, ...station.addresses().map((one) => one.address)]) this.#call(peer)
    if (options.discover) {
      const { community } = station.identity
      // Multicast is often not allowed; last-known addresses are called all the same.
      this.#stops.push(
        listen(
          community,
          (found) => this.#call(found),
          () => undefined,
        ),
      )
      if (served.ok) this.#stops.push(announce(community, served.value.port, () => undefined))
    }
    this.#joinMesh(node)
    this.#deps.onState()
    return served.ok ? { ok: true, value: undefined } : served
  }

  #changed(states: readonly SessionState[]): void {
    if (this.#closed) return
    const { now } = this.#deps.station
    if (states.some((one) => one.closed === null)) {
      this.#metMs = now
      this.#tried = null
    }
    this.#progressNow = this.#progress.note(states, now)
    this.#deps.onState()
  }

  #joinMesh(node: SyncNode): void {
    const { station, options, onPresence } = this.#deps
    if (options.signalingUrls.length === 0) return
    const name = ownName(station)
    const joined = node.joinMesh([...options.signalingUrls], { station: name })
    if (!joined.ok || !joined.value) return
    const mesh = joined.value
    this.#presence = (door) =>
      void mesh.setPresence(door === null ? { station: name } : { station: name, door, since: station.now })
    mesh.onPresence((list) => {
      const doors = new Map<string, string[]>()
      for (const { key, state } of list) {
        if (state.door === undefined) continue
        const there = doors.get(state.door) ?? []
        doors.set(state.door, there)
        there.push(memberOfKey(station, key) ?? state.station)
      }
      onPresence(new Map([...doors].map(([door, names]) => [door, names.sort().join('、')])))
    })
    this.#presence(this.#door)
  }

  /** Says at which door we are, to those who are in the mesh. */
  standAt(door: string | null): void {
    if (this.#door === door) return
    this.#door = door
    this.#presence?.(door)
  }

  /** Our own announcement comes back to us, and so does that of other processes of this home: not to be called. */
  #isSelf(address: string): boolean {
    const at = this.#node?.listening
    if (!at) return false
    const cut = address.lastIndexOf(':')
    if (Number(address.slice(cut + 1)) !== at.port) return false
    const host = address.slice(0, cut)
    return Object.values(networkInterfaces()).some((list) => list?.some((one) => one.address === host))
  }

  #call(address: string): void {
    if (this.#called.has(address) || this.#isSelf(address)) return
    this.#called.add(address)
    this.#node?.keepCalling(address)
  }

  /** Calls one address now, and from then on. */
  async dial(address: string): Promise<Result<void, Problem>> {
    const node = this.#node
    if (!node) return { ok: false, problem: { type: 'unreachable', address, code: 'not started' } }
    const session = await node.dial(address)
    if (!session.ok) return session
    this.#called.add(address)
    return { ok: true, value: undefined }
  }

  /** Looks around once: every known address, and whoever answers on the LAN. Gives back whom it reached. */
  async look(): Promise<{ readonly reached: number; readonly tried: number }> {
    const { lookAround, ownInterfaces, typedCandidates } = await import('@doorstep/sync')
    const { station, options } = this.#deps
    const { candidates, multicast } = await lookAround(station, options.discover ? LOOK_MS : 0)
    const others = [...typedCandidates(options.peers), ...candidates].filter(
      ({ address }) => !this.#isSelf(address),
    )
    const results = (await this.#node?.tryEach(others)) ?? []
    for (const { attempt, session } of results) if (session) this.#called.add(attempt.address)
    const tried = results.map(({ attempt }) => attempt)
    const attempts = { multicast, interfaces: ownInterfaces(), tried }
    const reached = results.filter(({ session }) => session).length
    this.#tried = reached > 0 ? null : attempts
    return { reached, tried: tried.length }
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#stops.splice(0).map((stop) => stop()))
    await this.#node?.close()
  }
}

/** Long enough for a LAN to answer, short enough to wait for. */
const LOOK_MS = 1500
