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
  isWidest = true,
): Promise<Result<void, LineProblem>> {
  const heard = await askTwice(search, seeker, wildcard, isWidest)
  if (!heard.ok) return heard
  const { answers, noiseBytes } = heard.value
  const named = answers.map((frame) => ({ frame, address: search.addressOf(frame) }))
  for (const { frame, address } of named) if (address !== null) seeker.found(frame, address, wildcard)
  const isClear = noiseBytes === 0 && named.every(({ address }) => address !== null)
  if (isClear) return ok(undefined)
  const [only, ...others] = named
  if (only && only.address !== null && others.length === 0) {
    // Asked alone it makes as much noise: then the noise is its own, and nobody else was heard.
    const alone = await askOnce(search, seeker, only.address)
    if (!alone.ok) return alone
    if (alone.value.answers.length === 1 && alone.value.noiseBytes >= noiseBytes) return ok(undefined)
  }
  const parts = search.narrower(wildcard)
  if (parts.length === 0) {
    if (named.length === 0) seeker.unresolved(wildcard)
    return ok(undefined)
  }
  for (const part of parts) {
    const done = await narrow(search, seeker, part, false)
    if (!done.ok) return done
  }
  return ok(undefined)
}

/** Noise once may be noise; only noise twice is several meters. And on silence to everybody a whole protocol depends. */
async function askTwice<F extends Frame>(
  search: Search<F>,
  seeker: Seeker<F>,
  wildcard: string,
  isWidest: boolean,
) {
  const first = await askOnce(search, seeker, wildcard)
  if (!first.ok) return first
  const { answers, noiseBytes } = first.value
  const isDoubtful = noiseBytes > 0 || (isWidest && answers.length === 0)
  return isDoubtful ? askOnce(search, seeker, wildcard) : first
}

async function askOnce<F extends Frame>(search: Search<F>, seeker: Seeker<F>, wildcard: string) {
  const { bus, timeoutMs, signal } = seeker
  const heard = await bus.askEverybody(search.driver, search.request(wildcard), {
    timeoutMs,
    ...(signal && { signal }),
  })
  if (!heard.ok) return fail<LineProblem>(heard.problem)
  seeker.asked(wildcard)
  return heard
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
