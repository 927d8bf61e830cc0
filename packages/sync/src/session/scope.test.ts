import { addGrid, expectOk, removeMember, type Station } from '@doorstep/core'
import { deliver, gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { createWirePair } from '../memory-wire.ts'
import { systemClock } from './clock.ts'
import { meet, meetUntilEqual, until } from './meet.fixture.ts'
import { encodeMessage, parseMessage } from './message.ts'
import { Session } from './session.ts'

const building = (station: Station, name: string, space = gridOf(station)) =>
  station.write('record.edit', (book) => book.create('building', space, { set: { name } }))
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map(({ fields }) => fields.name)

test('S2 a blind gateway keeps and passes on what it cannot read, and is proved equal in entries', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const relay = await community.join(founder, '盲网关', 'relay')
  const worker = await community.join(founder, '测试员乙')
  expectOk(await building(worker, '乙的楼'))
  await meetUntilEqual(worker, relay)
  expect(relay.spaces()).toEqual([])
  expect([...relay.records()]).toEqual([])
  const grid = gridOf(worker)
  expect(relay.digest(grid)).toMatchObject({ digest: worker.digest(grid).digest, recordsDigest: null })
  // The worker never meets the founder: the gateway carries it.
  await meetUntilEqual(relay, founder)
  expect(names(founder)).toEqual(['乙的楼'])
})

test('S2 a station is neither sent nor told of spaces that its member does not work in', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const other = expectOk(await addGrid(founder, '二号网格'))
  expectOk(await building(founder, '别的网格', other))
  const worker = await community.join(founder, '测试员乙')
  const said: Uint8Array[] = []
  const { a, b } = meet(founder, worker, {}, ({ a: wire }) => ({
    ...wire,
    send: (frame) => {
      said.push(frame)
      return wire.send(frame)
    },
  }))
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  expect(worker.trunk.store.logs(other)).toEqual([])
  const told = said.flatMap((frame) => {
    const message = expectOk(parseMessage(frame))
    return message.type === 'heads' || message.type === 'digest'
      ? message.spaces.map(({ space }) => space)
      : []
  })
  expect(told).not.toContain(other)
  expect(told.length).toBeGreaterThan(0)
})

test('S3 a peer that ignores the window is cut off; what it sent so far does no harm', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  expectOk(await building(worker, '楼'))
  const [outgoing] = worker.outgoing(gridOf(worker), [])
  const bytes = worker.segment(outgoing!.row)
  const pair = createWirePair({ keyA: founder.identity.key, keyB: worker.identity.key })
  const session = new Session({ station: founder, wire: pair.a, clock: systemClock, name: 'test' })
  session.start()
  const sends = Array.from({ length: 400 }, () => pair.b.send(encodeMessage({ type: 'segment', bytes })))
  await Promise.allSettled(sends)
  await until(() => session.state().closed !== null, 'the session closed')
  expect(session.state().closed).toBe('not-asked-for')
  await until(() => !session.isAdmitting(), 'what was under way taken in')
  expect(names(founder).length).toBeLessThanOrEqual(1)
})

test('S10 whoever meets a reader who lacks a key gives it: a generation made while the other joined elsewhere', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const second = await community.join(founder, '副站长', 'chief')
  const leaver = await community.join(founder, '测试员乙')
  await deliver(founder, second)
  // Apart: one chief removes somebody, which makes new keys; the other lets a worker in who does not get them.
  expectOk(await removeMember(founder, leaver.identity.member))
  expectOk(await building(founder, '新钥匙下写的'))
  const late = await community.join(second, '测试员丙')
  await deliver(founder, late, [founder.identity.community])
  await deliver(founder, late)
  expect(names(late)).toEqual([])
  await meetUntilEqual(founder, late)
  await until(() => names(late).includes('新钥匙下写的'), 'readable')
})
