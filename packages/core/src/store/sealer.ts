import { seal, unseal } from '../crypto/seal.ts'
import { DamagedStoreError } from './store.ts'

/** Seals what the store keeps under its own key. */
export class Sealer {
  #key: Uint8Array | null = null

  constructor(key: Uint8Array | null) {
    if (key) this.unlock(key)
  }

  unlock(key: Uint8Array): void {
    // Its own copy: it is wiped when the store closes.
    this.#key = new Uint8Array(key)
  }

  get hasKey(): boolean {
    return this.#key !== null
  }
  key(): Uint8Array {
    if (!this.#key) throw new Error('the store was opened for its settings alone')
    return this.#key
  }
  /** `space` and `id` are authenticated: what is sealed opens in its place alone. */
  seal(text: Uint8Array, space: string, id: string): Uint8Array {
    return seal(this.key(), text, aboutOf(space, id))
  }
  open(sealed: Uint8Array, space: string, id: string): Buffer {
    const text = unseal(this.key(), sealed, aboutOf(space, id))
    if (!text.ok)
      throw new DamagedStoreError(
        `${id} in ${space} does not open: the store is damaged or the key is another's`,
      )
    return Buffer.from(text.value.buffer, text.value.byteOffset, text.value.byteLength)
  }
  wipe(): void {
    this.#key?.fill(0)
  }
}

const aboutOf = (space: string, id: string): Uint8Array => Buffer.from(`${space}/${id}`)
