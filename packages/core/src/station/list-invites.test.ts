import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { TestCommunity, testSecret } from '../testing/test-community.ts'
import { createInvite, grantRequest, joinWithInvite, withdrawInvite } from './invite.ts'
import { findInvite, listInvites } from './list-invites.ts'
import type { Station } from './station.ts'

let now = Date.parse('2031-05-06T07:08:09Z')
let community: TestCommunity
let founder: Station
beforeAll(async () => {
  ;({ community, founder } = await TestCommunity.create(['一号网格'], () => now))
})
afterAll(() => community.close())

const invite = (name: string, validMs: number) =>
  expectOk(createInvite(founder, { role: 'worker', name, grids: ['一号网格'], validMs }))

test('every invite made here is listed with what became of it, and only here', async () => {
  const open = invite('甲', 50_000)
  const used = invite('乙', 40_000)
  const withdrawn = invite('丙', 30_000)
  const expired = invite('丁', 20_000)
  const withdrawnLate = invite('戊', 10_000)
  const { station, request } = expectOk(
    joinWithInvite(community.newHome(), testSecret, used, { stationName: '乙的笔记本' }),
  )
  community.stations.push(station)
  expectOk(await grantRequest(founder, request))
  expectOk(withdrawInvite(founder, withdrawn.id))
  expectOk(withdrawInvite(founder, withdrawnLate.id))
  now += 20_001
  expect(listInvites(founder).map(({ id, state, station }) => [id, state, station])).toEqual([
    [open.id, 'open', null],
    [used.id, 'used', station.identity.station],
    [withdrawn.id, 'withdrawn', null],
    [expired.id, 'expired', null],
    [withdrawnLate.id, 'withdrawn', null],
  ])
  expect(findInvite(founder, open.id)).toMatchObject({ name: '甲', role: 'worker', state: 'open' })
  expect(listInvites(station)).toEqual([])
  expect(findInvite(station, open.id)).toBeNull()
})

test('a clock that was set back makes an expired invite good again: it is judged when it is used', () => {
  const [late] = listInvites(founder).filter(({ state }) => state === 'expired')
  now -= 20_001
  expect(findInvite(founder, late!.id)?.state).toBe('open')
  now += 20_001
  expect(findInvite(founder, late!.id)?.state).toBe('expired')
})

test('what is listed holds no secret', () => {
  const { secret } = invite('己', 1000)
  expect(JSON.stringify(listInvites(founder))).not.toContain(secret)
})
