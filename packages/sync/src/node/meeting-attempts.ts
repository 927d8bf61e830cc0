import { networkInterfaces } from 'node:os'
import type { Station } from '@doorstep/core'
import { parseMeetingUri } from './meeting-uri.ts'

/** How an address came to be known: typed or scanned by a person, called out on the LAN, or met there before. */
export type KnownHow = 'typed' | 'scanned' | 'heard' | 'last-known'

/** One address, and what happened there. */
export type Attempt = {
  readonly address: string
  readonly how: KnownHow
  /** Whose it is, as far as known. */
  readonly station: string | null
  /** Null when somebody of this community answered; else the problem's type. */
  readonly problem: string | null
  /** The problem's code: `ECONNREFUSED`, `timed out`, …; empty when there is none. */
  readonly code: string
}

/** Whether the LAN lets stations call out to each other (RFC 6762). */
export type Multicast = {
  /** `silent`: asked, and nobody at all was heard. `failed`: not allowed, or no network. `not-asked`: told not to. */
  readonly state: 'heard' | 'silent' | 'failed' | 'not-asked'
  /** Other machines that were heard, of whatever kind. */
  readonly machines: number
  readonly detail: string
}

/** What was done to find somebody: enough to say why nobody was found, and what to do next. */
export type MeetingAttempts = {
  readonly multicast: Multicast
  /** This machine's cards on a network and their addresses; without any there is no network. */
  readonly interfaces: readonly { readonly name: string; readonly address: string }[]
  readonly tried: readonly Attempt[]
}

/** An address to try. */
export type Candidate = Pick<Attempt, 'address' | 'how' | 'station'>

export function ownInterfaces(): MeetingAttempts['interfaces'] {
  return Object.entries(networkInterfaces()).flatMap(([name, cards]) =>
    (cards ?? []).flatMap(({ address, family, internal }) =>
      family === 'IPv4' && !internal ? [{ name, address }] : [],
    ),
  )
}

/** What a person gave: an address, or the text of a QR code, whose station is then the only one that will do. */
export function typedCandidates(texts: readonly string[]): Candidate[] {
  return texts.flatMap((text): Candidate[] => {
    const scanned = parseMeetingUri(text)
    if (!scanned) return [{ address: text, how: 'typed', station: null }]
    return scanned.addresses.map((address) => ({ address, how: 'scanned', station: scanned.station }))
  })
}

/** Where others were met before, the latest first. */
export const lastKnown = (station: Station): Candidate[] =>
  [...station.addresses()]
    .sort((a, b) => b.at - a.at)
    .map(({ address, station: id }) => ({ address, how: 'last-known', station: id }))

/** Each address once, as it was named first: what was typed or heard is news, what is remembered may be old. */
export function eachOnce(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>()
  return candidates.filter(({ address }) => !seen.has(address) && seen.add(address))
}
