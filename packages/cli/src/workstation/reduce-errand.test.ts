import { expect, test } from 'vitest'
import { reduce } from './reduce.ts'
import { fieldOf, thingsIn } from './reduce-errand.ts'
import { type Event, push, topOf } from './state.ts'
import { sampleState } from './testing/sample-state.test.data.ts'

const key = (command: Extract<Event, { type: 'command' }>['command']): Event => ({ type: 'command', command })
const run = (state: ReturnType<typeof sampleState>, ...events: readonly Event[]) =>
  events.reduce(({ state: now }, event) => reduce(now, event), { state, effects: [] } as ReturnType<
    typeof reduce
  >)

test('papers, money and a receipt are told apart in one line', () => {
  expect(thingsIn('存折、病历 100.50元 #20261126-08')).toEqual({
    papers: ['存折', '病历'],
    fen: 10_050,
    receipt: '20261126-08',
  })
  expect(thingsIn('¥3 2.5')).toEqual({ papers: [], fen: 550, receipt: null })
  expect(thingsIn(' ')).toEqual({ papers: [], fen: 0, receipt: null })
  expect(thingsIn('3号单元钥匙')).toMatchObject({ papers: ['3号单元钥匙'], fen: 0 })
})

test('a step asks for what it needs and nothing else', () => {
  expect(fieldOf('take')).toBe('things')
  expect(fieldOf('appoint')).toBe('day')
  expect(fieldOf('sign')).toBe('relation')
  expect(fieldOf('cancel')).toBe('note')
  expect(fieldOf('identify')).toBeNull()
})

test('at the door one key lists the errands, takes one on, and takes its next step', () => {
  const door = push(sampleState(), { type: 'door', household: 'hh-101', scroll: 0 })
  const list = run(door, key('errands')).state
  expect(topOf(list)).toMatchObject({ type: 'errands', household: 'hh-101' })
  const asked = run(
    list,
    key('new-errand'),
    { type: 'digit', digit: 1 },
    { type: 'text', text: '高龄津贴' },
    key('enter'),
    key('enter'),
  )
  expect(asked.effects).toEqual([
    { type: 'open-errand', household: 'hh-101', kind: 'allowance', what: '高龄津贴', dueOn: null },
  ])
  // From `taken`: appoint is the first step that may come, and wants a day.
  const one = run(list, key('enter')).state
  expect(topOf(one)).toMatchObject({ type: 'errand', id: 'ed-1' })
  const day = run(one, { type: 'digit', digit: 1 }, key('enter')).state
  expect(topOf(day)).toMatchObject({ pending: { step: 'appoint', missing: true } })
  const stepped = run(day, { type: 'text', text: '+1' }, key('enter'))
  expect(stepped.effects).toMatchObject([
    { type: 'step-errand', id: 'ed-1', step: 'appoint', papers: [], fen: 0 },
  ])
})
