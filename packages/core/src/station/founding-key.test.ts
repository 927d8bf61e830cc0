import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectOk, type Result } from '../result.ts'
import { TestCommunity } from '../testing/test-community.ts'
import { forgetFoundingKey, foundingKey, restoreFoundingKey, splitFoundingKey } from './founding-key.ts'
import { parseShares, type Share, shareLines } from './share-text.ts'

const problemOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.problem.type)
const printed = (shares: readonly Share[]): Share[] =>
  expectOk(parseShares(shares.flatMap(shareLines).join('\n')))

test('any three of five sheets give the key back; it is proved by the community’s first act', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const key = foundingKey(founder)!
  const shares = expectOk(await splitFoundingKey(founder, { shares: 5, threshold: 3 }))
  for (const share of shares)
    expect(Buffer.from(share.bytes).includes(Buffer.from(key).subarray(0, 8))).toBe(false)
  const [a, b, c, d, e] = shares as [Share, Share, Share, Share, Share]
  for (const some of [[a, b, c], [e, c, a], [b, d, e], shares]) {
    forgetFoundingKey(founder)
    expect(foundingKey(founder)).toBeNull()
    expectOk(await restoreFoundingKey(founder, printed(some)))
    expect(foundingKey(founder)).toEqual(key)
  }
})

test('too few, of two printings, of another community, altered: nothing is kept', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const { community: other, founder: stranger } = await TestCommunity.create()
  await using __ = other
  const [a, b, c] = expectOk(await splitFoundingKey(founder, { shares: 5, threshold: 3 })) as [
    Share,
    Share,
    Share,
  ]
  const [, x] = expectOk(await splitFoundingKey(founder, { shares: 5, threshold: 3 }))
  const theirs = expectOk(await splitFoundingKey(stranger, { shares: 3, threshold: 2 }))
  forgetFoundingKey(founder)
  const restore = async (shares: readonly Share[]) => problemOf(await restoreFoundingKey(founder, shares))
  expect(await restore([])).toBe('shares-too-few')
  expect(await restore([a, b])).toBe('shares-too-few')
  expect(await restore([a, b, a])).toBe('shares-too-few')
  expect(await restore([a, x!, c])).toBe('shares-of-different-printings')
  expect(await restore(theirs)).toBe('founding-key-wrong')
  // What says that two are enough does not make it so.
  expect(await restore([a, b].map((share) => ({ ...share, threshold: 2 })))).toBe('founding-key-wrong')
  expect(await restore([a, b, { ...c, bytes: c.bytes.with(3, c.bytes[3]! ^ 1) }])).toBe('founding-key-wrong')
  expect(foundingKey(founder)).toBeNull()
  expect(problemOf(await splitFoundingKey(founder, { shares: 5, threshold: 3 }))).toBe('no-founding-key')
})

test.each([
  [1, 1],
  [5, 1],
  [2, 3],
  [256, 3],
  [5.5, 3],
])('%d sheets of which %d are needed: no', async (shares, threshold) => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  expect(problemOf(await splitFoundingKey(founder, { shares, threshold }))).toBe('bad-share-count')
})

test('forgotten, its sealed bytes are gone from the disk', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const { store } = founder.trunk
  const bytes = () =>
    Buffer.concat(readdirSync(founder.home).map((file) => readFileSync(join(founder.home, file))))
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(join(founder.home, 'station.db'))
  const { sealed } = db.prepare("SELECT sealed FROM draft WHERE id = 'founding-key'").get() as {
    sealed: Uint8Array
  }
  db.close()
  store.checkpoint()
  expect(bytes().includes(Buffer.from(sealed))).toBe(true)
  forgetFoundingKey(founder)
  expect(bytes().includes(Buffer.from(sealed))).toBe(false)
})
