import { expect, test } from 'vitest'
import type { Observation } from '../series/observation.ts'
import { evaluate } from './evaluate.ts'
import { createWatch, evaluateAll, hear, type OpenFinding } from './evaluate-all.ts'
import {
  at,
  builtin,
  contextAt,
  hours,
  readRegister,
  sampleDevice,
  say,
  tableView,
} from './sample-home.test.data.ts'
import { QUIET_HOURS, type WatchContext, type WatchedDevice } from './watched.ts'

/** A gateway that hears and looks when it is told to. */
function gateway(
  ids: readonly string[],
  more: Partial<WatchedDevice> = {},
  open: readonly OpenFinding[] = [],
) {
  const view = tableView()
  let device = sampleDevice(more)
  let devices = new Map([[device.id, device]])
  const state = createWatch(open)
  const rules = ids.map(builtin)
  return {
    change(other: Partial<WatchedDevice>) {
      device = { ...device, ...other }
      devices = new Map([[device.id, device]])
    },
    at(hour: number, says: readonly Observation[] = [], context: Partial<WatchContext> = {}) {
      view.add(says)
      hear(state, says)
      return evaluateAll(state, {
        rules,
        devices,
        view,
        context: contextAt(hour, { quietHours: null, ...context }),
      }).map(({ rule, state: is }) => `${rule} ${is}`)
    },
  }
}

test('smoke that came and went within one batch is told, and that it went', () => {
  const one = gateway(['smoke'])
  expect(one.at(1, [say('smoke', 1, 0)])).toEqual([])
  expect(one.at(2, [say('smoke', 1.98, 1), say('smoke', 1.99, 0)])).toEqual(['smoke raised', 'smoke cleared'])
  expect(one.at(3)).toEqual([])
})

test('a detector that goes on saying smoke is one alarm; silent for a day it is unknown, and again is another', () => {
  const one = gateway(['smoke'])
  expect(one.at(1, [say('smoke', 1, 1)])).toEqual(['smoke raised'])
  for (let hour = 2; hour < 30; hour++) expect(one.at(hour, [say('smoke', hour, 1)])).toEqual([])
  expect(one.at(53)).toEqual([])
  expect(one.at(54.1)).toEqual(['smoke unknown'])
  expect(one.at(60, [say('smoke', 60, 1)])).toEqual(['smoke raised'])
  expect(one.at(86)).toEqual(['smoke unknown'])
  expect(one.at(200, [say('smoke', 200, 1)])).toEqual(['smoke raised'])
})

test('a level that was so long ago, as a broker keeps it, is no news; a test of the button neither', () => {
  const one = gateway(['smoke', 'sos'])
  expect(one.at(100, [say('smoke', 10, 1), say('sos', 10, 1)])).toEqual([])
  const tested = gateway(['smoke', 'sos'])
  const press = [say('test', 5.001, 1), say('smoke', 5, 1), say('sos', 5.001, 1), say('smoke', 5.005, 0)]
  expect(tested.at(6, press)).toEqual([])
  // What goes on after it counts.
  expect(tested.at(7.1, [say('test', 7, 1), say('smoke', 7, 1), say('smoke', 7.05, 1)])).toEqual([
    'smoke raised',
  ])
})

test('a call for help is one however often the button is pressed, and a later one another', () => {
  const one = gateway(['sos'])
  const press = (minute: number) => say('sos', minute / 60, 1)
  expect(one.at(1.1, [press(60), press(61), press(65)])).toEqual(['sos raised'])
  expect(one.at(1.3, [press(75)])).toEqual(['sos raised'])
  // Nobody but a person says that it is over.
  expect(one.at(30)).toEqual(['sos unknown'])
})

test('care waits for the morning and is not told if it is over by then; a home that is watched closely waits not', () => {
  const away = readRegister('water', hours(24, 0), { fromHour: 2 })
  const night = (more: Partial<WatchedDevice>, later: readonly (number | null)[]) => {
    const one = gateway(['water-none-24h'], more)
    const last = readRegister('water', later, { fromHour: 26 }).slice(1)
    const quiet = { quietHours: QUIET_HOURS }
    return [one.at(26.1, away, quiet), one.at(28, [], quiet), one.at(31.1, last, quiet)]
  }
  expect(night({}, hours(5, 0))).toEqual([[], [], ['water-none-24h raised']])
  expect(night({}, [...hours(3, 0), 0.05, 0])).toEqual([[], [], []])
  expect(night({ close: true }, hours(5, 0))[0]).toEqual(['water-none-24h raised'])
  const smoke = gateway(['smoke'])
  expect(smoke.at(26.1, [say('smoke', 26, 1)], { quietHours: QUIET_HOURS })).toEqual(['smoke raised'])
})

test('a leave ends what was raised, holds care, tells of use, and after the return a whole window is waited', () => {
  const one = gateway(['water-none-24h', 'water-away'], { learnedMs: at(0) })
  const read = (from: number, uses: readonly (number | null)[]) =>
    readRegister('water', uses, { fromHour: from })
  expect(one.at(36, read(0, hours(36, 0)))).toEqual(['water-none-24h raised'])
  one.change({ leaves: [{ fromMs: at(24), untilMs: at(72) }] })
  expect(one.at(37)).toEqual(['water-none-24h cleared'])
  expect(one.at(60.1, read(36, [...hours(22, 0), 0.03, 0]).slice(1))).toEqual(['water-away raised'])
  const home = gateway(['water-none-24h'], { leaves: [{ fromMs: at(0), untilMs: at(72) }] })
  expect(home.at(95.1, read(0, hours(95, 0)))).toEqual([])
  expect(home.at(97.1, read(95, hours(2, 0)).slice(1))).toEqual(['water-none-24h raised'])
})

test('while it learns nothing is told but what concerns life; what still holds afterwards is', () => {
  const one = gateway(['smoke', 'fault', 'water-none-24h'], { learnedMs: at(168) })
  expect(
    one.at(40, [...readRegister('water', hours(40, 0)), say('smoke', 40, 1), say('fault', 40, 1)]),
  ).toEqual(['smoke raised'])
  const later = [...readRegister('water', hours(128, 0), { fromHour: 40 }).slice(1), say('fault', 167, 1)]
  expect(one.at(168.1, later).sort()).toEqual(['fault raised', 'smoke unknown', 'water-none-24h raised'])
})

test('a new watch goes on from the open alarms: says what is over, and of lost readings nothing', () => {
  const open = { device: 'de-1', rule: 'water-none-24h', state: 'raised', sinceMs: at(24) } as const
  const over = gateway(['water-none-24h'], {}, [open])
  expect(over.at(48, readRegister('water', [...hours(30, 0), ...hours(18, 0.02)]))).toEqual([
    'water-none-24h cleared',
  ])
  const lost = gateway(['water-none-24h'], {}, [open])
  expect(lost.at(48, [say('water', 48, 100)])).toEqual([])
  // The readings from which it began are gone: it is the same all the same.
  const pruned = gateway(['water-none-24h'], {}, [open])
  expect(pruned.at(2000, readRegister('water', hours(60, 0), { fromHour: 1940 }))).toEqual([])
})

test('readings that come late make right what was said, and what is late by minutes makes nothing unknown', () => {
  const one = gateway(['water-none-24h'])
  expect(one.at(24, readRegister('water', hours(23, 0)))).toEqual([])
  expect(one.at(24.1, readRegister('water', hours(1, 0), { fromHour: 23 }))).toEqual([
    'water-none-24h raised',
  ])
  expect(one.at(30)).toEqual([])
  expect(one.at(50.5)).toEqual(['water-none-24h unknown'])
  expect(one.at(51, readRegister('water', hours(27, 0), { fromHour: 24 }))).toEqual(['water-none-24h raised'])
})

test('a silence is told once, lowest, and over when anything is heard; not that of a gateway which was down', () => {
  const one = gateway(['silent'])
  expect(one.at(1, [say('battery', 1, 80)])).toEqual([])
  expect(one.at(26.1)).toEqual(['silent raised'])
  expect(one.at(27)).toEqual([])
  expect(one.at(28, [say('smoke', 28, 0)])).toEqual(['silent cleared'])
  const restarted = gateway(['silent'])
  const since = { listeningSinceMs: at(40) }
  expect(restarted.at(40.1, [say('battery', 1, 80)], since)).toEqual([])
  expect(restarted.at(65.1, [], since)).toEqual(['silent raised'])
  const often = sampleDevice({ speaksEveryMinutes: 60 })
  const view = tableView([say('water', 1, 1)])
  expect(evaluate(builtin('silent'), often, view, contextAt(3.9))).toBeNull()
  expect(evaluate(builtin('silent'), often, view, contextAt(4.1))?.sinceMs).toBe(at(1))
})

test('a home that withdrew is not looked at', () => {
  const one = gateway(['smoke'], { allowed: false })
  expect(one.at(1, [say('smoke', 1, 1)])).toEqual([])
})
