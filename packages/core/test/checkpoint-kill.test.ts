import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { expectOk } from '../src/result.ts'
import { makeCheckpoint, offerFor, takeOffer } from '../src/station/checkpoint.ts'
import { diagnose } from '../src/station/doctor.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { carryBlobs } from './checkpoint-carry.ts'
import { createChance } from './convergence.ts'

const CHILD = fileURLToPath(new URL('checkpoint-child.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')
const RECORDS = 3000
const KILLS = 8

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
  const outcomes = new Set<string>()
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(process.execPath, ['--import', TSX, CHILD, newcomer.home, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const said: string[] = []
    child.stdout.on('data', (bytes: Buffer) => said.push(...bytes.toString().trim().split('\n')))
    await once(child.stdout, 'data')
    await pause(chance(kill === KILLS - 1 ? 1 : 400))
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
    const station = community.reopen(newcomer)
    const { entries } = station.digest(grid)
    const records = [...station.records({ type: 'building' })].length
    expect([
      [0, 0],
      [founder.digest(grid).entries, RECORDS],
    ]).toContainEqual([entries, records])
    if (said.includes('taken')) expect(records).toBe(RECORDS)
    expect(diagnose(station).checks.filter(({ ok }) => !ok)).toEqual([])
    outcomes.add(records === 0 ? 'none' : 'all')
    await station.close()
    if (records > 0) break
  }
  expect(outcomes).toContain('none')
  const station = community.reopen(newcomer)
  expectOk(await takeOffer(station, segment, 'again'))
  await deliver(founder, station)
  expect(station.digest(grid)).toEqual(founder.digest(grid))
  expect(diagnose(station).ok).toBe(true)
}, 180_000)
