import { grantRequest, parseJoinFile, type Station } from '@doorstep/core'
import type { Dice } from '../../../core/test/oracle/dice.ts'
import { Session, type SessionDeps } from '../../src/session/session.ts'
import type { Wire } from '../../src/wire.ts'
import type { Home } from './home.ts'
import { speaking } from './program.ts'
import type { Timeline } from './timeline.ts'
import { type Direction, SimWire } from './wire.ts'

export type Weather = {
  /** One way, in milliseconds, the same for every frame, and what comes on top of it by chance. */
  readonly latencyMs: number
  readonly jitterMs: number
  /** After so many frames the wire is cut, or goes silent one way or both, without anybody being told. */
  readonly cutAfter?: number
  readonly silentAfter?: number
  readonly silent?: Direction | 'both'
  /** How long the two are near each other. */
  readonly lastsMs?: number
}

/** What a link asks of the world it lies in. */
export type Surroundings = {
  readonly timeline: Timeline
  readonly dice: Dice
  readonly sessionDeps: SimSessionDeps | undefined
  note(line: string): void
  count(what: string): void
  trace(where: string, bytes: Uint8Array): void
  drop(link: Link): void
  retire(home: Home, station: Station): void
}

/** How long until a lost peer is called again. */
const REDIAL_MS = 1500

/**
 * Two homes that can reach each other. A wire keeps order and loses nothing by its contract (TLS and SCTP see to it),
 * so what a bad network does is: late, silent, one way only, cut. A cut loses what is under way; a frame that came in
 * part is no frame, so a cut at any byte is a cut between two frames.
 */
export class Link {
  readonly a: Home
  readonly b: Home
  readonly weather: Weather
  sessionA: Session | null = null
  sessionB: Session | null = null
  isDown = false
  readonly #world: Surroundings
  #wire: SimWire | null = null
  #frames = 0

  constructor(world: Surroundings, a: Home, b: Home, weather: Weather) {
    this.#world = world
    this.a = a
    this.b = b
    this.weather = weather
    this.#dial()
    if (weather.lastsMs !== undefined) world.timeline.after(weather.lastsMs, () => world.drop(this))
  }

  /** Both ends are here and have found each other equal. */
  isEqual(): boolean {
    return this.sessionA?.isEqual() === true && this.sessionB?.isEqual() === true
  }
  isOpen(): boolean {
    return this.#wire !== null
  }

  /** The cable is pulled, for good. */
  takeDown(reason = 'cut'): void {
    this.isDown = true
    this.#wire?.cut(reason)
    this.#wire = null
  }

  #dial(): void {
    if (this.isDown || this.#wire) return
    const [one, two] = [this.a.station, this.b.station]
    if (!one || !two) return this.#later()
    const { latencyMs, jitterMs } = this.weather
    const keys = { a: one.identity.key, b: two.identity.key }
    const wire = new SimWire(
      this.#world.timeline,
      keys,
      () => latencyMs + (jitterMs > 0 ? this.#world.dice.below(jitterMs) : 0),
    )
    this.#wire = wire
    this.#frames = 0
    this.#world.note(`call ${this.a.name} ${this.b.name}`)
    this.sessionA = this.#start(one, wire.a, this.a, this.b)
    this.sessionB = this.#start(two, wire.b, this.b, this.a)
    wire.b.onClose(() => {
      if (this.#wire !== wire) return
      this.#wire = null
      this.#later()
    })
  }

  #later(): void {
    this.#world.timeline.after(REDIAL_MS, () => this.#dial())
  }

  #start(station: Station, wire: Wire, home: Home, other: Home): Session {
    const heard = this.#overheard(wire, home, other)
    const trusts = station.isMember() ? undefined : home.joining?.trustKey
    const isInviter = trusts !== undefined && Buffer.compare(trusts, wire.peerKey) === 0
    const session = new Session({
      station,
      wire: home.program === null ? heard : speaking(heard, home.program),
      clock: this.#world.timeline.clock(() => home.skewMs),
      name: home.name,
      onJoin: (request) => grant(station, request),
      onRemoved: () => this.#world.retire(home, station),
      ...(isInviter ? { trustKey: trusts } : {}),
      ...this.#world.sessionDeps,
    })
    session.onClose((reason) => {
      this.#world.note(`${home.name} ends with ${other.name}: ${reason}`)
      const { fetchedBytes, takenToCarry, given } = session.state()
      if (fetchedBytes > 0) this.#world.count('checkpoint fetched')
      if (takenToCarry > 0) this.#world.count('taken to carry')
      if (given > 0) this.#world.count('given to carry')
    })
    session.start()
    if (isInviter && home.joining) session.requestJoin(JSON.stringify(home.joining.request))
    return session
  }

  /** Every frame is part of the history's trace, and of the count after which the weather turns. */
  #overheard(wire: Wire, home: Home, other: Home): Wire {
    return {
      ...wire,
      send: (frame) => {
        this.#world.trace(`${home.name}>${other.name}`, frame)
        const sent = wire.send(frame)
        this.#turn(++this.#frames)
        return sent
      },
    }
  }

  #turn(frames: number): void {
    const { cutAfter, silentAfter, silent } = this.weather
    const wire = this.#wire
    if (!wire) return
    if (frames === cutAfter) this.#world.timeline.after(0, () => wire.cut())
    if (frames === silentAfter && silent) wire.silence(silent)
  }
}

async function grant(station: Station, text: string): Promise<string | null> {
  const parsed = parseJoinFile(text)
  if (!parsed.ok || parsed.value.doorstep !== 'request/1') return 'malformed-file'
  const granted = await grantRequest(station, parsed.value)
  return granted.ok ? null : granted.problem.type
}

export type SimSessionDeps = Partial<Omit<SessionDeps, 'station' | 'wire' | 'clock'>>
