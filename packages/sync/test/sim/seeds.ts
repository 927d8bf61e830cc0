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
> = {}
