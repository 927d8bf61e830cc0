import {
  carriedFor,
  carryOffer,
  type EntryRef,
  mayHold,
  memberAt,
  needsCarrier,
  noteCarriedReached,
  type Outgoing,
  peerMayCarry,
  type Station,
  spacesCarried,
  toHex,
} from '@doorstep/core'
import type { Message } from './message.ts'
import { nameOfHeads } from './name-of-heads.ts'

/** `carry`: for a peer that carries it for others, and is no witness of it. */
export type Planned = Outgoing & { readonly carry?: { readonly space: string } }

/**
 * Sealed segments of spaces that one of the two may not hold (D14): given to a peer that opted in to carry them, and
 * handed on by it to those who may hold them. What is carried counts as nobody's records and is never called equal.
 */
export class CarryExchange {
  readonly #station: Station
  readonly #peer: string
  readonly #send: (message: Message) => void
  readonly #questions: () => number
  readonly #theirs = new Map<string, readonly EntryRef[]>()
  /** Of each space, what was sent since the peer last said something new about it. */
  readonly #sent = new Map<string, Set<string>>()
  /** Heads of holders, by what they last said of spaces carried here. */
  readonly #holder = new Map<string, readonly EntryRef[]>()
  #said = ''
  #roomBytes = 0
  #theySpoke = false
  /** How many of our questions the peer must have heard to have said how far it is with what is carried for it. */
  #awaited = 0
  #heard = 0

  /** `questions`: how many were put to the peer so far. */
  constructor(station: Station, peer: string, send: (message: Message) => void, questions: () => number) {
    this.#questions = questions
    this.#station = station
    this.#peer = peer
    this.#send = send
  }

  /** Says what this station carries, when that is news. To a station that stands, and to no other. */
  say(): void {
    if (!this.#stands()) return
    const offer = carryOffer(this.#station) ?? { roomBytes: 0, spaces: [] }
    const said = JSON.stringify([
      offer.roomBytes,
      offer.spaces.map(({ space, heads }) => [space, heads.map(({ hash }) => toHex(hash))]),
    ])
    if (said === this.#said) return
    this.#said = said
    this.#send({ type: 'carry', ...offer })
    if (offer.spaces.some(({ space }) => this.#mayHand(space))) this.#awaited = this.#questions()
  }

  onCarry({ roomBytes, spaces }: Extract<Message, { type: 'carry' }>): void {
    this.#theySpoke = true
    this.#roomBytes = roomBytes
    const before = new Map(this.#theirs)
    this.#theirs.clear()
    const known = this.#station.membership().spaces
    for (const { space, heads } of spaces) {
      // Whether it may is asked when something is to go: it may not be known here yet.
      if (!known.has(space)) continue
      this.#theirs.set(space, heads)
      // What it was given and does not name it did not keep: not again before it has something new to say.
      if (nameOfHeads(before.get(space) ?? []) !== nameOfHeads(heads)) this.#sent.delete(space)
    }
  }

  /** Until both have said what they carry, and how far they are with it, more may come than was compared. */
  isWaiting(): boolean {
    return this.#station.isMember() && this.#stands() && (!this.#theySpoke || this.#heard < this.#awaited)
  }
  /** Something was handed on: whether it is on the peer's disk is the peer's to say. */
  expectAnswer(): void {
    this.#awaited = this.#questions()
  }
  /** The peer said how far it is, having heard so many questions. */
  answered(heard: number): void {
    this.#heard = Math.max(this.#heard, heard)
  }

  /** Spaces that the peer carries and this station holds: named to it, so that it knows what has arrived. */
  named(): string[] {
    const holdings = new Set(this.#station.holdings())
    return [...this.#theirs.keys()].filter(
      (space) => holdings.has(space) && peerMayCarry(this.#station, this.#peer, space),
    )
  }

  /** Heads of a space that is only carried here, by somebody who may hold it; of any other nothing is kept. */
  onHeads(space: string, heads: readonly EntryRef[]): void {
    if (!this.#mayHand(space)) return
    const before = this.#holder.get(space)
    if (!before || nameOfHeads(before) !== nameOfHeads(heads)) this.#sent.delete(space)
    this.#holder.set(space, heads)
    noteCarriedReached(this.#station, this.#peer, space, heads)
  }

  /** What goes to the peer: what it carries of ours and others', and what is carried here and is its own. */
  plan(): Planned[] {
    const planned: Planned[] = []
    for (const [space, heads] of this.#holder)
      if (this.#mayHand(space)) planned.push(...this.#fresh(space, carriedFor(this.#station, space, heads)))
    const own = new Set(this.named())
    const carried = new Set(spacesCarried(this.#station))
    for (const [space, heads] of this.#theirs) {
      if (!peerMayCarry(this.#station, this.#peer, space)) continue
      const list = own.has(space)
        ? this.#station.outgoing(space, heads).filter(({ row }) => needsCarrier(this.#station, space, row))
        : carried.has(space)
          ? carriedFor(this.#station, space, heads)
          : []
      for (const outgoing of this.#fresh(space, list)) planned.push({ ...outgoing, carry: { space } })
    }
    return planned
  }

  /** Whether the peer has room for a segment that it carries; what is sent takes it up. */
  takeRoom(bytes: number): boolean {
    if (bytes > this.#roomBytes) return false
    this.#roomBytes -= bytes
    return true
  }

  noteSent(space: string, outgoing: Outgoing): void {
    const sent = this.#sent.get(space) ?? new Set()
    this.#sent.set(space, sent.add(segmentName(outgoing)))
  }

  #fresh(space: string, list: readonly Outgoing[]): Outgoing[] {
    const sent = this.#sent.get(space)
    return sent ? list.filter((outgoing) => !sent.has(segmentName(outgoing))) : [...list]
  }

  #stands(): boolean {
    return memberAt(this.#station.membership(), this.#peer) !== undefined
  }

  #mayHand(space: string): boolean {
    const membership = this.#station.membership()
    const member = memberAt(membership, this.#peer)
    return (
      member !== undefined &&
      mayHold(membership, member, space) &&
      spacesCarried(this.#station).includes(space)
    )
  }
}

const segmentName = ({ row, isNotice }: Outgoing): string =>
  `${isNotice ? 'notice/' : ''}${row.log}/${row.first}/${toHex(row.head)}`
