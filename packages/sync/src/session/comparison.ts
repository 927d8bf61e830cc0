import { hearRecords, type PeerRow, type Station } from '@doorstep/core'
import type { Wire } from '../wire.ts'
import type { Clock } from './clock.ts'
import type { SpaceDigestWire } from './message.ts'
import type { PeerScope } from './peer-scope.ts'
import type { PeerView } from './peer-view.ts'
import { isSame, type Met, ownDigest, peerRow, rowsAtEnd, type SpaceState } from './proof.ts'

/** As long as nothing changes, what was found equal is noted again so often. */
const NOTE_AGAIN_MS = 30_000

export type ComparisonDeps = {
  readonly station: Station
  readonly peer: string
  readonly via: Wire['via']
  readonly clock: Clock
  readonly scope: PeerScope
  /** What the peer said or acknowledged to have on its disk (S4). */
  readonly proved: PeerView
  /** What was taken on trust was false, and is fetched anew. */
  readonly onRestart: () => void
  readonly onFault: (reason: string) => void
}

/** What both sides say to hold, compared when nothing is under way, and what of it is written down (S4, S5). */
export class Comparison {
  readonly #deps: ComparisonDeps
  readonly #spaces = new Map<string, SpaceState>()
  #theirs: readonly SpaceDigestWire[] | null = null
  #said = ''
  #notedAt = 0
  /** It has told something that no row of the store says yet. */
  #untold = false

  constructor(deps: ComparisonDeps) {
    this.#deps = deps
  }

  spaces(): readonly SpaceState[] {
    return [...this.#spaces.values()]
  }
  isEqual(): boolean {
    const { scope } = this.#deps
    return scope.bothBelong() && scope.shared().every((space) => this.#spaces.get(space)?.equal === true)
  }

  hear(digests: readonly SpaceDigestWire[]): void {
    this.#theirs = digests
  }
  /** Both greetings had one sum: what this station would say is what the peer said, and neither need say it. */
  hearSame(): void {
    this.#theirs = this.toSay()
    this.#saidBySum = true
  }
  /** The peer asks: it has not found the same, and is told what this station holds after all. */
  heardQuestion(): void {
    if (this.#saidBySum) this.#said = ''
    this.#saidBySum = false
  }
  #saidBySum = false
  /** The peer said or acknowledged something: it is written down by the end of the meeting. */
  heardSomething(): void {
    this.#untold = true
  }

  /** What this station holds, if that is not what it last said. */
  toSay(): readonly SpaceDigestWire[] | null {
    const mine = this.#deps.scope.shared().map((space) => ownDigest(this.#deps.station, space))
    const said = JSON.stringify(mine)
    if (said === this.#said) return null
    this.#said = said
    return mine
  }

  /** False when the peer has not said what it holds. */
  compare(): boolean {
    if (!this.#theirs) return false
    const { station, clock, scope } = this.#deps
    const before = JSON.stringify(this.spaces())
    const theirs = new Map(this.#theirs.map((space) => [space.space, space]))
    const rows: Omit<PeerRow, 'equalAt'>[] = []
    this.#spaces.clear()
    for (const space of scope.shared()) {
      const mine = ownDigest(station, space)
      const other = theirs.get(space)
      const equal = other !== undefined && isSame(mine, other)
      if (other) this.#hearRecords(mine, other)
      this.#spaces.set(space, { space, entries: mine.entries, digest: mine.digest, equal })
      rows.push(peerRow(this.#met(), space, other?.digest ?? '', equal))
    }
    // Also when nothing changed: "last met" is when it was last proved, not when there was last news.
    const news = JSON.stringify(this.spaces()) !== before
    if (news || Math.abs(clock.now() - this.#notedAt) >= NOTE_AGAIN_MS) {
      this.#notedAt = clock.now()
      this.#untold = false
      station.putPeers(rows)
    }
    return true
  }

  /** Of spaces that this station lost: the peer has all that was still owed of them. */
  noteHandedOver(owed: readonly string[]): void {
    if (owed.length === 0) return
    const { station, peer } = this.#deps
    const before = station.peers().filter((row) => row.station === peer)
    const rows = owed.map((space) => {
      const row = peerRow(this.#met(), space, '', false)
      // Of others' logs it tells hardly anything to who lost the space: what it said before still holds.
      const told = new Set(row.heads.map(({ log }) => log))
      const untold = before
        .filter((known) => known.space === space)
        .flatMap(({ heads }) => heads.filter(({ log }) => !told.has(log)))
      return { ...row, heads: [...row.heads, ...untold] }
    })
    station.putPeers(rows)
  }

  /** A meeting that is cut short is one all the same: what the peer said by then is not forgotten. */
  noteAtEnd(): void {
    if (!this.#untold) return
    this.#untold = false
    const { station, scope } = this.#deps
    station.putPeers(rowsAtEnd(this.#met(), scope.shared(), this.#theirs ?? [], this.#spaces))
  }

  #met(): Met {
    const { station, peer, via, proved } = this.#deps
    return { station, peer, via, proved }
  }

  /** A18: what this station took on trust is compared with the first who need not. */
  #hearRecords(mine: SpaceDigestWire, other: SpaceDigestWire): void {
    if (!mine.onTrust || other.onTrust || mine.records === null || other.records === null) return
    if (mine.entries !== other.entries || mine.digest !== other.digest) return
    const { station, peer, onRestart, onFault } = this.#deps
    const heard = hearRecords(station, mine.space, peer, mine.records === other.records)
    heard.then(
      (restarts) => {
        if (restarts) onRestart()
      },
      () => onFault('station-closed'),
    )
  }
}
