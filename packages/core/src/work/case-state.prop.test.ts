import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TimelineItem } from '../record/project.ts'
import { foldCase } from './case-state.ts'
import { type CaseStep, caseSteps } from './case-steps.ts'

const NAMES = Object.keys(caseSteps) as CaseStep[]

/** Steps of several authors: each has seen some of the earlier ones and all that those had seen. Ids are arbitrary. */
const history = fc
  .tuple(
    fc.array(
      fc.record({
        step: fc.constantFrom<string>(...NAMES, 'unheard-of'),
        due: fc.option(fc.constantFrom('2026-11-20', '2026-12-01')),
        sees: fc.array(fc.nat(9), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 10 },
    ),
    fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 10, maxLength: 10 }),
  )
  .map(([drawn, ids]) => {
    const past: Set<string>[] = []
    return drawn.map(({ step, due, sees }, index): TimelineItem => {
      const saw = new Set<string>()
      for (const before of sees.filter((at) => at < index)) {
        saw.add(ids[before]!)
        for (const older of past[before]!) saw.add(older)
      }
      past.push(saw)
      const value = { step, saw: [...saw], note: 'x', ...(due === null ? {} : { due }) }
      return { id: ids[index]!, by: 'me-1', at: index, value }
    })
  })

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
        expect(foldCase(shuffled, '2026-11-01')).toEqual(foldCase(steps, '2026-11-01'))
      },
    ),
  )
})

test('no step is dropped, and none comes before one it has seen', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const order = foldCase(steps, null).steps.map((step) => step.id)
      expect([...order].sort()).toEqual(steps.map((step) => step.id).sort())
      for (const { id, value } of steps)
        for (const before of (value as { saw: string[] }).saw)
          expect(order.indexOf(before)).toBeLessThan(order.indexOf(id))
    }),
  )
})

test('a step that saw everything is taken by the state everybody then has', () => {
  fc.assert(
    fc.property(history, fc.constantFrom(...NAMES), (steps, step) => {
      const before = foldCase(steps, null)
      const saw = steps.map((one) => one.id)
      const after = foldCase([{ id: '', by: 'me-2', at: 1, value: { step, saw } }, ...steps], null)
      expect(after.steps.slice(0, -1)).toEqual(before.steps)
      expect(after.steps.at(-1)?.id).toBe('')
    }),
  )
})
