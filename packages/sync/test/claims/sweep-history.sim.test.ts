import { seedsToTry } from '@doorstep/core/fuzz'
import { expect, test } from 'vitest'
import { runSweepHistory } from './sweep-history.ts'

const { from, count } = seedsToTry(10, 200)

test(`sweeps ${from} to ${from + count - 1}`, async () => {
  let doubles = 0
  let claims = 0
  for (let seed = from; seed < from + count; seed++) {
    try {
      const report = await runSweepHistory(seed, 30 + (seed % 90))
      doubles += report.doubles
      claims += report.claims
    } catch (error) {
      throw new Error(`seed ${seed}: DOORSTEP_SEED=${seed} repeats it`, { cause: error })
    }
  }
  process.stderr.write(
    `${count} sweeps from seed ${from}: ${claims} claims, ${doubles} doors left claimed twice\n`,
  )
  if (count > 1) expect(doubles).toBeGreaterThan(0)
})
