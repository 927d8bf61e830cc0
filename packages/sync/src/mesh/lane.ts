import { maxFrameBytes, type Wire, WireError } from '../wire.ts'
import { createReassembler, cutMessage, encodeFrame, frameType } from './frames.ts'
import { createOutlet } from './outlet.ts'
import type { RtcChannel } from './rtc.ts'

/** A wire on the `doorstep/1` channel of a proved connection. */
export type Lane = Wire & {
  /** Like `onFrame`, but the reader says when it is done with a frame; until then the sender's window shrinks. */
  read(listener: (frame: Uint8Array, done: () => void) => void): void
  /** For the connection that carries it. */
  readonly carrier: { receive(data: Uint8Array): void; end(reason: string): void }
}

/** The largest message on the channel: under the 256 KiB of SCTP, large enough to be fast. */
const channelFrameBytes = 65_536
/** What may be under way to a station that has not said it consumed it. */
const windowBytes = 4_194_304
/** How much a reader consumes before it says so. */
const creditStepBytes = 524_288
/** Every frame counts for at least this, so that empty frames are bounded too. */
const frameOverheadBytes = 64
/** `send` resolves while no more than this waits in our queue. */
const highWaterBytes = 1_048_576

const costOf = (frame: Uint8Array) => frame.length + frameOverheadBytes

/**
 * `onFault` ends the connection: the other side broke the rules, or the channel failed.
 * A data channel cannot be told to stop reading, so the window is what bounds memory on both sides.
 */
export function createLane(options: {
  readonly channel: RtcChannel
  readonly peerKey: Uint8Array
  readonly onFault: (detail: string) => void
  readonly onClose: (reason: string) => void
}): Lane {
  const outlet = createOutlet(options.channel, options.onFault)
  const outgoing: Uint8Array[] = []
  let waiters: { resolve: () => void; reject: (error: WireError) => void }[] = []
  const reassembler = createReassembler(maxFrameBytes)
  const unread: Uint8Array[] = []
  const closeListeners: ((reason: string) => void)[] = []
  let reader: ((frame: Uint8Array, done: () => void) => void) | undefined
  let waitingBytes = 0
  let underWayBytes = 0
  let heldBytes = 0
  let owedCreditBytes = 0
  let closedBecause: string | undefined

  const pump = () => {
    while (closedBecause === undefined && outgoing.length > 0) {
      const frame = outgoing[0]!
      if (underWayBytes > 0 && underWayBytes + costOf(frame) > windowBytes) return
      outgoing.shift()
      underWayBytes += costOf(frame)
      outlet.push(cutMessage(frame, channelFrameBytes), () => {
        waitingBytes -= costOf(frame)
        if (waitingBytes > highWaterBytes) return
        for (const { resolve } of waiters.splice(0)) resolve()
      })
    }
  }

  const consumed = (frame: Uint8Array) => {
    heldBytes -= costOf(frame)
    owedCreditBytes += costOf(frame)
    if (owedCreditBytes < creditStepBytes || closedBecause !== undefined) return
    const body = new Uint8Array(4)
    new DataView(body.buffer).setUint32(0, owedCreditBytes)
    owedCreditBytes = 0
    outlet.pushNow(encodeFrame(frameType.credit, body))
  }

  const hand = (frame: Uint8Array) => {
    let isDone = false
    reader?.(frame, () => {
      if (!isDone) consumed(frame)
      isDone = true
    })
  }

  const receive = (data: Uint8Array) => {
    if (closedBecause !== undefined) return
    const body = data.subarray(1)
    if (data[0] === frameType.credit && body.length === 4) {
      underWayBytes -= new DataView(body.buffer, body.byteOffset).getUint32(0)
      if (underWayBytes < 0) return options.onFault('credit for more than was sent')
      return pump()
    }
    if (data[0] !== frameType.piece && data[0] !== frameType.lastPiece)
      return options.onFault(`lane frame of type ${data[0]}`)
    const result = reassembler.push(body, data[0] === frameType.lastPiece)
    if (result.type === 'too-large') return options.onFault('lane frame over 1 MiB')
    if (result.type === 'more') return
    heldBytes += costOf(result.message)
    if (heldBytes > windowBytes + maxFrameBytes) return options.onFault('sender went past its window')
    if (reader) hand(result.message)
    else unread.push(result.message)
  }

  const end = (reason: string) => {
    if (closedBecause !== undefined) return
    closedBecause = reason
    outlet.close()
    for (const { reject } of waiters) reject(new WireError('wire-closed', reason))
    waiters = []
    outgoing.length = 0
    unread.length = 0
    for (const listener of closeListeners.splice(0)) queueMicrotask(() => listener(reason))
  }

  const send = (frame: Uint8Array): Promise<void> => {
    if (closedBecause !== undefined) return Promise.reject(new WireError('wire-closed', closedBecause))
    if (frame.length > maxFrameBytes)
      return Promise.reject(new WireError('frame-too-large', `${frame.length} bytes`))
    waitingBytes += costOf(frame)
    outgoing.push(frame.slice())
    pump()
    if (waitingBytes <= highWaterBytes) return Promise.resolve()
    return new Promise((resolve, reject) => waiters.push({ resolve, reject }))
  }

  const read = (listener: (frame: Uint8Array, done: () => void) => void) => {
    reader = listener
    for (const frame of unread.splice(0)) hand(frame)
  }

  return {
    peerKey: options.peerKey,
    via: 'mesh',
    send,
    read,
    onFrame: (listener) =>
      read((frame, done) => {
        listener(frame)
        done()
      }),
    onClose(listener) {
      const reason = closedBecause
      if (reason === undefined) closeListeners.push(listener)
      else queueMicrotask(() => listener(reason))
    },
    close: (reason = 'closed') => {
      if (closedBecause !== undefined) return
      end(reason)
      options.onClose(reason)
    },
    carrier: { receive, end },
  }
}
