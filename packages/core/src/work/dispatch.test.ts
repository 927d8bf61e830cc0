import { expect, test } from 'vitest'
import { expectOk, ok } from '../result.ts'
import { createStationInvite, grantRequest, joinWithInvite } from '../station/invite.ts'
import type { Station } from '../station/station.ts'
import { deliver, TestCommunity, testSecret } from '../testing/test-community.ts'
import { caseCard } from './case-list.ts'
import { giveConsent } from './consent.ts'
import { calendarOf } from './day.ts'
import { dispatchCase, reportDispatch } from './dispatch.ts'
import { dispatchCard, findDesks, listDesks, listDispatches } from './dispatch-list.ts'
import { isShare, shares } from './dispatch-sharing.ts'
import { openCase } from './open-case.ts'
import { openRecordSet } from './record-set.ts'
import { stepCase } from './step-case.ts'

const TODAY = '2026-11-24'
const NOW_MS = Date.UTC(2026, 10, 24, 1, 14)
const SECRETS = ['测试户主', '990000199001011234', '13800009999', '糖尿病', '低保', '听力差', '13800008888']

async function open(role: 'partner' | 'volunteer' = 'partner') {
  const { community, founder } = await TestCommunity.create(['一号网格', '二号网格'], () => NOW_MS)
  const worker = await community.join(founder, '测试员乙', 'worker', ['一号网格'], () => NOW_MS)
  const outside = await community.join(founder, '测试物业', role, ['一号网格'], () => NOW_MS)
  const grid = gridNamed(founder, '一号网格')
  const household = expectOk(
    await founder.write('record.import', (book) => {
      const building = expectOk(book.create('building', grid, { set: { name: '1幢' } }))
      const dwelling = expectOk(book.create('dwelling', grid, { set: { building, unit: '2', room: '301' } }))
      const id = expectOk(
        book.create('household', grid, {
          set: {
            dwelling,
            name: '测试户主',
            phone: '13800009999',
            mind: '听力差',
            emergencyPhone: '13800008888',
          },
          add: { categories: ['low-income'], tags: ['低保'] },
        }),
      )
      const person = expectOk(
        book.create('person', grid, { set: { name: '测试户主', health: '糖尿病', phone: '13800009999' } }),
      )
      expectOk(book.create('residence', grid, { set: { person, dwelling, household: id } }))
      return ok(id)
    }),
  ).value
  const opened = expectOk(
    await openCase(founder, {
      household,
      kind: 'facility',
      title: '楼道灯坏',
      dueOn: '2026-12-01',
      note: '听力差',
    }),
  )
  expectOk(await stepCase(founder, { case: opened.case, step: 'accept' }))
  const everybody = [founder, worker, outside]
  await meetAll(everybody)
  return {
    community,
    founder,
    worker,
    outside,
    grid,
    household,
    case: opened.case,
    desk: listDesks(openRecordSet(worker, { follow: false }))[0]!,
    meet: () => meetAll(everybody),
    [Symbol.asyncDispose]: () => community.close(),
  }
}

const gridNamed = (station: Station, name: string) =>
  String([...station.records({ type: 'grid' })].find(({ fields }) => fields.name === name)!.fields.space)

async function meetAll(stations: readonly Station[]): Promise<void> {
  for (let round = 0; round < 2; round++)
    for (const from of stations)
      for (const to of stations) {
        if (from === to) continue
        const held = new Set([from.identity.community, ...from.holdings()])
        await deliver(from, to, [...held])
      }
}

const cardOf = (station: Station, id: string) =>
  dispatchCard(openRecordSet(station, { follow: false }), id, { on: TODAY })!

test('a partner holds its desk and nothing else, knows the community’s day, and finds nothing of the register', async () => {
  await using setup = await open()
  const { outside, founder, desk } = setup
  expect(outside.spaces()).toEqual([{ id: desk.space, kind: 'desk' }])
  expect([...outside.records()].map(({ type }) => type).sort()).toEqual(['desk', 'member', 'station'])
  expect(calendarOf(openRecordSet(outside, { follow: false })).timeZone).toBe('Asia/Shanghai')
  expect([...outside.records({ type: 'desk' })][0]?.fields).toMatchObject({
    name: '测试物业',
    kind: 'partner',
    communityName: '测试社区',
    gridName: '一号网格',
  })
  // Its disk holds no entry of any other space but the acts.
  const spaces = new Set(outside.trunk.store.logs().map(({ log }) => log.space))
  expect([...spaces].sort()).toEqual([founder.identity.community, desk.space].sort())
})

test('a dispatch tells where to go and what to do, and nobody’s name, number or need', async () => {
  await using setup = await open()
  const { worker, outside, desk, meet } = setup
  const sent = expectOk(
    await dispatchCase(worker, {
      case: setup.case,
      desk: desk.space,
      note: '带梯子',
      bring: '灯泡',
      due: '2026-11-28',
    }),
  )
  expect(sent).toMatchObject({ state: 'dispatched', shared: [] })
  expect(new Set(sent.entries.map(({ space }) => space))).toEqual(new Set([setup.grid, desk.space]))
  await meet()
  expect(cardOf(outside, sent.dispatch)).toMatchObject({
    kind: 'case',
    title: '楼道灯坏',
    about: 'facility',
    address: '1幢2单元301室',
    deadline: '2026-11-28',
    note: '带梯子',
    bring: '灯泡',
    from: '测试员乙',
    state: 'sent',
    told: [],
    case: null,
  })
  const all = JSON.stringify([...outside.records()])
  for (const secret of [...SECRETS, setup.household, setup.case]) expect(all).not.toContain(secret)
})

test('what is named is shared when the household allows it; the case says so, and what was masked was revealed', async () => {
  await using setup = await open()
  const { worker, outside, desk, household, grid, meet } = setup
  const refused = await dispatchCase(worker, { case: setup.case, desk: desk.space, share: ['phone'] })
  expect(refused).toMatchObject({ ok: false, problem: { type: 'no-consent' } })
  expectOk(await giveConsent(worker, { subject: household, purpose: 'share-with-partner', how: 'paper' }))
  const sent = expectOk(
    await dispatchCase(worker, {
      case: setup.case,
      desk: desk.space,
      share: ['phone', 'name', 'emergency-contact'],
    }),
  )
  // There is no emergency contact, so none was told.
  expect(sent.shared).toEqual(['name', 'phone'])
  const [revealed, ...more] = [...worker.records({ space: grid, type: 'reveal' })]
  expect(more).toEqual([])
  expect(revealed!.timelines.seen!.map(({ value }) => value)).toEqual([
    { field: 'phone', reason: 'case.dispatch: 测试物业' },
  ])
  await meet()
  expect(cardOf(outside, sent.dispatch).told.map(({ field, value }) => [field, value])).toEqual([
    ['household', '测试户主'],
    ['phone', '13800009999'],
  ])
  const card = caseCard(openRecordSet(setup.founder, { follow: false }), setup.case, { on: TODAY })!
  expect(card.steps.at(-1)).toMatchObject({ step: 'dispatch', to: '测试物业', shared: ['name', 'phone'] })
  for (const name of ['idNumber', 'health', 'categories', 'household', 'toString'])
    expect(isShare(name)).toBe(false)
  expect(Object.values(shares).map(({ field }) => field)).not.toContain('idNumber')
})

test('reports come back as steps of the case, by whom and from which desk; the end of the case ends the dispatch', async () => {
  await using setup = await open()
  const { worker, founder, outside, desk, meet } = setup
  const { dispatch } = expectOk(await dispatchCase(worker, { case: setup.case, desk: desk.space }))
  await meet()
  expect(await reportDispatch(outside, { dispatch, step: 'cannot' })).toMatchObject({
    ok: false,
    problem: { type: 'report-incomplete' },
  })
  expectOk(await reportDispatch(outside, { dispatch, step: 'question', note: '几楼?' }))
  await meet()
  expectOk(await reportDispatch(worker, { dispatch, step: 'answer', note: '三楼' }))
  await meet()
  expectOk(await reportDispatch(outside, { dispatch, step: 'done' }))
  await meet()
  for (const station of [worker, founder]) {
    const card = caseCard(openRecordSet(station, { follow: false }), setup.case, { on: TODAY })!
    expect(card.steps.map(({ step, via, by }) => [step, via, by.name])).toEqual([
      ['report', null, '测试员甲'],
      ['accept', null, '测试员甲'],
      ['dispatch', null, '测试员乙'],
      ['question', '测试物业', '测试物业'],
      ['answer', '测试物业', '测试员乙'],
      ['done', '测试物业', '测试物业'],
    ])
    expect(card).toMatchObject({ state: 'dispatched', with: '测试物业' })
    expect(listDispatches(openRecordSet(station, { follow: false }), { on: TODAY })).toMatchObject([
      { id: dispatch, case: setup.case, state: 'done' },
    ])
  }
  for (const step of ['handle', 'check', 'close'] as const)
    expectOk(await stepCase(worker, { case: setup.case, step }))
  await meet()
  expect(cardOf(outside, dispatch)).toMatchObject({ state: 'closed', open: false })
  expect(await reportDispatch(outside, { dispatch, step: 'accepted' })).toMatchObject({
    ok: false,
    problem: { type: 'dispatch-ended', state: 'closed' },
  })
})

test('what is withdrawn stays withdrawn, whatever is reported meanwhile', async () => {
  await using setup = await open()
  const { worker, outside, desk, meet } = setup
  const { dispatch } = expectOk(await dispatchCase(worker, { case: setup.case, desk: desk.space }))
  await meet()
  expectOk(await reportDispatch(worker, { dispatch, step: 'withdraw', note: '找了别家' }))
  expectOk(await reportDispatch(outside, { dispatch, step: 'accepted' }))
  await meet()
  for (const station of [worker, outside]) expect(cardOf(station, dispatch)).toMatchObject({ open: false })
  expect(JSON.stringify(cardOf(worker, dispatch).steps.map(({ id }) => id))).toBe(
    JSON.stringify(cardOf(outside, dispatch).steps.map(({ id }) => id)),
  )
})

test('volunteers of a grid share one desk, and get tasks', async () => {
  await using setup = await open('volunteer')
  const { community, founder, outside, worker, meet, grid } = setup
  const second = await community.join(founder, '测试志愿者二', 'volunteer', ['一号网格'], () => NOW_MS)
  const desks = [...founder.membership().spaces].filter(([, kind]) => kind === 'desk')
  expect(desks).toHaveLength(1)
  const desk = desks[0]![0]
  expect(founder.membership().parents.get(desk)).toBe(grid)
  const { dispatch } = expectOk(await dispatchCase(worker, { case: setup.case, desk }))
  await meet()
  await deliver(founder, second, [founder.identity.community, desk])
  for (const station of [outside, second]) expect(cardOf(station, dispatch)).toMatchObject({ kind: 'task' })
})

test('a partner of two grids has a desk in each; a desk of another grid gets none of this one’s cases', async () => {
  await using setup = await open()
  const { community, founder, worker, meet } = setup
  const firm = await community.join(founder, '测试消防', 'partner', ['一号网格', '二号网格'], () => NOW_MS)
  await deliver(founder, firm, [founder.identity.community, ...founder.holdings()])
  expect(firm.spaces().map(({ kind }) => kind)).toEqual(['desk', 'desk'])
  await meet()
  const far = firm
    .spaces()
    .find(({ id }) => founder.membership().parents.get(id) === gridNamed(founder, '二号网格'))!
  expect(await dispatchCase(founder, { case: setup.case, desk: far.id })).toMatchObject({
    ok: false,
    problem: { type: 'no-such-desk', desks: ['测试消防', '测试物业'] },
  })
  // The worker of the first grid does not hold the desk of the second.
  expect(worker.spaces().some(({ id }) => id === far.id)).toBe(false)
})

test('a desk is found by its name, a part of it, or its space', async () => {
  await using setup = await open()
  const set = openRecordSet(setup.worker, { follow: false })
  for (const text of ['测试物业', '物业', setup.desk.space])
    expect(findDesks(set, text)).toEqual([setup.desk])
  expect(findDesks(set, '消防')).toEqual([])
  expect(findDesks(set, '')).toEqual([])
})

test('a further machine of a partner gets the same desk', async () => {
  await using setup = await open()
  const { community, founder, outside, desk } = setup
  const invite = expectOk(createStationInvite(founder, { member: outside.identity.member }))
  const joined = expectOk(joinWithInvite(community.newHome(), testSecret, invite, { stationName: '第二台' }))
  community.stations.push(joined.station)
  expectOk(await grantRequest(founder, joined.request))
  await deliver(founder, joined.station, [founder.identity.community, desk.space])
  expect(joined.station.spaces()).toEqual([{ id: desk.space, kind: 'desk' }])
  expect([...joined.station.records({ type: 'desk' })]).toHaveLength(1)
})
