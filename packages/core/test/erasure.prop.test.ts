import { expect, test } from 'vitest'
import { runErasures } from './erasure-history.ts'

const SEEDS = [1, 2, 3, 4, 5, 6]

test('A19 random histories with erasures: the same everywhere, gone everywhere, no byte left, and the chains verify', async () => {
  const start = Number(process.env.DOORSTEP_SEED ?? 0)
  let erased = 0
  let late = 0
  for (const seed of SEEDS) {
    const report = await runErasures(start + seed, 60)
    erased += report.erased
    late += report.late
  }
  // Histories in which nothing was erased, or nobody wrote without having heard, would prove little.
  expect(erased).toBeGreaterThan(6)
  expect(late).toBeGreaterThan(0)
}, 300_000)
