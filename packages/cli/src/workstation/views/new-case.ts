import { formatLimit } from '@doorstep/core'
import { say } from '../../voice/language.ts'
import { cutStart } from '../cells.ts'
import { todayOf, weekdayText } from '../dates.ts'
import { blank, type Line, line, span, windowOf } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { bodyRows } from '../rows.ts'
import type { NewCaseScreen } from '../screens.ts'
import type { State } from '../state.ts'
import { typedDay } from '../typed-day.ts'
import { gradeText } from '../words.ts'

/** Kind, title, how bad, until when: one question each. */
export function newCaseView(state: State, screen: NewCaseScreen): Pane {
  const { language, size } = state
  const door = state.facts.door?.door ?? ''
  const kind = kindOf(state, screen)
  const said: Line[] = [
    ...(kind
      ? [line(span(say(language, ['   类别  ', '   Kind  ']), 'quiet'), say(language, kind.label))]
      : []),
    ...(screen.title ? [line(span(say(language, ['   标题  ', '   Title  ']), 'quiet'), screen.title)] : []),
    ...(screen.step === 'due'
      ? [line(span(say(language, ['   等级  ', '   Grade  ']), 'quiet'), gradeText(screen.grade, language))]
      : []),
  ]
  return {
    title: line(' ', span(say(language, [`${door}  新案件`, `${door}  New case`]), 'strong')),
    body: [...said, ...(said.length > 0 ? [blank] : []), ...askLines(state, screen, size.columns)],
  }
}

const kindOf = (state: State, screen: NewCaseScreen) =>
  state.facts.kinds.find((one) => one.code === screen.kind)

function askLines(state: State, screen: NewCaseScreen, columns: number): Line[] {
  const { language } = state
  const typed = (label: string): Line => ({
    ...line(span(`   ${label}  `, 'strong'), span(cutStart(screen.entry, columns - 24), 'typed')),
    cursor: true,
  })
  switch (screen.step) {
    case 'kind': {
      const shown = windowOf(state.facts.kinds, screen.at, bodyRows(state.size.rows) - 2)
      return [
        line(span(say(language, ['   哪一类?', '   Of which kind?']), 'strong')),
        blank,
        ...shown.rows.map((one, index) => {
          const at = shown.from + index
          const isMarked = at === screen.at
          return line(
            span(
              ` ${isMarked ? '›' : ' '} ${at < 9 ? at + 1 : ' '}  ${say(language, one.label)}`,
              isMarked ? 'strong' : 'plain',
            ),
            span(`  ${formatLimit(one.limits.handle)}`, 'quiet'),
          )
        }),
      ]
    }
    case 'title':
      return [
        typed(say(language, ['一句话说清', 'In a few words'])),
        blank,
        line(
          span(say(language, ['   如:二楼拐角堆旧沙发', '   Like: old sofa on the second landing']), 'quiet'),
        ),
      ]
    case 'grade':
      return [
        line(span(say(language, ['   多严重?', '   How bad?']), 'strong')),
        blank,
        line(`   1  ${gradeText('ordinary', language)}`),
        line(`   2  ${gradeText('serious', language)}`),
      ]
    case 'due':
      return dueLines(state, screen, typed(say(language, ['期限', 'Until'])))
  }
}

function dueLines(state: State, screen: NewCaseScreen, typed: Line): Line[] {
  const { language } = state
  const day = typedDay(screen.entry, todayOf(state))
  const limits = kindOf(state, screen)?.limits
  const limit = formatLimit(limits?.[screen.grade === 'serious' ? 'handle-serious' : 'handle'] ?? null)
  return [
    typed,
    line(
      span(
        day
          ? `   = ${day} ${weekdayText(day, language)}`
          : say(language, [
              `   7 = 七天后,1201 = 12月1日;空着 ↵ 按这类的时限(${limit})`,
              `   7 = in a week, 1201 = 1 Dec; ↵ alone: the limits of the kind (${limit})`,
            ]),
        'quiet',
      ),
    ),
    ...(screen.badDate
      ? [line(span(say(language, ['   ! 看不懂这个日期', '   ! This date cannot be read']), 'warn'))]
      : []),
  ]
}
