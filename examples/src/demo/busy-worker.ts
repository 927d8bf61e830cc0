import { openStation, recordVisit } from '@doorstep/core'

/**
 * A worker's program that embeds the library and saves as fast as it can, eight visits at a time. It says each
 * visit's id once the promise has resolved, which is after the disk has it; then it is killed without warning.
 */
const [, , home, ...households] = process.argv
const passphrase = process.env.DOORSTEP_PASSPHRASE ?? ''
const station = await openStation({ home: home!, secret: { type: 'passphrase', text: passphrase } })
if (!station.ok) throw new Error(station.problem.type)
process.stdout.write('{"ready":true}\n')
for (;;) {
  await Promise.all(
    Array.from({ length: 8 }, async (_, n) => {
      const visit = await recordVisit(station.value, {
        household: households[n % households.length]!,
        outcome: 'absent',
      })
      if (visit.ok) process.stdout.write(`${visit.value.visit}\n`)
    }),
  )
}
