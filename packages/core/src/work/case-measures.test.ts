import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Projection } from '../record/project.ts'
import { caseMeasures, type Measure } from './case-measures.ts'
import { recurrenceOf } from './case-recurrence.ts'
import type { CaseStep } from './case-steps.ts'
import { caseNotices, caseWarnings, unknownCalendarYears } from './case-warnings.ts'
import { RecordSet } from './record-set.ts'
import { at, caseOf, type Said } from './sample-case.test.data.ts'

const community: Projection = {
  ...caseOf([]),
  ...{
    id: 'cm-1',
    type: 'community',
    fields: { name: '测试社区', timeZone: 'Asia/Shanghai' },
    timelines: {},
  },
}
let serial = 0
const made = (steps: readonly Said[], fields: Projection['fields'] = {}, space = 'sp-1'): Projection => {
  serial++
  const id = `ca-${String(serial).padStart(4, '0')}`
  const record = caseOf(steps, { kind: 'facility', household: 'hh-1', title: '楼道灯坏', ...fields })
  const first = steps[0]?.at
  return { ...record, id, space, createdAt: typeof first === 'string' ? at(first) : (first ?? 0) }
}
const setOf = (...records: readonly Projection[]) => new RecordSet([community, ...records])
const measured = (set: RecordSet, now = '11-30T12:00') =>
  caseMeasures(set, '2026-11-01', '2026-11-30', { nowMs: at(now) })
const row = (rows: readonly Measure[], of: Measure['of'], id: string) =>
  rows.find((one) => one.of === of && one.id === id)!

describe('measures', () => {
  test('who should have done what, who did, and who was late, by stage', () => {
    const set = setOf(
      made([
        { step: 'report', at: '11-09T09:00', by: 'me-1' },
        // One working day is over on Monday at five.
        { step: 'accept', at: '11-09T16:00', by: 'me-1' },
        { step: 'verify', at: '11-11T16:00', by: 'me-1' },
        { step: 'register', at: '11-11T16:30', by: 'me-9' },
        { step: 'dispatch', at: '11-12T10:00', by: 'me-9', to: '物业' },
        { step: 'done', at: '11-30T10:00', by: 'me-1' },
      ]),
    )
    const rows = measured(set)
    expect(row(rows, 'worker', 'me-1').stages.accept).toEqual({
      ...{ should: 1, did: 1, onTime: 1, overdue: 0, pending: 0, mostTimes: 0 },
    })
    expect(row(rows, 'worker', 'me-1').stages.verify).toMatchObject({
      should: 1,
      onTime: 0,
      overdue: 1,
      mostTimes: 2,
    })
    expect(row(rows, 'worker', 'me-9').stages.dispatch).toMatchObject({ should: 1, onTime: 1 })
    // Seven days from the twelfth: late by eleven days, one limit and a half.
    expect(row(rows, 'desk', '物业').stages.handle).toMatchObject({
      should: 1,
      did: 1,
      overdue: 1,
      mostTimes: 2,
    })
    expect(row(rows, 'worker', 'me-1').stages.handle.should).toBe(0)
    const open = measured(set, '11-25T12:00')
    expect(row(open, 'grid', 'sp-1').stages.handle).toMatchObject({ should: 1, overdue: 1 })
  })

  test('a dispatch that came back as not theirs is wrong, however soon it was sent', () => {
    const set = setOf(
      made([
        { step: 'report', at: '11-09T09:00' },
        { step: 'accept', at: '11-09T09:10' },
        { step: 'dispatch', at: '11-09T09:30', by: 'me-1', to: '物业' },
        { step: 'return', at: '11-10T09:30', by: 'me-9', because: 'wrong-desk' },
        { step: 'dispatch', at: '11-10T09:40', by: 'me-1', to: '电力' },
        { step: 'return', at: '11-11T09:30', by: 'me-9', because: 'more-needed' },
      ]),
    )
    const rows = measured(set)
    expect(row(rows, 'worker', 'me-1')).toMatchObject({ dispatched: 2, wrongDispatch: 1 })
    expect(row(rows, 'desk', '物业')).toMatchObject({ returned: 1 })
    // What was sent to the wrong hands is not counted as something they did not do.
    expect(row(rows, 'desk', '物业').stages.handle.should).toBe(0)
    expect(row(rows, 'worker', 'me-1').stages.dispatch).toMatchObject({ should: 1, onTime: 1 })
  })

  test('closing in time and late, rework, extension, satisfaction; what lies shelved is nobody’s delay', () => {
    const line = (done: string): Said[] => [
      { step: 'handle', at: '11-02T09:00' },
      { step: 'done', at: done },
      { step: 'rework', at: done },
      { step: 'done', at: done },
      { step: 'check', at: done },
      { step: 'close', at: done, by: 'me-9' },
    ]
    const set = setOf(
      made([...line('11-05T10:00'), { step: 'call-back', at: '11-06T10:00', satisfaction: 'unsatisfied' }]),
      made(line('11-20T10:00'), { dueOn: '2026-11-10' }),
      made([
        { step: 'handle', at: '11-02T09:00' },
        { step: 'shelve', at: '11-03T09:00' },
      ]),
    )
    const grid = row(measured(set), 'grid', 'sp-1')
    expect(grid).toMatchObject({ closedOnTime: 1, closedLate: 1, rework: 2, shelved: 1, openLate: 0 })
    expect(grid).toMatchObject({ callBacks: 1, unsatisfied: 1, satisfied: 0, extensions: 0 })
    expect(grid.stages.handle).toMatchObject({ pending: 0 })
  })

  test('a grid is the sum of what is counted in it, and what is in time and late is what should be', () => {
    const step = fc.constantFrom<CaseStep>(
      ...([
        'accept',
        'verify',
        'register',
        'dispatch',
        'handle',
        'done',
        'check',
        'close',
        'rework',
      ] as const),
      ...(['return', 'shelve', 'resume', 'void', 'reopen', 'call-back', 'extend'] as const),
    )
    const said = fc.record({
      step,
      hours: fc.integer({ min: 0, max: 60 }),
      by: fc.constantFrom('me-1', 'me-2', 'me-9'),
      due: fc.option(fc.constantFrom('2026-11-12', '2026-11-26'), { nil: undefined }),
      to: fc.option(fc.constantFrom('物业', 'me-3'), { nil: undefined }),
    })
    const cases = fc.array(fc.array(said, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(cases, (drawn) => {
        const records = drawn.map((steps, index) => {
          let ms = at('11-02T09:00')
          const told = steps.map(({ hours, due, to, ...one }): Said => {
            ms += hours * 3_600_000
            return { ...one, at: ms, ...(due ? { due } : {}), ...(to ? { to } : {}) }
          })
          return made([{ step: 'report', at: '11-02T09:00' }, ...told], {}, `sp-${index % 2}`)
        })
        const set = setOf(...records)
        const rows = measured(set)
        for (const { stages } of rows)
          for (const { should, did, onTime, overdue, pending } of Object.values(stages)) {
            expect(onTime + overdue).toBe(should)
            expect(did + pending).toBe(should)
            expect(pending).toBeLessThanOrEqual(overdue)
          }
        const sum = (of: string, read: (one: Measure) => number) =>
          rows.filter((one) => one.of === of).reduce((total, one) => total + read(one), 0)
        expect(sum('grid', (one) => one.dispatched)).toBe(sum('worker', (one) => one.dispatched))
        expect(sum('grid', (one) => one.opened)).toBe(records.length)
        for (const grid of ['sp-0', 'sp-1'])
          expect(
            caseMeasures(set, '2026-11-01', '2026-11-30', { nowMs: at('11-30T12:00'), grid })[0],
          ).toEqual(rows.find(({ id }) => id === grid))
      }),
      { numRuns: 60 },
    )
  })
})

describe('warnings and notices', () => {
  test('the most pressing first: by how often the limit is used up, then by the deadline, then what is soon due', () => {
    const set = setOf(
      made([{ step: 'report', at: '11-24T09:00' }]),
      made([{ step: 'report', at: '11-23T09:00' }]),
      made([{ step: 'report', at: '11-23T15:00' }]),
      made([{ step: 'report', at: '11-24T15:30' }]),
    )
    const ids = [...set.ofType('case')].map(({ id }) => id)
    const told = caseWarnings(set, at('11-24T16:00'))
    expect(told.map(({ id, level, clock }) => [ids.indexOf(id), level, clock.timesLimit])).toEqual([
      [1, 'late', 1],
      [2, 'late', 1],
      [0, 'soon', 0],
    ])
    expect(unknownCalendarYears(set, at('11-24T16:00'))).toEqual([])
    expect(unknownCalendarYears(set, at('12-20T16:00'))).toEqual([2027])
  })

  test('whoever’s step did not count is told what went before, until they have seen the case again', () => {
    const record = made([{ step: 'handle', at: '11-24T09:00', by: 'me-1' }])
    const lost = { step: 'done', note: 'x', saw: ['s00'] }
    const apart: Projection = {
      ...record,
      timelines: {
        steps: [
          ...record.timelines.steps!,
          { id: 's99', by: 'me-2', at: at('11-24T10:00'), value: lost },
          {
            id: 'z1',
            by: 'me-2',
            at: at('11-24T10:30'),
            value: { step: 'extend', due: '2026-12-09', saw: ['s00'] },
          },
        ],
        decisions: [
          { id: 's50', by: 'me-9', at: at('11-24T10:00'), value: { step: 'void', note: 'x', saw: ['s00'] } },
        ],
      },
    }
    const now = at('11-25T09:00')
    expect(caseNotices(setOf(apart), 'me-2', now)).toMatchObject([
      { type: 'did-not-count', of: 'z1', flag: 'not-from-state', theirStep: 'void', by: { member: 'me-9' } },
      { type: 'did-not-count', of: 's99', step: 'done', theirStep: 'void' },
    ])
    expect(caseNotices(setOf(apart), 'me-1', now)).toEqual([])
    expect(caseNotices(setOf(apart), 'me-2', at('12-24T09:00'))).toEqual([])
    const seen = {
      id: 'z2',
      by: 'me-2',
      at: now,
      value: { step: 'note', note: 'x', saw: ['s00', 's50', 's99', 'z1'] },
    }
    const again = { ...apart, timelines: { ...apart.timelines, steps: [...apart.timelines.steps!, seen] } }
    expect(caseNotices(setOf(again), 'me-2', now)).toEqual([])
  })

  test('a chief is told what waits, and whoever asked what came of it', () => {
    const asked: Said[] = [
      { step: 'handle', at: '11-24T09:00', by: 'me-2' },
      { step: 'extend', at: '11-24T10:00', by: 'me-2', due: '2026-12-09' },
    ]
    const now = at('11-25T09:00')
    expect(caseNotices(setOf(made(asked)), 'me-9', now, true)).toMatchObject([
      { type: 'awaits', step: 'extend', due: '2026-12-09', by: { member: 'me-2' } },
    ])
    expect(caseNotices(setOf(made(asked)), 'me-2', now)).toEqual([])
    const decided = setOf(made([...asked, { step: 'refuse', at: '11-24T11:00', by: 'me-9', of: 's01' }]))
    expect(caseNotices(decided, 'me-9', now, true)).toEqual([])
    expect(caseNotices(decided, 'me-2', now)).toMatchObject([
      { type: 'decided', request: 'refused', note: 'x' },
    ])
    const apart = made(asked)
    const over = {
      ...{ id: 's99', by: 'me-9', at: at('11-24T11:00') },
      value: { step: 'void', note: 'x', saw: ['s00'] },
    }
    const gone = setOf({ ...apart, timelines: { ...apart.timelines, decisions: [over] } })
    expect(caseNotices(gone, 'me-9', now, true)).toEqual([])
    expect(caseNotices(gone, 'me-2', now)).toMatchObject([
      { type: 'decided', request: 'overtaken', theirStep: 'void', by: { member: 'me-9' } },
    ])
  })
})

test('the third time in a year at one door, of one kind', () => {
  const times = [
    made([{ step: 'report', at: '01-10T09:00' }]),
    made([{ step: 'report', at: '03-10T09:00' }]),
    made([{ step: 'report', at: '04-10T09:00' }], { kind: 'dispute' }),
    made([
      { step: 'report', at: '05-10T09:00' },
      { step: 'void', at: '05-10T10:00' },
    ]),
    made([{ step: 'report', at: '11-10T09:00' }]),
  ]
  const set = setOf(...times)
  expect(recurrenceOf(set, times[4]!)).toEqual({ times: 3, cases: [times[1]!.id, times[0]!.id] })
  expect(recurrenceOf(set, times[0]!)).toBeNull()
})
