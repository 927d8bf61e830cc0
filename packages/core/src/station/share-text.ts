import { sha256 } from '../crypto/hash.ts'
import { toBase32 } from '../ids.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'

/** One share of the founding key, as it stands on one sheet. */
export type Share = {
  /** 4 random bytes, hex: which printing it is of. Shares of two printings do not go together. */
  readonly printing: string
  readonly threshold: number
  readonly number: number
  /** 33 bytes: 32 of the share and its coordinate. */
  readonly bytes: Uint8Array
}

export type ShareProblem = Problem & { type: 'share-line-wrong' | 'share-line-missing' | 'no-shares' }

/*
 * 40 bytes: 1 (format) · 4 printing · 1 threshold · 1 number · 33 share. As Crockford base32 they are 64 characters,
 * on four lines of four groups; a fifth group checks its line and those before it, so that a slip of the pen is found
 * in the line it was made in: one in a million passes.
 */
const FORMAT = 1
const BYTES = 40
const LINES = 4
const LINE_CHARACTERS = 16
const GROUP = 4

export function shareLines(share: Share): string[] {
  const bytes = Buffer.concat([
    Buffer.from([FORMAT]),
    Buffer.from(share.printing, 'hex'),
    Buffer.from([share.threshold, share.number]),
    share.bytes,
  ])
  const text = toBase32(bytes).toUpperCase()
  return Array.from({ length: LINES }, (_, at) => {
    const line = text.slice(at * LINE_CHARACTERS, (at + 1) * LINE_CHARACTERS)
    const checked = line + checkOf(text.slice(0, (at + 1) * LINE_CHARACTERS))
    return `${at + 1}  ${checked.match(/.{4}/g)!.join('-')}`
  })
}

const checkOf = (upToHere: string): string =>
  toBase32(sha256('doorstep/share-line/1', upToHere)).slice(0, GROUP).toUpperCase()

/**
 * Finds the shares in what was typed or in whole sheets; other lines are passed over. Small letters, spaces for
 * dashes, O for 0 and I or L for 1 are taken as meant.
 */
export function parseShares(text: string): Result<Share[], ShareProblem> {
  const shares: Share[] = []
  let typed = ''
  for (const line of text.split(/\r?\n/)) {
    const found = /^\s*([1-4])[\s.:)]+([0-9a-z](?:[0-9a-z\s-]*[0-9a-z])?)\s*$/i.exec(line)
    // A line of a share is recognised by its length, give or take what was left out or doubled.
    const characters = (found?.[2] ?? '').replaceAll(/[\s-]/g, '').toUpperCase()
    if (!found || characters.length < LINE_CHARACTERS || characters.length > LINE_CHARACTERS + 2 * GROUP)
      continue
    const number = Number(found[1])
    const share = shares.length + 1
    if (number !== typed.length / LINE_CHARACTERS + 1)
      return fail({ type: 'share-line-missing', share, line: typed.length / LINE_CHARACTERS + 1 })
    const meant = characters.replaceAll('O', '0').replaceAll(/[IL]/g, '1')
    typed += meant.slice(0, LINE_CHARACTERS)
    if (meant.length !== LINE_CHARACTERS + GROUP || meant.slice(LINE_CHARACTERS) !== checkOf(typed))
      return fail({ type: 'share-line-wrong', share, line: number })
    if (number < LINES) continue
    const decoded = decodeShare(typed)
    if (!decoded) return fail({ type: 'share-line-wrong', share, line: 1 })
    shares.push(decoded)
    typed = ''
  }
  if (typed !== '')
    return fail({
      type: 'share-line-missing',
      share: shares.length + 1,
      line: typed.length / LINE_CHARACTERS + 1,
    })
  return shares.length > 0 ? ok(shares) : fail({ type: 'no-shares' })
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

function decodeShare(text: string): Share | null {
  const bits = [...text].map((character) => ALPHABET.indexOf(character).toString(2).padStart(5, '0')).join('')
  const bytes = Uint8Array.from({ length: BYTES }, (_, at) =>
    Number.parseInt(bits.slice(at * 8, at * 8 + 8), 2),
  )
  const [format, , , , , threshold, number] = bytes
  if (format !== FORMAT || !threshold || !number) return null
  const printing = Buffer.from(bytes.subarray(1, 5)).toString('hex')
  return { printing, threshold, number, bytes: bytes.slice(7) }
}
