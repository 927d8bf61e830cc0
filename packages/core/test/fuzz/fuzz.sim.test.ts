import { expect, test } from 'vitest'
import { fuzz, fuzzSeed, fuzzTable } from '../../src/testing/fuzz.ts'
import { makeCorpus } from './corpus.ts'
import { coreTargets, gateTargets } from './targets.ts'

/** `DOORSTEP_SIM=long`: so many inputs for each decoder, or as many as fit in ten minutes for all of them. */
const long = process.env.DOORSTEP_SIM === 'long'
const INPUTS = long ? 300_000 : 300
const MINUTES = Number(process.env.DOORSTEP_MINUTES ?? 10)

test('F2 whatever is done to valid bytes, every decoder answers, soon and in little memory', async () => {
  const corpus = await makeCorpus()
  try {
    const seed = fuzzSeed(long ? Math.floor(Date.now() / 1000) * 1000 : 7)
    const targets = [...coreTargets(corpus), ...gateTargets(corpus)]
    const rows = []
    for (const target of targets) {
      const untilMs = long ? performance.now() + (MINUTES * 60_000) / targets.length : Infinity
      rows.push(await fuzz(target, seed, Math.ceil(INPUTS * (target.share ?? 1)), untilMs))
    }
    process.stderr.write(`mutations from seed ${seed}\n${fuzzTable(rows)}\n`)
    expect(rows.every(({ inputs }) => inputs > 0)).toBe(true)
  } finally {
    await corpus.community.close()
  }
})
