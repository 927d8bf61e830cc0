import fc from 'fast-check'
import { expect, test } from 'vitest'
import { derivedId } from '../ids.ts'
import type { Role } from '../membership/roles.ts'
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import type { RecordType } from '../records/registry.ts'
import type { Station } from '../station/station.ts'
import { dueList } from './due.ts'
import { listHouseholds } from './queries.ts'
import { RecordSet } from './record-set.ts'
import {
  COMMUNITY_SPACE,
  CREATED_AT,
  communityRecords,
  GRID_SPACE,
  homeRecords,
  OTHER_SPACE,
  policyRecords,
  record,
  residentRecords,
  visitRecord,
} from './sample-records.test.data.ts'

const HOUR_MS = 3_600_000
const one = <T>(...of: T[]) => fc.constantFrom(...of)
const day = one('2026-10-20', '2026-10-30', '2026-11-02', '2026-11-05')
const household = one('hh-1', 'hh-1.1.101')
const dwelling = one('dw-1', 'dw-1.1.101')
const category = fc.subarray(['elderly-alone-80', 'low-income'])
const gridSpace = one(GRID_SPACE, OTHER_SPACE)

/** A record of one of few ids, whatever was there before. */
const edit = (
  type: RecordType,
  names: readonly string[],
  fields: Record<string, fc.Arbitrary<Value | undefined>>,
  rest: fc.Arbitrary<Partial<Projection>> = fc.constant({}),
) =>
  fc.record({ name: one(...names), fields: fc.record(fields), rest }).map(({ name, fields, rest }) => {
    const given = Object.entries(fields).filter(([, value]) => value !== undefined)
    return record(type, name, Object.fromEntries(given) as Record<string, Value>, rest)
  })
const copy = fc.record({
  space: gridSpace,
  createdAt: fc.integer({ min: -12, max: 12 }).map((hours) => CREATED_AT + hours * HOUR_MS),
  sets: fc.record({ categories: category }),
  timelines: fc.constantFrom<Projection['timelines']>(
    {},
    {
      moves: [
        {
          id: 'tag.0',
          by: 'me-1',
          at: 1,
          tag: 'tag',
          value: { id: 'mv-1', over: [], from: GRID_SPACE, to: OTHER_SPACE, on: null, carried: {} },
        },
      ] as unknown as Projection['timelines'][string],
    },
  ),
})
const resident = category.map((categories) => ({ sets: { categories } }))
const inGrid = gridSpace.map((space) => ({ space }))

const edits = fc.oneof(
  edit(
    'household',
    ['1', '1.1.101'],
    { dwelling, name: one('甲', '乙'), promise: one('', '带药'), emergencyContact: one('', '女儿') },
    copy,
  ),
  edit('dwelling', ['1', '1.1.101'], { building: one('bu-1', 'bu-2'), room: one('101', '202') }, inGrid),
  edit('building', ['1', '2'], { name: one('1', '2', '10') }, inGrid),
  edit('person', ['1'], { diedOn: fc.option(day, { freq: 2, nil: undefined }) }, resident),
  edit(
    'residence',
    ['1', '2'],
    {
      person: fc.constant('pe-1'),
      household: fc.option(household, { freq: 1, nil: undefined }),
      dwelling: fc.option(dwelling, { nil: undefined }),
      to: fc.option(day, { freq: 2, nil: undefined }),
    },
    inGrid,
  ),
  edit(
    'visit',
    ['1', '2'],
    {
      household,
      on: day,
      outcome: one('met', 'absent', 'refused'),
      mode: one('door', 'phone'),
      contact: one('resident', 'neighbour', 'emergency'),
      heard: fc.boolean(),
      nextOn: fc.option(day, { nil: undefined }),
      withdrawn: one('', '误记'),
    },
    inGrid,
  ),
  edit('policy', ['all', 'week'], {
    intervalDays: one(1, 30),
    everyone: fc.boolean(),
    chain: fc.option(
      fc.constant([
        { step: 'again', afterDays: 1, times: 1 },
        { step: 'case', afterDays: 2 },
      ]),
      {
        nil: undefined,
      },
    ),
  }),
  // The case that a chain ends in, and another household's of that id.
  fc
    .record({
      of: household,
      met: one('never', 'vi-1', 'vi-2'),
      household: fc.option(household, { nil: undefined }),
    })
    .map(({ of, met, household }) => ({
      ...record('case', 'x', { kind: 'nobody-home', ...(household ? { household } : {}) }),
      id: derivedId('ca', [of, 'nobody-home', met]),
    })),
  edit('grid', ['1', '2'], { name: one('东', '西'), space: gridSpace }),
  edit('community', ['c'], { timeZone: one('Asia/Shanghai', 'America/New_York', 'nowhere') }),
)
const gone = fc
  .tuple(one('hh-1', 'dw-1', 'pe-1', 're-1', 'vi-1', 'po-all', 'bu-1'), gridSpace)
  .map(([id, space]) => ({ id, space: id.startsWith('po-') ? COMMUNITY_SPACE : space }))
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ apply: fc.array(edits, { minLength: 1, maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ erase: gone }) },
    { weight: 1, arbitrary: fc.record({ on: day, language: one('zh' as const, 'en' as const) }) },
    { weight: 1, arbitrary: fc.record({ viewer: one<Role>('worker', 'volunteer', 'chief') }) },
  ),
  { minLength: 10, maxLength: 25 },
)
const asked = (set: RecordSet, { on, language }: { on: string; language: 'zh' | 'en' }) => ({
  due: dueList(set, { on, language, aheadDays: 400 }),
  volunteer: dueList(set, { on, language, aheadDays: 400, role: 'volunteer', keptAs: 'volunteer' }),
  late: dueList(set, { on, language, order: 'overdue' }),
  rows: listHouseholds(set, { language }),
})

test('what is kept of each household says the same as working everything out, after any edits', () => {
  const start = [
    ...communityRecords(),
    ...policyRecords(),
    ...homeRecords('1', '1', '101'),
    ...residentRecords('1', 'hh-1.1.101'),
    visitRecord('1', 'hh-1.1.101', '2026-10-20'),
  ]
  fc.assert(
    fc.property(steps, day, (steps, last) => {
      let viewer: Role = 'worker'
      let change: (of: Parameters<Parameters<Station['onChange']>[0]>[0]) => void = () => {}
      const set = new RecordSet(start, viewer)
      set.follow({
        member: () => ({ role: viewer }),
        onChange(listener: typeof change) {
          change = listener
          return () => {}
        },
      } as unknown as Station)
      const known = new Map(start.map((one) => [`${one.space}/${one.id}`, one]))
      let asks: { on: string; language: 'zh' | 'en' } = { on: last, language: 'zh' }
      asked(set, asks)
      for (const step of steps) {
        if ('apply' in step) {
          set.apply(step.apply)
          for (const one of step.apply) known.set(`${one.space}/${one.id}`, one)
        } else if ('erase' in step) {
          set.erase([step.erase])
          known.delete(`${step.erase.space}/${step.erase.id}`)
        } else if ('viewer' in step) {
          viewer = step.viewer
          change({ records: [], erased: [] })
        } else asks = step
        expect(asked(set, asks)).toEqual(asked(new RecordSet(known.values(), viewer), asks))
      }
    }),
    { numRuns: 80 },
  )
})

test('a case of another household, under the id of the one that a chain ends in, ends no chain', () => {
  const known = [
    ...communityRecords(),
    ...policyRecords(),
    ...homeRecords('1', '1', '101'),
    ...homeRecords('1', '1', '102'),
    ...['20', '21', '22'].map((on) =>
      visitRecord(on, 'hh-1.1.101', `2026-10-${on}`, {
        outcome: 'absent',
        contact: on === '22' ? 'neighbour' : 'resident',
      }),
    ),
  ]
  const set = new RecordSet(known)
  const absence = (of: RecordSet) =>
    dueList(of, { on: '2026-11-02', aheadDays: 400 }).find((one) => one.household === 'hh-1.1.101')?.absence
  const before = absence(set)
  expect(before?.next?.step).toBe('case')
  for (const [household, next] of [
    ['hh-1.1.102', before!.next],
    ['hh-1.1.101', null],
  ] as const) {
    const opened = { ...record('case', 'x', { household, kind: 'nobody-home' }), id: before!.case }
    set.apply([opened])
    expect(absence(set)).toEqual(absence(new RecordSet([...known, opened])))
    expect(absence(set)?.next).toEqual(next)
  }
})
