/**
 * A line has one speaker at a time. The bus queues questions, keeps the pauses a line needs, waits for the answers as
 * long as each meter takes, asks again after silence, and lets through nothing but the answer: echoes, late replies
 * and noise are counted. Each question is heard by its own driver, so several protocols can share a line.
 */
import { fail, ok, type Problem, type Result } from '@doorstep/core'
import type {
  Clock,
  Driver,
  Frame,
  InvalidRequest,
  Noise,
  Port,
  PortClosed,
  ReadRequest,
} from './contract.ts'
import { createEar, type ExchangeCounters, exchange, type Overheard } from './exchange.ts'
import { PAUSE_CHARACTERS, resyncMs, USUAL_BAUD, wireMs } from './line-timing.ts'
import { createMeterMemory, type MeterMemory } from './meter-memory.ts'
import { createTurns } from './turns.ts'

export type NoReply = {
  readonly type: 'no-reply'
  readonly address: string
  readonly tries: number
  readonly noiseBytes: number
}
/** Not asked at all: it has not answered for a while and is asked again after `untilMs`, or at once for a person. */
export type Resting = {
  readonly type: 'meter-resting'
  readonly protocol: string
  readonly address: string
  readonly untilMs: number
}
export type Aborted = { readonly type: 'aborted' }
/** There is no line to ask on, and it is not tried again before `untilMs`. */
export type LineDown = { readonly type: 'line-down'; readonly cause: Problem; readonly untilMs: number }
export type BusProblem = InvalidRequest | NoReply | Resting | PortClosed | LineDown | Aborted

export type BusOptions = {
  /** Of the line, where it is known. Else 2400 is assumed for pauses, and time-outs leave room for slower lines. */
  readonly baud?: number
  /**
   * From the last byte asked to the first byte answered, at most; less for a meter that is known to be quicker. A meter
   * may take 500. Default 750, or 1000 where the baud rate is not known: there a request takes 183 at 1200. The rest is
   * for the network in between.
   */
  readonly replyTimeoutMs?: number
  /** A gap this long ends a frame. Default 500, the longest DL/T 645 allows between bytes; a driver may say less. */
  readonly silenceMs?: number
  /** Times to ask, the first included. Default 3. */
  readonly tries?: number
  /** Wait before the second try; doubles with each further one. Default 200. */
  readonly backoffMs?: number
  /** What is known of the meters. Default: nothing yet. */
  readonly meters?: MeterMemory
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
  /** Times the line had to fall silent first, because what was last heard on it was no frame. */
  readonly resyncs: number
  /** Attempts in a row without a single byte heard: a line that is half dead. */
  readonly deafAttempts: number
}

export const noBusCounts: BusCounters = {
  asked: 0,
  answered: 0,
  retries: 0,
  echoes: 0,
  unexpectedFrames: 0,
  noiseBytes: 0,
  idleBytes: 0,
  resyncs: 0,
  deafAttempts: 0,
}

export type AskOptions = {
  readonly signal?: AbortSignal
  /** A person waits for it: it goes before all that do not say so, and a resting meter is asked too. */
  readonly urgent?: boolean
}

export interface Bus {
  readonly clock: Clock
  ask<F extends Frame>(
    driver: Driver<F>,
    request: ReadRequest,
    options?: AskOptions,
  ): Promise<Result<F, BusProblem>>
  /** Asks once and hears out everybody who answers, for as long as the time-out; noise is what several at once make. */
  askEverybody<F extends Frame>(
    driver: Driver<F>,
    request: ReadRequest,
    options?: { readonly signal?: AbortSignal; readonly timeoutMs?: number },
  ): Promise<Result<Overheard<F>, Exclude<BusProblem, NoReply | Resting>>>
  readonly meters: MeterMemory
  readonly counters: BusCounters
  /** Questions that wait for their turn. */
  readonly waiting: number
  close(): Promise<void>
}

/** The longest frame there is (M-Bus, 261 bytes). */
const LONGEST_FRAME_BYTES = 261
/** Where the baud rate is not known: 216 bytes, the longest frame of DL/T 645, at 1200 baud. */
const LONGEST_FRAME_MS = 2000
/** A byte or two behind a frame come from transceivers that let the line go, and mean nothing. */
const LOOSE_BYTES_MAX = 2

export function createBus(port: Port, options: BusOptions = {}): Bus {
  const { silenceMs = 500, tries = 3, backoffMs = 200, baud, onNoise } = options
  const replyTimeoutMs = options.replyTimeoutMs ?? (baud === undefined ? 1000 : 750)
  const { clock } = port
  const meters = options.meters ?? createMeterMemory()
  const counters: ExchangeCounters & { -readonly [K in keyof BusCounters]: number } = { ...noBusCounts }
  const ear = createEar(port, counters)
  const turns = createTurns()
  const line = { port, ear, counters, onNoise }
  const longestFrameMs =
    baud === undefined ? LONGEST_FRAME_MS : Math.max(LONGEST_FRAME_MS, wireMs(LONGEST_FRAME_BYTES, baud))

  type Stopped = Aborted | PortClosed
  type Stop = Promise<Stopped>

  return {
    clock,
    meters,
    get counters() {
      return { ...counters }
    },
    get waiting() {
      return turns.waiting
    },
    ask: (driver, request, { signal, urgent = false } = {}) =>
      inTurn(driver, request, urgent, signal, (steps, stop) => askUntilAnswered(driver, steps, urgent, stop)),
    askEverybody: (driver, request, { signal, timeoutMs = replyTimeoutMs } = {}) =>
      inTurn(driver, request, false, signal, async (steps, stop) => {
        let heard: Overheard<Parameters<typeof driver.decode>[0]> | null = null
        for (const step of steps) {
          if (heard && heard.answers.length === 0 && heard.noiseBytes === 0) break
          const outcome = await attempt(driver, step, timeoutMs, true, stop)
          if ('type' in outcome) return fail(outcome)
          heard = outcome
        }
        return ok(heard!)
      }),
    async close() {
      ear.stop()
      await port.close()
    },
  }

  type Step = { readonly request: ReadRequest; readonly bytes: Uint8Array }

  /** Encodes first, so that what cannot be asked never waits; then does the work when the line is free. */
  async function inTurn<F extends Frame, T, P extends Problem>(
    driver: Driver<F>,
    request: ReadRequest,
    urgent: boolean,
    signal: AbortSignal | undefined,
    work: (steps: readonly Step[], stop: Stop) => Promise<Result<T, P>>,
  ): Promise<Result<T, P | InvalidRequest | Stopped>> {
    const steps: Step[] = []
    for (const step of [driver.selection?.(request) ?? null, request]) {
      if (step === null) continue
      const encoded = driver.encodeRead(step)
      if (!encoded.ok) return encoded
      steps.push({ request: step, bytes: encoded.value })
    }
    const turn = turns.take(urgent)
    const stop = watchStop(port, signal)
    try {
      const stopped = await Promise.race([stop.promise, turn.mine])
      if (stopped) return fail(stopped)
      return await work(steps, stop.promise)
    } finally {
      stop.release()
      turn.leave()
    }
  }

  async function askUntilAnswered<F extends Frame>(
    driver: Driver<F>,
    steps: readonly Step[],
    urgent: boolean,
    stop: Stop,
  ): Promise<Result<F, BusProblem>> {
    const { protocol } = driver
    const { address } = steps.at(-1)!.request
    const untilMs = meters.restUntilMs(protocol, address)
    if (!urgent && untilMs !== null && untilMs > clock.nowMs())
      return fail({ type: 'meter-resting', protocol, address, untilMs })
    counters.asked += 1
    const noiseBefore = counters.noiseBytes
    const times = !urgent && meters.isProbed(protocol, address) ? 1 : tries
    let waitedMs: number | null = null
    for (let time = 1; time <= times; time += 1) {
      if (time > 1) {
        counters.retries += 1
        const stopped = await rest(backoffMs * 2 ** (time - 2), stop)
        if (stopped) return fail(stopped)
      }
      // Each further try waits twice as long, and the last as long as any meter may take.
      const usualMs = meters.timeoutMs(protocol, address, replyTimeoutMs) * 2 ** (time - 1)
      const timeoutMs = time === times ? replyTimeoutMs : Math.min(replyTimeoutMs, usualMs)
      let heard: Overheard<F> | null = null
      for (const step of steps) {
        const outcome = await attempt(driver, step, timeoutMs, false, stop)
        if ('type' in outcome) return fail(outcome)
        heard = outcome
        if (heard.answers.length === 0) break
      }
      const answer = heard!.answers[0]
      if (answer === undefined) {
        waitedMs ??= timeoutMs
        continue
      }
      counters.answered += 1
      meters.noteAnswer(protocol, address, heard!.replyMs ?? 0, waitedMs, clock.nowMs())
      return ok(answer)
    }
    meters.noteSilence(protocol, address, clock.nowMs())
    return fail({ type: 'no-reply', address, tries: times, noiseBytes: counters.noiseBytes - noiseBefore })
  }

  async function attempt<F extends Frame>(
    driver: Driver<F>,
    { request, bytes }: Step,
    timeoutMs: number,
    everybody: boolean,
    stop: Stop,
  ): Promise<Overheard<F> | Stopped> {
    const pauseMs = wireMs(driver.pauseCharacters ?? PAUSE_CHARACTERS, baud ?? USUAL_BAUD)
    const stopped = await quiet(pauseMs, stop)
    if (stopped) return stopped
    const sendMs = baud === undefined ? 0 : wireMs(bytes.length, baud)
    const gapMs = Math.min(silenceMs, driver.gapMs ?? silenceMs)
    const startMs = clock.nowMs()
    const one = exchange(line, driver, request, bytes, {
      timeoutMs,
      gapMs,
      sendMs,
      longestFrameMs,
      everybody,
    })
    const outcome = await Promise.race([one.outcome, stop])
    one.cancel()
    if (!('type' in outcome))
      counters.deafAttempts = ear.lastHeardMs >= startMs ? 0 : counters.deafAttempts + 1
    return outcome
  }

  /** Waits until nobody can be in the middle of something; a line that never falls silent is asked all the same. */
  async function quiet(pauseMs: number, stop: Stop): Promise<Stopped | undefined> {
    const giveUpMs = clock.nowMs() + longestFrameMs
    let counted = false
    while (clock.nowMs() < giveUpMs) {
      const loose = ear.looseBytes > LOOSE_BYTES_MAX
      const quietMs = loose ? resyncMs(baud ?? USUAL_BAUD) : pauseMs
      const leftMs = ear.lastHeardMs + quietMs - clock.nowMs()
      if (leftMs <= 0) break
      if (loose && !counted) {
        counted = true
        counters.resyncs += 1
      }
      const stopped = await rest(leftMs, stop)
      if (stopped) return stopped
    }
    ear.looseBytes = 0
    return undefined
  }

  async function rest(delayMs: number, stop: Stop): Promise<Stopped | undefined> {
    const over = Promise.withResolvers<undefined>()
    const cancel = clock.after(delayMs, () => over.resolve(undefined))
    const stopped = await Promise.race([stop, over.promise])
    cancel()
    return stopped
  }
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
