import { expectOk, type Station } from '@doorstep/core'
import { gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { meet, until } from '../../src/session/meet.fixture.ts'

test('S3 a member hands over thousands of tiny entries: a colleague who comes meanwhile is served meanwhile', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const flooder = await community.join(founder, '测试员乙')
  const third = await community.join(founder, '测试员丙')
  const grid = gridOf(founder)
  const add = (station: Station, name: string) =>
    station.write('record.edit', (book) => book.create('building', grid, { set: { name } }))
  const ENTRIES = 6000
  for (let n = 0; n < ENTRIES; n += 100)
    await Promise.all(Array.from({ length: 100 }, (_, at) => add(flooder, `小${n + at}`)))
  const flood = meet(flooder, founder)
  await until(() => flood.b.state().received > 200, 'the flood begun')
  const honest = meet(founder, third)
  expectOk(await add(third, '如常'))
  const has = (station: Station, name: string) =>
    [...station.records({ type: 'building' })].some(({ fields }) => fields.name === name)
  await until(() => has(founder, '如常'), 'the colleague’s entry here')
  const during = flood.b.state().received
  expect(during).toBeLessThan(ENTRIES)
  await until(() => flood.a.isEqual() && flood.b.isEqual(), 'the flood over', 55_000)
  await until(() => honest.a.isEqual() && honest.b.isEqual(), 'all equal', 55_000)
  expect([flood.a, flood.b, honest.a, honest.b].map((session) => session.state().closed)).toEqual([
    null,
    null,
    null,
    null,
  ])
}, 180_000)
