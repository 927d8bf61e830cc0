import { expect, test } from 'vitest'
import { expectOk } from '../src/result.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { actsOf, Forger } from './forge.ts'

/** More than one entry may name costs ten seconds: `DOORSTEP_SIM=long` takes that many. */
const branches = process.env.DOORSTEP_SIM === 'long' ? 1100 : 60

test(`A13 ${branches} branches of one log, by somebody who wants to be a nuisance: everybody can still write`, async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  const third = await community.join(founder, '测试员丙')
  const grid = gridOf(founder)
  const epoch = new Uint8Array(16)
  const acts = actsOf(worker)
  const segments = Array.from({ length: branches }, (_, n) => {
    const forger = Forger.of(worker, grid, epoch)
    return forger.segment(forger.data(worker, { acts, deed: { at: n }, parts: [] }))
  })
  expect(expectOk(await founder.admit(segments, 'test')).refused).toEqual([])
  const { value: id } = expectOk(
    await founder.write('record.edit', (book) => book.create('building', grid, { set: { name: '楼' } })),
  )
  expect(await deliver(founder, third)).toMatchObject({ missing: 0, refused: [] })
  expect(third.get(id)?.fields.name).toBe('楼')
})
