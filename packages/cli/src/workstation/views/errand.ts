import {
  type ErrandStep,
  errandRule,
  errandStateLabel,
  errandStepLabel,
  errandStepsFrom,
  recordTypes,
} from '@doorstep/core'
import { errandStepName, stepDetails, withUsText } from '../../voice/errand-text.ts'
import { say, type Words } from '../../voice/language.ts'
import { cut, cutStart, wrap } from '../cells.ts'
import { whenText } from '../dates.ts'
import { blank, type Line, line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { errandKinds, fieldOf } from '../reduce-errand.ts'
import { bodyRows } from '../rows.ts'
import type { ErrandScreen, NewErrandScreen, Screen } from '../screens.ts'
import type { State } from '../state.ts'
import { listed } from './lists.ts'

const doorOf = (state: State, household: string): string =>
  state.facts.board?.doors.find((one) => one.id === household)?.door ?? ''

/** Of one household: those under way, those with something of theirs still here, then the past. */
export function errandsView(state: State, screen: Extract<Screen, { type: 'errands' }>): Pane {
  const { language, size } = state
  return {
    title: line(
      ' ',
      span(say(language, ['代办', 'Errands']), 'strong'),
      `  ${doorOf(state, screen.household)}`,
    ),
    body: listed(
      state,
      state.facts.errands,
      screen.pick,
      (one) => [
        { text: one.what ?? '', width: 24, tone: 'strong' },
        { text: errandStateLabel(one.state, language), width: 12, tone: one.open ? 'plain' : 'quiet' },
        { text: one.appointedOn ?? one.dueOn ?? '', width: 11, tone: one.lateDays > 0 ? 'warn' : 'quiet' },
        {
          text: withUsText(one, language, false),
          width: Math.max(10, size.columns - 52),
          tone: one.owing ? 'warn' : 'quiet',
        },
      ],
      ['没有代办。N 新代办', 'No errands. N takes one on'],
    ),
  }
}

export function errandView(state: State, screen: ErrandScreen): Pane {
  const { language, size } = state
  const card = state.facts.errand
  if (card?.id !== screen.id) return { title: line(' …'), body: [] }
  const left = withUsText(card, language)
  const next = screen.pending ? pendingLines(state, screen.pending) : choiceLines(state, screen)
  const past = card.steps.map((one) =>
    line(
      span(`   ${whenText(one.atMs, state.nowMs, state.timeZone, language)}  `, 'quiet'),
      span(errandStepName(one, language), one.flag === null ? 'strong' : 'warn'),
      `  ${one.by.name}  ${stepDetails(one, language)}`,
    ),
  )
  const room = Math.max(1, bodyRows(size.rows) - next.length - 4)
  return {
    title: line(' ', span(cut(card.what ?? '', 40), 'strong'), `  ${card.address}`),
    right: line(span(`${errandStateLabel(card.state, language)} `, 'strong')),
    body: [
      ...(left === ''
        ? [line(span(say(language, ['   没有东西在我们这里', '   Nothing of theirs is with us']), 'quiet'))]
        : wrap(left, size.columns - 6)
            .slice(0, 2)
            .map((text) => line(span(`   ${text}`, 'warn')))),
      blank,
      ...past.slice(-room),
      blank,
      ...next,
    ],
  }
}

function choiceLines(state: State, screen: ErrandScreen): Line[] {
  const { language, size } = state
  const steps = errandStepsFrom(state.facts.errand!.state)
  const lines: Line[] = []
  let spans: ReturnType<typeof span>[] = []
  let width = 3
  for (const [at, one] of steps.entries()) {
    const text = `${at === screen.at ? '›' : ' '}${at + 1} ${errandStepLabel(one, language)}  `
    const wide = [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 2 : 1), 0)
    if (width + wide > size.columns - 2 && spans.length > 0) {
      lines.push(line('  ', ...spans))
      spans = []
      width = 3
    }
    spans.push(span(text, at === screen.at ? 'strong' : 'plain'))
    width += wide
  }
  return [...lines, line('  ', ...spans)]
}

const ASKS: Readonly<Record<NonNullable<ReturnType<typeof fieldOf>>, Words>> = {
  things: [
    '材料、钱(如:存折 病历 100.50元 #票号;钱当面点清)',
    'Papers, money (as: passbook 100.50 #receipt; counted in person)',
  ],
  day: ['约在哪天(如 12-01,+2)', 'Which day (12-01, +2)'],
  relation: ['谁签的?本人就直接 ↵;家属写关系', 'Who signed? ↵ for the person; a relative: the relation'],
  note: ['说明', 'Note'],
}

function pendingLines(state: State, pending: NonNullable<ErrandScreen['pending']>): Line[] {
  const { language, size } = state
  const field = fieldOf(pending.step) ?? 'note'
  return [
    line('   ', span(errandStepLabel(pending.step, language), 'strong')),
    line(span(`   ${cut(say(language, ASKS[field]), size.columns - 5)}`, 'quiet')),
    { ...line('   › ', span(cutStart(pending.text, size.columns - 8), 'typed')), cursor: true },
    ...(pending.missing ? [line(span(`   ! ${say(language, missingWords(pending.step))}`, 'warn'))] : []),
  ]
}

const missingWords = (step: ErrandStep): Words =>
  errandRule(step).needs === 'on'
    ? ['要写哪一天', 'A day, please']
    : ['这一步要写明', 'This needs to be said']

export function newErrandView(state: State, screen: NewErrandScreen): Pane {
  const { language, size } = state
  const { choices } = recordTypes.errand.fields.kind
  const said = (words: Words) => say(language, words)
  const typed = (words: Words): Line => ({
    ...line(`   ${said(words)}  `, span(cutStart(screen.entry, size.columns - 30), 'typed')),
    cursor: true,
  })
  return {
    title: line(' ', span(said(['新代办', 'New errand']), 'strong'), `  ${doorOf(state, screen.household)}`),
    body:
      screen.step === 'kind'
        ? [blank, ...errandKinds.map((kind, at) => line(`   ${at + 1}  ${said(choices[kind])}`))]
        : [
            blank,
            line('   ', span(said(choices[screen.kind]), 'strong')),
            ...(screen.step === 'due' ? [line(`   ${cut(screen.what, size.columns - 6)}`)] : []),
            blank,
            screen.step === 'what'
              ? typed(['办什么', 'What'])
              : typed(['期限(可不填)', 'Due on (may be blank)']),
            ...(screen.badDate
              ? [line(span(said(['   ! 看不懂这一天', '   ! That is no day']), 'warn'))]
              : []),
          ],
  }
}
