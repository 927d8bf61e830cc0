import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TimelineItem } from '../record/project.ts'
import { type FoldedStep, foldCase } from './case-state.ts'
import { type CaseStep, caseSteps } from './case-steps.ts'

const NAMES = Object.keys(caseSteps) as CaseStep[]

/** Steps of several authors: each has seen some of the earlier ones and all that those had seen. Ids are arbitrary. */
const history = fc
  .tuple(
    fc.array(
      fc.record({
        step: fc.constantFrom<string>(...NAMES, 'unheard-of'),
        chief: fc.boolean(),
        of: fc.nat(9),
        due: fc.option(fc.constantFrom('2026-11-20', '2026-12-01')),
        sees: fc.array(fc.nat(9), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 10 },
    ),
    fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 10, maxLength: 10 }),
  )
  .map(([drawn, ids]) => {
    const past: Set<string>[] = []
    return drawn.map(({ step, due, sees, of, chief }, index): Drawn => {
      const saw = new Set<string>()
      for (const before of sees.filter((at) => at < index)) {
        saw.add(ids[before]!)
        for (const older of past[before]!) saw.add(older)
      }
      past.push(saw)
      const about = of < index ? { of: ids[of]! } : {}
      const value = { step, saw: [...saw], note: 'x', ...(due === null ? {} : { due }), ...about }
      return { id: ids[index]!, by: `me-${index % 3}`, at: index, value, chief }
    })
  })

type Drawn = TimelineItem & { readonly chief: boolean }
/** A chief's own words stand on their own timeline. */
const fold = (steps: readonly Drawn[], dueOn: string | null) =>
  foldCase(
    steps.filter(({ chief }) => !chief),
    dueOn,
    steps.filter(({ chief }) => chief),
  )

test('any order and any repetition of the steps gives the same state', () => {
  fc.assert(
    fc.property(
      history.chain((steps) => {
        const doubled = [...steps, ...steps]
        return fc.tuple(
          fc.constant(steps),
          fc.shuffledSubarray(doubled, { minLength: doubled.length, maxLength: doubled.length }),
        )
      }),
      ([steps, shuffled]) => {
        expect(fold(shuffled, '2026-11-01')).toEqual(fold(steps, '2026-11-01'))
      },
    ),
  )
})

test('no step is dropped, and none comes before one it has seen', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const order = fold(steps, null).steps.map((step) => step.id)
      expect([...order].sort()).toEqual(steps.map((step) => step.id).sort())
      for (const { id, value } of steps)
        for (const before of (value as { saw: string[] }).saw)
          expect(order.indexOf(before)).toBeLessThan(order.indexOf(id))
    }),
  )
})

const said = ({ request, overtakenBy, ...step }: FoldedStep) =>
  request === null ? { ...step, overtakenBy } : step

test('a step that saw everything is taken by the state everybody then has', () => {
  fc.assert(
    fc.property(history, fc.constantFrom(...NAMES), (steps, step) => {
      const before = fold(steps, null)
      const saw = steps.map((one) => one.id)
      const after = fold([{ id: '', by: 'me-2', at: 1, value: { step, saw }, chief: false }, ...steps], null)
      // What was asked may have its answer by it; nothing else of the past changes.
      expect(after.steps.slice(0, -1).map(said)).toEqual(before.steps.map(said))
      expect(after.steps.at(-1)?.id).toBe('')
    }),
  )
})

test('nothing waits in an ended case, every request has one end, and what counted is what changed the state', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const { open, awaiting, steps: told, effects, state } = fold(steps, null)
      if (!open) expect(awaiting).toEqual([])
      for (const { request, flag } of told) if (request !== null) expect(flag).toBeNull()
      let now = 'reported'
      for (const { before, after } of effects) {
        expect(before).toBe(now)
        now = after
      }
      expect(now).toBe(state)
      // A worker's word alone never shelves, returns or voids anything.
      const decided = effects.filter(({ step }) => ['return', 'extend', 'shelve', 'void'].includes(step))
      for (const { id } of decided) expect(steps.find((one) => one.id === id)?.chief).toBe(true)
    }),
  )
})
