import { dropLastGlyph } from './cells.ts'
import { todayOf } from './dates.ts'
import type { NewCaseScreen } from './screens.ts'
import { type Event, replaceTop, type State, type Step, step } from './state.ts'
import { typedDay } from './typed-day.ts'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>
const SAVING = ['正在存盘', 'Saving'] as const

/** Kind, title, how bad, until when: four questions, each with one key for the likely answer. */
export function reduceNewCase(state: State, screen: NewCaseScreen, event: KeyEvent): Step {
  const set = (change: Partial<NewCaseScreen>) => step(replaceTop(state, { ...screen, ...change }))
  if (event.type === 'text') return set({ entry: screen.entry + event.text, badDate: false })
  if (event.type === 'digit') return choose(state, screen, event.digit)
  const last = state.facts.kinds.length - 1
  switch (event.command) {
    case 'up':
      return screen.step === 'kind' ? set({ at: Math.max(0, screen.at - 1) }) : step(state)
    case 'down':
      return screen.step === 'kind' ? set({ at: Math.min(last, screen.at + 1) }) : step(state)
    case 'erase':
      return set({ entry: dropLastGlyph(screen.entry), badDate: false })
    case 'clear':
      return set({ entry: '', badDate: false })
    case 'enter':
      if (screen.step === 'kind') return choose(state, screen, screen.at + 1)
      return screen.step === 'grade' ? choose(state, screen, 1) : acceptTyped(state, screen)
    default:
      return step(state)
  }
}

function choose(state: State, screen: NewCaseScreen, digit: number): Step {
  const set = (change: Partial<NewCaseScreen>) => step(replaceTop(state, { ...screen, ...change }))
  if (screen.step === 'kind') {
    const kind = state.facts.kinds[digit - 1]
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
