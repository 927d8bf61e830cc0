import { dispatchStepLabel, isCaseStep, stateLabel, stepLabel } from '@doorstep/core'
import { say } from '../../voice/language.ts'
import { cutStart, wrap } from '../cells.ts'
import { lateText, nearDayText, todayOf, weekdayText, whenText } from '../dates.ts'
import { blank, type Line, line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { needsOf, stepsHere } from '../reduce-case.ts'
import { bodyRows } from '../rows.ts'
import type { CaseScreen, NewCaseScreen } from '../screens.ts'
import type { State } from '../state.ts'
import { typedDay } from '../typed-day.ts'
import { caseKinds, gradeText } from '../words.ts'

/** One case: its past, then what may come next. */
export function caseView(state: State, screen: CaseScreen): Pane {
  const { language } = state
  const card = state.facts.case
  if (card?.id !== screen.id) return { title: line(' …'), body: [] }
  const today = todayOf(state)
  const deadline =
    card.deadline === null
      ? ''
      : card.open && card.lateDays > 0
        ? lateText(card.lateDays, language)
        : say(language, [
            `${nearDayText(card.deadline, today, 'zh')}前`,
            `by ${nearDayText(card.deadline, today, 'en')}`,
          ])
  const next = screen.pending ? pendingLines(state, screen.pending) : choiceLines(state, screen)
  const about: Line[] = [
    line(
      `   ${[card.address, gradeText(card.grade, language), card.openedBy.name].filter(Boolean).join(' · ')}`,
    ),
    ...(card.note ? wrap(card.note, state.size.columns - 6).map((one) => line(`   ${one}`)) : []),
    blank,
  ]
  const room = Math.max(2, bodyRows(state.size.rows) - about.length - next.length - 1)
  return {
    title: line(' ', span(card.title ?? '', 'strong')),
    right: line(
      span(stateLabel(card.state, language), 'strong'),
      span(deadline === '' ? ' ' : `  ${deadline} `, card.lateDays > 0 ? 'warn' : 'plain'),
    ),
    body: [...about, ...pastLines(state).slice(-room), blank, ...next],
  }
}

function pastLines(state: State): Line[] {
  const { language, nowMs, timeZone } = state
  return state.facts.case!.steps.map((one) => {
    const rest = [
      one.to ?? '',
      one.due ? say(language, [`期限 ${one.due}`, `by ${one.due}`]) : '',
      one.note ?? '',
      one.via !== null && one.via !== one.by.name ? one.via : '',
    ].filter(Boolean)
    return line(
      span(`   ${whenText(one.atMs, nowMs, timeZone, language)}  `, 'quiet'),
      span(
        isCaseStep(one.step) ? stepLabel(one.step, language) : dispatchStepLabel(one.step, language),
        'strong',
      ),
      `  ${one.by.name}${rest.length > 0 ? `  ${rest.join(' · ')}` : ''}`,
      ...(one.flag
        ? [span(say(language, ['  ! 对不上,没有生效', '  ! did not fit, no effect']), 'warn')]
        : []),
    )
  })
}

function choiceLines(state: State, screen: CaseScreen): Line[] {
  const { language } = state
  const steps = stepsHere(state.facts.case!.state)
  if (steps.length === 0) return []
  const cells = steps.map((one, at) => {
    const number = at < 9 ? `${at + 1} ` : '  '
    return span(
      `${at === screen.at ? ' ›' : '  '}${number}${stepLabel(one, language)}  `,
      at === screen.at ? 'strong' : 'plain',
    )
  })
  const perRow = 4
  const rows = Array.from({ length: Math.ceil(cells.length / perRow) }, (_, at) =>
    line(' ', ...cells.slice(at * perRow, (at + 1) * perRow)),
  )
  return [line(span(say(language, ['   下一步', '   Next step']), 'quiet')), ...rows]
}

function pendingLines(state: State, pending: NonNullable<CaseScreen['pending']>): Line[] {
  const { language, size } = state
  const today = todayOf(state)
  const { field } = pending
  const needs = needsOf(pending.step)
  const label =
    field === 'due'
      ? say(language, ['新期限', 'New limit'])
      : needs === 'note'
        ? say(language, ['原因(必填)', 'Reason (needed)'])
        : say(language, ['说明(可不填)', 'Note (may be blank)'])
  const day = field === 'due' ? typedDay(pending.due, today) : null
  const missing =
    field === 'due'
      ? say(language, ['请填日期,如 1201 或 7(七天后)', 'A date, please: 1201, or 7 for in a week'])
      : say(language, ['这一步要写原因', 'This step needs a reason'])
  return [
    line('   ', span(stepLabel(pending.step, language), 'strong')),
    {
      ...line(`   ${label}  `, span(cutStart(pending[field], size.columns - 30), 'typed')),
      cursor: true,
    },
    ...(day ? [line(span(`   = ${day} ${weekdayText(day, language)}`, 'quiet'))] : []),
    ...(pending.missing ? [line(span(`   ! ${missing}`, 'warn'))] : []),
  ]
}

/** Kind, title, how bad, until when: one question each. */
export function newCaseView(state: State, screen: NewCaseScreen): Pane {
  const { language, size } = state
  const door = state.facts.door?.door ?? ''
  const kind = caseKinds.find((one) => one.code === screen.kind)
  const said: Line[] = [
    ...(kind
      ? [line(span(say(language, ['   类别  ', '   Kind  ']), 'quiet'), say(language, kind.words))]
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

function askLines(state: State, screen: NewCaseScreen, columns: number): Line[] {
  const { language } = state
  const typed = (label: string): Line => ({
    ...line(span(`   ${label}  `, 'strong'), span(cutStart(screen.entry, columns - 24), 'typed')),
    cursor: true,
  })
  switch (screen.step) {
    case 'kind':
      return [
        line(span(say(language, ['   哪一类?', '   Of which kind?']), 'strong')),
        blank,
        ...caseKinds.map((one, at) => line(`   ${at + 1}  ${say(language, one.words)}`)),
      ]
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
    case 'due': {
      const today = todayOf(state)
      const day = typedDay(screen.entry, today)
      return [
        typed(say(language, ['期限', 'Until'])),
        line(
          span(
            day
              ? `   = ${day} ${weekdayText(day, language)}`
              : say(language, [
                  '   7 = 七天后,1201 = 12月1日;空着 ↵ 不设',
                  '   7 = in a week, 1201 = 1 Dec; ↵ sets none',
                ]),
            'quiet',
          ),
        ),
        ...(screen.badDate
          ? [line(span(say(language, ['   ! 看不懂这个日期', '   ! This date cannot be read']), 'warn'))]
          : []),
      ]
    }
  }
}
