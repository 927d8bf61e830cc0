import { expect, test } from 'vitest'
import type { Change, Write } from '../src/record/change.ts'
import { expectOk, ok } from '../src/result.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { dispatchCase } from '../src/work/dispatch.ts'
import { openCase } from '../src/work/open-case.ts'
import { stepCase } from '../src/work/step-case.ts'
import { Forger } from './forge.ts'

const change = (type: string, id: string, ...writes: Write[]): Change => ({
  type,
  version: 1,
  id,
  writes,
  unwrites: [],
})
const set = (name: string, value: string): Write => ({ type: 'field', name, value })
const append = (name: string, step: string): Write => ({ type: 'append', name, value: { step, saw: [] } })
const voids = (station: Station) => station.trunk.store.voids().map(({ part, reason }) => [part, reason])

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const partner = await community.join(founder, '测试物业', 'partner')
  const grid = gridOf(founder)
  const opened = expectOk(await openCase(founder, { space: grid, kind: 'facility', title: '路灯坏' }))
  expectOk(await stepCase(founder, { case: opened.case, step: 'accept' }))
  const desk = partner.spaces()[0]!.id
  const sent = expectOk(await dispatchCase(founder, { case: opened.case, desk }))
  for (const to of [worker, partner]) {
    await deliver(founder, to, [founder.identity.community])
    await deliver(founder, to, to.holdings())
  }
  return {
    community,
    founder,
    worker,
    partner,
    grid,
    desk,
    ...sent,
    [Symbol.asyncDispose]: () => community.close(),
  }
}

test('in its desk a partner’s reports count and nothing else it writes, on every station alike', async () => {
  await using setup = await open()
  const { founder, worker, partner, desk, dispatch } = setup
  const forger = Forger.of(partner, desk)
  const entry = forger.data(partner, {
    deed: { action: 'dispatch.report' },
    parts: [
      change('dispatch', dispatch, set('title', '改了')),
      change('desk', 'dk-00000001', set('name', '假台')),
      change('dispatch', dispatch, append('orders', 'close')),
      change('dispatch', dispatch, append('reports', 'accepted')),
      // What an id names decides, not what the part calls it.
      change('dispatch', 'hh-00000001', append('reports', 'accepted')),
    ],
  })
  for (const station of [founder, worker]) {
    expect(expectOk(await station.admit([forger.segment(entry)], 'test'))).toMatchObject({
      admitted: 1,
      refused: [],
    })
    expect(voids(station)).toEqual([1, 2, 3, 5].map((part) => [part, 'action-may-not-touch']))
    const record = station.get(dispatch)!
    expect(record.fields.title).toBe('路灯坏')
    expect(record.timelines.orders).toBeUndefined()
    expect(record.timelines.reports).toHaveLength(1)
    expect(station.get('hh-00000001')).toBeNull()
  }
  expect(founder.digest(desk)).toEqual(worker.digest(desk))
})

test('a partner’s entry in a grid is refused, whatever it is sealed with', async () => {
  await using setup = await open()
  const { founder, partner, grid } = setup
  const forger = Forger.of(partner, grid)
  const deed = { member: partner.identity.member, action: 'dispatch.report' }
  const entry = forger.data(founder, { deed, parts: [change('household', 'hh-00000001', set('name', '假'))] })
  const report = expectOk(await founder.admit([forger.segment(entry)], 'test'))
  expect(report).toMatchObject({ admitted: 0, refused: [{ reason: 'role-may-not' }] })
  expect(founder.get('hh-00000001')).toBeNull()
})

test.each([
  ['policy', 'po-00000001'],
  ['community', 'cm-00000001'],
  ['grid', 'gr-00000001'],
  ['member', 'mc-00000001'],
  ['desk', 'dk-00000001'],
])('a worker’s correction of a %s record is void, and never acknowledged at home', async (type, id) => {
  await using setup = await open()
  const { founder, worker } = setup
  const space = worker.communitySpace()!
  const forger = Forger.of(worker, space)
  const entry = forger.data(worker, { parts: [change(type, id, set('name', '假'))] })
  expectOk(await founder.admit([forger.segment(entry)], 'test'))
  expect(voids(founder)).toEqual([[1, 'action-may-not-touch']])
  expect(founder.get(id)).toBeNull()
  const written = await worker.write('record.edit', (book) => {
    expectOk(book.bring(space, { id, type }, { set: { name: '假' } }))
    return ok(undefined)
  })
  expect(written).toMatchObject({ ok: false, problem: { type: 'action-may-not-touch', record: id } })
})

test('introducing touches cards only, an import what importers make, and only a move says where a record is', async () => {
  await using setup = await open()
  const { worker, founder, grid } = setup
  const tried: [string, Change][] = [
    ['introduce', change('household', 'hh-00000001', set('name', '假'))],
    ['record.import', change('case', 'ca-00000001', set('title', '假'))],
    ['visit.withdraw', change('visit', 'vi-00000001', set('note', '假'))],
    ['device.read', change('device', 'de-00000001', set('name', '假'))],
    ['record.edit', change('household', 'hh-00000002', { type: 'append', name: 'moves', value: {} })],
  ]
  const forger = Forger.of(worker, grid)
  const entries = tried.map(([action, part]) => forger.data(worker, { deed: { action }, parts: [part] }))
  expectOk(await founder.admit([forger.segment(...entries)], 'test'))
  expect(voids(founder)).toEqual(tried.map(() => [1, 'action-may-not-touch']))
})
