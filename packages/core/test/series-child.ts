import { writeSync } from 'node:fs'
import { argv, exit, stdin } from 'node:process'
import { expectOk } from '../src/result.ts'
import type { Observation } from '../src/series/observation.ts'
import { openSeries } from '../src/series/open-series.ts'
import { openStation } from '../src/station/open-station.ts'
import { testSecret } from '../src/testing/test-community.ts'
import { batchOf } from './series-kill-loop.ts'

/**
 * A process of its own that appends readings, sorts, thins out and erases, until it is killed. Every line is said after
 * the promise resolved: from then on it must hold.
 *   open · kept NUMBER · gone DEVICE
 */
const [, , home = '', name = ''] = argv
const station = expectOk(await openStation({ home, secret: testSecret }))
const series = expectOk(openSeries(station))
const say = (...words: (string | number)[]) => writeSync(1, `${words.join(' ')}\n`)
stdin.on('data', () => undefined)
stdin.on('end', () => exit(0))
say('open')

for (let n = Number(name); ; n += 4) {
  await Promise.all(
    [n, n + 1, n + 2, n + 3].map(async (batch) => {
      const leaving: Observation = { ...batchOf(batch)[0]!, device: `de-leaving-${batch}` }
      expectOk(await series.append(batch % 20 === 0 ? [...batchOf(batch), leaving] : batchOf(batch)))
      say('kept', batch)
    }),
  )
  if (n % 40 === 0) expectOk(await series.compact())
  if (n % 60 === 20) {
    expectOk(await series.erase(`de-leaving-${n}`))
    say('gone', `de-leaving-${n}`)
  }
  if (n % 200 === 100) expectOk(await series.prune(station.now))
}
