/** Histories that failed once, by what was wrong: `without` are the steps that they fail without. */
export const SEEDS: Readonly<
  Record<
    string,
    {
      readonly seed: number
      readonly stations?: number
      readonly steps?: number
      readonly without?: readonly number[]
    }
  >
> = {
  'a disk fills up in the middle of a meeting': { seed: 5 },
  'an invitation is made on a full disk': { seed: 48 },
  'two copies of a chief, and nobody else who may hold the space': { seed: 50 },
  'every machine is down at once': { seed: 514 },
}
