import { say, type Words } from '../../voice/language.ts'
import { pad } from '../cells.ts'
import { keySign, keysOf } from '../keys.ts'
import { line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import type { Screen } from '../screens.ts'
import type { State } from '../state.ts'

/** Every key of the screen one came from, in the language in use. */
export function helpView(state: State, screen: Extract<Screen, { type: 'help' }>): Pane {
  const { language, size } = state
  const digits: Words | null =
    screen.of === 'form'
      ? ['选这个回答', 'Choose this answer']
      : screen.of === 'quick' ||
          screen.of === 'new-case' ||
          screen.of === 'case' ||
          screen.of === 'conflict' ||
          screen.of === 'reveal' ||
          screen.of === 'photos'
        ? ['选这一项', 'Choose this one']
        : null
  const items = [
    ...(digits ? [{ signs: '1–9', words: digits }] : []),
    ...keysOf(screen.of).map((one) => ({ signs: one.keys.map(keySign).join(' '), words: one.words })),
  ].map(({ signs, words }) => ({ signs, text: say(language, words) }))
  const columns = size.columns >= 76 ? 2 : 1
  const each = Math.floor((size.columns - 4) / columns)
  const rows = Math.ceil(items.length / columns)
  return {
    title: line(' ', span(say(language, ['这一屏的键', 'Keys of this screen']), 'strong')),
    body: Array.from({ length: rows }, (_, at) =>
      line(
        '   ',
        ...items
          .filter((_item, index) => index % rows === at)
          .flatMap(({ signs, text }) => [
            span(pad(signs, 13), 'strong'),
            { text: pad(text, each - 13), tone: 'plain' as const },
          ]),
      ),
    ),
    scroll: screen.scroll,
  }
}
