import { say, type Words } from '../../voice/language.ts'
import { cutStart } from '../cells.ts'
import { dayIn, nearDayText, todayOf } from '../dates.ts'
import { blank, type Line, line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { ASKED_CHOICES, type QuickScreen, type Screen } from '../screens.ts'
import type { State } from '../state.ts'
import { outcomeWords } from '../words.ts'
import { modeLine, nextLine } from './summary.ts'

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
      ...(screen.contact === null
        ? [
            line(
              say(language, ['   记为  ', '   Note down  ']),
              span(say(language, outcomeWords[screen.outcome]), 'strong'),
            ),
            blank,
            line(say(language, ['   下次来', '   Come again'])),
            nextLine(state, screen.next),
          ]
        : askedLines(state, screen, screen.contact)),
      blank,
      // Who calls the contact calls, who asks a neighbour stands there, unless it is said otherwise.
      ...(screen.contact === null || screen.how ? [modeLine(state, screen.how)] : []),
      note,
      blank,
      line(span(say(language, ['   ↵ 存下', '   ↵ saves']), 'strong')),
    ],
  }
}

const ASKED: Readonly<Record<'neighbour' | 'emergency', Words>> = {
  neighbour: ['问邻居', 'Ask a neighbour'],
  emergency: ['打紧急联系人', 'Call the emergency contact'],
}

/** What came of asking others, as numbers to press; whom to call stands above. */
function askedLines(state: State, screen: QuickScreen, contact: 'neighbour' | 'emergency'): Line[] {
  const { language, facts } = state
  const today = todayOf(state)
  const fields = facts.door?.card.household.fields
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const who = `${text(fields?.emergencyContact)} ${text(fields?.emergencyPhone)}`.trim()
  return [
    line(
      '   ',
      span(say(language, ASKED[contact]), 'strong'),
      contact === 'emergency' && who !== ''
        ? say(language, [`  ${who}  (u 显示)`, `  ${who}  (u shows it)`])
        : '',
    ),
    blank,
    ...ASKED_CHOICES.map(({ heard, inDays }, at) => {
      const day = (of: 'zh' | 'en') => nearDayText(dayIn(today, inDays ?? 0), today, of)
      const words: Words = !heard
        ? ['没问到', 'Nothing to be learned']
        : inDays === null
          ? ['问到了,人平安', 'They are well']
          : [`问到了,人平安,${day('zh')}再来`, `They are well, come again ${day('en')}`]
      const isChosen = at === screen.next
      return line(
        span(`   ${at + 1} ${isChosen ? '●' : ' '} ${say(language, words)}`, isChosen ? 'good' : 'plain'),
      )
    }),
  ]
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
