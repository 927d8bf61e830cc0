import { defaultCaseKinds } from '@doorstep/core'
import { expect, test } from 'vitest'
import { eventOf, type Press } from './keys.ts'
import { reduce } from './reduce.ts'
import { stepsHere } from './reduce-case.ts'
import { doorRows } from './rows.ts'
import { formScreen, pickedAt, type Screen } from './screens.ts'
import { type Effect, type Event, push, type State, topOf } from './state.ts'
import { doorRow, sampleBoard } from './testing/sample-day.test.data.ts'
import { sampleForm, sampleQuestions } from './testing/sample-form.test.data.ts'
import { sampleFacts, sampleState } from './testing/sample-state.test.data.ts'

const NAMED = /^(enter|esc|up|down|left|right|backspace|end|home|page-down|ctrl-.)$/

/** Presses keys one after the other; gives back where that leads and all that was asked to be done. */
function press(state: State, ...keys: readonly string[]): { state: State; effects: Effect[] } {
  const effects: Effect[] = []
  let now = state
  for (const key of keys) {
    const one: Press = NAMED.test(key) ? { name: key } : { text: key }
    const event = eventOf(now, one)
    if (!event) continue
    const next = reduce(now, event)
    now = next.state
    effects.push(...next.effects)
  }
  return { state: now, effects }
}
const after = (state: State, ...events: readonly Event[]): State =>
  events.reduce((now, event) => reduce(now, event).state, state)
const selected = (state: State): string | undefined => {
  const [today] = state.screens
  if (today?.type !== 'today') throw new Error('no first screen')
  const rows = doorRows(state, today.scope)
  return rows[pickedAt(rows, today.pick)]?.room
}
const on = (screen: Screen, given: Partial<State> = {}): State => push(sampleState(given), screen)
const noDrafts = { ...sampleFacts, drafts: new Map() }

test('the first door is selected, and ↵ opens it', () => {
  const { state } = press(sampleState(), 'enter')
  expect(topOf(state)).toMatchObject({ type: 'door', household: 'hh-101' })
})

test('in the afternoon the first door with nothing noted today is selected', () => {
  const doors = sampleBoard.doors.map((door) => ({ ...door, today: door.room < '103' ? 'absent' : null }))
  const facts = { board: { ...sampleBoard, doors } }
  expect(
    selected(after(sampleState({ facts: { ...noDrafts, board: null } }), { type: 'facts', facts })),
  ).toBe('103')
})

test('what others change does not move the selection', () => {
  const { state } = press(sampleState(), 'down', 'down')
  expect(selected(state)).toBe('103')
  const doors = [doorRow('001'), doorRow('002'), ...sampleBoard.doors]
  const changed = after(state, { type: 'facts', facts: { board: { ...sampleBoard, doors } } })
  expect(selected(changed)).toBe('103')
})

test('when the selected door is gone from the list, the one in its place is selected', () => {
  const { state } = press(sampleState(), 'down')
  const doors = sampleBoard.doors.filter((door) => door.room !== '102')
  expect(selected(after(state, { type: 'facts', facts: { board: { ...sampleBoard, doors } } }))).toBe('103')
})

test('the selection stops at both ends', () => {
  expect(selected(press(sampleState(), 'up', 'up').state)).toBe('101')
  expect(selected(press(sampleState(), 'end', 'down', 'down').state)).toBe('201')
})

test('nobody home is two keys, and then the next door is selected', () => {
  const pressed = press(sampleState(), 'n', 'enter')
  expect(pressed.effects).toEqual([
    {
      type: 'visit',
      household: 'hh-101',
      outcome: 'absent',
      contact: null,
      heard: false,
      note: '',
      nextInDays: null,
    },
  ])
  const saved = after(pressed.state, { type: 'visited', household: 'hh-101', outcome: 'absent', cases: 0 })
  expect(topOf(saved).type).toBe('today')
  expect(selected(saved)).toBe('102')
  expect(saved.notice?.words[0]).toBe('已存盘:1-1-101 无人应答')
})

test('a visit that takes the door off the list selects the one that moved up', () => {
  const pressed = press(sampleState(), 'r', 'enter').state
  const doors = sampleBoard.doors.filter((door) => door.room !== '101')
  const saved = after(
    pressed,
    { type: 'facts', facts: { board: { ...sampleBoard, doors } } },
    { type: 'visited', household: 'hh-101', outcome: 'refused', cases: 0 },
  )
  expect(selected(saved)).toBe('102')
})

test('↵ pressed twice while saving saves once', () => {
  const { effects } = press(sampleState(), 'n', 'enter', 'enter', 'enter')
  expect(effects).toHaveLength(1)
})

test('when saving fails, the screen stays with all that was chosen', () => {
  const pressed = press(sampleState(), 'n', '2', 't', '门上有字条', 'enter', 'enter')
  expect(pressed.effects).toEqual([
    {
      type: 'visit',
      household: 'hh-101',
      outcome: 'absent',
      contact: null,
      heard: false,
      note: '门上有字条',
      nextInDays: 1,
    },
  ])
  const failed = after(pressed.state, { type: 'failed', words: ['磁盘满了', 'Disk full'] })
  expect(topOf(failed)).toMatchObject({ type: 'quick', note: '门上有字条', next: 1 })
  expect(press(failed, 'enter').effects).toHaveLength(1)
})

test('Esc leaves the first screen where it is', () => {
  expect(press(sampleState(), 'esc', 'esc').state.screens).toHaveLength(1)
})

test('Esc keeps what was typed: the same place shows it again', () => {
  const door: Screen = { type: 'door', household: 'hh-101', scroll: 0 }
  const typed = press(on(door), 'o', '2', '插座发烫', 'enter', '2')
  expect(topOf(typed.state)).toMatchObject({ type: 'new-case', step: 'due' })
  const back = press(typed.state, 'esc')
  expect(topOf(back.state).type).toBe('door')
  expect(topOf(press(back.state, 'o').state)).toMatchObject({
    type: 'new-case',
    step: 'due',
    title: '插座发烫',
    grade: 'serious',
  })
  const note = press(on(door), 'n', 't', '门上有字条', 'esc', 'esc')
  expect(topOf(note.state).type).toBe('door')
  expect(topOf(press(note.state, 'n').state)).toMatchObject({ type: 'quick', note: '门上有字条' })
})

test('a new case in four answers', () => {
  const { effects } = press(
    on({ type: 'door', household: 'hh-101', scroll: 0 }),
    ...['o', '1', '二楼堆物', 'enter', '2', '7', 'enter'],
  )
  expect(effects).toEqual([
    {
      type: 'open-case',
      household: 'hh-101',
      kind: 'passage-hazard',
      title: '二楼堆物',
      grade: 'serious',
      dueOn: '2026-12-01',
    },
  ])
})

test('a date nobody can read is said so, not saved', () => {
  const { state, effects } = press(
    on({ type: 'door', household: 'hh-101', scroll: 0 }),
    ...['o', '1', '二楼堆物', 'enter', '2', 'x', 'enter'],
  )
  expect(effects).toEqual([])
  expect(topOf(state)).toMatchObject({ type: 'new-case', badDate: true })
})

test('at a door ↵ does what comes next: the draft, the visit, or the next door', () => {
  const door: Screen = { type: 'door', household: 'hh-101', scroll: 0 }
  expect(press(on(door), 'enter').effects).toEqual([
    { type: 'open-form', household: 'hh-101', form: 'home-safety-check', person: null },
  ])
  const visited = { ...noDrafts, door: { ...sampleFacts.door!, visitedToday: true } }
  const next = press(push(press(sampleState({ facts: visited }), 'down').state, door), 'enter')
  expect(next.effects).toEqual([])
  expect(topOf(next.state)).toMatchObject({ type: 'door', household: 'hh-102' })
  const none = { ...visited, board: { ...sampleBoard, doors: [] } }
  const done = press(on(door, { facts: none }), 'enter').state
  expect(topOf(done).type).toBe('today')
  expect(done.notice?.words[0]).toBe('今天的门都走完了')
})

test('a draft found at start is offered: its door is selected, whichever list it is on', () => {
  const start = sampleState({ facts: noDrafts })
  const draft = { household: 'hh-104', form: 'home-safety-check', person: null, atMs: 1, answered: 3, of: 19 }
  const offered = after(start, { type: 'facts', facts: { drafts: new Map([['hh-104', draft]]) } })
  expect(selected(offered)).toBe('104')
  expect(offered.notice?.words[0]).toContain('没填完')
  expect(topOf(press(offered, 'enter').state)).toMatchObject({ type: 'door', household: 'hh-104' })
})

test('throwing a draft away takes two keys and is undone by Esc', () => {
  const door: Screen = { type: 'door', household: 'hh-101', scroll: 0 }
  expect(press(on(door), 'D', 'esc').effects).toEqual([])
  expect(press(on(door), 'D', 'enter').effects).toEqual([{ type: 'drop-draft', household: 'hh-101' }])
  expect(press(on(door, { facts: noDrafts }), 'D', 'enter').effects).not.toContainEqual({
    type: 'drop-draft',
    household: 'hh-101',
  })
})

const formAt = (at: string, given: Partial<State> = {}): State =>
  on({ ...formScreen('hh-101', 'home-safety-check'), at }, given)

test('a number answers and moves on; the effect names the question', () => {
  expect(press(formAt('/data/one'), '2').effects).toEqual([
    { type: 'answer', household: 'hh-101', ref: '/data/one', value: 'hazard', after: 'next' },
  ])
})

test('of several, numbers tick and untick, in the form’s order, and the last one clears', () => {
  expect(press(formAt('/data/many'), '2').effects).toMatchObject([{ value: ['ok', 'hazard'], after: 'stay' }])
  expect(press(formAt('/data/many'), '1').effects).toMatchObject([{ value: null, after: 'stay' }])
})

test('more than nine choices: the digits of a number, then ↵', () => {
  expect(press(formAt('/data/long'), '1', '2', 'enter').effects).toMatchObject([{ value: 'v11' }])
})

test('a required question is not passed by ↵, but may be left for later', () => {
  const held = press(formAt('/data/one'), 'enter').state
  expect(topOf(held)).toMatchObject({ at: '/data/one', problem: { type: 'answer-required' } })
  expect(topOf(press(formAt('/data/one'), 'down').state)).toMatchObject({ at: '/data/many' })
})

test('b goes back, and where one types ↑ does', () => {
  expect(topOf(press(formAt('/data/many'), 'b').state)).toMatchObject({ at: '/data/one' })
  expect(topOf(press(formAt('/data/words'), 'up').state)).toMatchObject({ at: '/data/long' })
  expect(topOf(press(formAt('/data/one'), 'b').state)).toMatchObject({ at: '/data/one' })
})

test('words are added to, a date is typed anew', () => {
  const words = press(formAt('/data/words'), '。', 'enter').effects
  expect(words).toMatchObject([{ value: `${sampleQuestions[3]!.value}。` }])
  expect(press(formAt('/data/day'), '7', 'enter').effects).toMatchObject([{ value: '2026-12-01' }])
})

test('Esc while typing takes the answer along; when the form refuses it, one is told, and Esc again leaves', () => {
  const typed = press(formAt('/data/day'), '7', 'esc')
  expect(typed.effects).toMatchObject([{ ref: '/data/day', value: '2026-12-01', after: 'leave' }])
  expect(topOf(after(typed.state, { type: 'form-left' })).type).toBe('today')
  const refused = after(typed.state, { type: 'form-refused', problem: sampleForm.problems[1]! })
  expect(topOf(refused)).toMatchObject({ type: 'form', entry: '7' })
  expect(topOf(press(refused, 'esc').state).type).toBe('today')
})

test('the summary saves only what is whole, else leads to what is missing', () => {
  const held = press(formAt('summary'), 'enter')
  expect(held.effects).toEqual([])
  expect(topOf(held.state)).toMatchObject({ at: '/data/one' })
  const whole = { ...sampleFacts, form: { ...sampleForm, problems: [] } }
  expect(press(formAt('summary', { facts: whole }), '4', 'enter').effects).toEqual([
    { type: 'save-form', household: 'hh-101', nextInDays: 7 },
  ])
})

test('a step that needs a reason is not taken without one', () => {
  const shown = on({ type: 'case', id: 'ca-1', at: 0, pending: null })
  // What waits for a chief comes first: 批准, 不批准, 派遣, 督办, 处置完毕, 核查, 退回.
  const chosen = press(shown, '6')
  const bare = press(chosen.state, 'enter')
  expect(bare.effects).toEqual([])
  expect(topOf(bare.state)).toMatchObject({ pending: { step: 'return', missing: true } })
  const reasoned = press(bare.state, '不属本网格', 'enter')
  expect(reasoned.effects).toEqual([])
  expect(press(reasoned.state, '1').effects).toEqual([
    {
      ...{ type: 'step-case', id: 'ca-1', step: 'return', of: null },
      said: { note: '不属本网格', because: 'wrong-desk' },
    },
  ])
})

test('a chief gives the word on what waits; a worker only sees that it waits, and takes the own one back', () => {
  const shown = on({ type: 'case', id: 'ca-1', at: 0, pending: null })
  expect(press(shown, '1', 'enter').effects).toEqual([
    { type: 'step-case', id: 'ca-1', step: 'approve', said: {}, of: 's7' },
  ])
  const worker = { ...shown, who: { ...shown.who, leads: false, id: 'me-1' } }
  const card = worker.facts.case!
  expect(stepsHere(card, worker.who)).not.toContain('approve')
  expect(stepsHere(card, worker.who)).toContain('take-back')
  expect(stepsHere(card, { leads: false, id: 'me-7' })).not.toContain('take-back')
})

test('a call-back asks how satisfied, with one key, then with whom, then for words', () => {
  const facts = { ...sampleFacts, case: { ...sampleFacts.case!, state: 'closed' as const, awaiting: [] } }
  const shown = on({ type: 'case', id: 'ca-1', at: 0, pending: null }, { facts })
  const none = press(shown, '1', 'enter')
  expect(topOf(none.state)).toMatchObject({ pending: { step: 'call-back', asked: 0, missing: true } })
  expect(press(none.state, '9').effects).toEqual([])
  expect(press(none.state, '3', '女儿', 'enter', 'enter').effects).toEqual([
    {
      ...{ type: 'step-case', id: 'ca-1', step: 'call-back', of: null },
      said: { satisfaction: 'unsatisfied', spokeTo: '女儿' },
    },
  ])
})

test('a kind is chosen by its number, or by the arrows where there are more than nine', () => {
  const door: Screen = { type: 'door', household: 'hh-101', scroll: 0 }
  const moved = press(on(door), 'o', ...Array.from({ length: 10 }, () => 'down'), 'enter')
  expect(topOf(moved.state)).toMatchObject({
    type: 'new-case',
    step: 'title',
    kind: defaultCaseKinds[10]!.code,
  })
})

test('a conflict is settled by the write that was chosen, or by a third wording', () => {
  const screen: Screen = { type: 'conflict', record: 'hh-101', field: 'phone', at: 0, entry: null }
  expect(press(on(screen), 'down', 'enter').effects).toEqual([
    { type: 'settle', settlement: { record: 'hh-101', field: 'phone', write: 'two' } },
  ])
  expect(press(on(screen), 'e', '13800003333', 'enter').effects).toEqual([
    { type: 'settle', settlement: { record: 'hh-101', field: 'phone', value: '13800003333' } },
  ])
  expect(press(on(screen), 'e', 'enter').effects).toEqual([])
})

test('what was refused for good, and what one may not release, is not released', () => {
  const shown = on({ type: 'quarantine', pick: { id: null, at: 0 } })
  expect(press(shown, 'y').effects).toEqual([{ type: 'release', id: '0123456789ab' }])
  const refused = press(shown, 'down', 'y')
  expect(refused.effects).toEqual([])
  expect(refused.state.notice?.tone).toBe('warn')
})

test('bundles and addresses are asked for and handed on; an empty line does nothing', () => {
  const shown = on({ type: 'sync', prompt: null, scroll: 0 })
  expect(press(shown, 'w', '/media/stick/a.bundle', 'enter').effects).toEqual([
    { type: 'write-bundle', path: '/media/stick/a.bundle' },
  ])
  expect(press(shown, 'i', 'enter').effects).toEqual([])
  expect(press(shown, 'a', '192.168.1.20:7345', 'enter').effects).toEqual([
    { type: 'call', address: '192.168.1.20:7345' },
  ])
  expect(press(shown, 's').effects).toEqual([{ type: 'sync-now' }])
})

test('the language changes anywhere, also while typing', () => {
  const search = on({ type: 'search', text: '', pick: { id: null, at: 0 } })
  expect(press(search, 'ctrl-l').state.language).toBe('en')
  expect(press(sampleState(), 'L', 'L').effects.map((effect) => effect)).toEqual([
    { type: 'language', language: 'en' },
    { type: 'language', language: 'zh' },
  ])
})
