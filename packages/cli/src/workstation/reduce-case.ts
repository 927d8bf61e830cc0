import { type CaseStep, caseSteps, stepsFrom } from '@doorstep/core'
import { dropLastGlyph } from './cells.ts'
import { reduceChoices } from './choice-list.ts'
import { todayOf } from './dates.ts'
import type { CaseScreen, NewCaseScreen } from './screens.ts'
import { type Event, replaceTop, type State, type Step, step } from './state.ts'
import { typedDay } from './typed-day.ts'
import { caseKinds } from './words.ts'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>
const SAVING = ['正在存盘', 'Saving'] as const

/** Kind, title, how bad, until when: four questions, each with one key for the likely answer. */
export function reduceNewCase(state: State, screen: NewCaseScreen, event: KeyEvent): Step {
  const set = (change: Partial<NewCaseScreen>) => step(replaceTop(state, { ...screen, ...change }))
  if (event.type === 'text') return set({ entry: screen.entry + event.text, badDate: false })
  if (event.type === 'digit') return chooseInNewCase(state, screen, event.digit)
  switch (event.command) {
    case 'erase':
      return set({ entry: dropLastGlyph(screen.entry), badDate: false })
    case 'clear':
      return set({ entry: '', badDate: false })
    case 'enter':
      return screen.step === 'kind' || screen.step === 'grade'
        ? chooseInNewCase(state, screen, 1)
        : acceptTyped(state, screen)
    default:
      return step(state)
  }
}

function chooseInNewCase(state: State, screen: NewCaseScreen, digit: number): Step {
  const set = (change: Partial<NewCaseScreen>) => step(replaceTop(state, { ...screen, ...change }))
  if (screen.step === 'kind') {
    const kind = caseKinds[digit - 1]
    return kind ? set({ kind: kind.code, step: 'title', entry: '' }) : step(state)
  }
  if (screen.step !== 'grade' || digit < 1 || digit > 2) return step(state)
  return set({ grade: digit === 2 ? 'serious' : 'ordinary', step: 'due', entry: '' })
}

function acceptTyped(state: State, screen: NewCaseScreen): Step {
  const entry = screen.entry.trim()
  if (screen.step === 'title')
    return entry === ''
      ? step(state)
      : step(replaceTop(state, { ...screen, title: entry, step: 'grade', entry: '' }))
  const dueOn = entry === '' ? null : typedDay(entry, todayOf(state))
  if (entry !== '' && dueOn === null) return step(replaceTop(state, { ...screen, badDate: true }))
  const { household, kind, title, grade } = screen
  return step({ ...state, busy: SAVING }, { type: 'open-case', household, kind, title, grade, dueOn })
}

/** One case: its past above, the steps that may come now below. */
export function reduceCase(state: State, screen: CaseScreen, event: KeyEvent): Step {
  const card = state.facts.case
  if (card?.id !== screen.id) return step(state)
  if (screen.pending) return reducePending(state, screen, screen.pending, event)
  const steps = stepsHere(card.state)
  const choose = (at: number) => {
    const chosen = steps[at]
    return chosen
      ? step(
          replaceTop(state, {
            ...screen,
            at,
            pending: { step: chosen, field: 'note', note: '', due: '', missing: false },
          }),
        )
      : step(state)
  }
  return reduceChoices(state, screen, event, steps.length, choose)
}

/** The report is how a case begins; it is no step to choose again. */
export const stepsHere = (caseState: Parameters<typeof stepsFrom>[0]): readonly CaseStep[] =>
  stepsFrom(caseState).filter((one) => one !== 'report')

export function needsOf(one: CaseStep): 'note' | 'due' | null {
  const rule = caseSteps[one]
  return 'needs' in rule ? rule.needs : null
}

function reducePending(
  state: State,
  screen: CaseScreen,
  pending: NonNullable<CaseScreen['pending']>,
  event: KeyEvent,
): Step {
  const set = (change: Partial<typeof pending>) =>
    step(replaceTop(state, { ...screen, pending: { ...pending, missing: false, ...change } }))
  const { field } = pending
  if (event.type === 'text') return set({ [field]: pending[field] + event.text })
  if (event.type !== 'command') return step(state)
  switch (event.command) {
    case 'erase':
      return set({ [field]: dropLastGlyph(pending[field]) })
    case 'clear':
      return set({ [field]: '' })
    case 'enter': {
      const needs = needsOf(pending.step)
      if (field === 'note' && needs === 'note' && pending.note.trim() === '') return set({ missing: true })
      if (field === 'note' && needs === 'due') return set({ field: 'due' })
      const due = needs === 'due' ? typedDay(pending.due, todayOf(state)) : null
      if (needs === 'due' && due === null) return set({ missing: true })
      return step(
        { ...replaceTop(state, { ...screen, pending: null, at: 0 }), busy: SAVING },
        { type: 'step-case', id: screen.id, step: pending.step, note: pending.note.trim(), due },
      )
    }
    default:
      return step(state)
  }
}
