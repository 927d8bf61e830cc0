/** Histories that failed once, by what was wrong: `without` are the steps that they fail without. */
export const SEEDS: Readonly<
  Record<
    string,
    {
      readonly seed: number
      readonly edition: number
      readonly stations?: number
      readonly steps?: number
      readonly without?: readonly number[]
    }
  >
> = {
  'a disk fills up in the middle of a meeting': { seed: 5, edition: 1 },
  'an invitation is made on a full disk': { seed: 48, edition: 1 },
  'two copies of a chief, and nobody else who may hold the space': { seed: 50, edition: 1 },
  'every machine is down at once': { seed: 514, edition: 1 },
  'an erasure that is only carried for others': { seed: 6, edition: 2 },
}
