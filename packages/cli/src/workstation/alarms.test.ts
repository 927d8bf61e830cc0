import { expect, test } from 'vitest'
import { textOfLine } from './lines.ts'
import { reduce } from './reduce.ts'
import { ALARM_CHOICES, alarmScreen } from './reduce-alarm.ts'
import { type Event, push, type State, topOf } from './state.ts'
import { sampleAlarm, sampleAlarmRow, smokeAlarmRow } from './testing/sample-alarm.test.data.ts'
import { sampleState } from './testing/sample-state.test.data.ts'
import { viewOf } from './view.ts'

const key = (command: Extract<Event, { type: 'command' }>['command']): Event => ({ type: 'command', command })
const run = (state: State, ...events: readonly Event[]) =>
  events.reduce(({ state: now }, event) => reduce(now, event), { state, effects: [] } as ReturnType<
    typeof reduce
  >)
const alarmed = (more: Partial<State> = {}): State => {
  const state = sampleState({ size: { columns: 80, rows: 24 }, ...more })
  const facts = { ...state.facts, alarms: [smokeAlarmRow, sampleAlarmRow], alarm: sampleAlarm }
  return { ...state, facts }
}
const frame = (state: State) =>
  `${viewOf(state)
    .lines.map((one) => textOfLine(one).trimEnd())
    .join('\n')}\n`

for (const language of ['zh', 'en'] as const)
  for (const [name, screen] of [
    ['alarms-today', null],
    ['alarms', { type: 'alarms', pick: { id: null, at: 0 } }],
    ['alarm', alarmScreen('al-1')],
    ['alarm-note', { ...alarmScreen('al-1'), pending: { at: 4, note: '摔倒' } }],
  ] as const)
    test(`${name} in ${language}`, async () => {
      const state = alarmed({ language })
      await expect(frame(screen ? push(state, screen) : state)).toMatchFileSnapshot(
        `./frames/${name}.${language}.txt`,
      )
    })

test('what came in is told on every screen, aloud before all else, until it is looked at; it stays in the list', () => {
  const told = (state: State) => viewOf(state).lines.filter(({ announced }) => announced)
  const form = push(alarmed({ language: 'en' }), { type: 'help', of: 'today', scroll: 0 })
  expect(told(form).map(({ spoken }) => spoken)).toEqual([
    expect.stringMatching(/^Alarm: Urgent Smoke 1-2-202 and 1 more/),
  ])
  const seen = run(alarmed(), key('alarms')).state
  expect(topOf(seen).type).toBe('alarms')
  expect(told(seen)).toEqual([])
  const back = run(seen, key('back')).state
  expect(told(back)).toEqual([])
  expect(frame(back)).toContain('● 危急 烟雾报警  1-2-202')
  // Raised again after a verdict, it is told again.
  const again = { ...back, facts: { ...back.facts, alarms: [{ ...smokeAlarmRow, round: 2 }] } }
  expect(told(again)).toHaveLength(1)
})

test('one key from anywhere to the alarm, a number for what was done, and ↵ saves with a note or without', () => {
  const door = push(alarmed(), { type: 'door', household: 'hh-101', scroll: 0 })
  const open = run(door, key('alarms')).state
  expect(topOf(open)).toMatchObject({ type: 'alarm', id: 'al-1' })
  const digit = (at: number): Event => ({ type: 'digit', digit: at })
  const saved = run(open, digit(5), { type: 'text', text: '摔倒' }, key('enter'))
  expect(saved.effects).toEqual([
    { type: 'answer-alarm', id: 'al-1', did: 'visited', means: 'door', verdict: 'true', note: '摔倒' },
  ])
  // The likely one is marked: it is the worker's turn, so it is at the door.
  const entered = run(open, key('enter')).state
  expect(topOf(entered)).toMatchObject({ pending: { at: 4 } })
  // Left by Esc, what was typed is there again.
  const left = run(entered, { type: 'text', text: '半句' }, key('back'), key('alarms')).state
  expect(topOf(left)).toMatchObject({ pending: { note: '半句' } })
  expect(topOf(run(open, key('reveal')).state)).toMatchObject({
    type: 'reveal',
    only: { record: 'hh-101', field: 'emergencyPhone' },
  })
})

test('no choice claims what nobody can know: where nobody answered nothing is true', () => {
  for (const { did, verdict } of ALARM_CHOICES) if (did === 'nobody') expect(verdict).toBeNull()
  const over = { ...alarmed(), facts: { ...alarmed().facts, alarm: { ...sampleAlarm, open: false } } }
  const closed = push(over, alarmScreen('al-1'))
  expect(run(closed, { type: 'digit', digit: 1 }).state).toMatchObject({ screens: closed.screens })
})

test('after false alarms the screen proposes what to do about the next; a leave asks for its last day', () => {
  const improvements = [
    { do: 'threshold', because: 2, limits: { hours: { from: 24, to: 48 } } },
    { do: 'leave', because: 1, limits: null },
  ] as const
  const { facts } = alarmed()
  const card = { ...sampleAlarm, open: false, verdict: 'false' as const, falseAlarms: 3, improvements }
  const closed = push({ ...alarmed(), facts: { ...facts, alarm: card } }, alarmScreen('al-1'))
  expect(frame(closed)).toMatch(/误报 3 次.*\n +›1 这台设备放宽规则\(几小时 24 → 48\)\n +2 记外出报备/)
  expect(run(closed, key('enter')).effects).toEqual([{ type: 'improve-alarm', id: 'al-1', way: 'threshold' }])
  const leave = run(closed, { type: 'digit', digit: 2 }).state
  expect(topOf(leave)).toMatchObject({ type: 'leave', household: 'hh-101' })
  const wrong = run(leave, { type: 'text', text: 'x' }, key('enter'))
  expect([topOf(wrong.state), wrong.effects]).toMatchObject([{ badDate: true }, []])
  const noted = run(leave, { type: 'text', text: '+3' }, key('enter'))
  expect(noted.effects).toEqual([{ type: 'note-leave', household: 'hh-101', until: '2026-11-27' }])
})
