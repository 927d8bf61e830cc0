import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { auditTrail, openRecordSet } from '@doorstep/core'
import { expect, test } from 'vitest'
import { Desk } from './desk.ts'
import { eventOf } from './keys.ts'
import { textOfLine } from './lines.ts'
import { reduce } from './reduce.ts'
import { type Event, push, type State, topOf } from './state.ts'
import { createSampleHome } from './testing/sample-home.test.data.ts'
import { sampleState } from './testing/sample-state.test.data.ts'
import { SAMPLE_NOW_MS } from './testing/sample-words.test.data.ts'
import { viewOf } from './view.ts'

const door = push(sampleState(), { type: 'door', household: 'hh-101', scroll: 0 })
const after = (state: State, ...events: readonly Event[]): State =>
  events.reduce((now, event) => reduce(now, event).state, state)
const screenText = (state: State) => viewOf(state).lines.map(textOfLine).join('\n')
const command = (name: Extract<Event, { type: 'command' }>['command']): Event => ({
  type: 'command',
  command: name,
})
const seen: Event = {
  type: 'revealed',
  record: 'hh-101',
  field: 'phone',
  texts: ['13800001111'],
  untilMs: SAMPLE_NOW_MS + 30_000,
}

test('u asks why; a number asks for the text of the thing that is selected, with that reason', () => {
  const asking = after(door, eventOf(door, { text: 'u' })!)
  expect(topOf(asking)).toMatchObject({ type: 'reveal', household: 'hh-101', seen: null })
  expect(reduce(asking, { type: 'digit', digit: 2 }).effects).toEqual([
    { type: 'reveal', record: 'hh-101', field: 'phone', reason: 'emergency' },
  ])
  expect(reduce(after(asking, command('down')), { type: 'digit', digit: 1 }).effects).toMatchObject([
    { record: 'pe-1', reason: 'contact' },
  ])
  expect(reduce(asking, { type: 'digit', digit: 9 }).effects).toEqual([])
})

test('the text is on the screen for half a minute, and not after, nor after moving on, nor after coming back', () => {
  const shown = after(door, command('reveal'), seen)
  expect(screenText(shown)).toContain('13800001111')
  const later = (ms: number): Event => ({ type: 'clock', nowMs: SAMPLE_NOW_MS + ms })
  expect(screenText(after(shown, later(29_999)))).toContain('13800001111')
  for (const gone of [
    after(shown, later(30_000)),
    after(shown, command('down')),
    after(shown, command('back'), command('reveal')),
    after(shown, command('help'), later(30_000), command('help')),
    after(door, command('reveal'), command('back'), seen),
  ])
    expect(JSON.stringify([screenText(gone), gone.screens])).not.toContain('13800001111')
})

test('of a conflict the number behind both sayings is asked for', () => {
  const conflict = push(sampleState(), {
    type: 'conflict',
    record: 'hh-101',
    field: 'phone',
    at: 0,
    entry: null,
  })
  expect(reduce(after(conflict, command('reveal')), { type: 'digit', digit: 3 }).effects).toEqual([
    { type: 'reveal', record: 'hh-101', field: 'phone', reason: 'verify' },
  ])
})

test('at a real door: it is written down, then shown, and the facts stay masked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-reveal-'))
  const station = await createSampleHome(join(folder, 'home'), { households: 1, now: () => SAMPLE_NOW_MS })
  const records = openRecordSet(station)
  const size = { columns: 80, rows: 24 }
  const desk = new Desk({
    station,
    records,
    language: 'zh',
    size,
    sync: null,
    onQuit: () => {},
    lock: null,
    place: undefined,
  })
  try {
    desk.dispatch(command('enter'))
    desk.dispatch(command('reveal'))
    expect(screenText(desk.state)).toContain('138****1000')
    desk.dispatch({ type: 'digit', digit: 1 })
    await desk.settled()
    expect(screenText(desk.state)).toContain('13800001000')
    expect(JSON.stringify(desk.state.facts)).not.toContain('13800001000')
    expect(auditTrail(station, { action: 'record.reveal' }).rows).toMatchObject([
      { reason: 'contact', records: [{ type: 'household', fields: ['phone'] }] },
    ])
  } finally {
    await desk.close()
    records.close()
    await station.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
