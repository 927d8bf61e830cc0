import { fuzz, fuzzSeed, fuzzTable } from '@doorstep/core/fuzz'
import { TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { syncTargets } from './targets.ts'

/** `DOORSTEP_SIM=long`: so many inputs for each decoder, or as many as fit in ten minutes for all of them. */
const long = process.env.DOORSTEP_SIM === 'long'
const INPUTS = long ? 300_000 : 300
const MINUTES = Number(process.env.DOORSTEP_MINUTES ?? 10)

test('F2 whatever a peer, a stick or a signaling server does to valid bytes, every decoder answers, soon and in little memory', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  const seed = fuzzSeed(long ? Math.floor(Date.now() / 1000) * 1000 : 7)
  const targets = await syncTargets({ community, founder, worker })
  const rows = []
  for (const target of targets) {
    const untilMs = long ? performance.now() + (MINUTES * 60_000) / targets.length : Infinity
    rows.push(await fuzz(target, seed, Math.ceil(INPUTS * (target.share ?? 1)), untilMs))
  }
  process.stderr.write(`mutations from seed ${seed}\n${fuzzTable(rows)}\n`)
  expect(rows.every(({ inputs }) => inputs > 0)).toBe(true)
})
