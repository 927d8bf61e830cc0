import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { expectOk } from '../src/result.ts'
import { makeCheckpoint, offerFor, takeOffer } from '../src/station/checkpoint.ts'
import { diagnose } from '../src/station/doctor.ts'
import { openStation } from '../src/station/open-station.ts'
import { deliver, gridOf, TestCommunity, testSecret } from '../src/testing/test-community.ts'
import { carryBlobs } from './checkpoint-carry.ts'
import { createChance } from './convergence.ts'

const CHILD = fileURLToPath(new URL('checkpoint-child.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')
const RECORDS = 3000
const KILLS = 6

test('A18 killed in the middle of starting from a checkpoint, a station has all of it or none, and can start again', async () => {
  const chance = createChance(18)
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const grid = gridOf(founder)
  for (let made = 0; made < RECORDS; made += 500)
    expectOk(
      await founder.write('record.import', (book) => {
        let last = book.create('building', grid, { set: { name: `楼${made}` } })
        for (let n = 1; n < 500; n++) last = book.create('building', grid, { set: { name: `楼${made + n}` } })
        return last
      }),
    )
  expectOk(await makeCheckpoint(founder, grid))
  const { segment } = offerFor(founder, grid, [], 0)!
  const file = join(community.folder, 'offer')
  writeFileSync(file, segment)
  const newcomer = await community.join(founder, '测试员丙')
  carryBlobs(founder, newcomer, segment)
  await newcomer.close()
  const fresh = () => {
    const home = community.newHome()
    cpSync(newcomer.home, home, { recursive: true })
    return home
  }
  const wholeMs = await run(fresh(), file, null)
  const outcomes = new Map<string, number>()
  for (let kill = 0; kill < KILLS; kill++) {
    const home = fresh()
    // The first as soon as it has begun, the others anywhere on its way.
    await run(home, file, kill === 0 ? 0 : chance(Math.ceil(wholeMs)))
    const station = expectOk(await openStation({ home, secret: testSecret }))
    const { entries } = station.digest(grid)
    const records = [...station.records({ type: 'building' })].length
    expect([
      [0, 0],
      [founder.digest(grid).entries, RECORDS],
    ]).toContainEqual([entries, records])
    expect(diagnose(station).checks.filter(({ ok }) => !ok)).toEqual([])
    const outcome = records === 0 ? 'none' : 'all'
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    if (records === 0) {
      expectOk(await takeOffer(station, segment, 'again'))
      await deliver(founder, station)
      expect(station.digest(grid)).toEqual(founder.digest(grid))
      expect(diagnose(station).ok).toBe(true)
    }
    await station.close()
  }
  expect(outcomes.get('none')).toBeGreaterThan(0)
}, 180_000)

/** How long it takes, in milliseconds, from the open home to the started space; killed after so many, if any. */
async function run(home: string, file: string, killAfterMs: number | null): Promise<number> {
  const child = spawn(process.execPath, ['--import', TSX, CHILD, home, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  await once(child.stdout, 'data')
  const opened = performance.now()
  if (killAfterMs !== null) {
    await pause(killAfterMs)
    child.kill('SIGKILL')
  } else child.stdout.resume()
  await closed
  return performance.now() - opened
}
