import type { Size } from '../generate.ts'
import { moreVisits } from '../more-visits.ts'
import { type Side, sideModule } from '../side.ts'
import { step } from '../step.ts'

/** A day's work of a station that meets nobody. */
step<{ side: Side; folder: string; size: Size; count: number; salt: number }>(
  async ({ side, folder, size, count, salt }) => {
    const open = await (await sideModule(side)).open(folder)
    await open.put(moreVisits(size, count, salt))
    await open.close()
  },
)
