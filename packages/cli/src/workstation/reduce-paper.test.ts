import { expect, test } from 'vitest'
import { AT_DOOR, howGiven, turned } from './how.ts'
import { reduce } from './reduce.ts'
import { pastDay } from './reduce-paper.ts'
import { pickFirst, type Screen } from './screens.ts'
import { type Event, push, type State, topOf } from './state.ts'
import { sampleState } from './testing/sample-state.test.data.ts'

const key = (command: Extract<Event, { type: 'command' }>['command']): Event => ({ type: 'command', command })
const typed = (text: string): Event => ({ type: 'text', text })
const run = (state: State, ...events: readonly Event[]) =>
  events.reduce(({ state: now }, event) => reduce(now, event), { state, effects: [] } as ReturnType<
    typeof reduce
  >)

const found = {
  type: 'sheet' as const,
  code: '7K3M20QX8HTR',
  household: 'hh-101',
  address: '1幢1单元101室',
  form: 'home-safety-check',
  version: '1',
  formTitle: '入户安全检查',
  printedOn: '2026-11-20',
  before: null,
}
const searching = (sheet: NonNullable<State['facts']['search']>['sheet']): State => {
  const text = 'DS:7K3M20QX8HTR'
  const state = push(sampleState(), { type: 'search', text, pick: pickFirst })
  return { ...state, facts: { ...state.facts, search: { text, matches: [], sheet: sheet ?? null } } }
}

test('a scanned code opens the sheet, asks which day it says, and opens that form on paper for that day', () => {
  const { state } = run(searching(found), key('enter'))
  expect(topOf(state)).toMatchObject({ type: 'sheet', household: 'hh-101', entry: '' })
  expect(topOf(run(state, key('enter')).state)).toMatchObject({ type: 'sheet', badDate: true })
  const opened = run(state, typed('1'), key('enter'))
  const how = { mode: 'paper', sheet: found.code, again: false }
  expect(topOf(opened.state)).toMatchObject({ type: 'form', household: 'hh-101', how })
  expect(opened.effects).toMatchObject([{ type: 'open-form', form: found.form, version: '1', how }])
  const again = run(
    searching({ ...found, before: { by: '乙', on: '2026-11-21' } }),
    key('enter'),
    typed('1'),
    key('enter'),
  )
  expect(again.effects).toMatchObject([{ how: { again: true } }])
})

test('a code that means nothing here says so and opens nothing', () => {
  const state = searching({ type: 'no-sheet', words: ['这台机器没有这一户', 'no such household'] })
  const after = run(state, key('enter')).state
  expect(topOf(after).type).toBe('search')
  expect(after.notice).toMatchObject({ tone: 'warn', words: ['这台机器没有这一户', 'no such household'] })
})

test('the day of a sheet lies behind, and is never guessed into the future', () => {
  const today = '2026-11-26'
  expect(pastDay('0', today)).toBe(today)
  expect(pastDay('2', today)).toBe('2026-11-24')
  expect(pastDay('-2', today)).toBe('2026-11-24')
  expect(pastDay('11-24', today)).toBe('2026-11-24')
  expect(pastDay('1124', today)).toBe('2026-11-24')
  expect(pastDay('12-01', today)).toBe('2025-12-01')
  expect(pastDay('2026-11-20', today)).toBe('2026-11-20')
  expect(pastDay('2026-12-01', today)).toBeNull()
  expect(pastDay('', today)).toBeNull()
  expect(pastDay('昨天', today)).toBeNull()
})

test('one key goes through the modes of a visit; it is saved with the one that stands there', () => {
  const quick: Screen = {
    ...{ type: 'quick', household: 'hh-101', outcome: 'met', contact: null },
    ...{ next: 0, note: '', typing: false },
  }
  const { state } = run(push(sampleState(), quick), key('mode'))
  expect(topOf(state)).toMatchObject({ how: { mode: 'phone' } })
  expect(run(state, key('enter')).effects).toMatchObject([
    { type: 'visit', how: { mode: 'phone', on: null } },
  ])
  const seen = [AT_DOOR]
  while (seen.length < 5) seen.push(turned(seen.at(-1)!))
  expect(seen.map(({ mode }) => mode)).toEqual(['door', 'phone', 'video', 'paper', 'door'])
  const sheet = { mode: 'paper', on: '2026-11-24', sheet: found.code, again: false } as const
  expect(turned(sheet)).toBe(sheet)
  expect(howGiven(sheet)).toEqual({ mode: 'paper', on: '2026-11-24', sheet: found.code, again: false })
  expect(howGiven(AT_DOOR)).toEqual({ mode: 'door' })
})

test('a notice is written by one digit, and sent to the printer only when asked', () => {
  const { state } = run(push(sampleState(), { type: 'door', household: 'hh-101', scroll: 0 }), key('notice'))
  expect(run(state, key('enter')).effects).toEqual([])
  const asked = run(state, { type: 'digit', digit: 1 })
  expect(asked.effects).toEqual([{ type: 'print-notice', household: 'hh-101', kind: 'absent' }])
  const written = run(asked.state, { type: 'notice-written', file: '/tmp/n.pdf' })
  expect(written.state.busy).toBeNull()
  expect(run(written.state, key('enter')).effects).toEqual([{ type: 'send-print', file: '/tmp/n.pdf' }])
})
