import type { Key } from 'ink'
import type { Press } from './keys.ts'

const NAMED = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof Key, string])[]

/**
 * What the terminal sent, as the key table names it. Keys that were pressed while the program was busy arrive together:
 * each is a press of its own. What is neither a key nor text is none.
 */
export function pressesOf(input: string, key: Key): readonly Press[] {
  const named = NAMED.find(([flag]) => key[flag])
  if (named) return [{ name: named[1] }]
  if (key.ctrl) return input === '' ? [] : [{ name: `ctrl-${input}` }]
  if (key.meta) return []
  return [...glyphs.segment(input)].flatMap(({ segment }) => pressOf(segment) ?? [])
}

const glyphs = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

function pressOf(glyph: string): Press | null {
  // A line feed: Ctrl-J, or ↵ pressed before the terminal was in raw mode.
  if (/^[\r\n]+$/.test(glyph)) return { name: 'enter' }
  if (glyph === '\t') return { name: 'tab' }
  return /\p{Cc}/u.test(glyph) ? null : { text: glyph }
}

/** What was pasted is text where one types, whatever it holds, and no keys where one does not. */
export function pastedText(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/\p{Cc}/gu, '')
}
