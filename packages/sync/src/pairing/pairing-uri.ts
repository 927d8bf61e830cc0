import { ok, type Result } from '@doorstep/core'
import { DEFAULT_PORT } from '../lan/lan.ts'
import { type PairingCode, type PairingCodeProblem, parsePairingCode } from './pairing-code.ts'

const HEAD = 'DOORSTEP:JOIN/'
/** More would make the picture too large for a terminal of 24 lines. */
const MAX_ADDRESSES = 3

export type PairingInput = { readonly code: PairingCode; readonly addresses: readonly string[] }

/**
 * The code and where its station listens, as one text for a QR code: capitals, digits and `:/.-` only, which a QR
 * code packs at 5.5 bits a character.
 */
export function pairingUri({ code, addresses }: PairingInput): string {
  const short = addresses
    .filter((address) => /^[\w.-]+:\d+$/.test(address))
    .slice(0, MAX_ADDRESSES)
    .map((address) => address.replace(`:${DEFAULT_PORT}`, '').toUpperCase())
  return HEAD + [code.text, ...short].join('/')
}

/** A code as it is typed, or the text of its QR code as a scanner types it. */
export function parsePairingInput(text: string): Result<PairingInput, PairingCodeProblem> {
  const plain = text.trim().normalize('NFKC')
  const [code = '', ...addresses] = plain.toUpperCase().startsWith(HEAD)
    ? plain.slice(HEAD.length).split('/')
    : [plain]
  const parsed = parsePairingCode(code)
  if (!parsed.ok) return parsed
  const known = addresses.filter((address) => address !== '').slice(0, MAX_ADDRESSES)
  return ok({ code: parsed.value, addresses: known.map((address) => address.toLowerCase()) })
}
