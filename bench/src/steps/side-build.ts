import type { Size } from '../generate.ts'
import { type Side, sideModule } from '../side.ts'
import { step } from '../step.ts'

step<{ side: Side; folder: string; size: Size }>(async ({ side, folder, size }) =>
  (await sideModule(side)).build(folder, size),
)
