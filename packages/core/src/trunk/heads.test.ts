import { expect, test } from 'vitest'
import { fail } from '../result.ts'
import { gridOf, TestCommunity } from '../testing/test-community.ts'

test('a digest follows every write, another process too, and is the old one again after a write that was undone', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const other = community.reopen(founder)
  const space = gridOf(founder)
  const empty = founder.digest(space)
  let within: string | null = null
  await founder.write('record.edit', (book) => {
    within = founder.digest(space).digest
    const made = book.create('building', space, { set: { name: '一' } })
    return made.ok ? fail({ type: 'changed-my-mind' }) : made
  })
  expect(within).toBe(empty.digest)
  expect(founder.digest(space)).toEqual(empty)
  await founder.write('record.edit', (book) => book.create('building', space, { set: { name: '二' } }))
  const one = founder.digest(space)
  expect(one.recordsDigest).not.toBe(empty.recordsDigest)
  expect(other.digest(space)).toEqual(one)
  await other.write('record.edit', (book) => book.create('building', space, { set: { name: '三' } }))
  expect(other.digest(space).recordsDigest).not.toBe(one.recordsDigest)
  expect(founder.digest(space)).toEqual(other.digest(space))
})
