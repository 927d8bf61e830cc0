import { addBits, type Bits, countBits, emptyBits, hasBit, setBit } from '../bytes/bits.ts'
import { toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import type { EntryRef, LogDeclaration } from '../log/entry.ts'
import { type Act, memberIdOf } from './act.ts'
import { compareNumbers, type MemberRank, ROOT_RANK } from './seniority.ts'

/** A membership entry that was judged valid, with everything in its past. */
export type ActNode = {
  /** Local number; everything in its past has a smaller one. */
  readonly index: number
  readonly ref: EntryRef
  /** Hex. */
  readonly hash: string
  readonly log: LogDeclaration
  /** The station that wrote it. */
  readonly station: string
  readonly act: Act
  /** All acts in its past, by index; itself not. */
  readonly past: Bits
  readonly pastCount: number
  /** The act in its past that added its author's station; null for a genesis, and where there is none. */
  readonly by: ActNode | null
}

/** A station as one act added it. Two acts may claim one key; then the earlier one that counts holds (A3). */
export type StationClaim = {
  readonly node: ActNode
  readonly id: string
  readonly key: Uint8Array
  readonly box: Uint8Array
  readonly member: string
  /** Shorter and smaller is more senior, within a member (A4). */
  readonly order: readonly number[]
}
/** Which of several claims of one key holds within a set of acts; earliest first. */
export type ChooseClaim = (graph: ActGraph, acts: Bits, claims: readonly StationClaim[]) => StationClaim
export type MemberClaim = { readonly node: ActNode; readonly id: string; readonly rank: MemberRank }

/** The founding key counts as a member and a station of its own, senior to all. */
export const ROOT_MEMBER = 'me-0000'

/**
 * All valid acts a station knows, with the indexes that resolving asks for. Grows only: what an act means within
 * its own past never changes (A2).
 */
export class ActGraph {
  readonly nodes: ActNode[] = []
  readonly byHash = new Map<string, ActNode>()
  readonly members = new Map<string, MemberClaim>()
  /** By the node that made the claim. */
  readonly claims = new Map<ActNode, StationClaim>()
  readonly claimsOf = new Map<string, StationClaim[]>()
  /** Acts that take a member, or one of its stations, away; and those that say what is true of a member. */
  readonly removals = new Map<string, ActNode[]>()
  readonly assigns = new Map<string, ActNode[]>()
  readonly ratifies = new Map<string, ActNode[]>()
  readonly spaces: ActNode[] = []
  /** By hex id: the acts that announced it. */
  readonly generations = new Map<string, ActNode[]>()
  readonly #choose: ChooseClaim

  /** `choose`: asked only when a key is claimed twice, which no honest station does. */
  constructor(choose: ChooseClaim) {
    this.#choose = choose
  }

  /** `parents`: the acts it names directly, all of which are here. */
  add(input: { ref: EntryRef; log: LogDeclaration; act: Act; parents: readonly ActNode[] }): ActNode {
    const index = this.nodes.length
    const past = emptyBits(index)
    for (const parent of input.parents) {
      addBits(past, parent.past)
      setBit(past, parent.index)
    }
    const { ref, log, act } = input
    const station = stationIdOf(log.key)
    const node: ActNode = {
      index,
      ref,
      hash: toHex(ref.hash),
      log,
      station,
      act,
      past,
      pastCount: countBits(past),
      by: this.claimIn(station, past)?.node ?? null,
    }
    this.nodes.push(node)
    this.byHash.set(node.hash, node)
    this.#index(node)
    return node
  }

  #index(node: ActNode): void {
    const { act } = node
    switch (act.type) {
      case 'genesis':
        if (this.members.has(ROOT_MEMBER)) return
        this.members.set(ROOT_MEMBER, { node, id: ROOT_MEMBER, rank: ROOT_RANK })
        this.#claim(node, { key: node.log.key, box: act.box }, ROOT_MEMBER, [0])
        return
      case 'member': {
        const inviter = this.authorOf(node)
        if (!inviter) return
        const id = memberIdOf(node.ref.hash)
        const { rank } = this.members.get(inviter.member)!
        this.members.set(id, {
          node,
          id,
          rank: { depth: rank.depth + 1, path: [...rank.path, node.ref.seq], hash: node.hash },
        })
        this.#claim(node, act, id, [0])
        return
      }
      case 'station': {
        const adder = this.authorOf(node)
        if (!adder) return
        const above = adder.member === act.member ? adder.order : [0]
        this.#claim(node, act, act.member, [...above, node.ref.seq])
        return
      }
      case 'remove':
        push(this.removals, act.member, node)
        return
      case 'remove-station':
        push(this.removals, act.station, node)
        return
      case 'leave':
        push(this.removals, node.station, node)
        return
      case 'assign':
        for (const member of new Set([...act.roles, ...act.spaces].map(([id]) => id)))
          push(this.assigns, member, node)
        return
      case 'space':
        this.spaces.push(node)
        return
      case 'generation':
        push(this.generations, toHex(act.generation), node)
        return
      case 'ratify':
        push(this.ratifies, toHex(act.act), node)
        return
    }
  }

  #claim(node: ActNode, keys: { key: Uint8Array; box: Uint8Array }, member: string, order: number[]): void {
    const id = stationIdOf(keys.key)
    const claim = { node, id, key: keys.key, box: keys.box, member, order }
    this.claims.set(node, claim)
    const claims = this.claimsOf.get(id) ?? []
    claims.push(claim)
    claims.sort((a, b) => a.node.pastCount - b.node.pastCount || (a.node.hash < b.node.hash ? -1 : 1))
    this.claimsOf.set(id, claims)
  }

  /** The claim of a station's key that holds within a set of acts. */
  claimIn(station: string, acts: Bits): StationClaim | null {
    const claims = this.claimsOf.get(station)?.filter(({ node }) => hasBit(acts, node.index)) ?? []
    return claims.length > 1 ? this.#choose(this, acts, claims) : (claims[0] ?? null)
  }

  /** The claim that an act's author wrote it under. */
  authorOf(node: ActNode): StationClaim | null {
    return (node.act.type === 'genesis' ? this.claims.get(node) : node.by && this.claims.get(node.by)) ?? null
  }

  all(): Bits {
    const bits = emptyBits(this.nodes.length)
    bits.fill(0xffffffff)
    // Not those to come: what is worked out later must mean the acts of now.
    const rest = this.nodes.length & 31
    if (rest > 0) bits[bits.length - 1] = 2 ** rest - 1
    return bits
  }

  /** An act's past and itself. */
  upTo(node: ActNode): Bits {
    const bits = emptyBits(node.index + 1)
    addBits(bits, node.past)
    setBit(bits, node.index)
    return bits
  }
}

export const isConcurrent = (a: ActNode, b: ActNode): boolean =>
  a !== b && !hasBit(a.past, b.index) && !hasBit(b.past, a.index)

/** Whether one station of a member is strictly senior to another of the same member (A4). */
export function isSeniorStation(a: StationClaim, b: StationClaim): boolean {
  if (a.member !== b.member || a.node === b.node) return false
  if (a.order.length !== b.order.length) return a.order.length < b.order.length
  const order = compareNumbers(a.order, b.order)
  return order !== 0 ? order < 0 : a.node.hash < b.node.hash
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
