import { say } from '../../voice/language.ts'
import { cutStart } from '../cells.ts'
import { blank, type Line, line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import type { QuickScreen, Screen } from '../screens.ts'
import type { State } from '../state.ts'
import { outcomeWords } from '../words.ts'
import { nextLine } from './summary.ts'

const doorTitle = (state: State, household: string): Line => {
  const row = state.facts.board?.doors.find((one) => one.id === household)
  return line(' ', span(row ? `${row.door}  ${row.name}` : '', 'strong'))
}

/** A visit without a form, about to be saved. */
export function quickView(state: State, screen: QuickScreen): Pane {
  const { language, size } = state
  const note: Line = {
    ...line(
      `   ${say(language, ['备注', 'Note'])}  `,
      screen.note === '' && !screen.typing
        ? span(say(language, ['(按 t 写)', '(press t to write)']), 'quiet')
        : span(cutStart(screen.note, size.columns - 14), 'typed'),
    ),
    ...(screen.typing ? { cursor: true } : {}),
  }
  return {
    title: doorTitle(state, screen.household),
    body: [
      blank,
      line(
        say(language, ['   记为  ', '   Note down  ']),
        span(say(language, outcomeWords[screen.outcome]), 'strong'),
      ),
      blank,
      line(say(language, ['   下次来', '   Come again'])),
      nextLine(state, screen.next),
      blank,
      note,
      blank,
      line(span(say(language, ['   ↵ 存下', '   ↵ saves']), 'strong')),
    ],
  }
}

export function dropDraftView(state: State, screen: Extract<Screen, { type: 'drop-draft' }>): Pane {
  const { language, facts } = state
  const draft = facts.drafts.get(screen.household)
  return {
    title: doorTitle(state, screen.household),
    body: [
      blank,
      line(
        span(
          say(language, [
            `   丢掉这份没填完的表单(${draft?.answered ?? 0} 个回答)?找不回来。`,
            `   Throw away this half-filled form (${draft?.answered ?? 0} answers)? It cannot be brought back.`,
          ]),
          'warn',
        ),
      ),
      blank,
      line(say(language, ['   ↵ 丢掉      Esc 留着', '   ↵ throw away      Esc keep it'])),
    ],
  }
}
