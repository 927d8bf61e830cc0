import type { Question } from '@doorstep/core'
import { dropLastGlyph } from './cells.ts'
import { todayOf } from './dates.ts'
import { placeFrom, questionAt } from './form-place.ts'
import { isTyped } from './keys.ts'
import { type FormScreen, NEXT_CHOICES } from './screens.ts'
import { type Event, push, replaceTop, type State, type Step, step, topOf } from './state.ts'
import { typedDay } from './typed-day.ts'

type FormEvent = Extract<Event, { type: 'command' | 'digit' | 'text' | 'form-at' | 'form-refused' }>

/** One question at a time; an answer moves on, and every answer is on the disk before the next question shows. */
export function reduceForm(state: State, event: FormEvent): Step {
  const screen = topOf(state)
  if (screen.type !== 'form') return step(state)
  if (event.type === 'form-at')
    return step(replaceTop({ ...state, busy: null }, { ...screen, at: event.at, entry: null, problem: null }))
  if (event.type === 'form-refused')
    return step(replaceTop({ ...state, busy: null }, { ...screen, problem: event.problem }))
  if (event.type === 'command' && event.command === 'drop-draft')
    return step(push(state, { type: 'drop-draft', household: screen.household }))
  const { form } = state.facts
  if (screen.at === null || !form) return step(state)
  const question = questionAt(state)
  if (screen.at === 'summary' || !question) return reduceSummary(state, screen, event)
  const go = (by: 1 | -1) =>
    step(
      replaceTop(state, {
        ...screen,
        at: placeFrom(form.questions, screen.at, by),
        entry: null,
        problem: null,
      }),
    )
  if (event.type === 'digit') return answerDigit(state, screen, question, event.digit)
  if (event.type === 'text')
    return step(
      replaceTop(state, {
        ...screen,
        entry: (screen.entry ?? startOf(question)) + event.text,
        problem: null,
      }),
    )
  switch (event.command) {
    case 'previous':
      return go(-1)
    case 'next':
      return screen.entry === null ? go(1) : confirm(state, screen, question)
    case 'enter':
      return confirm(state, screen, question)
    case 'erase':
      return step(
        replaceTop(state, {
          ...screen,
          entry: dropLastGlyph(screen.entry ?? valueText(question)),
          problem: null,
        }),
      )
    case 'clear':
      return isTyped(question.kind)
        ? step(replaceTop(state, { ...screen, entry: '', problem: null }))
        : answer(state, screen, question.ref, null, 'stay')
    case 'more':
    case 'less':
      return repeat(state, screen, question, event.command)
    default:
      return step(state)
  }
}

const answer = (
  state: State,
  screen: FormScreen,
  ref: string,
  value: unknown,
  after: 'next' | 'stay' = 'next',
): Step => step(state, { type: 'answer', household: screen.household, ref, value, after })

/** Words are added to; a number or a date typed anew replaces the old one. */
const startOf = (question: Question): string => (question.kind === 'text' ? valueText(question) : '')

/** An answer as one would type it. */
export function valueText(question: Question): string {
  const { value, choices } = question
  if (value === null) return ''
  if (typeof value === 'object' && 'latitude' in value) return `${value.latitude} ${value.longitude}`
  if (typeof value === 'object')
    return value.map((one) => String(choices.findIndex((choice) => choice.value === one) + 1)).join(' ')
  return String(value)
}

function confirm(state: State, screen: FormScreen, question: Question): Step {
  const { kind, required, value } = question
  if (screen.entry !== null) return confirmTyped(state, screen, question, screen.entry)
  if (kind === 'trigger' && value === null) return answer(state, screen, question.ref, true)
  if (required && value === null && kind !== 'note')
    return step(replaceTop(state, { ...screen, problem: missing(question) }))
  const { questions } = state.facts.form!
  return step(
    replaceTop(state, { ...screen, at: placeFrom(questions, screen.at, 1), entry: null, problem: null }),
  )
}

function confirmTyped(state: State, screen: FormScreen, question: Question, entry: string): Step {
  if (entry.trim() === '' && question.required)
    return step(replaceTop(state, { ...screen, problem: missing(question) }))
  return answer(state, screen, question.ref, typedValue(question, entry, todayOf(state)))
}

/** What was typed, as the form takes it; what cannot be understood goes as it is, and the form says why not. */
export function typedValue({ kind, choices }: Question, entry: string, today: string): unknown {
  if (entry.trim() === '') return null
  if (kind === 'date') return typedDay(entry, today) ?? entry
  if (kind === 'rank') return picked(choices, entry.split(/\D+/).filter(Boolean).map(Number))
  if (kind === 'select-one') return choices[Number(entry) - 1]?.value ?? null
  return entry
}

const picked = (choices: Question['choices'], places: readonly number[]): readonly string[] =>
  places.flatMap((place) => choices[place - 1]?.value ?? [])

const missing = (question: Question) => ({
  type: 'answer-required' as const,
  question: question.path,
  label: question.label,
  reason: question.problem?.type === 'answer-required' ? question.problem.reason : '',
})

function answerDigit(state: State, screen: FormScreen, question: Question, digit: number): Step {
  const { kind, ref, choices, value } = question
  if (kind === 'select-one' && choices.length > 9) {
    const entry = (screen.entry ?? '') + digit
    return step(replaceTop(state, { ...screen, entry: choices[Number(entry) - 1] ? entry : String(digit) }))
  }
  const choice = choices[digit - 1]
  if (kind === 'trigger' && digit === 1) return answer(state, screen, ref, true)
  if (!choice) return step(state)
  if (kind === 'select-one') return answer(state, screen, ref, choice.value)
  if (kind !== 'select-many') return step(state)
  const chosen = Array.isArray(value) ? (value as readonly string[]) : []
  const next = chosen.includes(choice.value)
    ? chosen.filter((one) => one !== choice.value)
    : choices.map((one) => one.value).filter((one) => one === choice.value || chosen.includes(one))
  return answer(state, screen, ref, next.length === 0 ? null : next, 'stay')
}

function repeat(state: State, screen: FormScreen, question: Question, how: 'more' | 'less'): Step {
  if (!question.repeat)
    return step({
      ...state,
      notice: { tone: 'quiet', words: ['这一题不成组', 'This question does not repeat'] },
    })
  const { ref, index } = question.repeat
  return step(state, {
    type: 'repeat',
    household: screen.household,
    ref: how === 'more' ? ref : `${ref}[${index + 1}]`,
    change: how === 'more' ? 'add' : 'remove',
  })
}

function reduceSummary(state: State, screen: FormScreen, event: FormEvent): Step {
  const form = state.facts.form!
  if (event.type === 'digit')
    return event.digit >= 1 && event.digit <= NEXT_CHOICES.length
      ? step(replaceTop(state, { ...screen, next: event.digit - 1 }))
      : step(state)
  if (event.type !== 'command') return step(state)
  if (event.command === 'previous')
    return step(replaceTop(state, { ...screen, at: placeFrom(form.questions, 'summary', -1), entry: null }))
  if (event.command !== 'enter') return step(state)
  const [problem] = form.problems
  if (!problem)
    return step(
      { ...state, busy: ['正在存盘', 'Saving'] },
      { type: 'save-form', household: screen.household, nextInDays: NEXT_CHOICES[screen.next] ?? null },
    )
  const open = form.questions.find((question) => question.path === problem.question)
  return step(replaceTop(state, { ...screen, at: open?.ref ?? screen.at, problem }))
}
