import { spawnSync } from 'node:child_process'
import { main } from '../packages/sync/test/sim/main.ts'

/**
 * `pnpm sim`: the long simulations over new seeds. With `--resume` the seeded histories of stations that meet, from
 * where the last run ended until it is stopped; with `--seed` one of them, told line by line.
 */
const args = process.argv.slice(2)
if (args.some((arg) => /^--(resume|seed)\b/.test(arg))) await main(args)
else {
  const { status } = spawnSync('pnpm', ['exec', 'vitest', 'run', '--project', 'sim', ...args], {
    stdio: 'inherit',
    env: { ...process.env, DOORSTEP_SIM: 'long' },
  })
  process.exitCode = status ?? 1
}
