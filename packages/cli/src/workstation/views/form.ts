import type { Question } from '@doorstep/core'
import { say, type Words } from '../../voice/language.ts'
import { cutStart, pad, wrap } from '../cells.ts'
import { aheadText, todayOf, weekdayText } from '../dates.ts'
import type { FormFacts } from '../facts.ts'
import { questionAt } from '../form-place.ts'
import { isTyped } from '../keys.ts'
import { blank, type Line, line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { valueText } from '../reduce-form.ts'
import { bodyRows } from '../rows.ts'
import type { FormScreen } from '../screens.ts'
import type { State } from '../state.ts'
import { typedDay } from '../typed-day.ts'
import { formProblemText } from '../words.ts'
import { summaryBody } from './summary.ts'

/** One question at a time; a larger terminal shows the others of its section below. */
export function formView(state: State, screen: FormScreen): Pane {
  const { language } = state
  const { form } = state.facts
  const door = state.facts.door?.door ?? ''
  if (!form || screen.at === null)
    return {
      title: line(span(` ${door}`, 'strong')),
      body: [blank, line(`   ${say(language, ['正在打开表单…', 'Opening the form…'])}`)],
    }
  const question = questionAt(state)
  const title = line(' ', span(`${door}  ${form.title}`, 'strong'))
  if (screen.at === 'summary' || !question)
    return { title, right: progress(state, form, null), body: summaryBody(state, screen, form) }
  const asked = questionBody(state, screen, question, form)
  const left = bodyRows(state.size.rows) - asked.length - 2
  return {
    title,
    right: progress(state, form, question),
    body: [...asked, ...(left >= 6 ? [blank, ...sectionLines(state, question, form, left)] : [])],
  }
}

function progress(state: State, form: FormFacts, question: Question | null): Line {
  const asked = form.questions.filter((one) => one.kind !== 'note')
  const place = question ? form.questions.findIndex((one) => one.ref === question.ref) : 0
  const at = form.questions.slice(0, place + 1).filter((one) => one.kind !== 'note').length
  const words: Words = question
    ? [
        `第 ${Math.max(1, at)} 题,共 ${asked.length} 题 · 已答 ${form.answered} `,
        `${Math.max(1, at)} of ${asked.length} · ${form.answered} answered `,
      ]
    : [`共 ${asked.length} 题 · 已答 ${form.answered} `, `${form.answered} of ${asked.length} answered `]
  return line(say(state.language, words))
}

const INDENT = '   '

function questionBody(state: State, screen: FormScreen, question: Question, form: FormFacts): Line[] {
  const { language, size } = state
  const width = size.columns - 6
  const skipped: Line[] = form.skipped
    ? wrap(
        say(language, [
          `(跳过 ${form.skipped.count} 题:${form.skipped.because})`,
          `(${form.skipped.count} skipped: ${form.skipped.because})`,
        ]),
        width,
      ).map((one) => line(span(INDENT + one, 'quiet')))
    : []
  const where = [
    ...question.groups,
    ...(question.repeat ? [`${question.repeat.index + 1}/${question.repeat.count}`] : []),
  ]
  return [
    ...skipped,
    ...(where.length > 0 ? [line(span(INDENT + where.join(' › '), 'quiet')), blank] : []),
    ...wrap(question.label + (question.required ? ' *' : ''), width).map((one) =>
      line(span(INDENT + one, 'strong')),
    ),
    ...(question.hint ? wrap(question.hint, width).map((one) => line(span(INDENT + one, 'quiet'))) : []),
    blank,
    ...answerLines(state, screen, question),
    ...problemLines(state, screen, width),
  ]
}

function problemLines(state: State, screen: FormScreen, width: number): Line[] {
  if (!screen.problem) return []
  const said = wrap(`! ${formProblemText(screen.problem, state.language)}`, width)
  return [blank, ...said.map((one) => line(span(INDENT + one, 'warn')))]
}

function answerLines(state: State, screen: FormScreen, question: Question): Line[] {
  const { language, size } = state
  const { kind, choices, value } = question
  if (isTyped(kind)) {
    const typed = screen.entry ?? valueText(question)
    return [
      ...choices.map((choice, at) => line(`${INDENT}${at + 1}  ${choice.label}`)),
      {
        ...line(
          span(INDENT + say(language, ['› ', '> '])),
          span(cutStart(typed, size.columns - 10), 'typed'),
        ),
        cursor: true,
      },
      ...hintLines(state, question, typed),
    ]
  }
  switch (kind) {
    case 'select-one':
    case 'select-many':
      return choiceLines(state, screen, question)
    case 'note':
      return [line(span(INDENT + say(language, ['↵ 继续', '↵ to go on']), 'quiet'))]
    case 'trigger':
      return [
        line(
          `${INDENT}1  `,
          value === null
            ? say(language, ['确认', 'Confirm'])
            : span(say(language, ['✓ 已确认', '✓ confirmed']), 'good'),
        ),
      ]
    default:
      return [
        line(
          span(
            INDENT +
              say(
                language,
                question.required
                  ? [
                      '这里答不了这种题(照片、文件),而它必须回答:请用别的工具填这张表',
                      'This kind (photo, file) cannot be answered here, and the form insists: use another tool for this form',
                    ]
                  : [
                      '这里答不了这种题(照片、文件),可以跳过:↵',
                      'This kind (photo, file) cannot be answered here; skip it with ↵',
                    ],
              ),
            'warn',
          ),
        ),
      ]
  }
}

function choiceLines(state: State, screen: FormScreen, { kind, choices, value }: Question): Line[] {
  const chosen = Array.isArray(value) ? (value as readonly string[]) : value === null ? [] : [String(value)]
  const height = Math.max(4, bodyRows(state.size.rows) - 10)
  const columns = choices.length > height ? 2 : 1
  const each = Math.floor((state.size.columns - 6) / columns)
  const cells = choices.map((choice, at) => {
    const ticked = chosen.includes(choice.value)
    const mark = kind === 'select-many' ? (ticked ? '[x] ' : '[ ] ') : ticked ? '● ' : '  '
    return span(pad(`${String(at + 1).padStart(2)}  ${mark}${choice.label}`, each), ticked ? 'good' : 'plain')
  })
  const rows = Math.ceil(cells.length / columns)
  const lines = Array.from({ length: rows }, (_, at) =>
    line('  ', ...cells.filter((_cell, index) => index % rows === at)),
  )
  return screen.entry === null ? lines : [...lines, line(span(`${INDENT}${screen.entry} ↵`, 'typed'))]
}

/** What typing will be understood as, before it is confirmed. */
function hintLines(state: State, { kind, range }: Question, typed: string): Line[] {
  const { language } = state
  const today = todayOf(state)
  if (kind === 'date') {
    const day = typedDay(typed, today)
    const words: Words = day
      ? [
          `= ${day} ${weekdayText(day, 'zh')},${aheadText(day, today, 'zh')}`,
          `= ${day} ${weekdayText(day, 'en')}, ${aheadText(day, today, 'en')}`,
        ]
      : ['7 = 七天后,1201 = 12月1日;空着 ↵ 不填', '7 = in a week, 1201 = 1 Dec; ↵ leaves it blank']
    return [line(span(INDENT + say(language, words), 'quiet'))]
  }
  if (kind === 'rank')
    return [
      line(span(INDENT + say(language, ['按先后打号码,如 2 1 3', 'Numbers in order, like 2 1 3']), 'quiet')),
    ]
  if (range) return [line(span(`${INDENT}${range.min} – ${range.max}`, 'quiet'))]
  return []
}

/** The questions around this one, with their answers: a larger terminal shows more of the same. */
function sectionLines(state: State, question: Question, form: FormFacts, height: number): Line[] {
  const section = form.questions.filter((one) => one.groups[0] === question.groups[0])
  const at = section.findIndex((one) => one.ref === question.ref)
  const from = Math.max(0, Math.min(at - Math.floor(height / 2), section.length - height))
  const width = state.size.columns - 30
  return section
    .slice(from, from + height)
    .map((one) =>
      line(
        span(one.ref === question.ref ? ' › ' : '   ', 'strong'),
        span(pad(one.label, width), one.ref === question.ref ? 'strong' : 'quiet'),
        span(shortAnswer(one), one.value === 'hazard' ? 'warn' : 'plain'),
      ),
    )
}

export function shortAnswer(question: Question): string {
  const { value, choices, kind } = question
  if (value === null) return kind === 'note' ? '' : '–'
  const labelOf = (one: string) => choices.find((choice) => choice.value === one)?.label ?? one
  if (typeof value === 'object' && 'latitude' in value) return valueText(question)
  return typeof value === 'object' ? value.map(labelOf).join(', ') : labelOf(String(value))
}
