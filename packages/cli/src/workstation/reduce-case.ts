import {
  type CaseCard,
  type CaseStep,
  caseSteps,
  onlyAsks,
  returnReasons,
  satisfactions,
  stepsFrom,
} from '@doorstep/core'
import { dropLastGlyph } from './cells.ts'
import { reduceChoices } from './choice-list.ts'
import { todayOf } from './dates.ts'
import type { CaseQuestion, CaseScreen } from './screens.ts'
import { type Event, replaceTop, type State, type Step, step } from './state.ts'
import { typedDay } from './typed-day.ts'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>
type Pending = NonNullable<CaseScreen['pending']>
const SAVING = ['正在存盘', 'Saving'] as const

/** One case: its past above, the steps that may come now below. */
export function reduceCase(state: State, screen: CaseScreen, event: KeyEvent): Step {
  const card = state.facts.case
  if (card?.id !== screen.id) return step(state)
  if (screen.pending) return reducePending(state, screen, card, screen.pending, event)
  const steps = stepsHere(card, state.who)
  const choose = (at: number) => {
    const chosen = steps[at]
    if (chosen === undefined) return step(state)
    const pending = { step: chosen, asked: 0, said: {}, missing: false }
    return step(replaceTop(state, { ...screen, at, pending }))
  }
  return reduceChoices(state, screen, event, steps.length, choose)
}

/**
 * What waits for a chief's word comes first, for a chief; whoever asked may take it back. The report is how a case
 * begins: it is no step to choose again.
 */
export function stepsHere(
  { state, awaiting }: Pick<CaseCard, 'state' | 'awaiting'>,
  { leads, id }: Pick<State['who'], 'leads' | 'id'>,
): readonly CaseStep[] {
  const words: CaseStep[] = leads && awaiting.length > 0 ? ['approve', 'refuse'] : []
  const own: CaseStep[] = awaiting.some(({ by }) => by.member === id) ? ['take-back'] : []
  return [...words, ...stepsFrom(state).filter((one) => one !== 'report'), ...own]
}

/** Whether a step taken by this member only asks for it. */
export const asksHere = (one: CaseStep, { leads }: Pick<State['who'], 'leads'>): boolean =>
  onlyAsks(one, leads ? 'chief' : 'worker')

/** The request that a word is about: the oldest that waits, or one's own. */
function requestOf(one: CaseStep, { awaiting }: CaseCard, id: string): string | null {
  if (one === 'approve' || one === 'refuse') return awaiting[0]?.id ?? null
  return one === 'take-back' ? (awaiting.find(({ by }) => by.member === id)?.id ?? null) : null
}

/** What each step asks for, in order; a blank answer will do where none is needed. */
export function questionsOf(
  one: CaseStep,
  { evidence }: Pick<CaseCard, 'evidence'>,
): readonly CaseQuestion[] {
  switch (one) {
    case 'close':
      return evidence.wanted && evidence.after.length === 0 ? ['noPhoto', 'note'] : ['note']
    case 'dispatch':
      return ['to', 'note']
    case 'return':
      return ['note', 'because']
    case 'extend':
      return ['note', 'due']
    case 'call-back':
      return ['satisfaction', 'spokeTo', 'note']
    default:
      return ['note']
  }
}

export const isNeeded = (one: CaseStep, question: CaseQuestion): boolean => {
  const rule = caseSteps[one]
  return question === 'satisfaction' || question === 'noPhoto' || ('needs' in rule && rule.needs === question)
}

/** Answers of one digit: their names, in order. */
export const answersOf = (question: CaseQuestion): readonly string[] =>
  question === 'because'
    ? Object.keys(returnReasons)
    : question === 'satisfaction'
      ? Object.keys(satisfactions)
      : []

function reducePending(
  state: State,
  screen: CaseScreen,
  card: CaseCard,
  pending: Pending,
  event: KeyEvent,
): Step {
  const questions = questionsOf(pending.step, card)
  const question = questions[pending.asked]!
  const typed = pending.said[question] ?? ''
  const set = (change: Partial<Pending>) =>
    step(replaceTop(state, { ...screen, pending: { ...pending, missing: false, ...change } }))
  const write = (text: string) => set({ said: { ...pending.said, [question]: text } })
  /** The answer as it is kept; null when it will not do. */
  const answer = (text: string): string | null => {
    if (text === '') return isNeeded(pending.step, question) ? null : ''
    if (question === 'due') return typedDay(text, todayOf(state))
    const answers = answersOf(question)
    return answers.length === 0 ? text : (answers[Number(text) - 1] ?? null)
  }
  const take = (text: string): Step => {
    const said = answer(text.trim())
    if (said === null) return set({ missing: true })
    const all = { ...pending.said, [question]: said }
    if (pending.asked + 1 < questions.length) return set({ said: all, asked: pending.asked + 1 })
    const told = Object.fromEntries(Object.entries(all).filter(([, one]) => one !== ''))
    return step(
      { ...replaceTop(state, { ...screen, pending: null, at: 0 }), busy: SAVING },
      {
        type: 'step-case',
        id: screen.id,
        step: pending.step,
        said: told,
        of: requestOf(pending.step, card, state.who.id),
      },
    )
  }
  if (event.type === 'text')
    return answersOf(question).length > 0 ? take(event.text) : write(typed + event.text)
  if (event.type !== 'command') return step(state)
  switch (event.command) {
    case 'erase':
      return write(dropLastGlyph(typed))
    case 'clear':
      return write('')
    case 'enter':
      return take(typed)
    default:
      return step(state)
  }
}
