import type { KeyPair } from '../crypto/keys.ts'
import type { Store } from '../store/store.ts'
import type { ActBook } from './act-book.ts'
import type { Keyring } from './keyring.ts'

/** Who this station is. Private keys live here and, sealed, in the store. */
export type Identity = {
  readonly community: string
  readonly station: string
  readonly signing: KeyPair
  readonly boxing: KeyPair
}

/** What the trunk's steps share. */
export type Trunk = {
  readonly store: Store
  readonly identity: Identity
  readonly acts: ActBook
  readonly keyring: Keyring
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The epoch our logs are written in; replaced when our own log forked. */
  epoch: Uint8Array
}
