import type { Station } from '@doorstep/core'

export const PRACTICE_DOORS = [
  'visit',
  'absent',
  'tail',
  'conflict',
  'double',
  'phone',
  'alarm',
  'errand',
  'paper',
] as const
export type PracticeDoor = (typeof PRACTICE_DOORS)[number]

/** Which door has which trouble: ids of households. Kept sealed in the home, and in no record. */
export type PracticePlan = {
  readonly seed: number
  /** Milliseconds since 1970: what was written before is the made-up past. */
  readonly startedMs: number
  readonly doors: Readonly<Record<PracticeDoor, string>>
  readonly phones: { readonly tail: string; readonly right: string }
}

const DRAFT = 'practice/plan'

export const keepPlan = (station: Station, plan: PracticePlan): void => station.putDraft(DRAFT, plan)

export const planOf = (station: Station): PracticePlan | null =>
  (station.draft(DRAFT)?.value as PracticePlan | undefined) ?? null
