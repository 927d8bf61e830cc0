/** A two-way, ordered, reliable, authenticated channel to one peer station; whole frames, no byte stream. */
export interface Wire {
  /** Ed25519 public key (32 bytes) of the station at the other end, proved before the wire was handed out. */
  readonly peerKey: Uint8Array
  readonly via: 'lan' | 'mesh' | 'memory'
  /** Resolves when the frame left our buffers below the high-water mark (backpressure); rejects after close. At most 1 MiB a frame. */
  send(frame: Uint8Array): Promise<void>
  /** One consumer. Frames that came before it was set are kept (bounded) and delivered in order. */
  onFrame(listener: (frame: Uint8Array) => void): void
  /** All bytes that have come, those of a frame that is not whole yet too; absent where that cannot be seen. */
  bytesHeard?(): number
  onClose(listener: (reason: string) => void): void
  close(reason?: string): void
}

/** The largest frame a wire carries, in bytes. */
export const maxFrameBytes = 1_048_576

/** What `send` rejects with. The wire stays usable after 'frame-too-large', never after 'wire-closed'. */
export class WireError extends Error {
  readonly type: 'wire-closed' | 'frame-too-large'
  constructor(type: 'wire-closed' | 'frame-too-large', detail: string) {
    super(`${type}: ${detail}`)
    this.name = 'WireError'
    this.type = type
  }
}
