/**
 * A line has one speaker at a time. The bus queues questions, waits for their answers, asks again after silence, and
 * lets through nothing but the answer: echoes, late replies and noise are counted.
 */
import { fail, ok, type Result } from '@doorstep/core'
import type {
  Driver,
  Frame,
  InvalidRequest,
  Noise,
  Parsed,
  Port,
  PortClosed,
  ReadRequest,
} from './contract.ts'

export type NoReply = {
  readonly type: 'no-reply'
  readonly address: string
  readonly tries: number
  readonly noiseBytes: number
}
export type Aborted = { readonly type: 'aborted' }
export type BusProblem = InvalidRequest | NoReply | PortClosed | Aborted

export type BusOptions = {
  /**
   * From the last byte asked to the first byte answered. Default 1000: the meter may take 500, a request at 1200
   * baud takes 183, the rest is for the network in between.
   */
  readonly replyTimeoutMs?: number
  /** A gap this long ends a frame. Default 500, the longest the standard allows between bytes. */
  readonly silenceMs?: number
  /** Times to ask, the first included. Default 3. */
  readonly tries?: number
  /** Wait before the second try; doubles with each further one. Default 200. */
  readonly backoffMs?: number
  readonly onNoise?: (noise: Noise) => void
}

/** Since the bus was made. `unexpectedFrames`: late replies and other people's. `idleBytes`: came while nobody asked. */
export type BusCounters = {
  readonly asked: number
  readonly answered: number
  readonly retries: number
  readonly echoes: number
  readonly unexpectedFrames: number
  readonly noiseBytes: number
  readonly idleBytes: number
}

export interface Bus {
  readonly port: Port
  ask<F extends Frame>(
    driver: Driver<F>,
    request: ReadRequest,
    options?: { signal?: AbortSignal },
  ): Promise<Result<F, BusProblem>>
  readonly counters: BusCounters
  close(): Promise<void>
}

/** 216 bytes at 1200 baud, 11 bits a byte, are two seconds: after that the line only babbles. */
const LONGEST_FRAME_MS = 2000

export function createBus(port: Port, options: BusOptions = {}): Bus {
  const { replyTimeoutMs = 1000, silenceMs = 500, tries = 3, backoffMs = 200, onNoise } = options
  const counters = {
    asked: 0,
    answered: 0,
    retries: 0,
    echoes: 0,
    unexpectedFrames: 0,
    noiseBytes: 0,
    idleBytes: 0,
  }
  let turn: Promise<void> = Promise.resolve()
  let listening: ((bytes: Uint8Array) => void) | null = null
  const stopListening = port.onBytes((bytes) => {
    if (listening === null) counters.idleBytes += bytes.length
    else listening(bytes)
  })

  return {
    port,
    get counters() {
      return { ...counters }
    },
    async ask(driver, request, { signal } = {}) {
      const encoded = driver.encodeRead(request)
      if (!encoded.ok) return encoded
      const mine = turn
      const done = Promise.withResolvers<void>()
      turn = mine.then(() => done.promise)
      const stop = watchStop(port, signal)
      try {
        const stopped = await Promise.race([stop.promise, mine])
        if (stopped) return fail(stopped)
        counters.asked += 1
        return await askUntilAnswered(driver, request, encoded.value, stop.promise)
      } finally {
        stop.release()
        done.resolve()
      }
    },
    async close() {
      stopListening()
      await port.close()
    },
  }

  async function askUntilAnswered<F extends Frame>(
    driver: Driver<F>,
    request: ReadRequest,
    bytes: Uint8Array,
    stop: Promise<Aborted | PortClosed>,
  ): Promise<Result<F, BusProblem>> {
    const noiseBefore = counters.noiseBytes
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      if (attempt > 1) {
        counters.retries += 1
        const rest = pause(backoffMs * 2 ** (attempt - 2))
        const stopped = await Promise.race([stop, rest.over])
        rest.cancel()
        if (stopped) return fail(stopped)
      }
      const attempted = listen(driver, request, bytes)
      const outcome = await Promise.race([attempted.outcome, stop])
      attempted.cancel()
      if (outcome === 'silence') continue
      if ('type' in outcome) return fail(outcome)
      counters.answered += 1
      return ok(outcome.answer)
    }
    return fail({
      type: 'no-reply',
      address: request.address,
      tries,
      noiseBytes: counters.noiseBytes - noiseBefore,
    })
  }

  /** Writes the question and hears everything until the answer, or until nothing can be one any more. */
  function listen<F extends Frame>(driver: Driver<F>, request: ReadRequest, bytes: Uint8Array) {
    const parser = driver.createParser()
    const outcome = Promise.withResolvers<{ answer: F } | 'silence' | PortClosed>()
    const timers = { reply: () => {}, silence: () => {}, limit: () => {} }
    let echoed = false
    let answered = false
    let late = false

    const hear = ({ frames, noise }: Parsed<F>) => {
      for (const run of noise) {
        counters.noiseBytes += run.bytes.length
        onNoise?.(run)
      }
      for (const frame of frames) {
        if (!echoed && isCopy(frame.bytes, bytes)) {
          echoed = true
          counters.echoes += 1
        } else if (!answered && driver.isAnswer(request, frame)) {
          answered = true
          outcome.resolve({ answer: frame })
        } else counters.unexpectedFrames += 1
      }
    }
    const fallSilent = () => {
      hear(parser.flush())
      if (late) outcome.resolve('silence')
    }

    listening = (chunk) => {
      hear(parser.push(chunk))
      timers.silence()
      timers.silence = parser.pendingBytes > 0 ? port.clock.after(silenceMs, fallSilent) : () => {}
    }
    const startWaiting = () => {
      timers.reply = port.clock.after(replyTimeoutMs, () => {
        late = true
        if (parser.pendingBytes === 0) outcome.resolve('silence')
      })
      timers.limit = port.clock.after(replyTimeoutMs + silenceMs + LONGEST_FRAME_MS, () =>
        outcome.resolve('silence'),
      )
    }
    let cancelled = false
    void port.write(bytes).then((sent) => {
      if (!sent.ok) outcome.resolve(sent.problem)
      else if (!cancelled) startWaiting()
    })
    return {
      outcome: outcome.promise,
      cancel() {
        cancelled = true
        listening = null
        for (const stop of Object.values(timers)) stop()
        hear(parser.flush())
      },
    }
  }

  function pause(delayMs: number) {
    const over = Promise.withResolvers<undefined>()
    return { over: over.promise, cancel: port.clock.after(delayMs, () => over.resolve(undefined)) }
  }
}

/** RS-485 adapters give back what was sent. A request may carry a preamble that frames do not. */
function isCopy(frame: Uint8Array, sent: Uint8Array): boolean {
  const from = sent.length - frame.length
  return from >= 0 && frame.every((byte, index) => byte === sent[from + index])
}

function watchStop(port: Port, signal: AbortSignal | undefined) {
  const stop = Promise.withResolvers<Aborted | PortClosed>()
  const onAbort = () => stop.resolve({ type: 'aborted' })
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  const unwatch = port.onClose(() => stop.resolve({ type: 'port-closed' }))
  return {
    promise: stop.promise,
    release() {
      signal?.removeEventListener('abort', onAbort)
      unwatch()
    },
  }
}
