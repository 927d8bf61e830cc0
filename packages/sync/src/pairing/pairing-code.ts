import { randomBytes } from 'node:crypto'
import { fail, ok, type Problem, type Result } from '@doorstep/core'

/** Crockford base32: no I, L, O (read as 1, 1, 0) and no U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Called out on the LAN: enough to find the one that asks, and nothing to guess from. */
const PUBLIC_CHARS = 2
/** 60 bits. */
const SECRET_CHARS = 12
const CHECK_CHARS = 2
const CODE_CHARS = PUBLIC_CHARS + SECRET_CHARS + CHECK_CHARS

/** What one person reads to another: a public part, a secret part, and two characters that tell a typo. */
export type PairingCode = {
  /** All 16 characters, without dashes. */
  readonly text: string
  /** Known to whoever listens on the LAN. */
  readonly rendezvous: string
  readonly secret: string
}
export type PairingCodeProblem = Problem & { type: 'code-mistyped' }

/** GF(32) over x⁵ + x² + 1. */
function times(a: number, b: number): number {
  let product = 0
  for (let bit = b, shifted = a; bit > 0; bit >>= 1) {
    if (bit & 1) product ^= shifted
    shifted = shifted & 16 ? ((shifted << 1) & 31) ^ 5 : shifted << 1
  }
  return product
}

/**
 * Reed–Solomon over GF(32), divided by (x + α)(x + α²) = x² + 6x + 8: any one or two wrong characters, and so any two
 * that changed places, are told.
 */
function checkOf(symbols: readonly number[]): [number, number] {
  let [high, low] = [0, 0]
  for (const symbol of symbols) {
    const factor = symbol ^ high
    high = low ^ times(factor, 6)
    low = times(factor, 8)
  }
  return [high, low]
}

const toCode = (text: string): PairingCode => ({
  text,
  rendezvous: text.slice(0, PUBLIC_CHARS),
  secret: text.slice(PUBLIC_CHARS, PUBLIC_CHARS + SECRET_CHARS),
})

export function createPairingCode(random: (bytes: number) => Uint8Array = randomBytes): PairingCode {
  const symbols = [...random(PUBLIC_CHARS + SECRET_CHARS)].map((byte) => byte & 31)
  return toCode([...symbols, ...checkOf(symbols)].map((symbol) => ALPHABET[symbol]).join(''))
}

/** In fours, as it is read out: `4K7Q-0RXD-…`. */
export const groupedCode = (code: PairingCode): string => code.text.match(/.{4}/g)!.join('-')

/** Takes any case, full-width letters of an input method, and any dashes and spaces; a typo is told from a wrong code. */
export function parsePairingCode(typed: string): Result<PairingCode, PairingCodeProblem> {
  const text = typed
    .slice(0, 200)
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}_.·]/gu, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0')
  const symbols = [...text].map((char) => ALPHABET.indexOf(char))
  if (symbols.length !== CODE_CHARS)
    return fail({ type: 'code-mistyped', characters: symbols.length, wanted: CODE_CHARS })
  const check = checkOf(symbols.slice(0, -CHECK_CHARS))
  const fits = symbols.every((symbol) => symbol >= 0) && check.every((one, at) => one === symbols[14 + at])
  return fits ? ok(toCode(text)) : fail({ type: 'code-mistyped' })
}
