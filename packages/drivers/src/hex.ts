/** Bytes as people write them down: `68 61 01 …`. */
import { fail, ok, type Result } from '@doorstep/core'

export type InvalidHex = { readonly type: 'invalid-hex'; readonly at: number; readonly found: string }

/** Upper-case pairs, no spaces. */
export function formatHex(bytes: Uint8Array): string {
  return Array.from(bytes, hexByte).join('')
}

export function hexByte(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0')
}

/** Accepts pairs in either case, with spaces, commas, dashes, colons or line ends between them. */
export function parseHex(text: string): Result<Uint8Array, InvalidHex> {
  const bytes: number[] = []
  let at = 0
  while (at < text.length) {
    if (/[\s,:-]/.test(text[at]!)) {
      at += 1
      continue
    }
    const pair = text.slice(at, at + 2)
    if (!/^[0-9a-f]{2}$/i.test(pair)) return fail({ type: 'invalid-hex', at, found: pair })
    bytes.push(Number.parseInt(pair, 16))
    at += 2
  }
  return ok(Uint8Array.from(bytes))
}
