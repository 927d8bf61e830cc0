import type { Station } from '@doorstep/core'
import type { Wire } from '../wire.ts'
import type { BlobsMet } from './blob-exchange.ts'
import type { Clock } from './clock.ts'
import type { SpaceState } from './proof.ts'

export type SessionState = {
  readonly station: string
  readonly name: string
  readonly via: Wire['via']
  /** Entries each way, and bytes: of segments as they are on the disk when they were sent; received, as they came. */
  readonly sent: number
  readonly sentBytes: number
  readonly received: number
  readonly receivedBytes: number
  readonly refused: number
  readonly held: number
  /** Entries given to a peer that carries them for others: it is no witness of them. */
  readonly given: number
  /** Sealed segments taken from the peer to be passed on: none of them counts as this station's. */
  readonly takenToCarry: number
  /** Entries still to go, as far as known. */
  readonly toSend: number
  readonly toReceive: number
  /** What is to be sent takes up so many bytes of segments; what is to come is not known before it is here. */
  readonly toSendBytes: number
  /** Bytes of the segments that were received and are on disk. */
  readonly takenBytes: number
  /** Pages of checkpoints that come in place of entries: bytes that came, and bytes still to come. */
  readonly fetchedBytes: number
  readonly toFetchBytes: number
  /** The peer has said of every space how far it is; before, what is still to go or to come is not known. */
  readonly sized: boolean
  /** Something is under way, or waits for the peer's answer; without it nothing more will come by itself. */
  readonly busy: boolean
  readonly equal: boolean
  readonly spaces: readonly SpaceState[]
  /** Photos and recordings, which come after the entries and are no part of `equal`. */
  readonly blobs: BlobsMet
  readonly closed: string | null
}

export type SessionDeps = {
  readonly station: Station
  readonly wire: Wire
  readonly clock: Clock
  /** What this station calls itself on the other's screen. */
  readonly name: string
  /** Where this station listens on the LAN, if it does. */
  readonly listeningPort?: number
  /** On a wire that was on standby: the one that was used is gone. `hello`: what the peer said so in, if it was first. */
  readonly resumes?: { readonly hello: Uint8Array | null }
  /** Whether another wire to the peer is on standby and lives. */
  readonly hasStandby?: () => boolean
  readonly onHello?: (hello: { name: string; port: number }) => void
  /** For a newcomer: the one key it believes before it knows who belongs. */
  readonly trustKey?: Uint8Array
  /** Answers a newcomer's request; null when granted, else the problem's type. */
  readonly onJoin?: (request: string) => Promise<string | null>
  /** The answer to a newcomer's own request. */
  readonly onGranted?: (problem: string | null) => void
  readonly onState?: (state: SessionState) => void
  /** This station has learned that it was removed, and the peer holds what it had not sent. */
  readonly onRemoved?: (heardFrom: string) => void
  /** The time by a clock that is set, for whoever asks nobody else; null while it is not. Without it none is offered. */
  readonly offersTime?: () => number | null
  readonly maxHeldFromFormer?: number
  readonly maxUnsentBytes?: number
  /** Entries that a checkpoint must save a newcomer before it is offered. */
  readonly minSavedEntries?: number
}
