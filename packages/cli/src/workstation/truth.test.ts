import { expectOk, ok, type Station } from '@doorstep/core'
import { deliver, gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { NO_MEETINGS, truthOf } from './data/sync.ts'
import { textOfLine } from './lines.ts'
import { sampleState } from './testing/sample-state.test.data.ts'
import { truthLine } from './truth.ts'

const add = async (station: Station, name: string) =>
  expectOk(
    await station.write('record.edit', (book) => {
      expectOk(book.create('building', gridOf(station), { set: { name } }))
      return ok(undefined)
    }),
  )

/** What a meeting leaves behind: the other said it holds this on disk. */
const saysItHolds = (station: Station, other: Station): void =>
  station.putPeers(
    [station.identity.community, ...other.spaces().map((space) => space.id)].map((space) => ({
      station: other.identity.station,
      space,
      heads: other.heads(space),
      digest: other.digest(space).digest,
      equal: true,
      at: 1,
      via: 'lan' as const,
    })),
  )

test('only here counts this station’s own entries, until another says it has them on disk', async () => {
  await using community = (await TestCommunity.create()).community
  const founder = community.stations[0]!
  const worker = await community.join(founder, '测试员乙')
  saysItHolds(worker, founder)
  const before = worker.ownWork().onlyHere
  await add(worker, '甲楼')
  await add(worker, '乙楼')
  expect(worker.ownWork().onlyHere).toBe(before + 2)
  await add(founder, '丙楼')
  await deliver(founder, worker)
  expect(worker.ownWork().onlyHere, 'what others wrote is not ours').toBe(before + 2)
  await deliver(worker, founder)
  expect(worker.ownWork().onlyHere, 'sent is not yet known to be held').toBe(before + 2)
  saysItHolds(worker, founder)
  expect(worker.ownWork().onlyHere).toBe(0)
})

test('what this station says of itself proves nothing', async () => {
  await using community = (await TestCommunity.create()).community
  const founder = community.stations[0]!
  await add(founder, '甲楼')
  const before = founder.ownWork().onlyHere
  expect(before).toBeGreaterThan(0)
  saysItHolds(founder, founder)
  expect(founder.ownWork().onlyHere).toBe(before)
  expect(truthOf(founder, NO_MEETINGS).lastMetMs).toBeNull()
})

const said = (
  truth: Partial<NonNullable<ReturnType<typeof sampleState>['facts']['truth']>>,
  language: 'zh' | 'en' = 'zh',
) => {
  const state = sampleState({ language })
  return textOfLine(
    truthLine({ ...state, facts: { ...state.facts, truth: { ...state.facts.truth!, ...truth } } }),
  ).trim()
}

test('in words: offline, alone, meeting, equal only when it was proved', () => {
  expect(said({})).toBe('离线  3 条只在本机 · 上次相遇 昨天 17:40')
  expect(said({ onlyHere: 0, lastMetMs: null })).toBe('离线  都有第二份 · 还没遇到过别的站点')
  expect(said({ elsewhere: true })).toMatch(/^另一程序在同步 {2}3 条只在本机 · /)
  expect(said({ meeting: ['乙的笔记本'] })).toBe('在线  3 条只在本机 · 正与 乙的笔记本 核对')
  expect(said({ meeting: ['乙的笔记本'], toSend: 2, toReceive: 1 })).toBe(
    '在线  3 条只在本机 · 乙的笔记本 还差 3 条 37%',
  )
  expect(said({ meeting: ['a', 'b'], equal: true, onlyHere: 0 }, 'en')).toBe(
    'Online  all on two or more · same as 2 stations',
  )
})
