import type { EntryRef } from '@doorstep/core'
import { expect, test } from 'vitest'
import { PeerView } from './peer-view.ts'

const SPACE = 'sp-0001'
/** An entry of a branch of the one log: those of one letter are one chain. */
const at = (branch: string, seq: number): EntryRef => ({
  log: 'a1'.repeat(16),
  seq,
  hash: Buffer.from(`${branch}${seq}`),
})
const branchOf = ({ hash }: EntryRef) => Buffer.from(hash).toString()[0]
const known = () => {
  const view = new PeerView((ref, head) => ref.seq <= head.seq && branchOf(ref) === branchOf(head))
  return {
    view,
    heads: () =>
      view
        .heads(SPACE)
        .map(({ hash }) => Buffer.from(hash).toString())
        .sort(),
  }
}

test('what a peer acknowledges takes the place of what is before it on its chain', () => {
  const { view, heads } = known()
  view.took(SPACE, at('a', 1))
  expect([view.knows(SPACE), heads()]).toEqual([false, []])
  view.learn(SPACE, [at('a', 1)])
  view.took(SPACE, at('a', 3))
  expect(heads()).toEqual(['a3'])
  view.took(SPACE, at('a', 2))
  expect(heads()).toEqual(['a2', 'a3'])
})

test('of a log with branches each is remembered, whichever is acknowledged last: none is sent again', () => {
  const { view, heads } = known()
  view.learn(SPACE, [at('a', 0)])
  for (const head of [at('b', 2), at('a', 2), at('b', 2), at('c', 5), at('a', 2)]) view.took(SPACE, head)
  expect(heads()).toEqual(['a2', 'b2', 'c5'])
})
