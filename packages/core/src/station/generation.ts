import { randomBytes } from 'node:crypto'
import { box } from '../crypto/seal.ts'
import { type Act, type Box, boxContext } from '../membership/act.ts'
import { type Membership, mayRead, memberAt } from '../membership/resolve.ts'

/** A fresh key for a space, sealed for every station whose member may read it. */
export function newGeneration(membership: Membership, space: string): Extract<Act, { type: 'generation' }> {
  const generation = new Uint8Array(randomBytes(16))
  const secret = new Uint8Array(randomBytes(32))
  const boxes: Box[] = []
  for (const station of membership.stations.values()) {
    const member = memberAt(membership, station.id)
    if (member && mayRead(membership, member, space))
      boxes.push([station.id, box(station.box, secret, boxContext(space, generation))])
  }
  return { type: 'generation', space, generation, boxes }
}

/** Boxes for a station of the generations it may read and has none for; `secretOf` opens those that we can. */
export function missingBoxes(
  membership: Membership,
  station: string,
  secretOf: (generationId: Uint8Array) => Uint8Array | null,
): Extract<Act, { type: 'box' }>[] {
  const card = membership.stations.get(station)
  const member = memberAt(membership, station)
  if (!card || !member) return []
  const acts: Extract<Act, { type: 'box' }>[] = []
  for (const generation of membership.generations.values()) {
    if (generation.boxes.has(station) || !mayRead(membership, member, generation.space)) continue
    const secret = secretOf(generation.id)
    if (!secret) continue
    acts.push({
      type: 'box',
      generation: generation.id,
      boxes: [[station, box(card.box, secret, boxContext(generation.space, generation.id))]],
    })
  }
  return acts
}
