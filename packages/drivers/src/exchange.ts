/** One question on the wire: written when the line is quiet, then everything is heard until nothing more can come. */
import type { Driver, Frame, Noise, Parsed, Port, PortClosed, ReadRequest } from './contract.ts'

/** `replyMs`: from the end of the question to the first byte of the first answer; null where none came. */
export type Overheard<F> = {
  readonly answers: readonly F[]
  readonly noiseBytes: number
  readonly replyMs: number | null
}

export type Listening = {
  /** From the last byte asked to the first byte answered. */
  readonly timeoutMs: number
  /** A gap this long ends a frame. */
  readonly gapMs: number
  /** What the question takes on the wire after the port took it, 0 where that is not known. */
  readonly sendMs: number
  /** After this the line only babbles. */
  readonly longestFrameMs: number
  /** Whether to hear out everybody, not only the first who answers. */
  readonly everybody: boolean
}

export type ExchangeCounters = {
  echoes: number
  unexpectedFrames: number
  noiseBytes: number
  idleBytes: number
}

const SETTLE_MS = 100

/** The bus's ear: tells whoever listens, and when the line was last heard. */
export interface Ear {
  listener: ((bytes: Uint8Array) => void) | null
  readonly lastHeardMs: number
  /** Bytes since the last whole frame: what somebody may still be in the middle of. */
  looseBytes: number
  stop(): void
}

export function createEar(port: Port, counters: ExchangeCounters): Ear {
  let lastHeardMs = Number.NEGATIVE_INFINITY
  const ear: Ear = {
    listener: null,
    looseBytes: 0,
    get lastHeardMs() {
      return lastHeardMs
    },
    stop: port.onBytes((bytes) => {
      lastHeardMs = port.clock.nowMs()
      if (ear.listener) return ear.listener(bytes)
      counters.idleBytes += bytes.length
      ear.looseBytes += bytes.length
    }),
  }
  return ear
}

/** Writes the question and hears everything until the answer, or until nothing can be one any more. */
export function exchange<F extends Frame>(
  {
    port,
    ear,
    counters,
    onNoise,
  }: {
    readonly port: Port
    readonly ear: Ear
    readonly counters: ExchangeCounters
    readonly onNoise: ((noise: Noise) => void) | undefined
  },
  driver: Driver<F>,
  request: ReadRequest,
  bytes: Uint8Array,
  { timeoutMs, gapMs, sendMs, longestFrameMs, everybody }: Listening,
) {
  const { clock } = port
  const parser = driver.createParser()
  const outcome = Promise.withResolvers<Overheard<F> | PortClosed>()
  const timers = { reply: () => {}, gap: () => {}, limit: () => {} }
  const answers: F[] = []
  const noiseBefore = counters.noiseBytes
  let sentMs = clock.nowMs()
  let firstByteMs: number | null = null
  let replyMs: number | null = null
  let echoed = false
  /** Within a frame the gap of the protocol counts; between frames only what a network may hold back. */
  const settleMs = Math.min(gapMs, SETTLE_MS)
  let late = false
  let over = false

  const finish = () => outcome.resolve({ answers, noiseBytes: counters.noiseBytes - noiseBefore, replyMs })
  const hear = ({ frames, noise }: Parsed<F>) => {
    for (const run of noise) {
      counters.noiseBytes += run.bytes.length
      onNoise?.(run)
    }
    for (const frame of frames) {
      if (!echoed && isCopy(frame.bytes, bytes)) {
        echoed = true
        counters.echoes += 1
        // Nothing of an answer has been heard yet.
        firstByteMs = parser.pendingBytes > 0 ? clock.nowMs() : null
      } else if ((everybody || answers.length === 0) && driver.isAnswer(request, frame)) {
        replyMs ??= Math.max(0, (firstByteMs ?? clock.nowMs()) - sentMs - sendMs)
        answers.push(frame)
        if (!everybody) finish()
      } else counters.unexpectedFrames += 1
    }
    const noiseTail = noise.length > 0 && frames.length === 0
    ear.looseBytes = parser.pendingBytes + (noiseTail ? noise.at(-1)!.bytes.length : 0)
  }
  const endGap = () => {
    hear(parser.flush())
    if (late) finish()
  }

  ear.listener = (chunk) => {
    firstByteMs ??= clock.nowMs()
    hear(parser.push(chunk))
    timers.gap()
    if (parser.pendingBytes > 0) timers.gap = clock.after(gapMs, endGap)
    // Somebody is in the middle of something that makes no frame.
    else timers.gap = everybody && late ? clock.after(settleMs, endGap) : () => {}
  }
  const startWaiting = () => {
    sentMs = clock.nowMs()
    timers.reply = clock.after(sendMs + timeoutMs, () => {
      late = true
      const quietMs = clock.nowMs() - ear.lastHeardMs
      if (parser.pendingBytes > 0) return
      if (!everybody || quietMs >= settleMs) return finish()
      timers.gap = clock.after(settleMs - quietMs, endGap)
    })
    timers.limit = clock.after(sendMs + timeoutMs + gapMs + longestFrameMs, finish)
  }
  void port.write(bytes).then((sent) => {
    if (!sent.ok) outcome.resolve(sent.problem)
    else if (!over) startWaiting()
  })
  return {
    outcome: outcome.promise,
    cancel() {
      over = true
      ear.listener = null
      for (const stop of Object.values(timers)) stop()
      hear(parser.flush())
    },
  }
}

/** RS-485 adapters give back what was sent. A request may carry a preamble that frames do not. */
function isCopy(frame: Uint8Array, sent: Uint8Array): boolean {
  const from = sent.length - frame.length
  return from >= 0 && frame.every((byte, index) => byte === sent[from + index])
}
