import { maxFrameBytes, type Wire, WireError } from '../wire.ts'
import type { FromMesh, ToMesh } from './mesh-messages.ts'

/** What may be on its way to the mesh process before `send` waits. */
const highWaterBytes = 1_048_576
const frameOverheadBytes = 64

/** A wire whose other half is a lane in the mesh process; `carrier` is the host's end of it. */
export type HostWire = Wire & {
  readonly carrier: {
    receive(message: Extract<FromMesh, { type: 'frame' | 'taken' }>): void
    end(reason: string): void
  }
}

export function createHostWire(id: number, peerKey: Uint8Array, tell: (message: ToMesh) => void): HostWire {
  const unread: Uint8Array[] = []
  const closeListeners: ((reason: string) => void)[] = []
  let waiters: { resolve: () => void; reject: (error: WireError) => void }[] = []
  let reader: ((frame: Uint8Array) => void) | undefined
  let underWayBytes = 0
  let closedBecause: string | undefined

  const end = (reason: string) => {
    if (closedBecause !== undefined) return
    closedBecause = reason
    for (const { reject } of waiters) reject(new WireError('wire-closed', reason))
    waiters = []
    unread.length = 0
    for (const listener of closeListeners.splice(0)) queueMicrotask(() => listener(reason))
  }

  const hand = (frame: Uint8Array) => {
    reader?.(frame)
    tell({ type: 'consumed', wire: id, frames: 1 })
  }

  const receive = (message: Extract<FromMesh, { type: 'frame' | 'taken' }>) => {
    if (closedBecause !== undefined) return
    if (message.type === 'frame') {
      // What is not consumed counts against the sender's window, which is what bounds this list.
      if (reader) hand(message.frame)
      else unread.push(message.frame)
      return
    }
    underWayBytes -= message.bytes + frameOverheadBytes
    if (underWayBytes > highWaterBytes) return
    for (const { resolve } of waiters.splice(0)) resolve()
  }

  return {
    peerKey,
    via: 'mesh',
    send(frame) {
      if (closedBecause !== undefined) return Promise.reject(new WireError('wire-closed', closedBecause))
      if (frame.length > maxFrameBytes)
        return Promise.reject(new WireError('frame-too-large', `${frame.length} bytes`))
      underWayBytes += frame.length + frameOverheadBytes
      tell({ type: 'frame', wire: id, frame })
      if (underWayBytes <= highWaterBytes) return Promise.resolve()
      return new Promise((resolve, reject) => waiters.push({ resolve, reject }))
    },
    onFrame(listener) {
      reader = listener
      for (const frame of unread.splice(0)) hand(frame)
    },
    onClose(listener) {
      const reason = closedBecause
      if (reason === undefined) closeListeners.push(listener)
      else queueMicrotask(() => listener(reason))
    },
    close(reason = 'closed') {
      if (closedBecause !== undefined) return
      end(reason)
      tell({ type: 'close-wire', wire: id, reason })
    },
    carrier: { receive, end },
  }
}
