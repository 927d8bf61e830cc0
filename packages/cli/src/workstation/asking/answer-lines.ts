import type { FormPlace, Question, Repeat } from '@doorstep/core'
import { say, type Words } from '../../voice/language.ts'
import { cut, cutStart, pad, wrap } from '../cells.ts'
import { repetitionsOf } from '../form-place.ts'
import { blank, type Line, line, type Span, span, windowOf } from '../lines.ts'
import { bodyRows } from '../rows.ts'
import type { FormScreen } from '../screens.ts'
import type { State } from '../state.ts'
import { placesOfChoices } from './choice-filter.ts'
import { howTo } from './how-to.ts'
import { markedChoice } from './reduce-choices.ts'
import { orderShown } from './reduce-order.ts'
import { scaleLine, stars } from './scale.ts'
import { shownText } from './steps.ts'
import { clockOf, shortAnswer } from './typed-value.ts'
import { wayOf } from './way.ts'

export const INDENT = '   '

/** The answer as it stands or is being made, and below it one line that says how it is given. */
export function answerLines(state: State, screen: FormScreen, place: FormPlace): Line[] {
  const width = state.size.columns - 6
  const typed = place.kind === 'repeat' ? '' : shownText(screen, place)
  const how = wrap(say(state.language, howTo(place, screen, typed, clockOf(state))), width)
  return [
    ...shownLines(state, screen, place),
    ...how.map((one) => line(span(INDENT + one, 'quiet'))),
    ...(place.kind === 'repeat' ? [] : registerLines(state, place, width)),
  ]
}

/** What the register has to do with this question: what it knows, and that a change goes back to it. */
function registerLines({ facts, language }: State, question: Question, width: number): Line[] {
  const note = facts.form?.register[question.ref]
  if (!note) return []
  const words: Words | null =
    note.hidden && question.value === null
      ? [
          `登记里有 ${note.hidden.shown},不预填;空着就不变,Ctrl-R 说明原因后填入`,
          `The register has ${note.hidden.shown}, not filled in; blank leaves it, Ctrl-R fills it in once you say why`,
        ]
      : note.isKnown && note.isSaved
        ? ['登记里就有;改了会写回登记', 'From the register; a change goes back to it']
        : note.isKnown
          ? ['登记里就有', 'From the register']
          : note.isSaved
            ? ['会写进登记', 'Goes to the register']
            : null
  return words ? wrap(say(language, words), width).map((one) => line(span(INDENT + one, 'quiet'))) : []
}

function shownLines(state: State, screen: FormScreen, place: FormPlace): Line[] {
  if (place.kind === 'repeat') return repetitionLines(state, screen, place)
  switch (wayOf(place)) {
    case 'number':
    case 'numbers':
      return choiceLines(state, place)
    case 'list':
    case 'ticks':
      return [typedLine(state, screen, place), ...listLines(state, screen, place)]
    case 'order':
      return orderLines(state, screen, place)
    case 'scale':
      return [typedLine(state, screen, place), ...scaleLines(state, screen, place)]
    case 'lines':
      return writtenLines(state, screen, place)
    case 'typed':
    case 'file':
      return [typedLine(state, screen, place)]
    case 'tick':
      return [
        line(
          `${INDENT}1  `,
          place.value === null
            ? say(state.language, ['确认', 'Confirm'])
            : span(say(state.language, ['✓ 已确认', '✓ confirmed']), 'good'),
        ),
      ]
    case 'told':
      return place.value === null ? [] : [line(span(INDENT + shortAnswer(place)))]
    default:
      return []
  }
}

/** What is typed, with the cursor at its end. What nobody may read over a shoulder shows as dots. */
function typedLine(state: State, screen: FormScreen, question: Question): Line {
  const typed = shownText(screen, question)
  const shown = question.appearances.includes('masked') ? '•'.repeat([...typed].length) : typed
  return {
    ...line(
      span(INDENT + say(state.language, ['› ', '> '])),
      span(cutStart(shown.replaceAll('\n', ' '), state.size.columns - 10), 'typed'),
    ),
    cursor: true,
  }
}

/** The last lines of a longer text. */
function writtenLines(state: State, screen: FormScreen, question: Question): Line[] {
  const sign = INDENT + say(state.language, ['› ', '> '])
  const all = wrap(shownText(screen, question), state.size.columns - 10)
  const shown = all.slice(-Math.max(2, bodyRows(state.size.rows) - 10))
  return shown.map((text, at) => ({
    ...line(span(at === 0 ? sign : ' '.repeat(sign.length)), span(text, 'typed')),
    ...(at === shown.length - 1 ? { cursor: true } : {}),
  }))
}

const chosenOf = ({ value }: Question): ReadonlySet<string> =>
  new Set(Array.isArray(value) ? value.map(String) : value === null ? [] : [String(value)])

const markOf = (kind: Question['kind'], ticked: boolean): string =>
  kind === 'select-many' ? (ticked ? '[x] ' : '[ ] ') : ticked ? '● ' : '  '

function choiceLines({ size }: State, question: Question): Line[] {
  const { kind, choices } = question
  const chosen = chosenOf(question)
  const height = Math.max(4, bodyRows(size.rows) - 10)
  const columns = choices.length > height ? 2 : 1
  const each = Math.floor((size.columns - 6) / columns)
  const cells = choices.map(({ value, label }, at): Span => {
    const ticked = chosen.has(value)
    return span(
      pad(`${String(at + 1).padStart(2)}  ${markOf(kind, ticked)}${label}`, each),
      ticked ? 'good' : 'plain',
    )
  })
  const rows = Math.ceil(cells.length / columns)
  return Array.from({ length: rows }, (_, at) =>
    line('  ', ...cells.filter((_cell, index) => index % rows === at)),
  )
}

/** Part of a long list around what is marked; each with its number. */
function listLines({ size }: State, screen: FormScreen, question: Question): Line[] {
  const { kind, choices, value } = question
  const fitting = placesOfChoices(choices, screen.entry ?? '')
  const marked = markedChoice(screen, fitting)
  const chosen = chosenOf(question)
  const standing = typeof value === 'string' ? fitting.findIndex((at) => choices[at]?.value === value) : -1
  const height = Math.max(3, bodyRows(size.rows) - 9)
  const digits = String(choices.length).length
  const shown = windowOf(fitting, marked ?? Math.max(0, standing), height)
  return shown.rows.map((place, at) => {
    const { value: one, label } = choices[place]!
    const isMarked = shown.from + at === marked
    const text = `${String(place + 1).padStart(digits)}  ${markOf(kind, chosen.has(one))}${label}`
    return {
      ...line(
        span(isMarked ? ' › ' : INDENT, 'strong'),
        span(cut(text, size.columns - 6), chosen.has(one) ? 'good' : 'plain'),
      ),
      selected: isMarked,
    }
  })
}

function orderLines({ size, language }: State, screen: FormScreen, question: Question): Line[] {
  const { choices } = question
  const { mark, held, taken, order } = screen.hand
  const shown = windowOf(orderShown(screen, question), mark ?? 0, Math.max(3, bodyRows(size.rows) - 9))
  const isAnswered = question.value !== null || order !== null
  return shown.rows.map((value, at) => {
    const place = shown.from + at
    const number = choices.findIndex((one) => one.value === value)
    const isMarked = place === mark
    const sure = isAnswered && (taken === 0 || place < taken)
    const rank = sure
      ? say(language, [`第 ${place + 1} `, `${place + 1}. `])
      : say(language, ['  –  ', ' – '])
    const key = number < 9 ? `[${number + 1}] ` : '    '
    return {
      ...line(
        span(isMarked ? ' › ' : INDENT, 'strong'),
        span(
          cut(`${rank.padEnd(5)}${key}${choices[number]?.label ?? value}`, size.columns - 12),
          sure ? 'good' : 'plain',
        ),
        isMarked && held ? span(say(language, [' ↕ 拿着', ' ↕ held']), 'warn') : '',
      ),
      selected: isMarked,
    }
  })
}

function scaleLines({ size }: State, screen: FormScreen, question: Question): Line[] {
  const { range, appearances } = question
  if (!range) return []
  const typed = shownText(screen, question)
  if (appearances.includes('rating')) return [line(span(INDENT + stars(range, typed), 'good'))]
  return [line(span(INDENT + scaleLine(range, typed, size.columns - 8), 'plain'))]
}

/** One row for each repetition, with its first answers. */
function repetitionLines(state: State, screen: FormScreen, place: Repeat): Line[] {
  const { size, language } = state
  const groups = repetitionsOf(state.facts.form?.places ?? [], place)
  const { mark } = screen.hand
  const shown = windowOf(groups, mark ?? groups.length - 1, Math.max(3, bodyRows(size.rows) - 11))
  const rows = shown.rows.map((questions, at) => {
    const number = shown.from + at
    const answers = questions.filter((one) => one.value !== null && one.kind !== 'note').map(shortAnswer)
    const text = answers.join(' · ') || say(language, ['(还没填)', '(nothing yet)'])
    return {
      ...line(
        span(number === mark ? ' › ' : INDENT, 'strong'),
        span(cut(`${String(number + 1).padStart(2)}  ${text}`, size.columns - 6)),
      ),
      selected: number === mark,
    }
  })
  const more = place.count === 0 ? ['添一组', 'Add one'] : ['再添一组', 'Add another']
  return [
    ...rows,
    ...(rows.length > 0 ? [blank] : []),
    line(`${INDENT}1  ${say(language, more as [string, string])}`),
    line(
      `${INDENT}2  ${say(language, place.count === 0 ? ['没有', 'There is none'] : ['够了', 'That is all'])}`,
    ),
  ]
}
