import { mutants } from './mutants.ts'
import { runHistory } from './run.ts'
for (const [name, mutant] of Object.entries(mutants)) {
  if (process.argv[2] && !name.includes(process.argv[2])) continue
  let seed = 1, f = null
  for (; seed <= 40 && !f; seed++) f = (await runHistory(seed, { mutant })).failure
  console.log(f?.invariant === mutant.finds ? 'ok' : 'WRONG', name, seed - 1, mutant.finds, f?.invariant, f?.invariant === mutant.finds ? '' : f?.text.slice(0, 300))
}
