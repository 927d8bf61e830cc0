import { dropLastGlyph } from './cells.ts'
import type { Event } from './state.ts'

/** What a line of text is after a key that types or takes away; null for any other key. */
export function typedLine(entry: string, event: Event): string | null {
  if (event.type === 'text') return entry + event.text
  if (event.type !== 'command') return null
  if (event.command === 'erase') return dropLastGlyph(entry)
  return event.command === 'clear' ? '' : null
}
