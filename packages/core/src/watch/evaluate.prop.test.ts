import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Observation } from '../series/observation.ts'
import { seedsToTry } from '../testing/seeds.ts'
import { builtinRules } from './builtin-rules.ts'
import { type Course, foldCourse, type Moment } from './course.ts'
import { courseOf, evaluate } from './evaluate.ts'
import { createWatch, evaluateAll, hear } from './evaluate-all.ts'
import type { Finding, Rule } from './finding.ts'
import {
  at,
  builtin,
  contextAt,
  readRegister,
  sampleDevice,
  say,
  tableView,
} from './sample-home.test.data.ts'
import { HOUR_MS, type WatchedDevice } from './watched.ts'

const WATER_RULES = builtinRules.filter(({ signal }) => signal === 'water')
/** Six days at every half hour are dear: a few that are always the same, many in the long simulations. */
const { from: seed, count } = seedsToTry(4, 300)
const DEAR = { seed, numRuns: count, endOnFailure: true }
const DAYS = 6
const END = DAYS * 24

/** Days on which somebody lives, is away, or leaves a tap running, and hours that did not come. */
const uses = fc
  .array(
    fc.record({
      kind: fc.constantFrom('lives', 'away', 'leaks', 'drips'),
      missing: fc.array(fc.integer({ min: 0, max: 23 }), { maxLength: 4 }),
    }),
    { minLength: DAYS, maxLength: DAYS },
  )
  .map((days) =>
    days.flatMap(({ kind, missing }) =>
      Array.from({ length: 24 }, (_, hour): number | null => {
        if (missing.includes(hour)) return null
        if (kind === 'lives') return hour >= 7 && hour < 22 ? 0.012 : 0
        return kind === 'leaks' ? 0.005 : kind === 'drips' && hour % 6 === 0 ? 0.001 : 0
      }),
    ),
  )

/** Somebody at home for weeks, with everything that a water meter's rules need to begin to say something. */
const levels = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 60 * END - 1 }), fc.boolean()), { maxLength: 30 })
  .map((edges) =>
    edges
      .sort(([a], [b]) => a - b)
      .flatMap(([minute, on]) => [
        say('smoke', minute / 60, on ? 1 : 0),
        say('door-open', minute / 60, on ? 1 : 0),
      ]),
  )

const sayings = fc
  .tuple(uses, levels, fc.array(fc.integer({ min: 1, max: 60 * END - 1 }), { maxLength: 4 }))
  .map(([water, level, presses]): Observation[] =>
    [...readRegister('water', water), ...level, ...presses.map((minute) => say('sos', minute / 60, 1))].sort(
      (a, b) => a.atMs - b.atMs,
    ),
  )

/** Without those that only silence tells: what was heard last is all it goes by. */
const RULES = builtinRules.filter(({ kind }) => kind !== 'silence')
const nameOf = ({ rule, sinceMs }: Pick<Finding, 'rule' | 'sinceMs'>) =>
  `${rule} ${(sinceMs - at(0)) / HOUR_MS}`

/** Episodes told as raised, by rounds at these hours, each hearing what was said until then. */
function told(says: readonly Observation[], rounds: readonly number[], device: WatchedDevice) {
  const view = tableView()
  const state = createWatch()
  const devices = new Map([[device.id, device]])
  const raised = new Set<string>()
  const last = new Map<string, string>()
  let next = 0
  for (const hour of rounds) {
    const heard: Observation[] = []
    while (next < says.length && says[next]!.atMs <= at(hour)) heard.push(says[next++]!)
    view.add(heard)
    hear(state, heard)
    const context = contextAt(hour, { quietHours: null })
    for (const finding of evaluateAll(state, {
      rules: RULES,
      devices,
      view,
      context,
    })) {
      // Only what changed is said.
      expect(last.get(nameOf(finding))).not.toBe(finding.state)
      last.set(nameOf(finding), finding.state)
      if (finding.state === 'raised') raised.add(nameOf(finding))
    }
  }
  return [...raised].sort()
}

test('however time is cut into rounds, the same episodes are told, each once', () => {
  fc.assert(
    fc.property(
      sayings,
      fc.array(fc.double({ min: 0.2, max: 20, noNaN: true }), { minLength: 1, maxLength: 12 }),
      (says, steps) => {
        const device = sampleDevice({ close: true })
        const rounds: number[] = []
        for (let hour = 0, turn = 0; hour < END; turn++) {
          hour += steps[turn % steps.length]!
          rounds.push(hour)
        }
        const often = Array.from({ length: END * 2 }, (_, half) => (half + 1) / 2)
        const coarse = [...rounds.filter((hour) => hour < END), END]
        expect(told(says, coarse, device)).toEqual(told(says, often, device))
      },
    ),
    DEAR,
  )
})

test('what the engine says last is what the same data say to one who never looked before', () => {
  fc.assert(
    fc.property(sayings, fc.integer({ min: 1, max: END }), (says, now) => {
      const device = sampleDevice({ close: true })
      const view = tableView(says.filter(({ atMs }) => atMs <= at(now)))
      const state = createWatch()
      const first = evaluateAll(state, {
        rules: RULES,
        devices: new Map([[device.id, device]]),
        view,
        context: contextAt(now, { quietHours: null }),
      })
      for (const rule of RULES) {
        const here = evaluate(rule, device, view, contextAt(now))
        const last = first.findLast(
          (finding) => finding.rule === rule.id && finding.sinceMs === here?.sinceMs,
        )
        // What nobody can follow any more, and was never told, is no news to whoever begins to look.
        if (here && here.state !== 'unknown') expect(last?.state).toBe(here.state)
        if (here?.state === 'unknown' && last) expect(last.state).toBe('unknown')
      }
    }),
    DEAR,
  )
})

const truthOf = (rule: Rule, says: readonly Observation[], hour: number): Course['truth'] | null =>
  courseOf(rule, sampleDevice({ close: true }), tableView(says), contextAt(hour))?.truth ?? null

test('a reading that is missing neither raises nor clears: it can only make unknown', () => {
  fc.assert(
    fc.property(
      uses,
      fc.array(fc.integer({ min: 0, max: END - 1 }), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 24, max: END }),
      (known, holes, hour) => {
        const less = known.map((use, at) => (holes.includes(at) ? null : use))
        // The table knows a use where both ends were read, so that holes there are holes here.
        const [full, holed] = [tableOfUses(known), tableOfUses(less)]
        for (const rule of WATER_RULES) {
          const before = courseOf(rule, sampleDevice({ close: true }), full, contextAt(hour))?.truth
          const after = courseOf(rule, sampleDevice({ close: true }), holed, contextAt(hour))?.truth
          if (after !== 'unknown') expect(after).toBe(before)
        }
      },
    ),
    { numRuns: 60 },
  )
})

function tableOfUses(uses: readonly (number | null)[]) {
  return {
    ...tableView([say('water', 0, 1)]),
    uses: (_: string, __: string, fromMs: number, untilMs: number, stepMs: number) =>
      Array.from({ length: (untilMs - fromMs) / stepMs }, (_, step) =>
        stepMs === HOUR_MS ? (uses[(fromMs - at(0)) / HOUR_MS + step] ?? null) : null,
      ),
  }
}

test('a level that nobody confirms becomes unknown and is never said to be over', () => {
  fc.assert(
    fc.property(levels, fc.integer({ min: 0, max: 400 }), (says, silent) => {
      const rule = builtin('smoke')
      const own = says.filter(({ signal }) => signal === 'smoke')
      const last = own.at(-1)
      fc.pre(last !== undefined)
      const lastHour = (last.atMs - at(0)) / HOUR_MS
      const before = truthOf(rule, own, lastHour)
      const after = truthOf(rule, own, lastHour + silent)
      expect(after).toBe(silent < 25 ? before : 'unknown')
      if (last.value === 1) {
        const state =
          evaluate(rule, sampleDevice(), tableView(own), contextAt(lastHour + silent))?.state ?? null
        expect(state).not.toBe('cleared')
      }
    }),
    { numRuns: 60 },
  )
})

test('learning, leave and no consent take alarms away, and none of them takes one away that concerns life', () => {
  fc.assert(
    fc.property(
      sayings,
      fc.integer({ min: 0, max: END }),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 1, max: 100 }),
      (says, learned, from, lasts) => {
        const view = tableView(says)
        const plain = sampleDevice({ close: true })
        const held = {
          ...plain,
          learnedMs: at(learned),
          leaves: [{ fromMs: at(from), untilMs: at(from + lasts) }],
        }
        for (const rule of RULES) {
          const all = raisedMoments(rule, plain, view)
          const left = raisedMoments(rule, held, view)
          expect(courseOf(rule, { ...held, allowed: false }, view, contextAt(END))).toBeNull()
          if (rule.urgency === 'life') expect(left).toEqual(all)
          else if (rule.kind !== 'away-use') for (const hour of left) expect(all).toContain(hour)
        }
      },
    ),
    { numRuns: 20 },
  )
})

/** The hours at which a rule holds, looked at as they come. */
function raisedMoments(rule: Rule, device: WatchedDevice, view: ReturnType<typeof tableView>): number[] {
  const raised: number[] = []
  for (let hour = 1; hour <= END; hour += 5)
    if (evaluate(rule, device, view, contextAt(hour))?.state === 'raised') raised.push(hour)
  return raised
}

const moments = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1, max: 10 }),
      fc.constantFrom('raised', 'cleared', 'unknown'),
      fc.integer({ min: 0, max: 30 }),
    ),
    { maxLength: 40 },
  )
  .map((steps) => {
    let atMs = 0
    return steps.map(([gap, truth, away]): Moment => {
      atMs += gap
      return { atMs, truth: truth as Moment['truth'], value: 0, ...(away === 0 ? { excused: true } : {}) }
    })
  })

test('looking less far back finds the same, or says that it did not look far enough', () => {
  fc.assert(
    fc.property(moments, fc.nat(60), (all, from) => {
      const end = (all.at(-1)?.atMs ?? 0) + 3
      const rules = { rearmMs: 6, forgetMs: 40 }
      const whole = foldCourse(all, rules, 0, end, 'idle')!
      // From a moment on: before it something was said that goes on.
      const fromMs = all[from]?.atMs ?? 0
      const part = foldCourse(
        all.filter(({ atMs }) => atMs >= fromMs),
        rules,
        fromMs,
        end,
        'unsure',
      )
      if (part === null) return
      expect(part.isOpen).toBe(whole.isOpen)
      expect(part.episodes).toEqual(whole.episodes.slice(whole.episodes.length - part.episodes.length))
    }),
    { numRuns: 500 },
  )
})
