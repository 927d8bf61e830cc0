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

/** What the terminal sent, as the key table names it; null for what is neither a key nor text. */
export function pressOf(input: string, key: Key): Press | null {
  const named = NAMED.find(([flag]) => key[flag])
  if (named) return { name: named[1] }
  // A line feed: Ctrl-J, or ↵ pressed before the terminal was in raw mode.
  if (input === '\n') return { name: 'enter' }
  if (key.ctrl) return input === '' ? null : { name: `ctrl-${input}` }
  if (key.meta) return null
  const text = input.replaceAll(/[\r\n]+/g, ' ').replaceAll(/\p{Cc}/gu, '')
  return text === '' ? null : { text }
}
