import { fromHex, toHex } from '../bytes/bytes.ts'
import type { KeyPair } from '../crypto/keys.ts'
import { deriveKey, unbox } from '../crypto/seal.ts'
import type { LogId } from '../log/entry.ts'
import { boxContext } from '../membership/act.ts'
import type { Generation, Membership } from '../membership/resolve.ts'

const MAX_DERIVED = 4096

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

  #secret(generation: Generation): Uint8Array | null {
    const name = toHex(generation.id)
    const known = this.#secrets.get(name)
    if (known) return known
    const boxed = generation.boxes.get(this.#station)
    if (!boxed) return null
    const opened = unbox(this.#pair, boxed, boxContext(generation.space, generation.id))
    if (!opened.ok || opened.value.length !== 32) return null
    this.#secrets.set(name, opened.value)
    return opened.value
  }

  /** The generation's own secret, for boxing it to somebody else. */
  secretOf(generation: Generation): Uint8Array | null {
    return this.#secret(generation)
  }

  /** The key that seals blobs of one log under one generation; null when this station may not read them. */
  keyFor(membership: Membership, generationId: Uint8Array, log: LogId, space: string): Uint8Array | null {
    const name = toHex(generationId)
    const cached = this.#derived.get(name + log)
    if (cached) return cached
    const generation = membership.generations.get(name)
    if (!generation || generation.space !== space) return null
    const secret = this.#secret(generation)
    if (!secret) return null
    const key = deriveKey(secret, fromHex(log), 'doorstep/seal/1')
    if (this.#derived.size >= MAX_DERIVED) this.#derived.clear()
    this.#derived.set(name + log, key)
    return key
  }

  /** The generation to seal under now: the one whose author knew most, of those that this station can open (A17). */
  current(membership: Membership, space: string): Generation | null {
    let best: Generation | null = null
    for (const generation of membership.generations.values()) {
      if (generation.space !== space || !this.#secret(generation)) continue
      if (
        !best ||
        generation.knows > best.knows ||
        (generation.knows === best.knows && toHex(generation.id) < toHex(best.id))
      )
        best = generation
    }
    return best
  }

  readable(membership: Membership, space: string): boolean {
    return this.current(membership, space) !== null
  }
}
