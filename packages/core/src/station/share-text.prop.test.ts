import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { chance } from '../testing/hostile-bytes.test.data.ts'
import { parseShares, type Share, shareLines } from './share-text.ts'

const anyShare: fc.Arbitrary<Share> = fc.record({
  printing: fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  threshold: fc.integer({ min: 2, max: 255 }),
  number: fc.integer({ min: 1, max: 255 }),
  bytes: fc.uint8Array({ minLength: 33, maxLength: 33 }),
})
const parse = (lines: readonly string[]) => parseShares(lines.join('\n'))

test('what is printed is read back, whole sheets and several at once', () => {
  fc.assert(
    fc.property(fc.array(anyShare, { minLength: 1, maxLength: 4 }), (shares) => {
      const sheets = shares.flatMap((share) => [
        '测试社区 community',
        '',
        ...shareLines(share),
        '1. 保存好 keep it',
        '',
      ])
      expect(expectOk(parse(sheets))).toEqual(shares)
    }),
    chance(100),
  )
})

test('as people type it: small letters, spaces for dashes, O for 0, I and L for 1', () => {
  fc.assert(
    fc.property(anyShare, fc.constantFrom('I', 'l', 'L', 'i'), (share, one) => {
      const typed = shareLines(share).map(
        (line) =>
          `${line[0]}. ${line.slice(3).toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', one)}  `,
      )
      expect(expectOk(parse(typed))).toEqual([share])
    }),
    chance(100),
  )
})

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

test('a wrong character, two exchanged, one left out or doubled: it says in which line', () => {
  fc.assert(
    fc.property(anyShare, fc.nat(3), fc.nat(19), fc.nat(30), fc.nat(3), (share, at, place, other, kind) => {
      const lines = shareLines(share)
      const text = lines[at]!.slice(3).replaceAll('-', '')
      const wrong = ALPHABET.replace(text[place]!, '')[other]!
      const next = Math.min(18, place)
      const slips = [
        text.slice(0, place) + wrong + text.slice(place + 1),
        text.slice(0, next) + text[next + 1] + text[next] + text.slice(next + 2),
        text.slice(0, place) + text.slice(place + 1),
        text.slice(0, place) + text[place] + text.slice(place),
      ]
      const slip = slips[kind]!
      fc.pre(slip !== text)
      expect(parse(lines.with(at, `${at + 1}  ${slip}`))).toEqual({
        ok: false,
        problem: { type: 'share-line-wrong', share: 1, line: at + 1 },
      })
    }),
    chance(300),
  )
})

test('lines of two sheets do not pass for one, and a line left out is named', () => {
  fc.assert(
    fc.property(anyShare, anyShare, fc.integer({ min: 0, max: 3 }), (one, two, at) => {
      const [mine, theirs] = [shareLines(one), shareLines(two)]
      fc.pre(mine[0] !== theirs[0])
      const missing = parse(mine.toSpliced(at, 1))
      expect(missing).toEqual({ ok: false, problem: { type: 'share-line-missing', share: 1, line: at + 1 } })
      if (at > 0) expect(parse(mine.with(at, theirs[at]!)).ok).toBe(false)
    }),
    chance(100),
  )
})

test('any text gives a result', () => {
  expect(parseShares('')).toMatchObject({ problem: { type: 'no-shares' } })
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect(parseShares(text).ok).toBe(false)
    }),
    chance(300),
  )
})
