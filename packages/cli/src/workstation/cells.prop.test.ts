import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellsOf, cut, cutStart, dropLastGlyph, glyphsOf, pad, printable, wrap } from './cells.ts'

/** Chinese, Latin, combining marks, a family of joined glyphs, signs of ambiguous width. */
const text = fc
  .array(
    fc.constantFrom('测', '试', '住户', 'a', 'B', ' ', '1', '-', 'é', '👩‍👩‍👧', '…', '●', '，', 'ｗ', '한'),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))
const width = fc.integer({ min: 0, max: 30 })

test('cut: never wider than asked, and never half a glyph', () => {
  fc.assert(
    fc.property(text, width, (given, cells) => {
      const kept = cut(given, cells)
      expect(cellsOf(kept)).toBeLessThanOrEqual(cells)
      if (kept !== given && cells > 0) {
        expect(kept.endsWith('…')).toBe(true)
        expect(glyphsOf(given).join('').startsWith(kept.slice(0, -1))).toBe(true)
        expect(glyphsOf(given)).toEqual(expect.arrayContaining(glyphsOf(kept.slice(0, -1))))
      }
    }),
  )
})

test('cutStart keeps the end, where one types', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 3, max: 30 }), (given, cells) => {
      const kept = cutStart(given, cells)
      expect(cellsOf(kept)).toBeLessThanOrEqual(cells)
      expect(given.endsWith(kept.replace(/^…/, ''))).toBe(true)
    }),
  )
})

test('pad: exactly as wide as asked', () => {
  fc.assert(
    fc.property(text, width, (given, cells) => {
      expect(cellsOf(pad(given, cells))).toBe(cells)
    }),
  )
})

test('wrap: no line too wide, nothing but spaces lost', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 4, max: 30 }), (given, cells) => {
      const lines = wrap(given, cells)
      for (const one of lines) expect(cellsOf(one)).toBeLessThanOrEqual(cells)
      expect(lines.join('').replaceAll(/\s/g, '')).toBe(given.replaceAll(/\s/g, ''))
    }),
  )
})

test('English is wrapped between words', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
})

test('what records hold cannot move the cursor', () => {
  expect(printable('a\u001b[2J\nb\u0007\u202ec')).toBe('a[2J bc')
})

test('backspace takes one glyph, however many code units it has', () => {
  expect(dropLastGlyph('测试👩‍👩‍👧')).toBe('测试')
  expect(dropLastGlyph('')).toBe('')
})
