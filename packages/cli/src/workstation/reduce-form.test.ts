import type { FormPlace, Question } from '@doorstep/core'
import { expect, test } from 'vitest'
import { eventOf, type Press } from './keys.ts'
import { reduce } from './reduce.ts'
import { type FormScreen, formScreen } from './screens.ts'
import { type Effect, push, type State, topOf } from './state.ts'
import { sampleForm, sampleQuestions } from './testing/sample-form.test.data.ts'
import { sampleFacts, sampleState } from './testing/sample-state.test.data.ts'

/** Keys as they are pressed: what is longer than a character and no name is text. */
const NAMES = /^(enter|esc|up|down|left|right|tab|backspace|page-.*|ctrl-.*)$/

function press(state: State, ...keys: readonly string[]): { state: State; effects: readonly Effect[] } {
  let effects: readonly Effect[] = []
  let now = state
  for (const key of keys) {
    const pressed: Press = NAMES.test(key) ? { name: key } : { text: key }
    const event = eventOf(now, pressed)
    if (!event) continue
    const done = reduce(now, event)
    now = done.state
    effects = done.effects
  }
  return { state: now, effects }
}

const formAt = (at: string, more: Partial<FormScreen> = {}, places?: readonly FormPlace[]): State =>
  push(sampleState(places ? { facts: { ...sampleFacts, form: { ...sampleForm, places } } } : {}), {
    ...formScreen('hh-101', 'home-safety-check'),
    at,
    ...more,
  })
const screenOf = (state: State) => topOf(state) as FormScreen
const named = (name: string): Question => sampleQuestions.find((one) => one.name === name)!

test('a long list narrows as one types; ↵ takes what is marked, by label or by number', () => {
  expect(press(formAt('/data/long'), '选项 3', 'enter').effects).toMatchObject([{ value: 'v2' }])
  expect(press(formAt('/data/long'), '12', 'enter').effects).toMatchObject([{ value: 'v11' }])
  expect(press(formAt('/data/long'), '2', 'down', 'enter').effects).toMatchObject([{ value: 'v11' }])
  expect(press(formAt('/data/long'), 'down', 'down', 'enter').effects).toMatchObject([{ value: 'v1' }])
  const nothing = press(formAt('/data/long'), '没有这个', 'enter')
  expect(nothing.effects).toEqual([])
  expect(screenOf(nothing.state)).toMatchObject({ entry: '没有这个', problem: { type: 'choice-unknown' } })
})

test('in a long list with several answers ↵ ticks what was found and asks on; space ticks what is marked', () => {
  expect(press(formAt('/data/ticks'), '1', 'enter').effects).toMatchObject([
    { value: ['v0', 'v3', 'v7'], after: 'stay' },
  ])
  expect(press(formAt('/data/ticks'), 'down', 'down', 'down', 'down', ' ').effects).toMatchObject([
    { value: ['v7'], after: 'stay' },
  ])
  expect(screenOf(press(formAt('/data/ticks'), 'enter').state).at).toBe('/data/lines')
})

test('ten thousand choices are searched in a blink', () => {
  const choices = Array.from({ length: 10_000 }, (_, at) => ({ value: `s${at}`, label: `第${at}街` }))
  const state = formAt('/data/long', {}, [{ ...named('long'), choices }])
  const { user } = process.cpuUsage()
  expect(press(state, '9', '9', '9', '9', 'enter').effects).toMatchObject([{ value: 's9998' }])
  // By CPU time, and fifty times what it takes.
  expect(process.cpuUsage().user - user).toBeLessThan(2_000_000)
})

test('an order is said by numbers, the last one follows; or a row is taken up, carried and put down', () => {
  const choices = ['a', 'b', 'c'].map((value) => ({ value, label: value }))
  const state = formAt('/data/order', {}, [{ ...named('order'), choices }])
  expect(screenOf(press(state, '3').state).hand).toMatchObject({ order: ['c', 'a', 'b'], taken: 1 })
  expect(press(state, '3', '1').effects).toMatchObject([{ value: ['c', 'a', 'b'], after: 'next' }])
  const carried = press(state, 'down', ' ', 'down', 'down', ' ')
  expect(screenOf(carried.state).hand).toMatchObject({ order: ['b', 'c', 'a'], mark: 2, held: false })
  expect(press(carried.state, 'enter').effects).toMatchObject([{ value: ['b', 'c', 'a'] }])
  expect(press(carried.state, 'tab').effects).toMatchObject([{ value: ['b', 'c', 'a'] }])
  expect(screenOf(press(carried.state, 'x').state).hand.order).toBeNull()
})

test('a scale is moved by the arrows, within its ends, or typed', () => {
  const { state } = press(formAt('/data/scale'), 'right', 'right', 'right')
  expect(screenOf(state).entry).toBe('3')
  expect(screenOf(press(state, 'page-down').state).entry).toBe('5')
  expect(screenOf(press(state, 'page-up').state).entry).toBe('1')
  expect(press(state, 'left', 'enter').effects).toMatchObject([{ value: '2' }])
  expect(press(formAt('/data/scale'), '4', 'enter').effects).toMatchObject([{ value: '4' }])
  const range = { min: 1, max: 0, step: 0.1, whole: false }
  const tenths = formAt('/data/scale', {}, [{ ...named('scale'), range }])
  expect(screenOf(press(tenths, 'right', 'right', 'right', 'right').state).entry).toBe('0.7')
})

test('of several lines ↵ begins a new one, and on an empty one it is done', () => {
  const state = formAt('/data/lines', {}, [{ ...named('lines'), value: null }])
  const written = press(state, '一', 'enter', '二', 'enter')
  expect(written.effects).toEqual([])
  expect(press(written.state, 'enter').effects).toMatchObject([{ value: '一\n二' }])
  expect(press(state, '一', 'tab').effects).toMatchObject([{ value: '一' }])
})

test('numbers that are text take digits and signs alone; thousands may be set apart', () => {
  const secret = press(
    formAt('/data/secret', {}, [{ ...named('secret'), value: null }]),
    '１３８-abc',
    'enter',
  )
  expect(secret.effects).toEqual([])
  expect(screenOf(secret.state).problem).toMatchObject({ expected: 'numbers' })
  const state = press(secret.state, 'backspace', 'backspace', 'backspace', 'enter')
  expect(state.effects).toMatchObject([{ value: '138-' }])
  expect(press(formAt('/data/money'), '1,234', 'enter').effects).toMatchObject([{ value: '1234' }])
})

test('after the last repetition: another, enough, open one, or remove one by the same key twice', () => {
  const state = formAt('/data/people')
  const repeat = { type: 'repeat', household: 'hh-101' }
  expect(press(state, '1').effects).toEqual([{ ...repeat, ref: '/data/people', change: 'add' }])
  expect(screenOf(press(state, '2').state).at).toBe('summary')
  expect(screenOf(press(state, 'enter').state).at).toBe('summary')
  expect(screenOf(press(state, 'down', 'down', 'enter').state).at).toBe('/data/people[2]/name')
  expect(press(state, 'x').effects).toEqual([])
  expect(press(state, 'down', 'x').effects).toEqual([])
  expect(press(state, 'down', 'x', 'x').effects).toEqual([
    { ...repeat, ref: '/data/people[1]', change: 'remove' },
  ])
  expect(press(state, 'down', 'x', 'down', 'x').effects).toEqual([])
  expect(screenOf(press(state, 'up').state).at).toBe('/data/people[2]/name')
  expect(press(formAt('/data/people[2]/name'), 'ctrl-x').effects).toEqual([])
  expect(press(formAt('/data/people[2]/name'), 'ctrl-x', 'ctrl-x').effects).toMatchObject([
    { ref: '/data/people[2]', change: 'remove' },
  ])
})

test('going back takes along what is typed; what the form refuses is there again when one comes back', () => {
  const typed = press(formAt('/data/day'), '7', 'up')
  expect(typed.effects).toMatchObject([{ ref: '/data/day', value: '2026-12-01', after: 'previous' }])
  const refused = reduce(typed.state, { type: 'form-refused', problem: sampleForm.problems[1]! }).state
  const gone = press(refused, 'up').state
  expect(screenOf(gone)).toMatchObject({ at: '/data/words', entry: null, left: { '/data/day': '7' } })
  expect(screenOf(press(gone, 'tab').state)).toMatchObject({ at: '/data/day', entry: '7' })
  const left = press(gone, 'esc')
  expect(left.effects).toEqual([
    { type: 'keep-typed', household: 'hh-101', left: { '/data/day': '7' }, at: '/data/words' },
  ])
})

test('the form’s own language is changed in the middle of typing, and nothing is lost', () => {
  const { state, effects } = press(formAt('/data/words'), '写', 'ctrl-t')
  expect(effects).toEqual([{ type: 'form-language' }])
  expect(screenOf(state).entry).toMatch(/写$/)
})
