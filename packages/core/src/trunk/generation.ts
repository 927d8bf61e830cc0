import { randomBytes } from 'node:crypto'
import { addBits, emptyBits, hasBit } from '../bytes/bits.ts'
import { toHex } from '../bytes/bytes.ts'
import { box } from '../crypto/seal.ts'
import { type Act, type Box, boxContext, generationIdOf } from '../membership/act.ts'
import type { ActNode, StationClaim } from '../membership/graph.ts'
import {
  type Generation,
  type Membership,
  mayRead,
  memberAt,
  resolveMembership,
  type StationCard,
} from '../membership/resolve.ts'
import type { ActBook } from './act-book.ts'
import type { Trunk } from './context.ts'
import { isLater } from './keyring.ts'

/**
 * A17: the generation to seal under: effective, openable, made in the knowledge of every act that took the reading
 * of this space from somebody, and boxed to nobody who may not read it. Null when there is none: then one is made.
 */
export function sealingGeneration(trunk: Trunk, membership: Membership, space: string): Generation | null {
  const takings = membership.takings.filter((act) => isAboutReading(trunk.acts, membership, act, space))
  let best: Generation | null = null
  for (const generation of membership.generations) {
    if (generation.space !== space || !generation.effective) continue
    if (best && !isLater(generation, best)) continue
    if (takings.some((act) => !hasBit(generation.act.past, act.index))) continue
    if (!trunk.keyring.secretOf(generation) || !holdsOnlyReaders(membership, generation)) continue
    best = generation
  }
  return best
}

function holdsOnlyReaders(membership: Membership, { space, boxes }: Generation): boolean {
  for (const station of boxes.keys()) {
    const member = memberAt(membership, station)
    if (!member || !mayRead(membership, member, space)) return false
  }
  return true
}

/** Removals and changes of role may touch any space; a space taken in a handover is that space alone. */
function isAboutReading(book: ActBook, membership: Membership, node: ActNode, space: string): boolean {
  const { act } = node
  if (act.type === 'ratify') {
    const target = book.node(act.act)
    return target !== undefined && isAboutReading(book, membership, target, space)
  }
  if (act.type !== 'assign') return true
  const parent = membership.parents.get(space)
  return (
    act.roles.length > 0 || act.spaces.some(([, named, has]) => (named === space || named === parent) && !has)
  )
}

/** A fresh key for a space, sealed for every station whose member may read it. */
export function newGeneration(membership: Membership, space: string): Extract<Act, { type: 'generation' }> {
  const secret = new Uint8Array(randomBytes(32))
  const generation = generationIdOf(space, secret)
  const boxes = readersOf(membership, space).map(
    (station): Box => [station.id, box(station.box, secret, boxContext(space, generation))],
  )
  return { type: 'generation', space, generation, boxes }
}

/** At 150 bytes each they fit in an entry; who is beyond gets its box at the next meeting. */
const MAX_BOXES = 400

/** The first station of every member before any second one: nobody crowds out others with machines of its own. */
function readersOf(membership: Membership, space: string): StationCard[] {
  const turns = new Map<string, number>()
  const readers: { card: StationCard; turn: number }[] = []
  for (const card of [...membership.stations.values()].sort(inOrderOfJoining)) {
    const member = memberAt(membership, card.id)
    if (!member || !mayRead(membership, member, space)) continue
    const turn = turns.get(card.member) ?? 0
    turns.set(card.member, turn + 1)
    readers.push({ card, turn })
  }
  return readers
    .sort((a, b) => a.turn - b.turn)
    .slice(0, MAX_BOXES)
    .map(({ card }) => card)
}

const inOrderOfJoining = (a: StationCard, b: StationCard): number =>
  a.claim.node.pastCount - b.claim.node.pastCount || (a.id < b.id ? -1 : 1)

/**
 * Boxes for a station of the generations that it may read and lacks, of those that we can open. `refused`: those it
 * would not have got at the time it was invited and by what the generation knew (A17): a chief decides by hand, and
 * gives a box of its own where there is one already: nobody else can see whether that one is true.
 */
export function missingBoxes(
  trunk: Trunk,
  station: string,
  options: { readonly byHand?: boolean } = {},
): { readonly acts: Extract<Act, { type: 'box' }>[]; readonly refused: number } {
  const membership = trunk.acts.now()
  const card = membership.stations.get(station)
  const member = memberAt(membership, station)
  const acts: Extract<Act, { type: 'box' }>[] = []
  const me = memberAt(membership, trunk.identity.station)
  if (!card || !member || !me) return { acts, refused: 0 }
  const done = new Set<string>()
  let refused = 0
  for (const { id, space, boxes } of membership.generations) {
    const name = toHex(id)
    const given = boxes.get(station) ?? []
    const isGiven = options.byHand ? given.some(({ by }) => by === me.id) : given.length > 0
    // Of a space that this station lost it may still have keys: they are not its to give any more.
    const mayBoth = mayRead(membership, member, space) && mayRead(membership, me, space)
    if (done.has(name) || isGiven || !mayBoth) continue
    done.add(name)
    const announced = membership.generations.filter((other) => toHex(other.id) === name)
    const secret = trunk.keyring.secretOf(announced[0]!)
    if (!secret) continue
    if (!options.byHand && !announced.every(({ act }) => wouldStand(trunk.acts, act, card.claim))) {
      refused++
      continue
    }
    acts.push({
      type: 'box',
      generation: id,
      boxes: [[station, box(card.box, secret, boxContext(space, id))]],
    })
  }
  return { acts, refused }
}

/** Whether a reader stands in the membership of the generation's own past and the reader's invitation alone. */
function wouldStand(book: ActBook, generation: ActNode, claim: StationClaim): boolean {
  const graph = book.graph()
  const acts = emptyBits(graph.nodes.length)
  addBits(acts, graph.upTo(generation))
  addBits(acts, graph.upTo(claim.node))
  return resolveMembership(graph, acts).stations.has(claim.id)
}
