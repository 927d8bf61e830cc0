import {
  ageText,
  alarmLabel,
  alarmStateText,
  alarmVerdictText,
  answerText,
  figuresText,
  improvementText,
  nextAlarmText,
  urgencyText,
} from '../../voice/alarm-text.ts'
import { say } from '../../voice/language.ts'
import { valueText } from '../../voice/value-text.ts'
import { cellsOf, cutStart, wrap } from '../cells.ts'
import { todayOf, whenText } from '../dates.ts'
import { blank, type Line, line, type Span, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { ALARM_CHOICES, choicesAt, improvementsAt, markedAt } from '../reduce-alarm.ts'
import { bodyRows } from '../rows.ts'
import type { AlarmScreen, Screen } from '../screens.ts'
import type { State } from '../state.ts'
import { LABEL, labelled } from './labelled.ts'
import { listed } from './lists.ts'

const nowOf = (state: State) => ({
  today: todayOf(state),
  timeZone: state.timeZone,
  language: state.language,
})

/** Those without a verdict: how urgent, what, where, since when, and what comes next. */
export function alarmsView(state: State, screen: Extract<Screen, { type: 'alarms' }>): Pane {
  const { language, size, nowMs } = state
  return {
    title: line(
      ' ',
      span(say(language, ['报警', 'Alarms']), 'strong'),
      `  ${say(language, [`${state.facts.alarms.length} 起没有结论`, `${state.facts.alarms.length} without a verdict`])}`,
    ),
    body: listed(
      state,
      state.facts.alarms,
      screen.pick,
      (one) => [
        { text: urgencyText(one, language), width: 8, tone: one.rule.urgency === 'life' ? 'alarm' : 'warn' },
        { text: alarmLabel(one, language), width: 22, tone: 'strong' },
        { text: one.door, width: 12 },
        { text: ageText(nowMs - one.raisedAtMs, language), width: 13 },
        {
          text: nextAlarmText(one, nowMs, nowOf(state)),
          width: Math.max(10, size.columns - 59),
          tone: one.chain.next?.overdueSinceMs != null ? 'warn' : 'plain',
        },
      ],
      ['没有报警。', 'No alarms.'],
    ),
  }
}

/** Whom and what it is about, what was done, what to do next, and what may be said. */
export function alarmView(state: State, screen: AlarmScreen): Pane {
  const { language, size, nowMs } = state
  const card = state.facts.alarm
  if (card?.id !== screen.id) return { title: line(' …'), body: [] }
  const text = (content: string, tone: Span['tone'] = 'plain'): Span[][] =>
    wrap(content, size.columns - LABEL - 1).map((one) => [span(one, tone)])
  const when = (ms: number) => whenText(ms, nowMs, state.timeZone, language)
  const device = [valueText('device', 'kind', card.deviceKind, language), card.deviceName]
    .filter(Boolean)
    .join(' ')
  const phone = card.contact && [card.contact.name, card.contact.phone].filter(Boolean).join(' ')
  const verdict = alarmVerdictText(card, language)
  const facts = [
    ...labelled(
      state,
      ['数值', 'Figures'],
      text([device, figuresText(card, language)].filter(Boolean).join('  ')),
    ),
    ...labelled(
      state,
      ['时间', 'Time'],
      text(
        say(language, [
          `${when(card.sinceMs)} 起,${when(card.raisedAtMs)} 报警;${alarmStateText(card, 'zh')}`,
          `since ${when(card.sinceMs)}, raised ${when(card.raisedAtMs)}; ${alarmStateText(card, 'en').toLowerCase()}`,
        ]),
      ),
    ),
    ...labelled(
      state,
      ['打给谁', 'Phone'],
      phone ? text(say(language, [`${phone}  (u 显示)`, `${phone}  (u shows it)`])) : [],
    ),
    ...(verdict === ''
      ? []
      : labelled(state, ['结论', 'Verdict'], text(verdict, card.disputed ? 'warn' : 'strong'))),
    ...labelled(
      state,
      ['下一步', 'Next'],
      card.open
        ? [
            [
              span(
                nextAlarmText(card, nowMs, nowOf(state)),
                card.chain.next?.overdueSinceMs != null ? 'warn' : 'strong',
              ),
              span(thenText(state)),
            ],
          ]
        : [],
    ),
  ]
  const below = screen.pending ? noteLines(state, screen.pending) : choiceLines(state, screen)
  const room = Math.max(1, bodyRows(size.rows) - facts.length - below.length - 2)
  const done = card.answers.map((one) =>
    line(
      span(
        `   ${one.clockDoubtful ? say(language, ['时间不明', 'time unknown']) : when(one.atMs)}  `,
        'quiet',
      ),
      `${one.by.name}  `,
      span(answerText(one, language), 'strong'),
    ),
  )
  return {
    title: line(
      ' ',
      span(`${urgencyText(card, language)} ${alarmLabel(card, language)}`, 'strong'),
      `  ${card.door}  ${card.householdName ?? ''}`,
    ),
    right: line(`${ageText(nowMs - card.raisedAtMs, language)} `),
    body: [
      ...facts,
      blank,
      ...(done.length === 0
        ? [line(span(say(language, ['   还没有人处置', '   Nobody has done anything yet']), 'quiet'))]
        : done.slice(-room)),
      blank,
      ...below,
    ],
  }
}

/** Who is asked after that, while nobody is late. */
function thenText({ facts, language, nowMs, timeZone }: State): string {
  const followedBy = facts.alarm?.chain.next?.followedBy
  if (!followedBy || followedBy.fromMs <= nowMs) return ''
  const when = whenText(followedBy.fromMs, nowMs, timeZone, language)
  const who = {
    phone: ['电话', 'the phone'],
    worker: ['上门', 'the door'],
    chief: ['站长', 'the chief'],
  } as const
  const name = say(language, who[followedBy.step])
  return say(language, [`   ${when} 起轮到${name}`, `   from ${when}: ${name}`])
}

/** Two columns of numbers to press where the terminal is wide enough. */
function choiceLines(state: State, screen: AlarmScreen): Line[] {
  const { language, size } = state
  const choices = choicesAt(state)
  const marked = markedAt(state, screen)
  const numbered = (words: string, at: number) => `${at === marked ? '›' : ' '}${at + 1} ${words}`
  if (choices.length === 0) return improvementLines(state, numbered, marked)
  const texts = choices.map((one, at) => numbered(say(language, one.words), at))
  const half = Math.ceil(texts.length / 2)
  const width = Math.max(...texts.map(cellsOf)) + 2
  const shown = (at: number): Span => span(texts[at]!, at === marked ? 'strong' : 'plain')
  if (2 * width + 3 > size.columns)
    return choices.map((_, at) => ({ ...line('  ', shown(at)), selected: at === marked }))
  return Array.from({ length: half }, (_, at) => {
    const right = at + half
    const gap = ' '.repeat(width - cellsOf(texts[at]!))
    return {
      ...line('  ', shown(at), ...(texts[right] ? [span(gap), shown(right)] : [])),
      spoken: [texts[at], texts[right]].filter(Boolean).join(say(language, [',', ', '])),
    }
  })
}

/** After false alarms: what to do about the next one. */
function improvementLines(
  state: State,
  numbered: (words: string, at: number) => string,
  marked: number,
): Line[] {
  const { language } = state
  const better = improvementsAt(state)
  if (better.length === 0) return []
  const count = state.facts.alarm!.falseAlarms
  const head = say(language, [
    `   这台设备按这条规则已误报 ${count} 次。下次怎样才不误报:`,
    `   ${count} false alarms of this device by this rule. What about the next:`,
  ])
  return [
    line(span(head, 'warn')),
    ...better.map((one, at) =>
      line('  ', span(numbered(improvementText(one, language), at), at === marked ? 'strong' : 'plain')),
    ),
  ]
}

const noteLines = ({ language, size }: State, { at, note }: NonNullable<AlarmScreen['pending']>): Line[] => [
  line('   ', span(say(language, ALARM_CHOICES[at]!.words), 'strong')),
  line(span(say(language, ['   说明(可不写),↵ 存下', '   A note, or none; ↵ saves']), 'quiet')),
  { ...line('   › ', span(cutStart(note, size.columns - 8), 'typed')), cursor: true },
]
