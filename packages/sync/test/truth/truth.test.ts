import { holdersOf, peerTruths } from '@doorstep/core'
import { gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { meet, meetUntilEqual, until } from '../../src/session/meet.fixture.ts'
import { meetLiar } from '../attacks/meet.ts'
import { addDoor, liveThrough, visit } from './history.ts'

test.each([1, 2])(
  'S4 S5 history %i of edits, visits, meetings cut anywhere and bundles: nothing is said of another that is not so',
  (seed) => liveThrough(seed, 25),
)

test('S4 what a peer took in without keeping it is not held by it: a visit whose past it has not', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  await addDoor(founder)
  await visit(founder)
  const grid = gridOf(founder)
  const liar = meetLiar(founder, worker.identity.key)
  liar.hello()
  liar.say({ type: 'heads', asks: true, spaces: [{ space: grid, heads: [] }] })
  await until(() => liar.heard.some(({ type }) => type === 'segment'), 'segments')
  const count = liar.heard.filter(({ type }) => type === 'segment').length
  liar.say({ type: 'ack', count, isWhole: false })
  await until(() => liar.session.state().toSend === 0, 'acknowledged')
  liar.session.close()
  expect(founder.lastOwnEntry(grid)?.witnesses).toEqual([])
  const visits = [...founder.records({ type: 'visit' })]
  expect([...holdersOf(founder, visits).values()]).toEqual([[]])
})

test('S5 what was found equal stays so through a meeting that is cut before it told anything else; not when less is told', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  await addDoor(founder)
  await meetUntilEqual(founder, worker)
  const grid = gridOf(founder)
  const truth = () => peerTruths(founder).find(({ space }) => space === grid)!
  expect(truth()).toMatchObject({ state: 'equal', lacks: 0, ahead: 0, reads: true, via: 'memory' })
  const { atMs } = truth()
  const again = meetLiar(founder, worker.identity.key)
  again.hello()
  again.say({ type: 'heads', asks: true, spaces: [{ space: grid, heads: worker.heads(grid) }] })
  await until(() => again.heard.some((message) => message.type === 'heads' && !message.asks), 'heard')
  again.session.close()
  expect(truth()).toMatchObject({ state: 'equal', atMs })
  // Its disk was restored from an older copy, say.
  const poorer = meetLiar(founder, worker.identity.key)
  poorer.hello()
  poorer.say({ type: 'heads', asks: true, spaces: [{ space: grid, heads: [] }] })
  await until(() => poorer.heard.some((message) => message.type === 'heads' && !message.asks), 'heard')
  poorer.session.close()
  expect(truth()).toMatchObject({ state: 'differs', entries: 0, equalAtMs: atMs })
  expect(truth().lacks).toBe(founder.digest(grid).entries)
})

test('S4 a meeting that is cut after an acknowledgement is remembered: the visit is known to be on two machines', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  await addDoor(founder)
  await visit(founder)
  const { pair, a, b } = meet(founder, worker)
  await until(() => a.state().sent > 0, 'an acknowledgement')
  await until(
    () => [...worker.records({ type: 'visit' })].length > 0 && a.state().toSend === 0,
    'the visit there',
  )
  pair.cut()
  await until(() => a.state().closed !== null && b.state().closed !== null, 'both closed')
  const visits = [...founder.records({ type: 'visit' })]
  expect([...holdersOf(founder, visits).values()]).toEqual([[worker.identity.station]])
  expect(founder.ownWork().onlyHere).toBe(0)
})
