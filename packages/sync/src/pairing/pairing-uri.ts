import { ok, type Result } from '@doorstep/core'
import { addressUri, parseAddressUri } from '../lan/address-uri.ts'
import { type PairingCode, type PairingCodeProblem, parsePairingCode } from './pairing-code.ts'

const HEAD = 'DOORSTEP:JOIN/'

export type PairingInput = { readonly code: PairingCode; readonly addresses: readonly string[] }

/** The code and where its station listens, as one text for a QR code. */
export const pairingUri = ({ code, addresses }: PairingInput): string =>
  addressUri(HEAD, code.text, addresses)

/** A code as it is typed, or the text of its QR code as a scanner types it. */
export function parsePairingInput(text: string): Result<PairingInput, PairingCodeProblem> {
  const { word, addresses } = parseAddressUri(HEAD, text) ?? { word: text, addresses: [] }
  const parsed = parsePairingCode(word)
  return parsed.ok ? ok({ code: parsed.value, addresses }) : parsed
}
