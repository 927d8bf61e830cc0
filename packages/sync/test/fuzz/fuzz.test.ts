import { fuzz, fuzzSeed, fuzzTable } from '@doorstep/core/fuzz'
import { TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { syncTargets } from './targets.ts'

const INPUTS = 1500

test('F2 whatever a peer, a stick or a signaling server does to valid bytes, every decoder answers, soon and in little memory', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  const rows = []
  for (const target of await syncTargets({ community, founder, worker }))
    rows.push(await fuzz(target, fuzzSeed(20260801), Math.ceil(INPUTS * (target.share ?? 1))))
  expect(rows.every(({ inputs }) => inputs > 0)).toBe(true)
  expect(rows.filter(({ accepted }) => accepted > 0).length).toBeGreaterThan(rows.length / 2)
  if (process.env.DOORSTEP_SEED) process.stderr.write(`${fuzzTable(rows)}\n`)
})
