import { expect, test } from 'vitest'
import { expectOk } from '../src/result.ts'
import { handOver } from '../src/station/belonging.ts'
import { DEFAULT_CARRY_BYTES, setCarry } from '../src/station/carry.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'

const names = (station: Station) =>
  [...station.records({ type: 'building' })].map((record) => record.fields.name).sort()

test('what is carried without its past is kept when its carrier comes to hold the space, and counts when the past is here', async () => {
  const { community, founder } = await TestCommunity.create(['一号网格', '二号网格'])
  await using _ = community
  const author = await community.join(founder, '测试员乙')
  const carrier = await community.join(founder, '测试员丙', 'worker', ['二号网格'])
  await deliver(founder, author)
  const grid = gridOf(author)
  expectOk(setCarry(carrier, DEFAULT_CARRY_BYTES))
  const add = async (name: string) =>
    expectOk(await author.write('record.edit', (book) => book.create('building', grid, { set: { name } })))
  await add('已送到')
  await deliver(author, founder)
  await add('只在路上')
  const [last] = author.outgoing(grid, founder.heads(grid))
  expect(await carrier.admit([author.segment(last!.row)], 'test')).toMatchObject({ value: { aside: 1 } })
  // The author's laptop is never seen again; whoever carried for it works in the grid too.
  expectOk(await handOver(founder, { from: null, to: carrier.identity.member, spaces: [grid] }))
  await deliver(founder, carrier, [founder.identity.community])
  expect(carrier.holdings()).toContain(grid)
  await deliver(founder, carrier)
  await deliver(carrier, founder)
  for (const station of [carrier, founder]) expect(names(station)).toEqual(['只在路上', '已送到'].sort())
  expect(carrier.trunk.store.shelf.parked()).toEqual([])
})
