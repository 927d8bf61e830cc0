import type { FormPlace, Question } from '@doorstep/core'
import { say, type Words } from '../../voice/language.ts'
import { answerLines, INDENT } from '../asking/answer-lines.ts'
import { shortAnswer } from '../asking/typed-value.ts'
import { pad, wrap } from '../cells.ts'
import type { FormFacts } from '../facts.ts'
import { isQuestion, placeAt, questionsOf } from '../form-place.ts'
import { blank, type Line, line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { bodyRows } from '../rows.ts'
import type { FormScreen } from '../screens.ts'
import type { State } from '../state.ts'
import { formProblemText } from '../words.ts'
import { newerLines, summaryBody } from './summary.ts'

/** One question at a time; a larger terminal shows those around it, and a page that its author wants together. */
export function formView(state: State, screen: FormScreen): Pane {
  const { language } = state
  const { form } = state.facts
  const door = state.facts.door?.door ?? ''
  if (!form || screen.at === null)
    return {
      title: line(span(` ${door}`, 'strong')),
      body: [blank, line(`   ${say(language, ['正在打开表单…', 'Opening the form…'])}`)],
    }
  const place = placeAt(state)
  const about = form.about ? ` · ${form.about}` : ''
  const title = line(' ', span(`${door}  ${form.title}${about}`, 'strong'))
  if (screen.at === 'summary' || !place)
    return {
      title,
      right: progress(state, form, null),
      body: summaryBody(state, screen, form),
      scroll: screen.hand.mark ?? 0,
    }
  const right = progress(state, form, place)
  const height = bodyRows(state.size.rows)
  const page = pageBody(state, screen, place, form)
  if (page && page.length <= height) return { title, right, body: page }
  const asked = placeBody(state, screen, place, form)
  const left = height - asked.length - 2
  return {
    title,
    right,
    body: [...asked, ...(left >= 6 ? [blank, ...sectionLines(state, place, form, left)] : [])],
  }
}

function progress(state: State, form: FormFacts, place: FormPlace | null): Line {
  const asked = questionsOf(form.places).filter((one) => one.kind !== 'note')
  const upTo = place ? form.places.findIndex((one) => one.ref === place.ref) : 0
  const at = questionsOf(form.places.slice(0, upTo + 1)).filter((one) => one.kind !== 'note').length
  const words: Words = place
    ? [
        `第 ${Math.max(1, at)} 题,共 ${asked.length} 题 · 已答 ${form.answered} `,
        `${Math.max(1, at)} of ${asked.length} · ${form.answered} answered `,
      ]
    : [`共 ${asked.length} 题 · 已答 ${form.answered} `, `${form.answered} of ${asked.length} answered `]
  return line(say(state.language, words))
}

function placeBody(state: State, screen: FormScreen, place: FormPlace, form: FormFacts): Line[] {
  const { language, size } = state
  const width = size.columns - 6
  const skipped: Line[] = form.skipped
    ? wrap(
        say(language, [
          `(跳过 ${form.skipped.count} 题:${form.skipped.because})`,
          `(${form.skipped.count} skipped: ${form.skipped.because})`,
        ]),
        width,
      )
        .slice(0, 2)
        .map((one) => line(span(INDENT + one, 'quiet')))
    : []
  return [...newerLines(state, form), ...skipped, ...whereLines(place), ...askedLines(state, screen, place)]
}

function whereLines(place: FormPlace): Line[] {
  const repeat = isQuestion(place) ? place.repeat : null
  const where = [...place.groups, ...(repeat ? [`${repeat.index + 1}/${repeat.count}`] : [])]
  return where.length > 0 ? [line(span(INDENT + where.join(' › '), 'quiet')), blank] : []
}

/** The question itself, its answer, how it is given, and what is wrong with it. */
function askedLines(state: State, screen: FormScreen, place: FormPlace): Line[] {
  const { language, size } = state
  const width = size.columns - 6
  const label = isQuestion(place)
    ? place.label + (place.required ? ' *' : '')
    : say(language, [`${place.label}:${place.count} 组`, `${place.label}: ${place.count}`])
  const hint = isQuestion(place) ? place.hint : null
  // A long text leaves room for its answer.
  const most = Math.max(2, Math.floor(bodyRows(size.rows) / 2))
  return [
    ...wrap(label, width)
      .slice(0, most)
      .map((one) => line(span(INDENT + one, 'strong'))),
    ...(hint
      ? wrap(hint, width)
          .slice(0, 3)
          .map((one) => line(span(INDENT + one, 'quiet')))
      : []),
    blank,
    ...answerLines(state, screen, place),
    ...problemLines(state, screen, width),
  ]
}

function problemLines(state: State, screen: FormScreen, width: number): Line[] {
  if (!screen.problem) return []
  const said = wrap(`! ${formProblemText(screen.problem, state.language)}`, width)
  return [blank, ...said.map((one) => line(span(INDENT + one, 'warn')))]
}

/** All questions of a page together, the one that is asked in full; null where its author wants no page. */
function pageBody(state: State, screen: FormScreen, place: FormPlace, form: FormFacts): Line[] | null {
  if (!isQuestion(place) || place.page === null) return null
  const width = state.size.columns - 6
  const others = questionsOf(form.places).filter((one) => one.page === place.page)
  return [
    ...whereLines(place),
    ...others.flatMap((one): Line[] =>
      one.ref === place.ref
        ? [...askedLines(state, screen, place), blank]
        : [
            ...wrap(one.label + (one.required ? ' *' : ''), width).map((text) => line(INDENT + text)),
            ...(one.kind === 'note'
              ? []
              : [line(span(`${INDENT}  ${besideAnswer(form, one, false)}`, 'quiet'))]),
            blank,
          ],
    ),
  ]
}

/** The questions around this one, with their answers: a larger terminal shows more of the same. */
function sectionLines(state: State, place: FormPlace, form: FormFacts, height: number): Line[] {
  const section = form.places.filter((one) => one.groups[0] === place.groups[0])
  const at = section.findIndex((one) => one.ref === place.ref)
  const from = Math.max(0, Math.min(at - Math.floor(height / 2), section.length - height))
  const width = state.size.columns - 30
  return section.slice(from, from + height).map((one) => {
    const here = one.ref === place.ref
    const answer = isQuestion(one) ? besideAnswer(form, one, here) : String(one.count)
    return line(
      span(here ? ' › ' : '   ', 'strong'),
      span(pad(one.label, width), here ? 'strong' : 'quiet'),
      span(answer, isQuestion(one) && one.value === 'hazard' ? 'warn' : 'plain'),
    )
  })
}

/** What the register masks stands in the open at its own question alone. */
const besideAnswer = (form: FormFacts, question: Question, here: boolean): string =>
  !here && question.value !== null && form.register[question.ref]?.hidden ? '••••' : shortAnswer(question)
