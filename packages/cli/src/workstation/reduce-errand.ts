import { type ErrandKind, type ErrandStep, errandRule, errandStepsFrom, recordTypes } from '@doorstep/core'
import { dropLastGlyph } from './cells.ts'
import { reduceChoices } from './choice-list.ts'
import { todayOf } from './dates.ts'
import { type ErrandScreen, type NewErrandScreen, pickFirst } from './screens.ts'
import { type Event, push, replaceTop, type State, type Step, step } from './state.ts'
import { typedDay } from './typed-day.ts'
import { typedLine } from './typed-line.ts'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>

export const errandKinds = Object.keys(recordTypes.errand.fields.kind.choices) as readonly ErrandKind[]

/** What a step asks for, in one line: papers and money, a day, who signed, a reason. */
export type ErrandField = 'things' | 'day' | 'relation' | 'note'

export function fieldOf(one: ErrandStep): ErrandField | null {
  if (one === 'appoint') return 'day'
  if (one === 'sign') return 'relation'
  const { moves, needs } = errandRule(one)
  return moves ? 'things' : needs === 'note' ? 'note' : null
}

export type Things = {
  readonly papers: readonly string[]
  readonly fen: number
  readonly receipt: string | null
}

/** `存折 病历 100.50元 #20261126-08`: papers by name, money by its figures, a receipt's number behind a #. */
export function thingsIn(text: string): Things {
  const papers: string[] = []
  let fen = 0
  let receipt: string | null = null
  for (const word of text.normalize('NFKC').split(/[\s,、;]+/)) {
    const money = /^[¥￥]?(\d{1,7})(?:\.(\d{1,2}))?(?:元|yuan)?$/i.exec(word)
    if (word.startsWith('#')) receipt = word.slice(1) || null
    else if (money) fen += Number(money[1]) * 100 + Number((money[2] ?? '').padEnd(2, '0'))
    else if (word !== '') papers.push(word)
  }
  return { papers, fen, receipt }
}

export const openErrands = (state: State, household: string): State =>
  push(state, { type: 'errands', household, pick: pickFirst })

export const newErrand = (household: string): NewErrandScreen => ({
  type: 'new-errand',
  household,
  step: 'kind',
  kind: 'other',
  what: '',
  entry: '',
  badDate: false,
})

export function reduceNewErrand(state: State, screen: NewErrandScreen, event: KeyEvent): Step {
  const set = (change: Partial<NewErrandScreen>) =>
    step(replaceTop(state, { ...screen, badDate: false, ...change }))
  if (screen.step === 'kind') {
    const kind = event.type === 'digit' ? errandKinds[event.digit - 1] : undefined
    return kind ? set({ kind, step: 'what' }) : step(state)
  }
  const typed = typedLine(screen.entry, event)
  if (typed !== null) return set({ entry: typed })
  if (event.type !== 'command' || event.command !== 'enter') return step(state)
  const { household, kind } = screen
  const entry = screen.entry.trim()
  if (screen.step === 'what') return entry === '' ? step(state) : set({ what: entry, entry: '', step: 'due' })
  const dueOn = entry === '' ? null : typedDay(entry, todayOf(state))
  if (entry !== '' && dueOn === null) return set({ badDate: true })
  return step(
    { ...state, busy: ['正在存盘', 'Saving'] },
    { type: 'open-errand', household, kind, what: screen.what, dueOn },
  )
}

/** One errand: what was done above, what may come now below. */
export function reduceErrand(state: State, screen: ErrandScreen, event: KeyEvent): Step {
  const card = state.facts.errand
  if (card?.id !== screen.id) return step(state)
  const { pending } = screen
  if (pending) return reducePending(state, screen, pending, event)
  const steps = errandStepsFrom(card.state)
  const choose = (at: number) => {
    const chosen = steps[at]
    if (!chosen) return step(state)
    if (fieldOf(chosen) === null) return take(state, { ...screen, at }, chosen, '')
    return step(replaceTop(state, { ...screen, at, pending: { step: chosen, text: '', missing: false } }))
  }
  return reduceChoices(state, screen, event, steps.length, choose)
}

function reducePending(
  state: State,
  screen: ErrandScreen,
  pending: NonNullable<ErrandScreen['pending']>,
  event: KeyEvent,
): Step {
  const set = (change: Partial<typeof pending>) =>
    step(replaceTop(state, { ...screen, pending: { ...pending, missing: false, ...change } }))
  if (event.type === 'text') return set({ text: pending.text + event.text })
  if (event.type !== 'command') return step(state)
  switch (event.command) {
    case 'erase':
      return set({ text: dropLastGlyph(pending.text) })
    case 'clear':
      return set({ text: '' })
    case 'enter': {
      const text = pending.text.trim()
      const needed = errandRule(pending.step).needs !== undefined
      if (text === '' && needed) return set({ missing: true })
      if (pending.step === 'appoint' && typedDay(text, todayOf(state)) === null) return set({ missing: true })
      return take(state, screen, pending.step, text)
    }
    default:
      return step(state)
  }
}

function take(state: State, screen: ErrandScreen, one: ErrandStep, text: string): Step {
  const field = fieldOf(one)
  const { papers, fen, receipt } = field === 'things' ? thingsIn(text) : { papers: [], fen: 0, receipt: null }
  return step(
    { ...replaceTop(state, { ...screen, pending: null, at: 0 }), busy: ['正在存盘', 'Saving'] },
    {
      type: 'step-errand',
      id: screen.id,
      step: one,
      papers,
      fen,
      receipt,
      on: field === 'day' ? typedDay(text, todayOf(state)) : null,
      relation: field === 'relation' ? text : '',
      note: field === 'note' ? text : '',
    },
  )
}
