import { isId } from '@doorstep/core'
import { addressUri, parseAddressUri } from '../lan/address-uri.ts'

const HEAD = 'DOORSTEP:MEET/'

export type MeetingUri = { readonly station: string; readonly addresses: readonly string[] }

/**
 * Who this is and where it listens, as one text for a QR code. A station's id is 120 bits of a hash over its key, so
 * whoever scans it meets it or nobody.
 */
export const meetingUri = ({ station, addresses }: MeetingUri): string =>
  addressUri(HEAD, station.replace(/^st-/, ''), addresses)

/** The text of such a code as a scanner types it; null for any other text. */
export function parseMeetingUri(text: string): MeetingUri | null {
  const read = parseAddressUri(HEAD, text)
  if (!read || read.addresses.length === 0) return null
  const station = `st-${read.word}`
  return isId(station) ? { station, addresses: read.addresses } : null
}
