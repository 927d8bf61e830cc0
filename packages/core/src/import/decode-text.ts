import { fail, ok, type Problem, type Result } from '../result.ts'
import type { RegisterEncoding } from './mapping.ts'

export type EncodingProblem = Problem & {
  type: 'empty-file' | 'file-too-large' | 'not-a-csv' | 'wrong-encoding' | 'unknown-encoding'
}
export type DecodedText = { readonly text: string; readonly encoding: RegisterEncoding }

/** A street's whole register is a few MiB; this much still fits in memory as text. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024

/**
 * Bytes of a register to text, without its byte order mark. Spreadsheets in China save CSV as GB18030 (of which GBK
 * is a part); undeclared, it is recognised when the bytes are no UTF-8 and look like written Chinese.
 */
export function decodeText(
  bytes: Uint8Array,
  declared: RegisterEncoding | null,
): Result<DecodedText, EncodingProblem> {
  if (bytes.length === 0) return fail({ type: 'empty-file' })
  if (bytes.length > MAX_FILE_BYTES)
    return fail({ type: 'file-too-large', bytes: bytes.length, maxBytes: MAX_FILE_BYTES })
  const other = otherFormat(bytes)
  if (other) return fail({ type: 'not-a-csv', found: other })
  const utf8 = decodeAs(bytes, 'utf-8')
  if (declared === 'gb18030') {
    const isUtf8 = utf8 !== null && /[\u0800-\uffff]/.test(utf8)
    if (isUtf8 || hasBom(bytes)) return fail({ type: 'wrong-encoding', declared, found: 'utf-8' })
    return decoded(decodeAs(bytes, declared), declared) ?? misfit(bytes, declared)
  }
  const asUtf8 = decoded(utf8, 'utf-8')
  if (asUtf8) return asUtf8
  if (declared === 'utf-8' || hasBom(bytes)) return misfit(bytes, 'utf-8')
  const chinese = looksChinese(bytes) ? decodeAs(bytes, 'gb18030') : null
  return decoded(chinese, 'gb18030') ?? fail({ type: 'unknown-encoding', row: firstBadLine(bytes, 'utf-8') })
}

function decoded(text: string | null, encoding: RegisterEncoding): Result<DecodedText, never> | null {
  return text === null ? null : ok({ text, encoding })
}

const misfit = (bytes: Uint8Array, declared: RegisterEncoding) =>
  fail<EncodingProblem>({ type: 'wrong-encoding', declared, row: firstBadLine(bytes, declared) })

function decodeAs(bytes: Uint8Array, encoding: RegisterEncoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

const hasBom = (bytes: Uint8Array) => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

/** What people hand in instead of a CSV, by the first bytes. */
function otherFormat(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('hex')
  if (head.startsWith('504b0304')) return 'xlsx'
  if (head.startsWith('d0cf11e0')) return 'xls'
  if (head.startsWith('fffe') || head.startsWith('feff')) return 'utf-16'
  return bytes.subarray(0, 4096).includes(0) ? 'binary' : null
}

/**
 * Any text with accents passes as GB18030. Written Chinese has its second bytes from 0xA1 up (GB 2312), while an
 * accented letter is followed by a plain one.
 */
function looksChinese(bytes: Uint8Array): boolean {
  let pairs = 0
  let common = 0
  for (let at = 0; at + 1 < bytes.length; at++) {
    if (bytes[at]! < 0x81) continue
    // Four bytes, as of the ³ in m³, which stands in every row of some files: they say nothing either way.
    if (isDigit(bytes[at + 1]) && (bytes[at + 2] ?? 0) >= 0x81 && isDigit(bytes[at + 3])) {
      at += 3
      continue
    }
    pairs++
    if (bytes[at + 1]! >= 0xa1) common++
    at++
  }
  return common * 2 > pairs
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39

/** The line a person has to look at; no line break hides inside a character of either encoding. */
function firstBadLine(bytes: Uint8Array, encoding: RegisterEncoding): number {
  let line = 1
  for (let from = 0; from <= bytes.length; line++) {
    const end = bytes.indexOf(0x0a, from)
    const piece = bytes.subarray(from, end === -1 ? bytes.length : end)
    if (decodeAs(piece, encoding) === null || end === -1) return line
    from = end + 1
  }
  return line
}
