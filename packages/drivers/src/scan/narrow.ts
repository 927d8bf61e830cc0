/**
 * Who is on a line, where everybody who fits a wildcard answers at once: a clean answer names one, noise means several,
 * and then the wildcard is made narrower until each answers alone.
 */
import { fail, ok, type Result } from '@doorstep/core'
import type { Bus, BusProblem } from '../bus.ts'
import type { Driver, Frame, ReadRequest } from '../contract.ts'

export type LineProblem = Exclude<BusProblem, { readonly type: 'no-reply' | 'meter-resting' }>

/** How one protocol is searched. */
export type Search<F extends Frame> = {
  readonly driver: Driver<F>
  request(wildcard: string): ReadRequest
  /** Null where the answer does not say it: asked by a wildcard, some meters answer with the wildcard. */
  addressOf(frame: F): string | null
  /** The wildcards that together cover this one; none when it is as narrow as can be. */
  narrower(wildcard: string): readonly string[]
}

export type Seeker<F extends Frame> = {
  readonly bus: Bus
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  /** After each question. */
  asked(wildcard: string): void
  found(frame: F, address: string, wildcard: string): void
  /** Several answer there, and it cannot be made narrower. */
  unresolved(wildcard: string): void
}

/** The last of what goes wrong ends the search; what was found until then was told. */
export async function narrow<F extends Frame>(
  search: Search<F>,
  seeker: Seeker<F>,
  wildcard: string,
): Promise<Result<void, LineProblem>> {
  const heard = await askTwice(search, seeker, wildcard)
  if (!heard.ok) return heard
  const { answers, noiseBytes } = heard.value
  const named = answers.map((frame) => ({ frame, address: search.addressOf(frame) }))
  for (const { frame, address } of named) if (address !== null) seeker.found(frame, address, wildcard)
  const isClear = noiseBytes === 0 && named.every(({ address }) => address !== null)
  if (isClear) return ok(undefined)
  const parts = search.narrower(wildcard)
  if (parts.length === 0) {
    if (named.length === 0) seeker.unresolved(wildcard)
    return ok(undefined)
  }
  for (const part of parts) {
    const done = await narrow(search, seeker, part)
    if (!done.ok) return done
  }
  return ok(undefined)
}

/** Noise once may be noise; only noise twice is several meters. */
async function askTwice<F extends Frame>(search: Search<F>, seeker: Seeker<F>, wildcard: string) {
  const ask = async () => {
    const { bus, timeoutMs, signal } = seeker
    const heard = await bus.askEverybody(search.driver, search.request(wildcard), {
      timeoutMs,
      ...(signal && { signal }),
    })
    if (!heard.ok) return fail<LineProblem>(heard.problem)
    seeker.asked(wildcard)
    return heard
  }
  const first = await ask()
  if (!first.ok || first.value.noiseBytes === 0) return first
  return ask()
}

/** `AAAAAAAAAA00` … `AAAAAAAAAA99`: pairs of digits from the low end, as the standards shorten addresses. */
export function narrowPairs(wildcard: string): readonly string[] {
  const open = /^(?:AA)*/.exec(wildcard)![0].length
  if (open === 0) return []
  return Array.from({ length: 100 }, (_, pair) => {
    const digits = String(pair).padStart(2, '0')
    return `${'A'.repeat(open - 2)}${digits}${wildcard.slice(open)}`
  })
}

/** `0FFFFFFF` … `9FFFFFFF`: digits from the high end, as M-Bus masters search. */
export function narrowDigits(wildcard: string): readonly string[] {
  const known = /^\d*/.exec(wildcard)![0]
  if (known.length === wildcard.length) return []
  return Array.from({ length: 10 }, (_, digit) => `${known}${digit}`.padEnd(wildcard.length, 'F'))
}
