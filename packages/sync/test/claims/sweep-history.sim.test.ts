import { expect, test } from 'vitest'
import { runSweepHistory } from './sweep-history.ts'

/** `DOORSTEP_SIM=long` takes new seeds each time; `DOORSTEP_SEED=n` repeats one. */
const long = process.env.DOORSTEP_SIM === 'long'
const given = process.env.DOORSTEP_SEED
const from = given ? Number(given) : long ? Math.floor(Date.now() / 1000) * 1000 : 1000
const count = given ? 1 : long ? 200 : 10

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
  if (!given) expect(doubles).toBeGreaterThan(0)
})
