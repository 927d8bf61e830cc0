import { expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import type { Station } from '../station/station.ts'
import { deliver, gridOf, TestCommunity } from '../testing/test-community.ts'

test('whoever is further in a log is sent nothing of it, not even its own past', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  await add(founder, '一')
  await deliver(founder, worker)
  await add(founder, '二')
  const space = gridOf(founder)
  expect(worker.outgoing(space, founder.heads(space))).toEqual([])
  expect(founder.outgoing(space, worker.heads(space)).map(({ entries }) => entries)).toEqual([1])
})

test('A13 a branch reaches even somebody further on the other one, once both know of both', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  await add(founder, '一')
  const worker = await community.join(founder, '测试员乙')
  await deliver(founder, worker)
  const copy = community.copyHome(founder, { keepEpoch: true })
  await add(founder, '二')
  await add(copy, '三')
  await add(copy, '四')
  await deliver(copy, worker)
  // The founder is at a lower number of the same log: the worker sends first, and then gets what it lacks.
  await deliver(worker, founder)
  await deliver(founder, worker)
  await deliver(worker, founder)
  const space = gridOf(founder)
  expect(namesOf(worker)).toEqual(['一', '三', '二', '四'])
  expect(worker.digest(space)).toEqual(founder.digest(space))
})

const add = async (station: Station, name: string) =>
  expectOk(
    await station.write('record.edit', (book) => book.create('building', gridOf(station), { set: { name } })),
  )

const namesOf = (station: Station): string[] =>
  [...station.records({ type: 'building' })].map((record) => String(record.fields.name)).sort()
