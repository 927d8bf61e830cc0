import { revealReasons } from '@doorstep/core'
import { say } from '../../voice/language.ts'
import { pad } from '../cells.ts'
import { blank, type Line, line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { maskedHere, REASONS } from '../reduce-reveal.ts'
import type { RevealScreen } from '../screens.ts'
import type { State } from '../state.ts'

/** What is masked, which one is meant, and the reasons by number; then the text, until its time is over. */
export function revealView(state: State, screen: RevealScreen): Pane {
  const { language } = state
  const things = maskedHere(state, screen)
  const at = Math.min(screen.at, Math.max(0, things.length - 1))
  const rows: Line[] = things.map((one, index) => {
    const seen = screen.seen?.record === one.record && screen.seen.field === one.field ? screen.seen : null
    return {
      ...line(
        span(index === at ? ' › ' : '   ', 'strong'),
        pad(say(language, one.label), 18),
        span(seen ? seen.texts.join(' / ') : one.shown, seen ? 'strong' : 'plain'),
        span(one.whose === '' ? '' : `  ${one.whose}`, 'quiet'),
      ),
      selected: index === at,
    }
  })
  const why = screen.seen
    ? line(
        span(
          say(language, [
            '   半分钟后或离开这一屏,就又打上星号。',
            '   Masked again in half a minute, or when you leave.',
          ]),
          'quiet',
        ),
      )
    : line(
        say(language, [
          '   为什么要看?按数字键;先记下,再给看。',
          '   Why? Press a number; it is written down first.',
        ]),
      )
  return {
    title: line(' ', span(say(language, ['看打了星号的', 'Behind the mask']), 'strong')),
    body:
      things.length === 0
        ? [blank, line(say(language, ['   这里没有打星号的内容。', '   Nothing is masked here.']))]
        : [
            blank,
            ...rows,
            blank,
            why,
            ...(screen.seen
              ? []
              : REASONS.map((reason, index) =>
                  line(`   ${index + 1}  ${say(language, revealReasons[reason])}`),
                )),
          ],
  }
}
