import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Value } from '../record/change.ts'
import type { Projection, TimelineItem } from '../record/project.ts'
import { dueList } from './due.ts'
import { clustersOf, mergeId, pairOf, survivorOf } from './merge-state.ts'
import { listPeople } from './person-list.ts'
import { listHouseholds } from './queries.ts'
import { RecordSet } from './record-set.ts'
import { residentsOf } from './residents.ts'
import {
  communityRecords,
  homeRecords,
  policyRecords,
  record,
  residentRecords,
  visitRecord,
} from './sample-records.test.data.ts'

/** The same histories in every run of the suite. */
const SEED = 20_261_126
const RUNS = Number(process.env.MERGE_RUNS ?? 60)
const ON = '2026-11-24'
const PEOPLE = ['pe-a', 'pe-b', 'pe-c', 'pe-d'] as const
const HOMES = ['hh-1.1.101', 'hh-1.1.102', 'hh-1.1.103'] as const

type Act = { readonly pair: readonly [string, string]; readonly value: { [key: string]: Value } }

/** Three stations that hear of each other now and then: what each knows is a set of acts, and of values by field. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('merge' as const),
      at: fc.nat(2),
      one: fc.nat(3),
      other: fc.nat(3),
      keep: fc.boolean(),
      homes: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('part' as const),
      at: fc.nat(2),
      one: fc.nat(3),
      other: fc.nat(3),
      keep: fc.boolean(),
      homes: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('meet' as const),
      at: fc.nat(2),
      one: fc.nat(2),
      other: fc.nat(3),
      keep: fc.boolean(),
      homes: fc.boolean(),
    }),
  },
)

type Step = {
  what: 'merge' | 'part' | 'meet'
  at: number
  one: number
  other: number
  keep: boolean
  homes: boolean
}

function play(steps: readonly Step[]): Act[] {
  const known: Map<string, Act>[] = [new Map(), new Map(), new Map()]
  let id = 0
  for (const { what, at, one, other, keep, homes } of steps) {
    const here = known[at]!
    if (what === 'meet') {
      const there = known[one]!
      for (const [name, act] of [...here]) there.set(name, act)
      for (const [name, act] of [...there]) here.set(name, act)
      continue
    }
    const ids: readonly string[] = homes ? HOMES : PEOPLE
    const [a, b] = [ids[one % ids.length]!, ids[other % ids.length]!]
    if (a === b) continue
    const pair = a < b ? ([a, b] as const) : ([b, a] as const)
    const over = [...here.values()]
      .filter((act) => act.pair.join() === pair.join())
      .map(({ value }) => value.id!)
    const said =
      what === 'merge'
        ? { same: true, keep: keep ? a : b, past: { name: { [keep ? b : a]: 'ffff' } } }
        : { same: false }
    const name = `ma-${String(id++).padStart(3, '0')}`
    here.set(name, { pair, value: { id: name, over, on: ON, reason: '试', ...said } })
  }
  return [...new Map(known.flatMap((one) => [...one])).values()]
}

function mergeRecordsOf(acts: readonly Act[]): Projection[] {
  const byPair = Map.groupBy(acts, ({ pair }) => pair.join())
  return [...byPair.values()].map((some) => {
    const [one, other] = some[0]!.pair
    const items = some.map(
      ({ value }): TimelineItem => ({ id: String(value.id), by: 'me-1111', at: 1, value }),
    )
    return {
      ...record('merge', 'x', { one, other }, { timelines: { acts: items } }),
      id: mergeId(one, other),
    }
  })
}

const register = (): Projection[] => [
  ...communityRecords(),
  ...policyRecords(),
  ...['101', '102', '103'].flatMap((room) => homeRecords('1', '1', room)),
  ...PEOPLE.flatMap((id, at) =>
    residentRecords(id.slice(3), HOMES[at % HOMES.length]!, { fields: { phone: `1380000000${at}` } }),
  ),
  ...HOMES.map((home, at) => visitRecord(String(at), home, `2026-11-0${at + 1}`)),
]

/** Everything that is listed, which must not depend on how the set came to be. */
const listed = (set: RecordSet) => ({
  people: listPeople(set, { on: ON }),
  homes: listHouseholds(set),
  due: dueList(set, { on: ON, aheadDays: 400 }),
  ids: [...PEOPLE, ...HOMES].map((id) => [
    id,
    set.idOf(id),
    set.get(id),
    set.isKept(id),
    set.members(id).map((one) => one.id),
  ]),
  residents: [...set.ofType('household')]
    .map((home) =>
      residentsOf(set, home, ON)
        .map(({ person }) => person.id)
        .sort(),
    )
    .sort(),
  conflicts: [...set.inConflict()].map(({ id }) => id).sort(),
  visits: HOMES.map((home) =>
    set
      .referring('visit', 'household', home)
      .map(({ id }) => id)
      .sort(),
  ),
})

test('whoever merged and parted what, in whatever order it is heard: the same is one everywhere, and nobody is listed twice', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 4, maxLength: 30 }),
      fc.infiniteStream(fc.nat(1000)),
      (steps, dice) => {
        const acts = play(steps)
        const all = [...register(), ...mergeRecordsOf(acts)]
        const whole = listed(new RecordSet(all))
        // As it is heard: some acts of a merge now, the others later, between records that come again as they are.
        const set = new RecordSet(register().filter(() => dice.next().value! % 4 > 0))
        const heard: Act[] = []
        for (const act of [...acts].sort(() => (dice.next().value! % 2) - 0.5)) {
          heard.push(act)
          const again = register().filter(() => dice.next().value! % 5 === 0)
          set.apply([
            ...again,
            ...mergeRecordsOf(heard.filter(({ pair }) => pair.join() === act.pair.join())),
          ])
          if (dice.next().value! % 6 === 0) set.erase([{ id: 'pe-a', space: 'sp-1111' }])
        }
        set.apply([...register(), ...mergeRecordsOf(acts)])
        expect(listed(set)).toEqual(whole)
        const ids = whole.people.map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        for (const id of PEOPLE) expect(ids.filter((one) => one === set.idOf(id))).toHaveLength(1)
        for (const people of whole.residents) expect(new Set(people).size).toBe(people.length)
        // Every visit is found at exactly one home.
        const homes = [...new RecordSet(all).ofType('household')].map(({ id }) => id)
        expect(homes.flatMap((home) => set.referring('visit', 'household', home)).length).toBe(HOMES.length)
      },
    ),
    { numRuns: RUNS, seed: SEED },
  )
})

test('taking apart what holds of each pair brings back every record as it was', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 4, maxLength: 30 }), (steps) => {
      const acts = play(steps)
      const set = new RecordSet([...register(), ...mergeRecordsOf(acts)])
      const parting = [...Map.groupBy(acts, ({ pair }) => pair.join()).values()].map((some, at): Act => {
        const over = some.map(({ value }) => value.id!)
        return { pair: some[0]!.pair, value: { id: `ma-z${at}`, over, same: false, on: ON, reason: '分开' } }
      })
      set.apply(mergeRecordsOf([...acts, ...parting]))
      expect(listed(set)).toEqual(listed(new RecordSet(register())))
    }),
    { numRuns: RUNS, seed: SEED },
  )
})

test.each([
  ['one into the other', [['a', 'b', 'a']], 'a'],
  [
    'each into the other, apart',
    [
      ['a', 'b', 'a'],
      ['a', 'b', 'b'],
    ],
    'a',
  ],
  [
    'a chain',
    [
      ['a', 'b', 'b'],
      ['b', 'c', 'c'],
    ],
    'c',
  ],
  [
    'one into two',
    [
      ['a', 'c', 'c'],
      ['a', 'b', 'b'],
    ],
    'b',
  ],
  [
    'a circle',
    [
      ['a', 'b', 'b'],
      ['b', 'c', 'c'],
      ['a', 'c', 'a'],
    ],
    'a',
  ],
] as const)('%s goes on under one id', (_, pairs, survivor) => {
  const acts = pairs.map(
    ([a, b, keep], at): Act => ({
      pair: [`pe-${a}`, `pe-${b}`],
      value: { id: `ma-${at}`, over: [], same: true, keep: `pe-${keep}`, on: ON, reason: '试' },
    }),
  )
  for (const some of [acts, [...acts].reverse()]) {
    const clusters = clustersOf(mergeRecordsOf(some).flatMap((one) => pairOf([one]) ?? []))
    const cluster = clusters.get('pe-a')!
    expect(survivorOf(cluster, new Set(cluster.members))).toBe(`pe-${survivor}`)
    // Where that one is not kept, another stands for it, the same wherever the same are.
    expect(survivorOf(cluster, new Set(['pe-z']))).toBeNull()
  }
})

test('a merge record that is not what its id says, or of two kinds, joins nothing', () => {
  const act: Act = {
    pair: ['pe-a', 'pe-b'],
    value: { id: 'ma-1', over: [], same: true, keep: 'pe-a', on: ON, reason: '试' },
  }
  const [good] = mergeRecordsOf([act]) as [Projection]
  expect(pairOf([good])?.state).toBe('same')
  expect(pairOf([{ ...good, id: 'mg-0000' }])).toBeNull()
  expect(pairOf([{ ...good, fields: { one: 'hh-a', other: 'pe-b' } }])).toBeNull()
  expect(
    pairOf([{ ...good, timelines: { acts: [{ ...good.timelines.acts![0]!, value: 'x' }] } }])?.state,
  ).toBe('unsaid')
})
