import { expect, test } from 'vitest'
import { expectOk, ok } from '../result.ts'
import type { Station } from '../station/station.ts'
import { deliver, TestCommunity } from '../testing/test-community.ts'
import { openView } from '../view/index.ts'
import { listCases } from './case-list.ts'
import { giveConsent } from './consent.ts'
import { dueList } from './due.ts'
import { editHousehold } from './edit-record.ts'
import { householdCard } from './household-card.ts'
import { carryHousehold, moveHousehold } from './move-household.ts'
import { listMoves } from './move-household-list.ts'
import { openCase } from './open-case.ts'
import { listConflicts, listHouseholds } from './queries.ts'
import { recordReading } from './record-reading.ts'
import { openRecordSet } from './record-set.ts'
import { recordVisit } from './record-visit.ts'
import { openSearch } from './search.ts'
import { settleConflict } from './settle-conflict.ts'
import { stepCase } from './step-case.ts'
import { withdrawVisit } from './withdraw-visit.ts'

const NOW_MS = Date.UTC(2026, 10, 24, 1, 14)
const TODAY = '2026-11-24'
const GRIDS = ['一号网格', '二号网格', '三号网格'] as const

async function open() {
  let nowMs = NOW_MS
  const now = () => nowMs
  const { community, founder } = await TestCommunity.create(GRIDS, now)
  const [a, b, c] = GRIDS.map((name) => spaceNamed(founder, name)) as [string, string, string]
  const first = await community.join(founder, '测试员乙', 'worker', [GRIDS[0]], now)
  const second = await community.join(founder, '测试员丙', 'worker', [GRIDS[1]], now)
  const both = await community.join(founder, '测试员丁', 'worker', [GRIDS[0], GRIDS[1]], now)
  const made = expectOk(
    await founder.write('record.import', (book) => {
      const building = expectOk(book.create('building', a, { set: { name: '1幢', street: '测试路' } }))
      const dwelling = expectOk(book.create('dwelling', a, { set: { building, unit: '2', room: '301' } }))
      const set = { dwelling, name: '测试住户甲', phone: '13800001234' }
      const household = expectOk(book.create('household', a, { set, add: { tags: ['有狗'] } }))
      const person = expectOk(
        book.create('person', a, { set: { name: '测试人员' }, add: { categories: ['elderly-alone-80'] } }),
      )
      const residence = expectOk(book.create('residence', a, { set: { person, dwelling, household } }))
      const device = expectOk(book.create('device', a, { set: { dwelling, kind: 'water', name: '水表' } }))
      const next = expectOk(book.create('dwelling', a, { set: { building, unit: '2', room: '302' } }))
      const neighbour = expectOk(book.create('household', a, { set: { dwelling: next, name: '测试住户乙' } }))
      return ok({ building, dwelling, household, person, residence, device, neighbour })
    }),
  ).value
  const stations = [founder, first, second, both]
  await meetAll(stations)
  return {
    community,
    founder,
    first,
    second,
    both,
    stations,
    a,
    b,
    c,
    ...made,
    setNow: (ms: number) => {
      nowMs = ms
    },
    meet: () => meetAll(stations),
    [Symbol.asyncDispose]: () => community.close(),
  }
}

const spaceNamed = (station: Station, name: string): string =>
  String([...station.records({ type: 'grid' })].find(({ fields }) => fields.name === name)!.fields.space)
const setOf = (station: Station) => openRecordSet(station, { follow: false })
const listed = (station: Station) => listHouseholds(setOf(station)).map(({ id }) => id)
const cardOf = (station: Station, id: string) => householdCard(setOf(station), id, { on: TODAY })!

async function meetAll(stations: readonly Station[]): Promise<void> {
  for (let round = 0; round < 3; round++)
    for (const from of stations) for (const to of stations) if (from !== to) await deliver(from, to)
}

test('a household goes to another grid with who lives there, its meter, its open case and its visits, and each side shows what is its own', async () => {
  await using setup = await open()
  const { founder, first, second, both, household, person, device, a, b, neighbour, meet, setNow } = setup
  const visit = expectOk(await recordVisit(first, { household, outcome: 'met', note: '很好' })).visit
  const opened = expectOk(
    await openCase(first, { household, kind: 'facility', title: '灯坏', dueOn: '2026-12-01' }),
  )
  expectOk(await stepCase(first, { case: opened.case, step: 'accept' }))
  const ended = expectOk(await openCase(first, { household, kind: 'facility', title: '旧事' }))
  expectOk(await stepCase(first, { case: ended.case, step: 'decline', note: '不归我们' }))
  expectOk(await giveConsent(founder, { subject: household, purpose: 'monitor-water', how: 'paper' }))
  const reading = {
    device,
    on: TODAY,
    item: '00000000',
    value: 12.5,
    unit: 'm³',
    readAt: '2026-11-24T01:00:00.000Z',
  }
  expectOk(await recordReading(founder, reading))
  await meet()
  const before = cardOf(founder, household)
  const due = dueList(setOf(founder), { on: '2027-01-31' }).find((row) => row.household === household)!
  setNow(NOW_MS + 1000)
  const moved = expectOk(await moveHousehold(both, { household, to: b, reason: '调整网格' }))
  expect(moved).toMatchObject({ from: a, to: b, withDwelling: false, records: 7 })
  expect(new Set(moved.entries.map(({ space }) => space))).toEqual(new Set([a, b]))
  await meet()

  expect(listed(first)).toEqual([neighbour])
  expect(listed(second)).toEqual([household])
  for (const station of [founder, both]) {
    expect(listed(station).sort()).toEqual([household, neighbour].sort())
    for (const id of [household, person, device, visit, opened.case]) expect(station.get(id)?.space).toBe(b)
  }
  for (const station of [founder, second, both]) {
    const card = cardOf(station, household)
    expect(card).toEqual({
      ...before,
      household: { ...before.household, grid: card.household.grid },
      cases: card.cases,
      next: { ...before.next!, grid: card.household.grid },
    })
    expect(card.household).toMatchObject({
      address: '1幢2单元301室',
      grid: { space: b },
      tags: ['有狗'],
      movedTo: null,
    })
    expect(card.cases).toMatchObject([{ id: opened.case, state: 'accepted', openedBy: { name: '测试员乙' } }])
    expect(card.devices[0]?.daily).toMatchObject([{ value: 12.5 }])
    const now = dueList(setOf(station), { on: '2027-01-31' }).find((row) => row.household === household)!
    expect(now).toEqual({ ...due, grid: now.grid })
    const search = await openSearch(setOf(station))
    expect(search.find('测试住户甲').map(({ id }) => id)).toEqual([household])
    expect(search.find('测试人员').map(({ id }) => id)).toEqual([person])
  }
  expect(dueList(setOf(first), { on: '2027-01-31' }).map((row) => row.household)).toEqual([neighbour])
  const search = await openSearch(setOf(first))
  expect(search.find('测试住户甲')).toEqual([])
  expect(search.find('测试人员')).toEqual([])
  // What ended is the old grid's history; what is open went along.
  expect(listCases(setOf(first), { on: TODAY }).map(({ id }) => id)).toEqual([ended.case])
  expect(cardOf(first, household).household.movedTo).toEqual({ space: b, name: '二号网格' })
  expect(cardOf(first, neighbour).household.address).toBe('1幢2单元302室')
})

test('where it left, nobody writes to it any more, and is told where it is', async () => {
  await using setup = await open()
  const { first, both, household, b, meet } = setup
  expectOk(await moveHousehold(both, { household, to: b }))
  await meet()
  const moved = { ok: false, problem: { type: 'record-moved', id: household, grid: '二号网格' } }
  expect(await recordVisit(first, { household, outcome: 'met' })).toMatchObject(moved)
  expect(await editHousehold(first, { household, set: { mind: '狗' } })).toMatchObject(moved)
  expect(await openCase(first, { household, kind: 'x', title: 'y' })).toMatchObject(moved)
  expect(await moveHousehold(first, { household, to: b })).toMatchObject(moved)
})

test('only who may write both grids may move, and not to where it is', async () => {
  await using setup = await open()
  const { first, both, founder, household, a, b, c } = setup
  expect(await moveHousehold(first, { household, to: b })).toMatchObject({
    ok: false,
    problem: { type: 'move-needs-both', grids: [b] },
  })
  expect(await moveHousehold(both, { household, to: c })).toMatchObject({
    ok: false,
    problem: { type: 'move-needs-both' },
  })
  expect(await moveHousehold(founder, { household, to: a })).toMatchObject({
    ok: false,
    problem: { type: 'moved-already' },
  })
  expect(await moveHousehold(founder, { household, to: founder.communitySpace()! })).toMatchObject({
    ok: false,
    problem: { type: 'no-such-grid' },
  })
})

test('it moves back, with what happened there', async () => {
  await using setup = await open()
  const { founder, first, second, both, household, a, b, meet } = setup
  expectOk(await moveHousehold(both, { household, to: b }))
  await meet()
  const visit = expectOk(await recordVisit(second, { household, outcome: 'met' })).visit
  expectOk(await editHousehold(second, { household, set: { mind: '新来的狗' }, remove: { tags: ['有狗'] } }))
  await meet()
  expectOk(await moveHousehold(both, { household, to: a }))
  await meet()
  for (const station of [founder, first, both]) {
    const card = cardOf(station, household)
    expect(card.household).toMatchObject({
      fields: { mind: '新来的狗' },
      tags: [],
      grid: { space: a },
      movedTo: null,
    })
    expect(card.visits.map(({ id }) => id)).toEqual([visit])
    expect(card.residents).toHaveLength(1)
    expect(listConflicts(setOf(station))).toEqual([])
  }
  expect(listed(second)).toEqual([])
})

test('what was written late by those who had not heard is listed, and carried over', async () => {
  await using setup = await open()
  const { founder, first, second, both, household, b, meet } = setup
  const early = expectOk(await recordVisit(first, { household, outcome: 'met' })).visit
  await meet()
  expectOk(await moveHousehold(both, { household, to: b }))
  const late = expectOk(await recordVisit(first, { household, outcome: 'met' })).visit
  expectOk(await withdrawVisit(first, { visit: early, reason: '走错门' }))
  expectOk(await editHousehold(first, { household, set: { mind: '旧网格写的' }, add: { tags: ['二楼'] } }))
  const opened = expectOk(await openCase(first, { household, kind: 'facility', title: '晚到的事' }))
  await meet()
  for (const station of [founder, both]) {
    const [row] = listMoves(station)
    expect(row).toMatchObject({ household, state: 'late', to: [{ space: b, name: '二号网格' }] })
    expect(row!.late.map(({ record }) => record).sort()).toEqual([household, early, late, opened.case].sort())
    // Already counted where both grids are held.
    expect(cardOf(station, household).visits.map(({ id }) => id)).toContain(late)
  }
  expectOk(await carryHousehold(both, household))
  expect(await carryHousehold(both, household)).toMatchObject({
    ok: false,
    problem: { type: 'nothing-late' },
  })
  await meet()
  for (const station of [founder, second, both]) {
    const card = cardOf(station, household)
    expect(card.household).toMatchObject({ fields: { mind: '旧网格写的' }, tags: ['二楼', '有狗'] })
    expect(card.visits.map(({ id, withdrawn }) => [id, withdrawn]).sort()).toEqual(
      [
        [early, '走错门'],
        [late, null],
      ].sort(),
    )
    expect(card.cases.map(({ id }) => id)).toEqual([opened.case])
    expect(listMoves(station).map(({ state }) => state)).toEqual(['moved'])
  }
})

test('a late correction of what the new grid corrected too is a conflict, and no more than that', async () => {
  await using setup = await open()
  const { first, second, both, household, b, meet } = setup
  expectOk(await moveHousehold(both, { household, to: b }))
  expectOk(await editHousehold(first, { household, set: { mind: '旧', note: '只有旧网格写' } }))
  await meet()
  expectOk(await editHousehold(second, { household, set: { mind: '新', promise: '只有新网格写' } }))
  await meet()
  expectOk(await carryHousehold(both, household))
  await meet()
  const [row, ...others] = listConflicts(setOf(second))
  expect(others).toEqual([])
  expect(row).toMatchObject({ record: household, field: 'mind' })
  expect(row!.values.map(({ value }) => value).sort()).toEqual(['新', '旧'].sort())
  expect(cardOf(second, household).household.fields).toMatchObject({
    note: '只有旧网格写',
    promise: '只有新网格写',
  })
})

test('two who move it to different grids leave a conflict, the same everywhere; settled, the other copy is closed', async () => {
  await using setup = await open()
  const { community, founder, first, second, both, household, b, c, meet } = setup
  const third = await community.join(founder, '测试员戊', 'worker', [GRIDS[0], GRIDS[2]], () => NOW_MS)
  setup.stations.push(third)
  await meet()
  expectOk(await moveHousehold(both, { household, to: b }))
  expectOk(await moveHousehold(third, { household, to: c }))
  const there = expectOk(await recordVisit(third, { household, outcome: 'met' })).visit
  await meet()
  for (const station of [founder, first, both, third]) {
    const [row, ...others] = listConflicts(setOf(station))
    expect(others).toEqual([])
    expect(row).toMatchObject({ record: household, field: 'movedTo' })
    expect(row!.values.map(({ value }) => value).sort()).toEqual(['三号网格', '二号网格'])
  }
  expect(listed(founder).filter((id) => id === household)).toHaveLength(1)
  expect(
    await settleConflict(both, { record: household, field: 'movedTo', value: '二号网格' }),
  ).toMatchObject({
    ok: false,
    problem: { type: 'move-needs-both' },
  })
  expect(
    await settleConflict(founder, { record: household, field: 'movedTo', value: '九号网格' }),
  ).toMatchObject({
    ok: false,
    problem: { type: 'no-such-write' },
  })
  expectOk(await settleConflict(founder, { record: household, field: 'movedTo', value: '二号网格' }))
  await meet()
  for (const station of [founder, first, second, both, third])
    expect(listConflicts(setOf(station))).toEqual([])
  expect(listed(third)).not.toContain(household)
  for (const station of [founder, second, both]) {
    expect(station.get(household)?.space).toBe(b)
    expect(cardOf(station, household).visits.map(({ id }) => id)).toEqual([there])
  }
})

test('a boundary that moves takes the dwelling along; a shared one stays while somebody lives there', async () => {
  await using setup = await open()
  const { founder, first, second, household, dwelling, device, a, b, meet } = setup
  const other = expectOk(
    await founder.write('record.import', (book) =>
      book.create('household', a, { set: { dwelling, name: '测试合租' } }),
    ),
  ).value
  await meet()
  expect(expectOk(await moveHousehold(founder, { household, to: b, withDwelling: true }))).toMatchObject({
    withDwelling: false,
  })
  await meet()
  // The meter stays with who lives there still.
  expect(cardOf(first, other)).toMatchObject({
    devices: [{ id: device }],
    household: { address: '1幢2单元301室' },
  })
  expect(cardOf(second, household)).toMatchObject({ devices: [], household: { address: '1幢2单元301室' } })
  expect(
    expectOk(await moveHousehold(founder, { household: other, to: b, withDwelling: true })),
  ).toMatchObject({
    withDwelling: true,
  })
  await meet()
  expect(founder.get(dwelling)?.space).toBe(b)
  expect(first.get(dwelling)?.fields.movedTo).toBe(b)
  expect(cardOf(second, other)).toMatchObject({ devices: [{ id: device }] })
})

test('by default the dwelling goes along where its building is in the other grid too, and takes that one’s id', async () => {
  await using setup = await open()
  const { founder, second, household, dwelling, b, meet } = setup
  const there = expectOk(
    await founder.write('record.import', (book) =>
      book.create('building', b, { set: { name: '1幢', street: '测试路' } }),
    ),
  ).value
  expect(expectOk(await moveHousehold(founder, { household, to: b }))).toMatchObject({ withDwelling: true })
  await meet()
  expect(second.get(dwelling)?.fields.building).toBe(there)
  expect([...second.records({ type: 'building' })]).toHaveLength(1)
})

test('somebody who lives elsewhere too stays there, and is known in both', async () => {
  await using setup = await open()
  const { founder, first, second, household, neighbour, person, a, b, meet } = setup
  expectOk(
    await founder.write('record.import', (book) => {
      const dwelling = String(book.get(neighbour)!.fields.dwelling)
      return book.create('residence', a, { set: { person, dwelling, household: neighbour } })
    }),
  )
  expectOk(await moveHousehold(founder, { household, to: b }))
  await meet()
  expect(cardOf(first, neighbour).residents.map((one) => one.person)).toEqual([person])
  expect(cardOf(second, household).residents.map((one) => one.person)).toEqual([person])
  const search = await openSearch(setOf(founder))
  expect(search.find('测试人员').map(({ id }) => id)).toEqual([person])
})

test('arriving in any order the end is the same, and nothing is shown twice on the way', async () => {
  await using setup = await open()
  const { founder, both, household, a, b } = setup
  expectOk(await recordVisit(founder, { household, outcome: 'met' }))
  expectOk(await moveHousehold(founder, { household, to: b }))
  await deliver(founder, both, [b])
  expect(listed(both).filter((id) => id === household)).toHaveLength(1)
  expect(both.get(household)?.space).toBe(b)
  expect(cardOf(both, household).visits).toHaveLength(1)
  await deliver(founder, both, [a])
  expect(cardOf(both, household)).toEqual(cardOf(founder, household))
  expect(listConflicts(setOf(both))).toEqual([])
})

test('a set that follows its station loses the household as it leaves, and search with it', async () => {
  await using setup = await open()
  const { first, both, household, b, meet } = setup
  using set = openRecordSet(first)
  const search = await openSearch(set)
  expect(search.find('测试住户甲')).toHaveLength(1)
  expectOk(await moveHousehold(both, { household, to: b }))
  await meet()
  expect(search.find('测试住户甲')).toEqual([])
  expect(listHouseholds(set).map(({ id }) => id)).not.toContain(household)
  search.close()
})

test('a view loses the cards of what moved away, and gets those of what came', async () => {
  await using setup = await open()
  const { first, second, both, household, neighbour, b, meet } = setup
  await using left = await openView(first)
  await using right = await openView(second)
  expectOk(await moveHousehold(both, { household, to: b }))
  await meet()
  for (const view of [left, right]) await view.settled()
  const ids = async (view: typeof left) => (await view.households.find().exec()).map(({ id }) => id)
  expect(await ids(left)).toEqual([neighbour])
  expect(await ids(right)).toEqual([household])
  expect(await left.persons.count().exec()).toBe(0)
  expect(await right.persons.count().exec()).toBe(1)
})
