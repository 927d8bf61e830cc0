import { memberAt, noteClockOffer, type Station } from '@doorstep/core'
import type { Message } from './message.ts'

export type TimeOfferDeps = {
  readonly station: Station
  readonly peer: string
  /** See `SessionDeps`. */
  readonly offersTime: (() => number | null) | undefined
  /** The peer belongs, and understands what it is told. */
  readonly isHeard: () => boolean
  readonly say: (message: Message) => void
}

/** A gateway is the neighbourhood's clock (S15): it says what the time is once, until it is to say so again. */
export class TimeOffer {
  readonly #deps: TimeOfferDeps
  #isSaid = false

  constructor(deps: TimeOfferDeps) {
    this.#deps = deps
  }

  say(): void {
    const { offersTime, isHeard, say } = this.#deps
    const atMs = this.#isSaid ? null : (offersTime?.() ?? null)
    if (atMs === null || !isHeard()) return
    this.#isSaid = true
    say({ type: 'time', atMs })
  }
  sayAgain(): void {
    this.#isSaid = false
    this.say()
  }

  /** Of gateways alone, and only to be told of: no clock is set by it, and nothing is ordered or judged by it. */
  hear(atMs: number): void {
    const { station, peer } = this.#deps
    const role = memberAt(station.membership(), peer)?.role
    if (role === 'steward' || role === 'relay') noteClockOffer(station, { station: peer, atMs })
  }
}
