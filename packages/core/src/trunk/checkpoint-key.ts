import { sameBytes } from '../bytes/bytes.ts'
import { pageKeyOf } from './checkpoint-page.ts'
import type { Trunk } from './context.ts'

/** Null where this station cannot open that generation. */
export function pageKey({ acts, keyring }: Trunk, generation: Uint8Array, space: string): Uint8Array | null {
  const known = acts.now().generations.find((one) => one.space === space && sameBytes(one.id, generation))
  const secret = known && keyring.secretOf(known)
  return secret ? pageKeyOf(secret, space) : null
}
