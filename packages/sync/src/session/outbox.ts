import type { Station } from '@doorstep/core'
import type { Wire } from '../wire.ts'
import { encodeMessage, type Message } from './message.ts'

/** What waits for a peer that does not read: more than a full window and the heads of many spaces. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024
/** What says, or lets the peer conclude, that something is here: then it is on the disk (S4). `ack` waits by itself. */
const CLAIMS: ReadonlySet<Message['type']> = new Set(['hello', 'heads', 'digest', 'carry'])

export type OutboxDeps = {
  readonly station: Station
  readonly wire: Wire
  readonly maxUnsentBytes: number | undefined
  /** More waits for the peer than it may leave unread. */
  readonly onNotReading: () => void
  readonly onCut: (reason: string) => void
  /** The store failed. */
  readonly onError: (error: unknown) => void
}

/** The way out of a meeting. */
export class Outbox {
  readonly #deps: OutboxDeps
  #unsentBytes = 0

  constructor(deps: OutboxDeps) {
    this.#deps = deps
  }

  /** Never rejects: a wire that fails ends the session. */
  async send(message: Message): Promise<void> {
    const { station, wire, maxUnsentBytes = MAX_UNSENT_BYTES, onNotReading, onCut, onError } = this.#deps
    try {
      if (CLAIMS.has(message.type)) station.putOnDisk()
    } catch (error) {
      return onError(error)
    }
    const frame = encodeMessage(message)
    this.#unsentBytes += frame.length
    if (this.#unsentBytes > maxUnsentBytes) return onNotReading()
    try {
      await wire.send(frame)
      this.#unsentBytes -= frame.length
    } catch (error) {
      onCut(error instanceof Error ? error.message : String(error))
    }
  }
}
