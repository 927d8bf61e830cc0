import { mayHold, memberAt, type Station } from '@doorstep/core'
import type { PeerView } from './peer-view.ts'

/** Which spaces a meeting is about: whether the peer belongs, as far as this station knows at the moment. */
export class PeerScope {
  readonly #station: Station
  readonly #peer: string
  readonly #theirs: PeerView
  readonly #isTrusted: boolean

  /** `isTrusted`: the peer is who a newcomer believes before it knows who belongs. `theirs`: what the peer said to hold. */
  constructor(station: Station, peer: string, theirs: PeerView, isTrusted: boolean) {
    this.#station = station
    this.#peer = peer
    this.#theirs = theirs
    this.#isTrusted = isTrusted
  }

  /** The membership log first, so that who belongs is settled before what they wrote. */
  shared(): string[] {
    const station = this.#station
    const { community } = station.identity
    const membership = station.membership()
    const member = memberAt(membership, this.#peer)
    if (!member) {
      // Who was removed is told so, by the acts that say it; what it still has goes to quarantine.
      if (membership.former.has(this.#peer) && station.isMember()) return [community]
      return this.#isTrusted && !station.isMember() ? [community] : []
    }
    return [community, ...station.holdings().filter((space) => mayHold(membership, member, space))]
  }

  /** Spaces this station lost, of those that the peer holds and asked to have completed. */
  owed(): string[] {
    const membership = this.#station.membership()
    const member = memberAt(membership, this.#peer)
    if (!member) return []
    const shared = new Set(this.shared())
    return this.#station
      .spacesOwed()
      .filter(
        (space) => this.#theirs.knows(space) && !shared.has(space) && mayHold(membership, member, space),
      )
  }

  /** Each by what this station knows; of a newcomer or a removed station the log alone is compared, and proves nothing. */
  bothBelong(): boolean {
    return this.#station.isMember() && memberAt(this.#station.membership(), this.#peer) !== undefined
  }

  /** The peer has said of every space how far it is. */
  isSized(): boolean {
    return this.bothBelong() && this.shared().every((space) => this.#theirs.knows(space))
  }
}
