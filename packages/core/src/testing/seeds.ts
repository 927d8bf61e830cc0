export type Seeds = { readonly from: number; readonly count: number }

/**
 * Which histories a simulation lives through: a few that are always the same; with `DOORSTEP_SIM=long` many, new each
 * time; with `DOORSTEP_SEED=n` that one.
 */
export function seedsToTry(few: number, many: number): Seeds {
  const { DOORSTEP_SIM: sim, DOORSTEP_SEED: given } = process.env
  if (given) return { from: Number(given), count: 1 }
  return sim === 'long'
    ? { from: Math.floor(Date.now() / 1000) * 1000, count: many }
    : { from: 1000, count: few }
}
