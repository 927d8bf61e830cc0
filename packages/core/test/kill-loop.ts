import { setTimeout as pause } from 'node:timers/promises'
import { expectOk } from '../src/result.ts'
import { diagnose } from '../src/station/doctor.ts'
import { openStation } from '../src/station/open-station.ts'
import { TestCommunity, testSecret } from '../src/testing/test-community.ts'
import { createChance } from './convergence.ts'
import { HomeProcess } from './home-process.ts'

export type KillReport = { readonly kills: number; readonly acknowledged: number; readonly inFlight: number }

/**
 * Kills a writing process again and again, each time at a moment drawn from the seed. What it had acknowledged must
 * be there, whole, and the log and the records must agree.
 */
export async function killAgainAndAgain(seed: number, kills: number): Promise<KillReport> {
  const chance = createChance(seed)
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  await founder.close()
  const { home } = founder
  const made = new Set<string>()
  const newest = new Map<string, number>()
  let inFlight = 0
  for (let kill = 0; kill < kills; kill++) {
    await using child = new HomeProcess(home, `第${kill}次`, 1_000_000)
    await child.says('its first acknowledgement', (line) => line.startsWith('made'))
    await pause(chance(120))
    await child.kill()
    for (const [word, id, n] of child.lines.map((line) => line.split(' '))) {
      if (word === 'made') made.add(id!)
      if (word === 'set') newest.set(id!, Math.max(newest.get(id!) ?? 0, Number(n)))
      if (word === 'failed') throw new Error(`seed ${seed}, kill ${kill}: a write failed: ${id}`)
    }
    const station = expectOk(await openStation({ home, secret: testSecret }))
    try {
      const fail = (what: string) => {
        throw new Error(`seed ${seed}, kill ${kill}: ${what}`)
      }
      const lost = [...made].filter((id) => station.get(id) === null)
      if (lost.length > 0) fail(`${lost.length} acknowledged records are gone, as ${lost[0]}`)
      for (const [id, n] of newest)
        if (Number(station.get(id)?.fields.dwellings) < n) fail(`${id} fell back behind ${n}`)
      const wrong = diagnose(station).checks.filter((check) => !check.ok)
      if (wrong.length > 0) fail(`doctor: ${JSON.stringify(wrong)}`)
      if (station.copied) fail('the home was taken for a copy')
      inFlight +=
        [...station.records({ type: 'visit' }), ...station.records({ type: 'building' })].length - made.size
      for (const record of station.records()) if (/^(vi|bu)-/.test(record.id)) made.add(record.id)
    } finally {
      await station.close()
    }
  }
  return { kills, acknowledged: made.size, inFlight }
}
