import { unknownYearText } from '../../voice/calendar-text.ts'
import { newsText, tallyRows } from '../../voice/day-text.ts'
import { say, type Words } from '../../voice/language.ts'
import { bar } from '../bar.ts'
import { wrap } from '../cells.ts'
import { dayText, lateText, timeText, todayOf, weekdayText, whenText } from '../dates.ts'
import type { DayFacts } from '../facts.ts'
import { blank, type Line, line, type Span, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import type { Screen } from '../screens.ts'
import type { State } from '../state.ts'
import { LABEL, labelled } from './labelled.ts'

/** The day as it stands: what was done, what is not ticked, what is on this laptop alone, where tomorrow begins. */
export function dayView(state: State, screen: Extract<Screen, { type: 'day' }>): Pane {
  const { language, nowMs, timeZone, facts } = state
  const today = todayOf(state)
  const title = line(' ', span(say(language, ['今天的账', 'The day']), 'strong'))
  if (!facts.day) return { title, body: [] }
  const { day } = facts
  return {
    title,
    right: line(
      `${dayText(today, today, language)} ${weekdayText(today, language)} ${timeText(nowMs, timeZone)} `,
    ),
    body: [
      ...doorLines(state, day),
      ...tallyRows(day.tally, language).flatMap(([label, text]) =>
        labelled(state, [label, label], wrapped(state, text)),
      ),
      ...openLines(state, day),
      blank,
      ...onlyHereLines(state),
      ...tomorrowLines(state, day),
      ...(day.unknownYears.length > 0
        ? labelled(
            state,
            ['日历', 'Calendar'],
            wrapped(state, unknownYearText(day.unknownYears, language), 'quiet'),
          )
        : []),
      ...newsLines(state, day),
    ],
    scroll: screen.scroll,
  }
}

const wrapped = (state: State, content: string, tone: Span['tone'] = 'plain'): Span[][] =>
  wrap(content, state.size.columns - LABEL - 1).map((one) => [span(one, tone)])

function doorLines(state: State, { tally }: DayFacts): Line[] {
  const { due, done, tried, left } = tally.doors
  const words: Words = [
    `${done}/${due} 户见到或拒访   未遇 ${tried}   没去 ${left}`,
    `${done} of ${due} met or refused   nobody home ${tried}   not gone to ${left}`,
  ]
  return labelled(
    state,
    ['待访', 'Doors'],
    [[span(`${bar(done, due, 12)}  `, 'good'), span(say(state.language, words), 'strong')]],
  )
}

/** What is carried over to tomorrow unless somebody ticks it now. */
function openLines(state: State, { open }: DayFacts): Line[] {
  const { language } = state
  return labelled(
    state,
    ['没打勾', 'Unticked'],
    open.map((one) => [
      span(`[ ] ${one.door}${one.door === '' ? '' : '  '}${one.text}`, 'warn'),
      span(`  ${lateText(one.overdueDays, language)}`, 'quiet'),
    ]),
  )
}

function onlyHereLines(state: State): Line[] {
  const { language, facts } = state
  const count = facts.truth?.onlyHere ?? 0
  const words: Words =
    count === 0
      ? ['今天的都有第二份', 'everything of today is on two or more']
      : [
          `${count} 条只在这台本子上。s 现在同步,w 写到文件带走`,
          `${count} on this laptop alone. s syncs now, w writes a file to carry`,
        ]
  return labelled(
    state,
    ['只在本机', 'Alone'],
    [[span(`${count === 0 ? '✓' : '!'} ${say(language, words)}`, count === 0 ? 'good' : 'warn')]],
  )
}

function tomorrowLines(state: State, { tally, first }: DayFacts): Line[] {
  const { count } = tally.tomorrow
  const words: Words =
    count === 0
      ? ['没有到期的', 'nothing due']
      : [
          `${count} 户,先去 ${first?.door ?? ''} ${first?.name ?? ''}`,
          `${count} door${count === 1 ? '' : 's'}, first ${first?.door ?? ''} ${first?.name ?? ''}`,
        ]
  return labelled(state, ['明天', 'Tomorrow'], wrapped(state, say(state.language, words)))
}

function newsLines(state: State, { news }: DayFacts): Line[] {
  const { language, nowMs, timeZone } = state
  if (news.length === 0) return []
  return [
    blank,
    line(span(say(language, [' 昨晚以来同事记下的', ' What colleagues wrote since last evening']), 'quiet')),
    ...news.map((one) =>
      line(
        `   ${whenText(one.atMs, nowMs, timeZone, language)}  `,
        span(one.by, 'strong'),
        `  ${one.door}${one.door === '' ? '' : '  '}${newsText(one, language)}`,
      ),
    ),
  ]
}
