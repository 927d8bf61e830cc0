import { say, type Words } from '../../voice/language.ts'
import { leaveText } from '../../voice/leave-text.ts'
import { cut, cutStart } from '../cells.ts'
import { blank, line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { isAway } from '../reduce-leave.ts'
import type { LeaveScreen } from '../screens.ts'
import type { State } from '../state.ts'

/** Going away, or being back: what is known, and the one thing that is asked. */
export function leaveView(state: State, screen: LeaveScreen): Pane {
  const { language, size, facts } = state
  const said = (words: Words) => say(language, words)
  const door = facts.door?.card.household.id === screen.household ? facts.door : null
  const away = isAway(state, screen.household)
  return {
    title: line(' ', span(said(['外出报备', 'Leave notice']), 'strong'), `  ${door?.door ?? ''}`),
    body: [
      blank,
      ...(door?.leave
        ? [line('   ', span(cut(leaveText(door.leave, language), size.columns - 5), 'strong')), blank]
        : []),
      {
        ...line(
          `   ${said(['外出到哪天', 'Last day away'])}  `,
          span(cutStart(screen.entry, size.columns - 30), 'typed'),
        ),
        cursor: true,
      },
      line(
        span(
          cut(
            said(
              away
                ? ['   如 12-01、+3;什么都不写,↵ 就是回来了', '   As 12-01 or +3; ↵ alone: they are back']
                : ['   如 12-01、+3;不知道哪天,直接 ↵', '   As 12-01 or +3; ↵ alone where nobody knows'],
            ),
            size.columns - 1,
          ),
          'quiet',
        ),
      ),
      ...(screen.badDate ? [line(span(said(['   ! 看不懂这一天', '   ! That is no day']), 'warn'))] : []),
    ],
  }
}
