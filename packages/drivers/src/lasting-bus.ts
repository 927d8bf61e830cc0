/**
 * A bus that outlives its port: opened when it is needed, opened again after it closed, and after nothing at all was
 * heard on it for so long that the line must be half dead (a converter that hangs, a connection whose other end is
 * gone). What is known of the meters stays.
 */
import { fail, ok, type Problem, type Result } from '@doorstep/core'
import { type Aborted, type Bus, type BusOptions, createBus, type LineDown, noBusCounts } from './bus.ts'
import type { Clock, Port } from './contract.ts'
import { createMeterMemory } from './meter-memory.ts'

/** Attempts in a row without a single byte before the line is opened again; twice as many each time it was in vain. */
export const DEAF_ATTEMPTS = 6
export const DEAF_ATTEMPTS_MOST = 96
/** Between two tries to open: a second, doubled each time, a minute at most. */
export const REOPEN_FIRST_MS = 1000
export const REOPEN_LONGEST_MS = 60_000

/** `problem`: why it could not be opened last time, null while it is open or was never tried. */
export type LineState = {
  readonly isOpen: boolean
  /** Times it was opened. */
  readonly opened: number
  /** Times it was given up because nothing was heard on it any more. */
  readonly foundDeaf: number
  readonly problem: Problem | null
}

export interface LastingBus extends Bus {
  readonly state: LineState
}

export type LastingBusOptions = BusOptions & {
  /** A fresh port to the same line. */
  open(signal: AbortSignal): Promise<Result<Port, Problem>>
  readonly clock: Clock
}

export function createLastingBus({ open, clock, ...options }: LastingBusOptions): LastingBus {
  const meters = options.meters ?? createMeterMemory()
  const closing = new AbortController()
  const state = { opened: 0, foundDeaf: 0 }
  let gone = noBusCounts
  let bus: Bus | null = null
  let opening: Promise<Result<Bus, LineDown | Aborted>> | null = null
  let problem: Problem | null = null
  let failures = 0
  let notBeforeMs = Number.NEGATIVE_INFINITY
  let deafLimit = DEAF_ATTEMPTS
  let deafSinceMs: number | null = null

  return {
    clock,
    meters,
    get state() {
      return { ...state, isOpen: bus !== null, problem }
    },
    get counters() {
      return bus ? addUp(gone, bus.counters) : gone
    },
    get waiting() {
      return bus?.waiting ?? 0
    },
    ask: (driver, request, how) => on((current) => current.ask(driver, request, how)),
    askEverybody: (driver, request, how) => on((current) => current.askEverybody(driver, request, how)),
    async close() {
      closing.abort()
      await bus?.close()
    },
  }

  async function on<T, P extends Problem>(
    ask: (current: Bus) => Promise<Result<T, P>>,
  ): Promise<Result<T, P | LineDown | Aborted>> {
    const current = await ready()
    if (!current.ok) return current
    const startMs = clock.nowMs()
    const answer = await ask(current.value)
    await noteDeafness(current.value, startMs)
    return answer
  }

  function ready(): Promise<Result<Bus, LineDown | Aborted>> {
    if (closing.signal.aborted) return Promise.resolve(fail({ type: 'aborted' }))
    if (bus) return Promise.resolve(ok(bus))
    if (problem && clock.nowMs() < notBeforeMs)
      return Promise.resolve(fail({ type: 'line-down', cause: problem, untilMs: notBeforeMs }))
    opening ??= openOnce().finally(() => {
      opening = null
    })
    return opening
  }

  async function openOnce(): Promise<Result<Bus, LineDown | Aborted>> {
    const port = await open(closing.signal)
    if (closing.signal.aborted) {
      if (port.ok) await port.value.close()
      return fail({ type: 'aborted' })
    }
    if (!port.ok) {
      problem = port.problem
      notBeforeMs = clock.nowMs() + Math.min(REOPEN_LONGEST_MS, REOPEN_FIRST_MS * 2 ** Math.min(failures, 16))
      failures += 1
      return fail({ type: 'line-down', cause: port.problem, untilMs: notBeforeMs })
    }
    const fresh = createBus(port.value, { ...options, meters })
    bus = fresh
    problem = null
    failures = 0
    deafSinceMs = null
    state.opened += 1
    port.value.onClose(() => {
      if (bus !== fresh) return
      gone = addUp(gone, fresh.counters)
      bus = null
    })
    return ok(fresh)
  }

  async function noteDeafness(current: Bus, startMs: number): Promise<void> {
    if (current !== bus) return
    const { deafAttempts } = current.counters
    if (deafAttempts === 0) {
      deafSinceMs = null
      deafLimit = DEAF_ATTEMPTS
      return
    }
    deafSinceMs ??= startMs
    if (deafAttempts < deafLimit) return
    state.foundDeaf += 1
    deafLimit = Math.min(DEAF_ATTEMPTS_MOST, deafLimit * 2)
    meters.forgiveSince(deafSinceMs)
    await current.close()
  }
}

const addUp = (a: Bus['counters'], b: Bus['counters']): Bus['counters'] => {
  const sum = Object.keys(a).map((key) => [key, a[key as keyof typeof a] + b[key as keyof typeof b]])
  return { ...(Object.fromEntries(sum) as Bus['counters']), deafAttempts: b.deafAttempts }
}
