import {
  createInvite,
  createKeyPair,
  expectOk,
  grantRequest,
  joinWithInvite,
  parseSegment,
  removeMember,
  type Station,
  standingOf,
} from '@doorstep/core'
import { deliver, gridOf, TestCommunity, testSecret } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { meet, meetUntilEqual, until } from '../../src/session/meet.fixture.ts'
import { meetLiar } from './meet.ts'

const add = (station: Station, name: string, space = gridOf(station)) =>
  station.write('record.edit', (book) => book.create('building', space, { set: { name } }))
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map(({ fields }) => fields.name).sort()

test('S7 a removed laptop that will not hear of it, and goes on, gets nothing new; what it says is held and shown', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  const grid = gridOf(worker)
  expectOk(await add(founder, '以前'))
  await meetUntilEqual(founder, worker)
  expectOk(await removeMember(founder, worker.identity.member))
  expectOk(await add(founder, '以后'))
  expectOk(await add(worker, '还写', grid))
  // It speaks as if nothing had happened, and takes in nothing that it is told.
  const liar = meetLiar(founder, worker.identity.key)
  liar.hello()
  liar.say({
    type: 'heads',
    asks: true,
    spaces: [grid, founder.identity.community].map((space) => ({ space, heads: [] })),
  })
  for (const { row } of worker.outgoing(grid, founder.heads(grid)))
    liar.say({ type: 'segment', bytes: worker.segment(row) })
  await until(() => founder.heldFrom(worker.identity.station) === 1, 'held')
  liar.say({ type: 'ping', sentMs: 1, echoMs: 0, heldMs: 0 })
  await until(() => liar.pair.inFlight('ba') === 0, 'all heard')
  const told = liar.heard.flatMap((message) => (message.type === 'heads' ? message.spaces : []))
  // Of the grid only how far its own work is held, so that it can hand over the rest.
  const own = new Set(
    founder.trunk.store
      .logs(grid)
      .filter(({ log }) => Buffer.compare(log.key, worker.identity.key) === 0)
      .map(({ id }) => id),
  )
  const others = told
    .filter(({ space }) => space === grid)
    .flatMap(({ heads }) => heads.filter(({ log }) => !own.has(log)))
  for (const head of others) expect(worker.has(head.hash)).toBe(true)
  // The acts that say so, and no entry.
  const sent = liar.heard.flatMap((message) => (message.type === 'segment' ? [message.bytes] : []))
  expect(new Set(sent.map((bytes) => expectOk(parseSegment(bytes)).log.space))).toEqual(
    new Set([founder.identity.community]),
  )
  expect(names(founder)).toEqual(['以前', '以后'].sort())
  expect(founder.quarantine().held).toMatchObject([{ reason: 'station-not-standing' }])
})

test('A8 a removed laptop that starts a fresh epoch, names nothing, and back-dates itself, is held all the same', async () => {
  await using setup = await open()
  const { founder, worker, community } = setup
  const grid = gridOf(worker)
  expectOk(await removeMember(founder, worker.identity.member))
  const copy = community.copyHome(worker)
  expect(copy.copied).toBe(true)
  expectOk(await add(copy, '新纪元', grid))
  await deliver(copy, founder)
  expect(names(founder)).toEqual([])
  expect(founder.quarantine().held).toHaveLength(1)
})

test('A3 a removed laptop that asks to join again with its old key is refused, and its acts count for nothing', async () => {
  await using setup = await open()
  const { founder, worker, third, community } = setup
  const invite = expectOk(createInvite(founder, { role: 'chief', name: '测试员戊', grids: [] }))
  const signing = { publicKey: worker.identity.key, privateKey: worker.signingKey }
  const keys = { signing, boxing: createKeyPair('x25519') }
  const joined = expectOk(
    joinWithInvite(community.newHome(), testSecret, invite, { stationName: '旧机', keys }),
  )
  community.stations.push(joined.station)
  const { request } = joined
  expectOk(await removeMember(founder, worker.identity.member))
  expect(await grantRequest(founder, request)).toMatchObject({ ok: false })
  expect(standingOf(founder).state).toBe('standing')
  // Acts of its own, written before it heard: a key for the grid.
  expectOk(
    await worker.act((write) => {
      write({ type: 'leave', cut: [] })
      return { ok: true, value: null }
    }),
  )
  await deliver(worker, founder, [founder.identity.community])
  expect(founder.membership().former.get(worker.identity.station)?.state).toBe('removed')
  await meetUntilEqual(founder, third)
  expect(third.membership().members.has(worker.identity.member)).toBe(false)
})

test('S9 a removed laptop that floods acts, which cannot be held, is cut off at a bound, and a colleague is served meanwhile', async () => {
  await using setup = await open()
  const { founder, worker, third } = setup
  const { id } = worker.membership().generations[0]!
  for (let n = 0; n < 30; n++)
    expectOk(
      await worker.act((write) => {
        for (let at = 0; at < 100; at++) write({ type: 'box', generation: id, boxes: [] })
        return { ok: true, value: null }
      }),
    )
  expectOk(await removeMember(founder, worker.identity.member))
  const flood = meet(worker, founder)
  const honest = meet(founder, third)
  expectOk(await add(third, '如常'))
  await until(() => flood.b.state().closed !== null, 'the flood cut off')
  expect([flood.a.state().closed, flood.b.state().closed]).toContain('quarantine-full')
  expect(flood.b.state().received).toBeLessThan(2500)
  await until(() => honest.a.isEqual() && honest.b.isEqual(), 'the honest pair equal')
  expect(names(founder)).toEqual(['如常'])
  for (const session of [honest.a, honest.b]) session.close()
})

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const third = await community.join(founder, '测试员丙')
  await deliver(founder, worker)
  return { community, founder, worker, third, [Symbol.asyncDispose]: () => community.close() }
}
