import { afterAll, beforeAll, expect, test } from 'vitest'
import { fuzz, fuzzSeed, fuzzTable } from '../../src/testing/fuzz.ts'
import { type Corpus, makeCorpus } from './corpus.ts'
import { coreTargets, gateTargets } from './targets.ts'

const INPUTS = 1500
let corpus: Corpus
beforeAll(async () => {
  corpus = await makeCorpus()
})
afterAll(() => corpus.community.close())

test('F2 whatever is done to valid bytes, every decoder answers, soon and in little memory', async () => {
  const seed = fuzzSeed(20260801)
  const rows = []
  for (const target of [...coreTargets(corpus), ...gateTargets(corpus)])
    rows.push(await fuzz(target, seed, Math.ceil(INPUTS * (target.share ?? 1))))
  expect(rows.every(({ inputs }) => inputs > 0)).toBe(true)
  // Mutations that all fall at the first byte would try nothing behind it.
  expect(rows.filter(({ accepted }) => accepted > 0).length).toBeGreaterThan(rows.length / 2)
  if (process.env.DOORSTEP_SEED) process.stderr.write(`${fuzzTable(rows)}\n`)
})
