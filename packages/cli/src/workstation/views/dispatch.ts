import { type DispatchRow, dispatchStateLabel, dispatchStepLabel } from '@doorstep/core'
import { say } from '../../voice/language.ts'
import { cutStart, wrap } from '../cells.ts'
import { dayText, lateText, nearDayText, todayOf, whenText } from '../dates.ts'
import { blank, type Line, line, row, span, windowOf } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { reportNeedsNote, reportsHere } from '../reduce-dispatch.ts'
import { bodyRows } from '../rows.ts'
import { type DispatchScreen, pickedAt, type Screen } from '../screens.ts'
import type { State } from '../state.ts'
import { gradeText } from '../words.ts'

/** What was sent here, what waits for an answer first: all that those outside see. */
export function dispatchesView(state: State, screen: Extract<Screen, { type: 'dispatches' }>): Pane {
  const { language, facts, size } = state
  const rows = facts.dispatches
  const today = todayOf(state)
  const titles = {
    open: ['要办的', 'To do'],
    late: ['逾期的', 'Late'],
    all: ['全部派遣', 'All dispatches'],
  } as const
  const count = rows === null ? '' : ` ${rows.length}`
  const title = line(' ', span(`${say(language, titles[screen.scope])}${count}`, 'strong'))
  const right = line(`${dayText(today, today, language)} `)
  if (rows === null) return { title, right, body: [line(say(language, ['   正在取…', '   One moment…']))] }
  if (rows.length === 0)
    return {
      title,
      right,
      body: [
        blank,
        line(say(language, ['   没有要办的。', '   There is nothing to do.'])),
        line(say(language, ['   s 同步,新派的就会到。', '   s to sync: what was sent meanwhile arrives.'])),
      ],
    }
  const at = pickedAt(rows, screen.pick)
  const shown = windowOf(rows, at, bodyRows(size.rows))
  const body = shown.rows.map((one, index) => dispatchLine(state, one, shown.from + index === at))
  return { title, right, body }
}

function dispatchLine(state: State, one: DispatchRow, selected: boolean): Line {
  const { language, size } = state
  const stateWidth = 12
  const dueWidth = 14
  const addressWidth = Math.max(12, Math.floor((size.columns - 4 - stateWidth - dueWidth) / 2.5))
  const titleWidth = Math.max(12, size.columns - 4 - stateWidth - dueWidth - addressWidth)
  return row(
    [
      { text: one.title, width: titleWidth, tone: 'strong' },
      { text: one.address ?? '', width: addressWidth },
      {
        text: dispatchStateLabel(one.state, language),
        width: stateWidth,
        tone: one.open ? 'plain' : 'quiet',
      },
      { text: dueText(state, one), width: dueWidth, tone: one.lateDays > 0 ? 'warn' : 'plain' },
    ],
    selected,
  )
}

const dueText = (state: State, { deadline, lateDays }: DispatchRow): string =>
  deadline === null
    ? ''
    : lateDays > 0
      ? lateText(lateDays, state.language)
      : say(state.language, [
          `${nearDayText(deadline, todayOf(state), 'zh')}前`,
          `by ${nearDayText(deadline, todayOf(state), 'en')}`,
        ])

/** One dispatch: what is asked, what was said of it, and what may be reported. */
export function dispatchView(state: State, screen: DispatchScreen): Pane {
  const { language, size } = state
  const card = state.facts.dispatch
  if (card?.id !== screen.id) return { title: line(' …'), body: [] }
  const facts: (readonly [string, string | null])[] = [
    [say(language, ['地址', 'Address']), card.address],
    [say(language, ['等级', 'Grade']), gradeText(card.grade, language)],
    [say(language, ['说明', 'Note']), card.note],
    [say(language, ['携带', 'Bring']), card.bring],
    ...card.told.map((one) => [say(language, one.label), one.value] as const),
    [say(language, ['联系人', 'Ask']), card.from],
  ]
  const about = facts.flatMap(([label, text]) =>
    text ? wrap(`${label}  ${text}`, size.columns - 6).map((one) => line(`   ${one}`)) : [],
  )
  const past = card.steps.map((one) =>
    line(
      span(`   ${whenText(one.atMs, state.nowMs, state.timeZone, language)}  `, 'quiet'),
      span(dispatchStepLabel(one.step, language), 'strong'),
      `  ${one.by.name}${one.note === null ? '' : `  ${one.note}`}`,
    ),
  )
  const next = card.open
    ? screen.pending
      ? pendingLines(state, screen.pending)
      : choiceLines(state, screen)
    : []
  const room = Math.max(1, bodyRows(size.rows) - next.length - 2)
  const aboutRoom = Math.max(1, Math.min(about.length, room - Math.min(past.length, 3)))
  return {
    title: line(' ', span(card.title, 'strong')),
    right: line(
      span(dispatchStateLabel(card.state, language), 'strong'),
      span(card.deadline === null ? ' ' : `  ${dueText(state, card)} `, card.lateDays > 0 ? 'warn' : 'plain'),
    ),
    body: [
      ...about.slice(0, aboutRoom),
      blank,
      ...past.slice(-Math.max(1, room - aboutRoom)),
      ...(past.length > 0 ? [blank] : []),
      ...next,
    ],
  }
}

function choiceLines({ language }: State, screen: DispatchScreen): Line[] {
  const cells = reportsHere.map((one, at) =>
    span(
      `${at === screen.at ? ' ›' : '  '}${at + 1} ${dispatchStepLabel(one, language)}  `,
      at === screen.at ? 'strong' : 'plain',
    ),
  )
  return [line(span(say(language, ['   回报', '   Report']), 'quiet')), line(' ', ...cells)]
}

function pendingLines(state: State, pending: NonNullable<DispatchScreen['pending']>): Line[] {
  const { language, size } = state
  const label = reportNeedsNote(pending.step)
    ? say(language, ['说明(必填)', 'Note (needed)'])
    : say(language, ['说明(可不填)', 'Note (may be blank)'])
  return [
    line('   ', span(dispatchStepLabel(pending.step, language), 'strong')),
    { ...line(`   ${label}  `, span(cutStart(pending.note, size.columns - 30), 'typed')), cursor: true },
    ...(pending.missing
      ? [line(span(say(language, ['   ! 这一步要写说明', '   ! This needs a note']), 'warn'))]
      : []),
  ]
}
