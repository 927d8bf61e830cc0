import { missingBlobs, offerFor, parseOffer, takeOffer } from '../src/station/checkpoint.ts'
import type { Station } from '../src/station/station.ts'
import { commitmentIn } from '../src/trunk/checkpoint.ts'
import type { Commitment } from '../src/trunk/checkpoint-format.ts'

/** Manifest and pages of an offered checkpoint, as a meeting would bring them. */
export function carryBlobs(from: Station, to: Station, segment: Uint8Array): number {
  return carry(from, to, parseOffer(segment)!.commitment)
}

/** Of every checkpoint that both know. */
export function carryKnown(from: Station, to: Station, space: string): void {
  for (const row of to.trunk.store.shelf.checkpoints(space)) carry(from, to, commitmentIn(row))
}

function carry(from: Station, to: Station, commitment: Commitment): number {
  let carried = 0
  for (let round = 0; round < 2; round++)
    for (const { hash } of missingBlobs(to, commitment) ?? []) {
      const bytes = from.trunk.store.shelf.blob(hash)
      if (bytes) to.trunk.store.transaction(() => to.trunk.store.shelf.putBlob(hash, bytes))
      carried++
    }
  return carried
}

/** Starts a space from what another station offers. */
export async function startFrom(from: Station, to: Station, space: string) {
  const offer = offerFor(from, space, [], 0)
  if (!offer) throw new Error('nothing is offered')
  carryBlobs(from, to, offer.segment)
  return takeOffer(to, offer.segment, from.identity.station)
}
