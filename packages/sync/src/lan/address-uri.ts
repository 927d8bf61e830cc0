import { DEFAULT_PORT } from './lan.ts'

/** More would make the picture too large for a terminal of 24 lines. */
const MAX_ADDRESSES = 3

/**
 * A text for a QR code: a word and where a station listens, after a head that says what it is for. Capitals, digits and
 * `:/.-` only, which a QR code packs at 5.5 bits a character.
 */
export function addressUri(head: string, word: string, addresses: readonly string[]): string {
  const short = addresses
    .filter((address) => /^[\w.-]+:\d+$/.test(address))
    .slice(0, MAX_ADDRESSES)
    .map((address) => address.replace(new RegExp(`:${DEFAULT_PORT}$`), ''))
  return head + [word, ...short].join('/').toUpperCase()
}

/** The text of such a code as a scanner types it; null for any other. */
export function parseAddressUri(
  head: string,
  text: string,
): { readonly word: string; readonly addresses: readonly string[] } | null {
  const plain = text.trim().normalize('NFKC')
  if (!plain.toUpperCase().startsWith(head)) return null
  const [word = '', ...addresses] = plain.slice(head.length).toLowerCase().split('/')
  return { word, addresses: addresses.filter((address) => address !== '').slice(0, MAX_ADDRESSES) }
}
