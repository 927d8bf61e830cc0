import { say } from '../../voice/language.ts'
import { wrap } from '../cells.ts'
import { dayText, todayOf, whenText } from '../dates.ts'
import { blank, type Line, line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import type { Screen } from '../screens.ts'
import type { State } from '../state.ts'
import { modeText, outcomeText } from '../words.ts'
import { shownValue } from './lists.ts'

/** One visit of the past, as it was written. */
export function visitView(state: State, screen: Extract<Screen, { type: 'visit' }>): Pane {
  const { language, nowMs, timeZone, size } = state
  const visit = state.facts.history?.find((one) => one.id === screen.visit)
  if (!visit) return { title: line(' …'), body: [] }
  const today = todayOf(state)
  const on = visit.on === null ? '' : dayText(visit.on, today, language)
  const note = visit.note ? wrap(visit.note, size.columns - 6).map((one) => line(`   ${one}`)) : []
  return {
    title: line(' ', span(`${on}  ${outcomeText(visit.outcome, language)}`, 'strong')),
    right: line(`${visit.address} `),
    body: [
      line(
        `   ${[visit.by.name, modeText(visit.mode, language), whenText(visit.atMs, nowMs, timeZone, language)].filter(Boolean).join(' · ')}`,
      ),
      ...(visit.withdrawn === null
        ? []
        : [
            line(
              span(
                say(language, [`   已撤回:${visit.withdrawn}`, `   Withdrawn: ${visit.withdrawn}`]),
                'warn',
              ),
            ),
          ]),
      ...(visit.datedAhead
        ? [
            line(
              span(
                say(language, ['   ! 日期晚于写下的那天', '   ! Dated after the day it was written']),
                'warn',
              ),
            ),
          ]
        : []),
      ...(visit.nextOn
        ? [
            line(
              say(language, [
                `   下次 ${dayText(visit.nextOn, today, 'zh')}`,
                `   Next ${dayText(visit.nextOn, today, 'en')}`,
              ]),
            ),
          ]
        : []),
      ...note,
      blank,
      ...answerLines(visit.answers, 3),
    ],
    scroll: screen.scroll,
  }
}

/** Answers as they were stored, group by group: an old form's questions may be gone, what was said is not. */
function answerLines(value: unknown, indent: number): Line[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => {
    if (one === null) return []
    const head = `${' '.repeat(indent)}${name}`
    if (typeof one === 'object' && !Array.isArray(one))
      return [line(span(head, 'quiet')), ...answerLines(one, indent + 2)]
    return [line(span(`${head}  `, 'quiet'), span(shownValue(one), one === 'hazard' ? 'warn' : 'plain'))]
  })
}
