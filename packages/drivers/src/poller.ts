/**
 * Reads the meters of one line, each as often as it should be, the longest due first, so that on a line with too much
 * to do every meter still has its turn. A read that a person asks for goes before the next question.
 */
import { fail, ok, type Problem, type Result } from '@doorstep/core'
import type { Bus } from './bus.ts'
import type { Clock, Driver, Reading } from './contract.ts'
import { hearAnswer } from './hear-answer.ts'
import type { Heard } from './heard.ts'
import { type ReadInterrupted, readMeter } from './read-meter.ts'
import { drivers as allDrivers } from './registry.gen.ts'

/**
 * `items`: ids of the protocol, asked in this order. `otherwise`: of another edition, tried in turn with them until the
 * meter has told a value by one of the two.
 */
export type PolledMeter = {
  readonly protocol: string
  readonly address: string
  readonly items: readonly string[]
  readonly otherwise?: readonly string[]
  readonly everyMs: number
}

/** Questions, not reads: a meter with three items is asked three. Times in milliseconds since 1970. */
export type PolledMeterState = PolledMeter & {
  readonly answered: number
  /** Questions that got no answer, after all their tries. */
  readonly timeouts: number
  /** Items the meter said it will not or cannot tell. */
  readonly refused: number
  readonly lastHeardMs: number | null
  /** From the end of a question to the first byte of the answer. */
  readonly meanReplyMs: number | null
  readonly nextMs: number
  /** It has not answered for a while, and is asked rarely. */
  readonly isResting: boolean
  /** Why the last read of it failed, null after one that did not. */
  readonly problem: Problem | null
}

export type PollerStatus = {
  readonly meters: readonly PolledMeterState[]
  /** Meters whose turn has come and that wait for the line, and how late the latest of them is. */
  readonly due: number
  readonly behindMs: number
  /** Why the line cannot be used at all, null while it can. */
  readonly problem: Problem | null
}

export type NotPolled = {
  readonly type: 'meter-not-polled'
  readonly protocol: string
  readonly address: string
}

export interface Poller {
  /** Until `signal` is aborted. Rejects when `onHeard` does. */
  run(signal: AbortSignal): Promise<void>
  /** For a person who waits: at once after the question that is on the line, whenever the meter is due. */
  readNow(
    protocol: string,
    address: string,
    signal?: AbortSignal,
  ): Promise<Result<readonly Reading[], ReadInterrupted | NotPolled>>
  /** From now on these; those that stay keep their turn. */
  setMeters(meters: readonly PolledMeter[]): void
  status(): PollerStatus
}

export type PollerOptions = {
  readonly bus: Bus
  readonly meters: readonly PolledMeter[]
  /** What one read of one meter said. The line goes on meanwhile, but by one meter at most. */
  onHeard(heard: readonly Heard[]): Promise<void>
  readonly drivers?: readonly Driver[]
}

/** A read that failed is tried again after so long, where that is sooner than its next turn. */
export const RETRY_MS = 60_000
/** Before a line that closed is tried again. */
const LINE_RETRY_MS = 1000

type Entry = {
  meter: PolledMeter
  dueMs: number
  order: number
  refused: number
  problem: Problem | null
  /** By `otherwise`; and whether a value was ever told in the way that is used. */
  isOtherwise: boolean
  isSettled: boolean
}

export function createPoller(options: PollerOptions): Poller {
  const { bus, onHeard } = options
  const drivers = options.drivers ?? allDrivers
  const { clock } = bus
  let entries: Entry[] = []
  let order = 0
  let lineProblem: Problem | null = null
  let wake = () => {}
  let keeping: Promise<void> = Promise.resolve()
  setMeters(options.meters)

  return { run, readNow, setMeters, status }

  function setMeters(meters: readonly PolledMeter[]): void {
    const known = new Map(entries.map((entry) => [keyOf(entry.meter), entry]))
    entries = meters.map((meter) => {
      const before = known.get(keyOf(meter))
      // A shorter interval counts from now on.
      if (before)
        return Object.assign(before, { meter, dueMs: Math.min(before.dueMs, clock.nowMs() + meter.everyMs) })
      const fresh = { refused: 0, problem: null, isOtherwise: false, isSettled: false }
      return { meter, dueMs: clock.nowMs(), order: order++, ...fresh }
    })
    wake()
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const next = longestDue()
      const nowMs = clock.nowMs()
      if (!next || next.dueMs > nowMs) {
        await sleep(clock, next ? next.dueMs - nowMs : null, signal)
        continue
      }
      const waitMs = await readOne(next, signal)
      if (waitMs > 0 && !signal.aborted) await sleep(clock, waitMs, signal)
    }
    await keeping
  }

  function longestDue(): Entry | null {
    let next: Entry | null = null
    for (const entry of entries)
      if (!next || entry.dueMs < next.dueMs || (entry.dueMs === next.dueMs && entry.order < next.order))
        next = entry
    return next
  }

  /** @returns how long the line must be left alone, 0 when it may go on */
  async function readOne(entry: Entry, signal: AbortSignal): Promise<number> {
    const { meter } = entry
    const read = await ask(entry, { signal })
    lineProblem = null
    const nowMs = clock.nowMs()
    const usualMs = Math.max(entry.dueMs + meter.everyMs, nowMs)
    entry.order = order++
    if (read.ok) {
      entry.dueMs = usualMs
      return 0
    }
    const { cause } = read.problem
    if (cause.type === 'aborted') return 0
    if (cause.type === 'line-down' || cause.type === 'port-closed') {
      // Not the meter's fault: it stays due.
      lineProblem = cause.type === 'line-down' ? cause.cause : cause
      return cause.type === 'line-down' ? Math.max(0, cause.untilMs - nowMs) : LINE_RETRY_MS
    }
    const restUntilMs = bus.meters.restUntilMs(meter.protocol, meter.address)
    const retryMs = cause.type === 'invalid-request' ? usualMs : Math.min(usualMs, nowMs + RETRY_MS)
    entry.dueMs = Math.max(retryMs, restUntilMs ?? 0)
    return 0
  }

  async function readNow(protocol: string, address: string, signal?: AbortSignal) {
    const entry = entries.find(({ meter }) => meter.protocol === protocol && meter.address === address)
    if (!entry) return fail<NotPolled>({ type: 'meter-not-polled', protocol, address })
    const read = await ask(entry, { urgent: true, ...(signal && { signal }) })
    const nowMs = clock.nowMs()
    if (read.ok && entry.dueMs <= nowMs) entry.dueMs = nowMs + entry.meter.everyMs
    return read
  }

  async function ask(
    entry: Entry,
    how: { readonly signal?: AbortSignal; readonly urgent?: boolean },
  ): Promise<Result<readonly Reading[], ReadInterrupted>> {
    const { protocol, address, items, otherwise } = entry.meter
    const asked = entry.isOtherwise && otherwise ? otherwise : items
    const driver = drivers.find((one) => one.protocol === protocol)
    if (!driver) throw new Error(`no driver for ${protocol}`)
    const read = await readMeter(bus, address, asked, { ...how, driver })
    const readings = read.ok ? read.value : read.problem.read
    entry.refused += readings.filter(({ missing }) => missing === 'refused').length
    entry.problem = read.ok || read.problem.cause.type === 'aborted' ? null : read.problem.cause
    // Who was asked, whatever it calls itself: an M-Bus meter that is asked by its number answers by another.
    const heard = hearAnswer(driver, readings).heard.map((one) => ({ ...one, address }))
    if (heard.length > 0) entry.isSettled = true
    else if (otherwise && !entry.isSettled && (read.ok || read.problem.cause.type === 'no-reply'))
      entry.isOtherwise = !entry.isOtherwise
    if (heard.length > 0) {
      await keeping
      keeping = onHeard(heard)
      // Whoever waits for it next hears of its failure; until then it is nobody's.
      keeping.catch(() => {})
    }
    return read.ok ? ok(read.value) : read
  }

  function status(): PollerStatus {
    const nowMs = clock.nowMs()
    const due = entries.filter((entry) => entry.dueMs <= nowMs)
    return {
      meters: entries.map((entry) => {
        const { protocol, address } = entry.meter
        const record = bus.meters.of(protocol, address)
        return {
          ...entry.meter,
          answered: record?.answered ?? 0,
          timeouts: record?.unanswered ?? 0,
          refused: entry.refused,
          lastHeardMs: record?.lastHeardMs ?? null,
          meanReplyMs: record?.meanReplyMs ?? null,
          nextMs: entry.dueMs,
          isResting: (record?.restUntilMs ?? 0) > nowMs,
          problem: entry.problem,
        }
      }),
      due: due.length,
      behindMs: due.reduce((latest, entry) => Math.max(latest, nowMs - entry.dueMs), 0),
      problem: lineProblem,
    }
  }

  /** Until then, until the meters change, or until it is told to stop. `null`: for as long as nothing does. */
  async function sleep(time: Clock, delayMs: number | null, signal: AbortSignal): Promise<void> {
    const over = Promise.withResolvers<void>()
    wake = over.resolve
    const cancel = delayMs === null ? () => {} : time.after(delayMs, over.resolve)
    signal.addEventListener('abort', wake, { once: true })
    if (!signal.aborted) await over.promise
    signal.removeEventListener('abort', wake)
    cancel()
  }
}

const keyOf = ({ protocol, address }: PolledMeter): string => `${protocol} ${address}`
