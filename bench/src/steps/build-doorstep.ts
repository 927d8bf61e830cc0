import { buildCommunity, type Shape } from '../community.ts'
import type { Size } from '../generate.ts'
import { step } from '../step.ts'

step<{ folder: string; size: Size; shape: Shape }>(({ folder, size, shape }) =>
  buildCommunity(folder, size, shape),
)
