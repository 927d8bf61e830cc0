import { say } from '../../voice/language.ts'
import { cutStart, pad } from '../cells.ts'
import { whenText } from '../dates.ts'
import { blank, type Line, line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import type { Screen } from '../screens.ts'
import type { State } from '../state.ts'
import { shownValue } from './lists.ts'

/** What was said apart, side by side: who, when, what. */
export function conflictView(state: State, screen: Extract<Screen, { type: 'conflict' }>): Pane {
  const { language, size, nowMs, timeZone } = state
  const conflict = state.facts.conflicts?.find(
    (one) => one.record === screen.record && one.field === screen.field,
  )
  if (!conflict)
    return {
      title: line(' ', span(say(language, ['两种说法', 'Two sayings']), 'strong')),
      body: [blank, line(say(language, ['   已经定下来了。', '   It has been settled.']))],
    }
  const wide = Math.max(20, Math.min(40, size.columns - 44))
  const rows: Line[] = conflict.values.map((one, at) => ({
    ...line(
      span(at === screen.at ? ' › ' : '   ', 'strong'),
      `${at + 1}  `,
      span(pad(shownValue(one.value), wide), 'strong'),
      `  ${pad(one.by.name, 14)}  ${whenText(one.atMs, nowMs, timeZone, language)}`,
    ),
    selected: at === screen.at,
  }))
  const typed: Line[] =
    screen.entry === null
      ? []
      : [
          {
            ...line(
              say(language, ['   改写为  ', '   Write instead  ']),
              span(cutStart(screen.entry, size.columns - 22), 'typed'),
            ),
            cursor: true,
          },
        ]
  return {
    title: line(' ', span(`${conflict.title} · ${say(language, conflict.label)}`, 'strong')),
    body: [
      blank,
      ...rows,
      blank,
      line(
        span(
          say(language, [
            '   都留着,直到有人定下来。↵ 用选中的,e 改写,Esc 以后再说。',
            '   All are kept until somebody settles it. ↵ uses the selected one, e writes anew, Esc leaves it.',
          ]),
          'quiet',
        ),
      ),
      blank,
      ...typed,
    ],
  }
}
