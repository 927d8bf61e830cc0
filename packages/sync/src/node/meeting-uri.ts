import { isId } from '@doorstep/core'
import { DEFAULT_PORT } from '../lan/lan.ts'

const HEAD = 'DOORSTEP:MEET/'
/** More would make the picture too large for a terminal of 24 lines. */
const MAX_ADDRESSES = 3

export type MeetingUri = { readonly station: string; readonly addresses: readonly string[] }

/**
 * Who this is and where it listens, as one text for a QR code: capitals, digits and `:/.-` only, which a QR code packs
 * at 5.5 bits a character. A station's id is 120 bits of a hash over its key, so whoever scans it meets it or nobody.
 */
export function meetingUri({ station, addresses }: MeetingUri): string {
  const short = addresses
    .filter((address) => /^[\w.-]+:\d+$/.test(address))
    .slice(0, MAX_ADDRESSES)
    .map((address) => address.replace(new RegExp(`:${DEFAULT_PORT}$`), ''))
  return HEAD + [station.replace(/^st-/, ''), ...short].join('/').toUpperCase()
}

/** The text of such a code as a scanner types it; null for any other text. */
export function parseMeetingUri(text: string): MeetingUri | null {
  const plain = text.trim().normalize('NFKC')
  if (!plain.toUpperCase().startsWith(HEAD)) return null
  const [id = '', ...addresses] = plain.slice(HEAD.length).toLowerCase().split('/')
  const station = `st-${id}`
  const known = addresses.filter((address) => address !== '').slice(0, MAX_ADDRESSES)
  return isId(station) && known.length > 0 ? { station, addresses: known } : null
}
