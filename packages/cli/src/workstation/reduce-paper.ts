import { addDays } from '@doorstep/core'
import { todayOf } from './dates.ts'
import { formScreen, type NoticeScreen, type SheetScreen } from './screens.ts'
import { type Event, push, replaceTop, type State, type Step, step } from './state.ts'
import { typedDay } from './typed-day.ts'
import { typedLine } from './typed-line.ts'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>

/** A code in the search: what the sheet is, and the one thing that only the paper says: the day. */
export function openSheet(state: State): State {
  const found = state.facts.search?.sheet
  if (!found) return state
  if (found.type === 'no-sheet') return { ...state, notice: { tone: 'warn', words: found.words } }
  const { type: _, ...sheet } = found
  return push(state, { type: 'sheet', ...sheet, entry: '', badDate: false })
}

export function reduceSheet(state: State, screen: SheetScreen, event: KeyEvent): Step {
  const set = (change: Partial<SheetScreen>) =>
    step(replaceTop(state, { ...screen, badDate: false, ...change }))
  const typed = typedLine(screen.entry, event)
  if (typed !== null) return set({ entry: typed })
  if (event.type !== 'command' || event.command !== 'enter') return step(state)
  const on = pastDay(screen.entry, todayOf(state))
  if (on === null) return set({ badDate: true })
  const { household, form, version, code, before } = screen
  const how = { mode: 'paper' as const, on, sheet: code, again: before !== null }
  const below = { ...state, facts: { ...state.facts, form: null } }
  return step(replaceTop(below, { ...formScreen(household, form), how }), {
    type: 'open-form',
    household,
    form,
    person: null,
    version,
    how,
  })
}

/** As one types a day, but behind one: `11-24` is the last such day, `0` today, `-2` the day before yesterday. */
export function pastDay(text: string, today: string): string | null {
  const typed = text.normalize('NFKC').trim()
  const back = /^-?(\d{1,3})$/.exec(typed)
  if (back) return addDays(today, -Number(back[1]))
  const day = typedDay(typed, today)
  if (day === null || day <= today) return day
  const lastYear = `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`
  // Of a day given with its year nothing is guessed.
  return /\d{4}/.test(typed.replace(/^\d{4}$/, '')) ? null : lastYear
}

/** One digit chooses and writes; ↵ then sends it to the printer. */
export function reduceNotice(state: State, screen: NoticeScreen, event: KeyEvent): Step {
  const { household, file } = screen
  if (event.type === 'digit') {
    const kind = NOTICES[event.digit - 1]
    return kind
      ? step({ ...state, busy: ['正在写 PDF', 'Writing the PDF'] }, { type: 'print-notice', household, kind })
      : step(state)
  }
  if (event.type === 'command' && event.command === 'enter' && file !== null)
    return step({ ...state, busy: ['正在送打印机', 'Sending to the printer'] }, { type: 'send-print', file })
  return step(state)
}

export const NOTICES = ['absent', 'hazard', 'appointment'] as const
