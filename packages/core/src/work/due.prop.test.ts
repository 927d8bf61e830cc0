import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays } from './day.ts'
import { dueList } from './due.ts'
import { RecordSet } from './record-set.ts'
import {
  communityRecords,
  homeRecords,
  policyRecords,
  residentRecords,
  visitRecord,
} from './sample-records.test.data.ts'

const START = '2026-09-01'
const day = fc.integer({ min: 0, max: 120 }).map((days) => addDays(START, days))

const world = fc
  .record({
    homes: fc.uniqueArray(
      fc.tuple(
        fc.constantFrom('1', '2', '10'),
        fc.constantFrom('1', '2'),
        fc.constantFrom('101', '102', '1001'),
      ),
      {
        minLength: 1,
        maxLength: 6,
        selector: (door) => door.join('.'),
      },
    ),
    visits: fc.array(
      fc.record({
        home: fc.nat(5),
        on: day,
        outcome: fc.constantFrom('met', 'absent', 'refused'),
        mode: fc.constantFrom('door', 'phone', 'paper'),
        next: fc.option(fc.integer({ min: 0, max: 40 })),
        withdrawn: fc.boolean(),
      }),
      { maxLength: 25 },
    ),
    old: fc.array(fc.nat(5), { maxLength: 4 }),
  })
  .map(({ homes, visits, old }) => {
    const doors = homes.map((door) => `hh-${door.join('.')}`)
    const at = (index: number) => doors[index % doors.length]!
    return [
      ...communityRecords(),
      ...policyRecords(),
      ...homes.flatMap((door) => homeRecords(...door)),
      ...visits.map(({ home, on, outcome, mode, next, withdrawn }, index) =>
        visitRecord(`${index}`, at(home), on, {
          outcome,
          mode,
          ...(next === null ? {} : { nextOn: addDays(on, next) }),
          ...(withdrawn ? { withdrawn: '误记' } : {}),
        }),
      ),
      ...old.flatMap((home, index) =>
        residentRecords(`${index}`, at(home), { sets: { categories: ['elderly-alone-80'] } }),
      ),
    ]
  })

const shuffledTwice = world.chain((records) =>
  fc.tuple(
    fc.constant(records),
    fc.shuffledSubarray(records, { minLength: records.length, maxLength: records.length }),
    fc.nat(records.length),
  ),
)

test('the same records give the same list, in whatever order and however often they came', () => {
  fc.assert(
    fc.property(shuffledTwice, day, ([records, shuffled, cut], on) => {
      const expected = dueList(new RecordSet(records), { on })
      const piecemeal = new RecordSet(shuffled.slice(0, cut))
      for (const record of shuffled.slice(cut)) piecemeal.apply([record])
      piecemeal.apply(shuffled.slice(0, cut))
      expect(dueList(piecemeal, { on })).toEqual(expected)
    }),
  )
})

test('a household is due until it is met at the door, and then not for as long as its interval', () => {
  fc.assert(
    fc.property(world, day, (records, on) => {
      const set = new RecordSet(records)
      for (const { household } of dueList(set, { on })) {
        // What was promised on this very day, or dated later, may bring it up sooner.
        if (records.some((one) => one.fields.household === household && String(one.fields.on) >= on)) continue
        const after = new RecordSet([...records, visitRecord('new', household, on)])
        // Every rule that covers it starts anew; the shortest of them asks first.
        const { intervalDays } = dueList(after, { on, aheadDays: 400 }).find(
          (one) => one.household === household,
        )!.policy!
        const dueOn = addDays(on, intervalDays)
        const stillDue = (at: string) => dueList(after, { on: at }).some((due) => due.household === household)
        expect([stillDue(addDays(dueOn, -1)), stillDue(dueOn)]).toEqual([false, true])
      }
    }),
  )
})
