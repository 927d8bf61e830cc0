import { generate, oneMoreVisit, type PlainRecord, type Size } from './generate.ts'
import { createSeeded } from './seeded.ts'

/** Visits that the community does not have yet; other ones for another `salt`. */
export function moreVisits(size: Size, count: number, salt: number): PlainRecord[] {
  const seeded = createSeeded(size.seed + salt)
  const households = [...generate(size)]
  return Array.from({ length: count }, () => {
    const { household, grid } = seeded.pick(households)
    return oneMoreVisit(seeded, household, grid)
  })
}
