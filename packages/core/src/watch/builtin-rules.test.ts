import { expect, test } from 'vitest'
import type { Observation } from '../series/observation.ts'
import { signals } from '../series/observation.ts'
import { defaultCaseKinds } from '../work/case-kinds.ts'
import { builtinRules } from './builtin-rules.ts'
import { evaluate } from './evaluate.ts'
import {
  builtin,
  contextAt,
  hours,
  readRegister,
  sampleDevice,
  say,
  tableView,
} from './sample-home.test.data.ts'
import type { WatchedDevice } from './watched.ts'

type Case = {
  readonly says: readonly Observation[]
  /** Hours since the first midnight. */
  readonly now: number
  readonly device?: Partial<WatchedDevice>
}
type Three = {
  readonly fires: Case
  readonly not: Case
  readonly boundary: Case
  readonly fallsHere: boolean
}

const day = (use: number | null, more: readonly (number | null)[] = []): Case => ({
  says: readRegister('water', [...hours(24, use), ...more]),
  now: 24 + more.length,
})
/** A night's register over two days: `use` from two to five, nothing else known to matter. */
const nights = (first: number, second: number): Case => ({
  says: readRegister('water', [
    ...hours(2, 0),
    ...hours(3, first),
    ...hours(21, 0),
    ...hours(3, second),
    ...hours(1, 0),
  ]),
  now: 30,
})
const edge = (signal: Observation['signal']) => ({
  fires: { says: [say(signal, 1, 0), say(signal, 2, 1)], now: 3 },
  not: { says: [say(signal, 1, 1), say(signal, 2, 0)], now: 3 },
  // Confirmed 25 hours ago at the latest; then nobody knows.
  boundary: { says: [say(signal, 2, 1)], now: 27 },
  fallsHere: false,
})
const gauge = (signal: Observation['signal'], over: number, limit: number, minutes: number): Three => ({
  fires: { says: [say(signal, 1, over), say(signal, 2, over)], now: 3 },
  not: { says: [say(signal, 1, limit), say(signal, 2, limit)], now: 3 },
  boundary: { says: [say(signal, 1, over)], now: 1 + minutes / 60 },
  fallsHere: true,
})
const away = { leaves: [{ fromMs: contextAt(0).nowMs, untilMs: contextAt(240).nowMs }] }

/** Of every rule where it fires, where it does not, and the very edge, with what is right there. */
const cases: Readonly<Record<string, Three>> = {
  smoke: edge('smoke'),
  'gas-leak': edge('gas-leak'),
  'water-wet': edge('water-leak'),
  tamper: edge('tamper'),
  'battery-low': edge('battery-low'),
  fault: edge('fault'),
  'gas-density': gauge('gas-density', 10.1, 10, 0),
  'too-cold': gauge('temperature', 9.9, 10, 60),
  'too-hot': gauge('temperature', 35.1, 35, 60),
  'power-high': gauge('power', 8001, 8000, 10),
  'battery-below': gauge('battery', 9, 10, 0),
  sos: {
    fires: { says: [say('sos', 5, 1)], now: 5 },
    not: { says: [say('sos', 5, 1), say('test', 5.01, 1)], now: 6 },
    boundary: { says: [say('sos', 5, 1)], now: 29 },
    fallsHere: false,
  },
  'water-none-24h': {
    fires: day(0),
    not: day(0.05),
    boundary: { says: readRegister('water', [0.01, ...hours(23, 0)]), now: 24 },
    fallsHere: false,
  },
  'water-none-12h': {
    fires: { says: readRegister('water', hours(12, 0)), now: 12, device: { close: true } },
    not: { says: readRegister('water', hours(12, 0)), now: 12 },
    boundary: { says: readRegister('water', [0.009, ...hours(11, 0)]), now: 12, device: { close: true } },
    fallsHere: true,
  },
  'electricity-low-24h': {
    fires: { says: readRegister('electricity', hours(24, 0)), now: 24 },
    not: { says: readRegister('electricity', hours(24, 0.2)), now: 24 },
    boundary: { says: readRegister('electricity', [0.1, ...hours(23, 0)]), now: 24 },
    fallsHere: false,
  },
  'door-shut-24h': {
    fires: { says: [say('door-open', 0.5, 1), say('door-open', 0.6, 0), say('battery', 20, 90)], now: 25 },
    not: { says: [say('door-open', 2.5, 1), say('door-open', 2.6, 0), say('battery', 20, 90)], now: 25 },
    // Nothing else said that the sensor lives: then its silence says nothing about the door.
    boundary: { says: [say('door-open', 0.5, 1), say('door-open', 0.6, 0)], now: 26 },
    fallsHere: true,
  },
  'motion-none-24h': {
    fires: { says: [say('motion', 0.5, 1), say('battery', 20, 90)], now: 25 },
    not: { says: [say('motion', 0.5, 1), say('motion', 12, 1)], now: 25 },
    boundary: { says: [say('motion', 1, 1), say('battery', 20, 90)], now: 25 },
    fallsHere: false,
  },
  'door-open-long': {
    fires: { says: [say('door-open', 10, 1)], now: 12 },
    not: { says: [say('door-open', 10, 1), say('door-open', 10.9, 0)], now: 12 },
    boundary: { says: [say('door-open', 10, 1)], now: 11 },
    fallsHere: true,
  },
  'electricity-much-1h': {
    fires: { says: readRegister('electricity', [9]), now: 1 },
    not: { says: readRegister('electricity', [3]), now: 1 },
    boundary: { says: readRegister('electricity', [8]), now: 1 },
    fallsHere: false,
  },
  'water-much-24h': {
    fires: day(0.1),
    not: day(0.05),
    boundary: { says: readRegister('water', [...hours(23, 0), 2]), now: 24 },
    fallsHere: false,
  },
  'water-leak-24h': {
    fires: day(0.01),
    not: { says: readRegister('water', [...hours(20, 0.01), 0, ...hours(3, 0.01)]), now: 24 },
    boundary: day(0.0038),
    fallsHere: true,
  },
  'water-leak-steps': {
    fires: { says: readRegister('water', hours(48, 0.001), { stepHours: 0.5 }), now: 24 },
    not: { says: readRegister('water', [...hours(47, 0.001), 0], { stepHours: 0.5 }), now: 24 },
    boundary: { says: readRegister('water', hours(47, 0.001), { stepHours: 0.5 }), now: 23.5 },
    fallsHere: false,
  },
  'water-night': {
    fires: nights(0.002, 0.002),
    not: nights(0.002, 0),
    boundary: nights(0.001, 0.001),
    fallsHere: true,
  },
  'water-away': {
    fires: { ...day(0.05), device: away },
    not: day(0.05),
    boundary: { says: readRegister('water', [0.02, ...hours(23, 0)]), now: 24, device: away },
    fallsHere: false,
  },
  silent: {
    fires: { says: [say('smoke', 1, 0)], now: 27 },
    not: { says: [say('smoke', 1, 0)], now: 20 },
    boundary: { says: [say('smoke', 1, 0)], now: 26 },
    fallsHere: true,
  },
}

const states = (id: string, { says, now, device }: Case) => {
  // The night before the readings began belongs to the home too.
  const found = evaluate(builtin(id), sampleDevice(device), tableView(says), contextAt(now))
  return found?.state ?? null
}

test.each(builtinRules.map(({ id }) => [id]))('%s fires, does not fire, and knows its edge', (id) => {
  const three = cases[id]!
  expect(states(id, three.fires)).toBe('raised')
  expect(states(id, three.not)).not.toBe('raised')
  expect(states(id, three.boundary) === 'raised').toBe(three.fallsHere)
})

test('the rules are whole: ids once, names and sources in both languages, known signals and case kinds', () => {
  expect(Object.keys(cases).sort()).toEqual(builtinRules.map(({ id }) => id).sort())
  const kinds = new Set(defaultCaseKinds.map(({ code }) => code))
  for (const rule of builtinRules) {
    expect(rule.id).toMatch(/^[a-z][a-z0-9-]{1,30}$/)
    for (const [zh, en] of [rule.label, rule.source]) {
      expect(zh).toMatch(/\p{Script=Han}/u)
      expect(en).toMatch(/^[\x20-\x7e²³–’“”]+$/u)
    }
    if (rule.signal !== null) expect(signals).toHaveProperty(rule.signal)
    expect(kinds).toContain(rule.caseKind)
    expect(rule.chain.length).toBeGreaterThan(0)
    for (const limit of Object.values(rule.limits)) expect(Number.isFinite(limit)).toBe(true)
  }
})

test('what concerns life is told at once to somebody who can go; what is to be mended never rings a chief at night', () => {
  for (const { urgency, chain, id } of builtinRules) {
    if (urgency === 'life') expect(chain[0], id).toEqual({ step: 'worker', afterMinutes: 0 })
    if (urgency === 'care') expect(chain[0]!.step, id).toBe('phone')
    if (urgency === 'upkeep') expect(chain.at(-1)!.afterMinutes, id).toBeGreaterThanOrEqual(24 * 60)
  }
})
