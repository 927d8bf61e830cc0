import { generate, recordsOf, type Size } from '../src/generate.ts'
import { step } from '../src/step.ts'
import { docOf, fill } from './pouch-docs.ts'

/** A database of the first grid, each document with one revision: what a worker opens and saves into. */
step<{ folder: string; size: Size }>(({ folder, size }) =>
  fill(
    folder,
    [...generate(size)]
      .filter(({ grid }) => grid === 0)
      .flatMap(recordsOf)
      .map(docOf),
  ),
)
