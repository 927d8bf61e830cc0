import { buildYears } from '../scale/year.ts'
import { step } from '../step.ts'

step<{ cache: string; sizes: readonly number[]; seed: number }>(({ cache, sizes, seed }) =>
  buildYears(cache, sizes, seed, (text) => process.stderr.write(`        ${text}\n`)),
)
