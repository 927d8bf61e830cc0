import type { RtcChannel } from './rtc.ts'

/** What may lie in the data channel's own buffer before we stop feeding it. */
const channelHighWaterBytes = 1_048_576
/** The channel's low-water event alone stalls under load, so its buffer is looked at this often. */
const pollMs = 3

/** Feeds frames to a data channel no faster than it takes them. */
export type Outlet = {
  /** `taken` is called when the channel has the last of these frames. */
  push(frames: Iterable<Uint8Array>, taken?: () => void): void
  /** Past the queue: for small frames that must not wait behind a long message. */
  pushNow(frame: Uint8Array): void
  /** True when neither we nor the channel hold anything back. */
  isEmpty(): boolean
  close(): void
}

export function createOutlet(channel: RtcChannel, onBroken: (detail: string) => void): Outlet {
  const queue: { frames: Iterator<Uint8Array>; taken: (() => void) | undefined }[] = []
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const put = (frame: Uint8Array): boolean => {
    try {
      channel.send(frame)
      return true
    } catch (error) {
      close()
      onBroken(error instanceof Error ? error.message : String(error))
      return false
    }
  }

  const flush = () => {
    timer = undefined
    while (!closed && queue.length > 0) {
      if (channel.bufferedAmount > channelHighWaterBytes) {
        timer = setTimeout(flush, pollMs)
        return
      }
      const head = queue[0]!
      const next = head.frames.next()
      if (next.done) {
        queue.shift()
        head.taken?.()
      } else if (!put(next.value)) return
    }
  }

  const close = () => {
    closed = true
    clearTimeout(timer)
    queue.length = 0
  }

  return {
    push(frames, taken) {
      if (closed) return
      queue.push({ frames: frames[Symbol.iterator](), taken })
      if (!timer) flush()
    },
    pushNow(frame) {
      if (!closed) put(frame)
    },
    isEmpty: () => queue.length === 0 && (closed || channel.bufferedAmount === 0),
    close,
  }
}
