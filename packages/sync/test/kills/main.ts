import { killRounds } from './kill-rounds.ts'

/** `pnpm kills [--kills 1000]`; `DOORSTEP_SEED=n` repeats one. */
const given = process.argv.indexOf('--kills')
const kills = given < 0 ? 1000 : Number(process.argv[given + 1])
const seed = Number(process.env.DOORSTEP_SEED ?? Math.floor(Date.now() / 1000))
process.stdout.write(`seed ${seed}, ${kills} kills\n`)
const show = (report: object) => process.stdout.write(`${JSON.stringify(report)}\n`)
show(await killRounds(seed, kills, show))
process.stdout.write('nothing acknowledged is gone, and every doctor was content\n')
process.exit(0)
