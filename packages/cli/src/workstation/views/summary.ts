import { definitionOf } from '@doorstep/core'
import { say, type Words } from '../../voice/language.ts'
import { cut } from '../cells.ts'
import { dayIn, nearDayText, todayOf } from '../dates.ts'
import type { FormFacts } from '../facts.ts'
import { AT_DOOR, type How, howWords } from '../how.ts'
import { blank, type Line, line, span } from '../lines.ts'
import type { FormScreen } from '../screens.ts'
import { NEXT_CHOICES } from '../screens.ts'
import type { State } from '../state.ts'
import { formProblemText, nextWords } from '../words.ts'

/** Before saving: what was found, what is still missing, when to come again. */
export function summaryBody(state: State, screen: FormScreen, form: FormFacts): Line[] {
  const { language, size } = state
  const said = (words: Words) => say(language, words)
  const width = size.columns - 6
  const { hazards, problems } = form
  const today = todayOf(state)
  const until = (one: FormFacts['hazards'][number]): string => {
    const day = one.dueOn ?? dayIn(today, one.dueInDays ?? 0)
    return said([
      `${nearDayText(day, today, 'zh')}前整改`,
      `to be put right by ${nearDayText(day, today, 'en')}`,
    ])
  }
  const room = Math.max(1, size.rows - 5 - 9 - Math.min(3, problems.length))
  const carried: Line[] =
    form.notCarriedOver.length > 0
      ? [
          line(
            span(
              said([
                `   ! 表单改过了,旧的 ${form.notCarriedOver.length} 个回答放不进来:`,
                `   ! The form has changed: ${form.notCarriedOver.length} old answers found no place:`,
              ]),
              'warn',
            ),
          ),
          ...form.notCarriedOver.map((one) =>
            line(
              `   · ${cut(one.label, Math.floor(width / 2))}  `,
              span(formProblemText(one, language), 'quiet'),
            ),
          ),
          blank,
        ]
      : []
  return [
    ...newerLines(state, form),
    ...carried,
    ...changeLines(state, form),
    hazards.length === 0
      ? line(span(said(['   没有发现隐患', '   No hazards found']), 'good'))
      : line(
          span(
            said([
              `   隐患 ${hazards.length} 处,存盘后各开一件案件:`,
              `   ${hazards.length} hazard${hazards.length === 1 ? '' : 's'}; each becomes a case when saved:`,
            ]),
            'strong',
          ),
        ),
    ...hazards
      .slice(0, room)
      .map((one) =>
        line(
          span(
            `   ${one.serious ? said(['[严重] ', '[serious] ']) : said(['[一般] ', '[ordinary] '])}`,
            one.serious ? 'alarm' : 'warn',
          ),
          cut(one.title, Math.max(10, width - 34)),
          span(`  ${until(one)}`, 'quiet'),
        ),
      ),
    ...(hazards.length > room
      ? [
          line(
            span(
              said([`   …另有 ${hazards.length - room} 处`, `   … and ${hazards.length - room} more`]),
              'quiet',
            ),
          ),
        ]
      : []),
    blank,
    ...(problems.length === 0
      ? [line(said(['   下次来', '   Come again']))]
      : [
          line(
            span(
              said([
                `   还差 ${problems.length} 题,↵ 去补:`,
                `   ${problems.length} still to answer, ↵ goes there:`,
              ]),
              'warn',
            ),
          ),
          ...problems
            .slice(0, 3)
            .map((one) =>
              line(
                `   · ${cut(one.label, Math.floor(width / 2))}  `,
                span(formProblemText(one, language), 'quiet'),
              ),
            ),
          blank,
          line(said(['   下次来', '   Come again'])),
        ]),
    nextLine(state, screen.next),
    modeLine(state, screen.how),
    ...(problems.length === 0 ? [line(span(said(['   ↵ 存盘', '   ↵ saves']), 'strong'))] : []),
    ...leftOutLines(state, form),
  ]
}

/** A draft stays on the version that it was begun with until somebody moves it on. */
export function newerLines({ language }: State, { newer }: FormFacts): Line[] {
  if (!newer) return []
  const words: Words = [
    `   ! 这张表单有了新版 ${newer.to}(这是 ${newer.from})。Shift-V 换过去,回答带过去`,
    `   ! There is a newer version, ${newer.to} (this is ${newer.from}). Shift-V moves on, with the answers`,
  ]
  return [line(span(say(language, words), 'warn'))]
}

/** What saving will change in the register. */
function changeLines({ language, size }: State, { changes }: FormFacts): Line[] {
  if (changes.length === 0) return []
  const text = (value: FormFacts['changes'][number]['before']): string =>
    value === null
      ? say(language, ['(空)', '(blank)'])
      : Array.isArray(value)
        ? value.join(', ')
        : String(value)
  return [
    line(span(say(language, ['   存盘时改登记:', '   Saving changes the register:']), 'strong')),
    ...changes.map(({ of, field, before, after }) => {
      const label = definitionOf(of)?.fields[field]?.label ?? definitionOf(of)?.sets?.[field]?.label
      const words = `   · ${say(language, label ?? [field, field])}  ${text(before)} → ${text(after)}`
      return line(cut(words, size.columns - 2))
    }),
    blank,
  ]
}

/** What was not asked, and because of which answers. */
function leftOutLines({ language, size }: State, { leftOut }: FormFacts): Line[] {
  if (leftOut.length === 0) return []
  const count = leftOut.reduce((sum, one) => sum + one.count, 0)
  return [
    blank,
    line(span(say(language, [`   没问的 ${count} 题:`, `   ${count} not asked:`]), 'quiet')),
    ...leftOut.map((one) =>
      line(
        span(
          say(language, [
            `   · ${one.count} 题,因为 ${cut(one.because, size.columns - 20)}`,
            `   · ${one.count} because ${cut(one.because, size.columns - 20)}`,
          ]),
          'quiet',
        ),
      ),
    ),
  ]
}

/** How the visit is made, and the key that changes it. */
export const modeLine = ({ language }: State, how: How | undefined): Line =>
  line(
    say(language, ['   方式  ', '   Mode  ']),
    span(say(language, howWords(how ?? AT_DOOR)), how && how.mode !== 'door' ? 'strong' : 'plain'),
    how?.sheet ? '' : span(say(language, ['  (按 M 换)', '  (M changes it)']), 'quiet'),
  )

/** When to come again, as numbers to press. */
export function nextLine(state: State, chosen: number): Line {
  const { language } = state
  const today = todayOf(state)
  return line(
    '   ',
    ...NEXT_CHOICES.flatMap((days, at) => {
      const day = days === null ? '' : nearDayText(dayIn(today, days), today, language)
      const name = say(language, nextWords[at]!)
      const when = days === null || days === 1 ? '' : say(language, [`(${day})`, ` (${day})`])
      const words = `${at + 1} ${at === chosen ? '●' : ' '} ${name}${when}`
      return [span(words, at === chosen ? 'good' : 'plain'), '   ']
    }),
  )
}
