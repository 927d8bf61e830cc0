import type { SeenPresence } from './presence.ts'

/** Between a station and its mesh process, over the channel that `fork` opens. Wires have numbers. */
export type ToMesh =
  | {
      readonly type: 'open'
      readonly signalingUrls: readonly string[]
      readonly roomKey: Uint8Array
      readonly privateKey: Uint8Array
      readonly publicKey: Uint8Array
      readonly allowed: readonly Uint8Array[]
      /** JSON of a presence, or `null`. */
      readonly presence: string
    }
  | { readonly type: 'allowed'; readonly keys: readonly Uint8Array[] }
  | { readonly type: 'presence'; readonly text: string }
  | { readonly type: 'frame'; readonly wire: number; readonly frame: Uint8Array }
  /** The station is done with so many frames it was given. */
  | { readonly type: 'consumed'; readonly wire: number; readonly frames: number }
  | { readonly type: 'close-wire'; readonly wire: number; readonly reason: string }
  | { readonly type: 'close' }

export type FromMesh =
  /** The process runs and waits for 'open': keys go to nobody before. */
  | { readonly type: 'started' }
  | { readonly type: 'ready' }
  | { readonly type: 'unsupported'; readonly detail: string }
  | { readonly type: 'wire'; readonly wire: number; readonly peerKey: Uint8Array }
  | { readonly type: 'frame'; readonly wire: number; readonly frame: Uint8Array }
  /** The lane has taken so many bytes of ours. */
  | { readonly type: 'taken'; readonly wire: number; readonly bytes: number }
  | { readonly type: 'wire-closed'; readonly wire: number; readonly reason: string }
  | { readonly type: 'presence'; readonly list: readonly SeenPresence[] }
  | { readonly type: 'report'; readonly report: MeshReport }

/** How the mesh does, as counted in its process since it started. Durations in ms. */
export type MeshReport = {
  readonly neighbours: readonly { readonly key: Uint8Array; readonly openForMs: number }[]
  /** Signaling servers that are connected now. */
  readonly signaling: readonly string[]
  /** Peer connections begun. */
  readonly connections: number
  /** Peer connections that ended before both sides had proved themselves. */
  readonly refusals: number
  /** Proved keys and peers we are waiting with, and for how long yet. */
  readonly waiting: readonly { readonly who: string; readonly failures: number; readonly forMs: number }[]
  /** Messages of proved peers that y-webrtc was not given. */
  readonly malformed: number
  /** Signals that were not passed on: waiting, full, or out of turn. */
  readonly signalsDropped: number
  /** Promise rejections inside y-webrtc that nobody had caught. */
  readonly faults: number
}
