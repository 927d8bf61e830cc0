/** How often each side says that it is there. */
export const PING_MS = 1500
/** A peer silent for so long is dead: looked for at every ping, so noticed within 7.5 s. */
const SILENCE_MS = 6000
/** The same while another wire to the peer is on standby and lives: noticed within 4.5 s. */
const SILENCE_WITH_STANDBY_MS = 3000
/** A link that takes longer to answer is given so many of its own round trips, since a lost packet costs some. */
const SILENCE_ROUND_TRIPS = 4
/** Round trips that are remembered. */
const MEASURES = 4
const LONGEST_SILENCE_MS = 60_000
/** Before the first answer nothing is known of the link. */
const FIRST_SILENCE_MS = 12_000

export type Ping = {
  /** Milliseconds since the sender's session began, and 1; so never 0. */
  readonly sentMs: number
  /** The newest `sentMs` of the other side, 0 before there is one, and how long ago it came. */
  readonly echoMs: number
  readonly heldMs: number
}

/** Whether the peer is there, and how long the link takes to answer; pings of both sides carry the measuring. */
export class Pulse {
  readonly #startedAt: number
  #heardAt: number
  #beatAt: number
  #bytesHeard = 0
  #theirs: { readonly sentMs: number; readonly at: number } | null = null
  #quickestMs = 0
  #lastMs: readonly number[] = []

  constructor(now: number) {
    this.#startedAt = now
    this.#heardAt = now
    this.#beatAt = now
  }

  /** The quickest round trip so far, in milliseconds: the link with nothing in its queues. 0 when none is known. */
  get quickestMs(): number {
    return this.#quickestMs
  }
  silenceMs(hasStandby = false): number {
    if (this.#lastMs.length === 0) return FIRST_SILENCE_MS
    const least = hasStandby ? SILENCE_WITH_STANDBY_MS : SILENCE_MS
    return Math.min(LONGEST_SILENCE_MS, Math.max(least, SILENCE_ROUND_TRIPS * Math.min(...this.#lastMs)))
  }

  /** A frame came. `bytesHeard`: all that has come over the wire so far, parts of frames too. */
  heard(now: number, bytesHeard = 0): void {
    this.#heardAt = now
    this.#bytesHeard = bytesHeard
  }

  /** Heard within two pings, one of them lost to a busy moment, and the link's own round trip. */
  isLively(now: number): boolean {
    return now - this.#heardAt <= 2 * PING_MS + 500 + this.#quickestMs
  }

  /** At every ping. False when the peer is dead. */
  beat(now: number, bytesHeard = 0, hasStandby = false): boolean {
    // As long as this process was busy or asleep it heard nobody, and what they said is yet to be read. A clock that
    // was set, back or forth, says nothing about the peer, whether it was last heard before that or since.
    this.#heardAt = Math.min(now, this.#heardAt + Math.max(0, now - this.#beatAt - PING_MS))
    this.#beatAt = now
    // A part of a frame: a large one takes longer over a slow link than a silence may last.
    if (bytesHeard > this.#bytesHeard) this.#heardAt = now
    this.#bytesHeard = bytesHeard
    return now - this.#heardAt <= this.silenceMs(hasStandby)
  }

  ping(now: number): Ping {
    const theirs = this.#theirs
    return {
      sentMs: Math.max(0, Math.floor(now - this.#startedAt)) + 1,
      echoMs: theirs?.sentMs ?? 0,
      heldMs: theirs ? Math.max(0, Math.floor(now - theirs.at)) : 0,
    }
  }

  /** True for the first: answered at once, so that both know the link from the start. */
  heardPing({ sentMs, echoMs, heldMs }: Ping, now: number): boolean {
    const isFirst = this.#theirs === null
    this.#theirs = { sentMs, at: now }
    const tookMs = now - this.#startedAt + 1 - echoMs - heldMs
    if (echoMs > 0 && tookMs >= 0) this.#measured(tookMs)
    return isFirst
  }

  /** The quickest of the last few counts: what took longer was a busy process, not the link. */
  #measured(tookMs: number): void {
    this.#quickestMs = this.#lastMs.length === 0 ? tookMs : Math.min(this.#quickestMs, tookMs)
    this.#lastMs = [...this.#lastMs, tookMs].slice(-MEASURES)
  }
}
