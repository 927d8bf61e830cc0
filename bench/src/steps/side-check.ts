import { digestRecords } from '../digest-records.ts'
import { generate, type PlainRecord, recordsOf, type Size } from '../generate.ts'
import { moreVisits } from '../more-visits.ts'
import { type Side, sideModule } from '../side.ts'
import { step } from '../step.ts'

export type Checked = { readonly records: number; readonly jsonBytes: number }

/** Whether a folder holds the generated records and these visits more, each as it was made, and nothing else. */
step<{ side: Side; folder: string; size: Size; more: readonly { count: number; salt: number }[] }>(
  async ({ side, folder, size, more }): Promise<Checked> => {
    const open = await (await sideModule(side)).open(folder)
    const records = await open.records()
    await open.close()
    const wanted: PlainRecord[] = [...generate(size)].flatMap(recordsOf)
    for (const { count, salt } of more) wanted.push(...moreVisits(size, count, salt))
    if (digestRecords(records) !== digestRecords(wanted))
      throw new Error(`${side} ended with other records: ${records.length} of ${wanted.length}`)
    return { records: records.length, jsonBytes: Buffer.byteLength(JSON.stringify(records)) }
  },
)
