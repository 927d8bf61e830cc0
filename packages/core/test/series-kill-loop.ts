import { setTimeout as pause } from 'node:timers/promises'
import { expectOk } from '../src/result.ts'
import type { Observation } from '../src/series/observation.ts'
import { openSeries } from '../src/series/open-series.ts'
import { diagnose } from '../src/station/doctor.ts'
import { openStation } from '../src/station/open-station.ts'
import { TestCommunity, testSecret } from '../src/testing/test-community.ts'
import { createChance } from './convergence.ts'
import { HomeProcess } from './home-process.ts'

const START = Math.floor(Date.now() / 86_400_000 - 30) * 86_400_000

/** More series than are sorted in one transaction; a batch is of three of them. */
const DEVICES = 450
export const batchOf = (n: number): Observation[] =>
  [n, n + 150, n + 300].map((one, signal) => ({
    device: `de-${one % DEVICES}`,
    signal: (['water', 'power', 'temperature'] as const)[signal]!,
    atMs: START + n * 5_000,
    value: n / 1000,
  }))

export type SeriesKills = { readonly kills: number; readonly kept: number; readonly gone: number }

/** Kills a process that appends, sorts, thins out and erases, each time at a moment drawn from the seed. */
export async function killTheReader(seed: number, kills: number): Promise<SeriesKills> {
  const chance = createChance(seed)
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  await founder.close()
  const { home } = founder
  const kept = new Set<number>()
  const gone = new Set<string>()
  for (let kill = 0; kill < kills; kill++) {
    const next = Math.ceil((Math.max(0, ...kept) + 1) / 20) * 20
    await using child = new HomeProcess(home, String(next), 0, 'series-child.ts')
    await child.says('its first acknowledgement', (line) => line.startsWith('kept'))
    await pause(chance(400))
    await child.kill()
    for (const [word, what = ''] of child.lines.map((line) => line.split(' '))) {
      if (word === 'kept') kept.add(Number(what))
      if (word === 'gone') gone.add(what)
    }
    const station = expectOk(await openStation({ home, secret: testSecret }))
    const series = expectOk(openSeries(station))
    const fail = (what: string) => {
      throw new Error(`seed ${seed}, kill ${kill}: ${what}`)
    }
    try {
      const isThere = ({ device, signal, atMs, value }: Observation) => {
        const found = series.raw(device, signal, atMs, atMs + 1)
        if (found.length > 1 || (found[0] && found[0].value !== value))
          fail(`${device} says ${found[0]?.value}`)
        return found.length === 1
      }
      for (const n of kept) if (!batchOf(n).every(isThere)) fail(`acknowledged batch ${n} is not whole`)
      // What was under way is there whole, or not at all.
      for (let n = Math.max(...kept) + 1; n < Math.max(...kept) + 9; n++) {
        const there = batchOf(n).filter(isThere).length
        if (there !== 0 && there !== 3) fail(`batch ${n} is half there`)
      }
      const devices = series.devices()
      for (const device of gone) if (devices.includes(device)) fail(`${device} is back`)
      const check = diagnose(station).checks.find(({ name }) => name === 'readings')!
      if (!check.ok) fail(`doctor: ${JSON.stringify(check.wrong)}`)
    } finally {
      await series.close()
      await station.close()
    }
  }
  return { kills, kept: kept.size, gone: gone.size }
}
