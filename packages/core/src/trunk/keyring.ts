import { fromHex, sameBytes, toHex } from '../bytes/bytes.ts'
import type { KeyPair } from '../crypto/keys.ts'
import { deriveKey, unbox } from '../crypto/seal.ts'
import type { LogId } from '../log/entry.ts'
import { boxContext, generationIdOf } from '../membership/act.ts'
import type { Generation, Membership } from '../membership/resolve.ts'

const MAX_DERIVED = 4096
/** Boxes that are tried for one generation before giving up, two a member at most: each costs a key agreement. */
const MAX_TRIES = 100

/** The generation keys that this station can open, and the keys derived from them for each log. */
export class Keyring {
  readonly #station: string
  readonly #pair: KeyPair
  readonly #secrets = new Map<string, Uint8Array>()
  readonly #derived = new Map<string, Uint8Array>()

  constructor(station: string, pair: KeyPair) {
    this.#station = station
    this.#pair = pair
  }

  /** The generation's own secret, for boxing it to somebody else; null when this station has no true box of it. */
  secretOf(generation: Generation): Uint8Array | null {
    const name = toHex(generation.id)
    const known = this.#secrets.get(name)
    if (known) return known
    for (const { boxed } of (generation.boxes.get(this.#station) ?? []).slice(0, MAX_TRIES)) {
      const opened = unbox(this.#pair, boxed, boxContext(generation.space, generation.id))
      if (!opened.ok || opened.value.length !== 32) continue
      // The id commits to the secret: nobody gives one reader another key than the rest.
      if (!sameBytes(generationIdOf(generation.space, opened.value), generation.id)) continue
      this.#secrets.set(name, opened.value)
      return opened.value
    }
    return null
  }

  /** The key that seals blobs of one log under one generation; null when this station may not read them. */
  keyFor(membership: Membership, generationId: Uint8Array, log: LogId, space: string): Uint8Array | null {
    const name = toHex(generationId)
    const cached = this.#derived.get(name + log)
    if (cached) return cached
    const generation = membership.generations.find(
      (known) => known.space === space && sameBytes(known.id, generationId),
    )
    const secret = generation && this.secretOf(generation)
    if (!secret) return null
    const key = deriveKey(secret, fromHex(log), 'doorstep/seal/1')
    if (this.#derived.size >= MAX_DERIVED) this.#derived.clear()
    this.#derived.set(name + log, key)
    return key
  }

  /** The generation of a space that knows most, of those that this station can open: not yet one to seal under. */
  latest(membership: Membership, space: string): Generation | null {
    let best: Generation | null = null
    for (const generation of membership.generations) {
      if (generation.space !== space || !this.secretOf(generation)) continue
      if (!best || isLater(generation, best)) best = generation
    }
    return best
  }

  readable(membership: Membership, space: string): boolean {
    return this.latest(membership, space) !== null
  }
}

export const isLater = (a: Generation, b: Generation): boolean =>
  a.act.pastCount > b.act.pastCount || (a.act.pastCount === b.act.pastCount && a.act.hash < b.act.hash)
