/** What every port does with those who listen to it. */
import type { Port } from './contract.ts'

export interface PortEnds extends Pick<Port, 'onBytes' | 'onClose'> {
  readonly isClosed: boolean
  /** Bytes came. */
  deliver(bytes: Uint8Array): void
  /** Nothing comes any more. Only the first time counts. */
  end(): void
}

export function createPortEnds(): PortEnds {
  const listeners = new Set<(bytes: Uint8Array) => void>()
  const closeListeners = new Set<() => void>()
  let closed = false
  return {
    get isClosed() {
      return closed
    },
    deliver(bytes) {
      for (const listener of listeners) listener(bytes)
    },
    end() {
      if (closed) return
      closed = true
      for (const listener of closeListeners) listener()
      closeListeners.clear()
      listeners.clear()
    },
    onBytes(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    onClose(listener) {
      if (closed) listener()
      else closeListeners.add(listener)
      return () => void closeListeners.delete(listener)
    },
  }
}
