import { say, type Words } from '../../voice/language.ts'
import { pad } from '../cells.ts'
import { type Line, line, type Span } from '../lines.ts'
import type { State } from '../state.ts'

/** Width of the label beside what it says, in cells. */
export const LABEL = 10

/** A label on its first line only; what follows is wrapped beside it. */
export function labelled(state: State, label: Words, parts: readonly (readonly Span[])[]): Line[] {
  const head = ` ${say(state.language, label)}`
  return parts.map((spans, at) => line({ text: pad(at === 0 ? head : '', LABEL), tone: 'quiet' }, ...spans))
}
