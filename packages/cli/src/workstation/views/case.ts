import { type CaseCard, type CaseStep, stateLabel, stepLabel } from '@doorstep/core'
import { unknownYearText } from '../../voice/calendar-text.ts'
import {
  awaitsText,
  evidenceText,
  flagText,
  reasonText,
  recurrenceText,
  satisfactionText,
  stepName,
  stepSaid,
} from '../../voice/case-text.ts'
import { chainOf, chainText, clockText, stageWords } from '../../voice/clock-text.ts'
import { type Language, say, type Words } from '../../voice/language.ts'
import { cutStart, wrap } from '../cells.ts'
import { lateText, nearDayText, todayOf, weekdayText, whenText } from '../dates.ts'
import { blank, type Line, line, type Span, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { answersOf, asksHere, isNeeded, questionsOf, stepsHere } from '../reduce-case.ts'
import { bodyRows } from '../rows.ts'
import type { CaseQuestion, CaseScreen } from '../screens.ts'
import type { State } from '../state.ts'
import { typedDay } from '../typed-day.ts'
import { gradeText } from '../words.ts'

/** One case: where it stands and for how long, what waits, its past, then what may come next. */
export function caseView(state: State, screen: CaseScreen): Pane {
  const { language, nowMs, timeZone } = state
  const card = state.facts.case
  if (card?.id !== screen.id) return { title: line(' …'), body: [] }
  const { clock } = card
  const next = screen.pending ? pendingLines(state, card, screen.pending) : choiceLines(state, card, screen)
  const due =
    clock.dueAtMs === null || clock.stage === null
      ? ''
      : say(language, [
          `   ${whenText(clock.dueAtMs, nowMs, timeZone, 'zh')}前${stageWords[clock.stage][0]}`,
          `   ${stageWords[clock.stage][1]} by ${whenText(clock.dueAtMs, nowMs, timeZone, 'en')}`,
        ])
  const about: Line[] = [
    line(
      `   ${[card.address, gradeText(card.grade, language), holderText(card, state)].filter(Boolean).join(' · ')}`,
    ),
    line('   ', ...chainSpans(card, language)),
    ...(due === '' ? [] : [line(span(due, clock.level === 'none' ? 'quiet' : 'warn'))]),
    ...warningLines(state, card),
    ...(card.note
      ? wrap(card.note, state.size.columns - 6)
          .slice(0, 2)
          .map((one) => line(`   ${one}`))
      : []),
    blank,
  ]
  const room = Math.max(2, bodyRows(state.size.rows) - about.length - next.length - 1)
  const left = timeLeft(state, card)
  return {
    title: line(' ', span(card.title ?? '', 'strong')),
    right: line(
      span(stateLabel(card.state, language), 'strong'),
      span(left === '' ? ' ' : `  ${left} `, clock.level === 'none' ? 'plain' : 'warn'),
    ),
    body: [...about, ...pastLines(state, card).slice(-room), blank, ...next],
  }
}

/** Of a named day in days, of a limit in working hours or by the clock. */
export function timeLeft(
  state: State,
  row: Pick<CaseCard, 'clock' | 'open' | 'lateDays' | 'deadline'>,
): string {
  const { clock, deadline, lateDays, open } = row
  if (!clock.named || deadline === null) return clockText(row, state.language)
  if (open && lateDays > 0) return lateText(lateDays, state.language)
  const near = nearDayText(deadline, todayOf(state), state.language)
  return say(state.language, [`${near}前`, `by ${near}`])
}

function holderText(card: CaseCard, state: State): string {
  if (card.with === null) return card.openedBy.name
  const name = card.with === state.who.id ? state.who.member : (nameIn(card, card.with) ?? card.with)
  return say(state.language, [`在${name}手里`, `with ${name}`])
}
const nameIn = ({ steps }: CaseCard, member: string): string | undefined =>
  steps.find(({ by }) => by.member === member)?.by.name

function chainSpans(card: CaseCard, language: Language): Span[] {
  const links = chainOf(card)
  return links.flatMap((link, at) => [
    ...(at === 0 ? [] : [span('›', 'quiet')]),
    span(chainText([link], language), link.is === 'now' ? 'strong' : link.is === 'done' ? 'plain' : 'quiet'),
  ])
}

function warningLines(state: State, card: CaseCard): Line[] {
  const { language } = state
  return [
    ...card.awaiting.map((one) =>
      line(
        span(
          `   ! ${[awaitsText(one, language), one.by.name, one.due, one.note].filter(Boolean).join(' · ')}`,
          'warn',
        ),
      ),
    ),
    ...((card.open && card.evidence.wanted) || card.evidence.before.length + card.evidence.after.length > 0
      ? [line(span(`   ${evidenceText(card.evidence, language)}`, 'quiet'))]
      : []),
    ...(card.recurrence ? [line(span(`   ${recurrenceText(card.recurrence, language)}`, 'warn'))] : []),
    ...(card.clock.unknownYears.length > 0
      ? [line(span(`   ${unknownYearText(card.clock.unknownYears, language)}`, 'quiet'))]
      : []),
  ]
}

function pastLines(state: State, card: CaseCard): Line[] {
  const { language, nowMs, timeZone } = state
  return card.steps.map((one) => {
    const rest = [
      one.to === null ? '' : (nameIn(card, one.to) ?? one.to),
      one.due ? say(language, [`期限 ${one.due}`, `by ${one.due}`]) : '',
      ...stepSaid(card, { ...one, flag: null }, language),
      one.via !== null && one.via !== one.by.name ? one.via : '',
    ].filter(Boolean)
    return line(
      span(`   ${whenText(one.atMs, nowMs, timeZone, language)}  `, 'quiet'),
      span(stepName(one.step, language), 'strong'),
      `  ${one.by.name}`,
      ...(one.flag ? [span(`  ! ${flagText(card, one, language)}`, 'warn')] : []),
      rest.length > 0 ? `  ${rest.join(' · ')}` : '',
    )
  })
}

function choiceLines(state: State, card: CaseCard, screen: CaseScreen): Line[] {
  const { language } = state
  const steps = stepsHere(card, state.who)
  if (steps.length === 0) return []
  const cells = steps.map((one, at) => {
    const number = at < 9 ? `${at + 1} ` : '  '
    const name = stepLabel(one, language) + (asksHere(one, state.who) ? '…' : '')
    return span(`${at === screen.at ? ' ›' : '  '}${number}${name}  `, at === screen.at ? 'strong' : 'plain')
  })
  const perRow = 4
  const rows = Array.from({ length: Math.ceil(cells.length / perRow) }, (_, at) =>
    line(' ', ...cells.slice(at * perRow, (at + 1) * perRow)),
  )
  const hint = steps.some((one) => asksHere(one, state.who))
    ? say(language, ['   下一步(… 要站长批)', '   Next step (… a chief decides)'])
    : say(language, ['   下一步', '   Next step'])
  return [line(span(hint, 'quiet')), ...rows]
}

const LABELS: Readonly<Record<CaseQuestion, Words>> = {
  note: ['说明(可不填)', 'Note (may be blank)'],
  due: ['新期限', 'New limit'],
  to: ['交给谁(成员、协作台或单位)', 'To whom (member, desk, unit)'],
  because: ['为什么退回', 'Why it comes back'],
  satisfaction: ['满意吗', 'How satisfied'],
  spokeTo: ['和谁说的', 'Spoke to'],
  noPhoto: ['没有整改后的照片,为什么', 'No picture of the result: why'],
}
const NEEDED_NOTE: Words = ['原因(必填)', 'Reason (needed)']

const answerText = (question: CaseQuestion, name: string, language: Language): string =>
  question === 'because' ? reasonText(name, language) : satisfactionText(name, language)

function pendingLines(state: State, card: CaseCard, pending: NonNullable<CaseScreen['pending']>): Line[] {
  const { language, size } = state
  const today = todayOf(state)
  const question = questionsOf(pending.step, card)[pending.asked]!
  const typed = pending.said[question] ?? ''
  const needed = isNeeded(pending.step, question)
  const label = question === 'note' && needed ? NEEDED_NOTE : LABELS[question]
  const answers = answersOf(question)
  const day = question === 'due' ? typedDay(typed, today) : null
  return [
    line('   ', span(stepLabel(pending.step, language), 'strong'), asksText(pending.step, state)),
    ...(answers.length > 0
      ? [
          line(span(`   ${say(language, label)}`, 'quiet')),
          line(
            ...answers.map((one, at) =>
              span(`   ${at + 1} ${answerText(question, one, language)}`, 'strong'),
            ),
          ),
        ]
      : [
          {
            ...line(`   ${say(language, label)}  `, span(cutStart(typed, size.columns - 40), 'typed')),
            cursor: true,
          },
        ]),
    ...(day ? [line(span(`   = ${day} ${weekdayText(day, language)}`, 'quiet'))] : []),
    ...(pending.missing ? [line(span(`   ! ${say(language, missingText(question))}`, 'warn'))] : []),
  ]
}

const asksText = (one: CaseStep, state: State): string =>
  asksHere(one, state.who)
    ? say(state.language, ['  (申请,站长批了才算)', '  (asked for; it counts when a chief approves)'])
    : ''

const missingText = (question: CaseQuestion): Words =>
  question === 'due'
    ? ['请填日期,如 1201 或 7(七天后)', 'A date, please: 1201, or 7 for in a week']
    : question === 'satisfaction' || question === 'because'
      ? ['按数字选一个', 'Choose one by its number']
      : ['这一步要写原因', 'This step needs a reason']
