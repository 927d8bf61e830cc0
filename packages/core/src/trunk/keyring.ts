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
  /** Of those who belonged then, by space: asked for at every turn of a meeting. */
  readonly #latest = new WeakMap<Membership, Map<string, Generation | null>>()
  /** Boxes that did not open, with the spaces they were tried for: a member may give false ones by the thousand. */
  readonly #false = new WeakMap<Uint8Array, Set<string>>()

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
      const secret = this.#open(generation, boxed)
      if (!secret) continue
      this.#secrets.set(name, secret)
      return secret
    }
    return null
  }

  #open({ space, id }: Generation, boxed: Uint8Array): Uint8Array | null {
    const failed = this.#false.get(boxed)
    if (failed?.has(space)) return null
    const opened = unbox(this.#pair, boxed, boxContext(space, id))
    // The id commits to the secret: nobody gives one reader another key than the rest.
    if (opened.ok && opened.value.length === 32 && sameBytes(generationIdOf(space, opened.value), id))
      return opened.value
    if (failed) failed.add(space)
    else this.#false.set(boxed, new Set([space]))
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
    const known = this.#latest.get(membership) ?? new Map<string, Generation | null>()
    this.#latest.set(membership, known)
    let latest = known.get(space)
    if (latest === undefined) {
      latest = this.#findLatest(membership, space)
      known.set(space, latest)
    }
    return latest
  }
  #findLatest(membership: Membership, space: string): Generation | null {
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
