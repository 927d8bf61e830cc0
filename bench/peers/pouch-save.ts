import PouchDB from 'pouchdb'
import { generate, oneMoreVisit, type Size } from '../src/generate.ts'
import { createSeeded } from '../src/seeded.ts'
import { step } from '../src/step.ts'
import { docOf } from './pouch-docs.ts'

/** The same visits with `put`: leveldb hands them to the operating system and does not wait for the disk. */
step<{ database: string; size: Size; saves: number; warmUp: number }>(
  async ({ database, size, saves, warmUp }): Promise<{ saves: readonly number[] }> => {
    const db = new PouchDB(database)
    const households = [...generate(size)].filter((one) => one.grid === 0)
    const seeded = createSeeded(size.seed + 1)
    const times: number[] = []
    for (let n = -warmUp; n < saves; n++) {
      const doc = docOf(oneMoreVisit(seeded, seeded.pick(households).household, 0))
      const startedAt = performance.now()
      await db.put(doc)
      if (n >= 0) times.push(performance.now() - startedAt)
    }
    await db.close()
    return { saves: times }
  },
)
