import { expectOk, openRecordSet, openStation } from '@doorstep/core'
import { SECRET, write } from '../community.ts'
import { openDurableFile } from '../durable-file.ts'
import { generate, oneMoreVisit, type Size } from '../generate.ts'
import { createSeeded } from '../seeded.ts'
import { step } from '../step.ts'

export type Saved = {
  readonly saves: readonly number[]
  readonly syncs: readonly number[]
  readonly recordBytes: number
}

/**
 * Saves one visit after the other as a workstation does, with a record set that follows. Between any two saves
 * the same JSON is appended to a plain file with one fdatasync, so both meet the same disk.
 */
step<{ home: string; file: string; size: Size; saves: number; warmUp: number }>(
  async ({ home, file, size, saves, warmUp }): Promise<Saved> => {
    const station = expectOk(await openStation({ home, secret: SECRET }))
    const records = openRecordSet(station)
    const space = station.spaces().find(({ kind }) => kind === 'grid')!.id
    const households = [...generate(size)].filter((one) => one.grid === 0)
    const seeded = createSeeded(size.seed + 1)
    const plain = openDurableFile(file)
    const times = { saves: [] as number[], syncs: [] as number[] }
    let bytes = 0
    for (let n = -warmUp; n < saves; n++) {
      const visit = oneMoreVisit(seeded, seeded.pick(households).household, 0)
      const json = Buffer.from(JSON.stringify(visit))
      const syncMs = plain.append(json)
      const startedAt = performance.now()
      await write(station, 'visit.record', space, [visit])
      const saveMs = performance.now() - startedAt
      if (!records.get(visit.id)) throw new Error('a saved visit is not shown')
      if (n < 0) continue
      times.saves.push(saveMs)
      times.syncs.push(syncMs)
      bytes += json.length
    }
    plain.close()
    records.close()
    await station.close()
    return { ...times, recordBytes: Math.round(bytes / saves) }
  },
)
