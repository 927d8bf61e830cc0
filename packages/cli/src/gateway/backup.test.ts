import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diagnose, expectOk, openSeries, openStation } from '@doorstep/core'
import { deliver, testSecret } from '@doorstep/core/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backupHome } from './backup.ts'
import { type Neighbourhood, neighbourhood } from './gateway.test.data.ts'
import { restoreHome } from './restore.ts'

let home: Neighbourhood
let folder: string
beforeAll(async () => {
  home = await neighbourhood()
  folder = mkdtempSync(join(tmpdir(), 'doorstep-backup-'))
})
afterAll(async () => {
  await home.close()
  rmSync(folder, { recursive: true, force: true })
})

test('A15 a gateway backed up while it runs is restored as it was, in a fresh epoch, and loses nothing beside the first', async () => {
  const series = expectOk(openSeries(home.gateway))
  expectOk(
    await series.append([{ device: home.device, signal: 'electricity', atMs: 1_790_000_000_000, value: 7 }]),
  )
  const file = join(folder, 'gateway.tar')
  const taken = backupHome({ home: home.gateway.home, secret: testSecret, file, nowMs: Date.now() })
  // Somebody writes meanwhile.
  expectOk(
    await home.founder.write('record.edit', (book) => book.edit(home.household, { set: { note: '后来' } })),
  )
  await deliver(home.founder, home.gateway)
  const done = expectOk(await taken)
  await series.close()
  expect(readFileSync(file).includes('测试住户甲')).toBe(false)
  expect(await backupHome({ home: home.gateway.home, secret: testSecret, file, nowMs: 0 })).toMatchObject({
    problem: { type: 'backup-exists' },
  })

  const there = join(folder, 'restored')
  const manifest = expectOk(await restoreHome({ file, home: there, secret: testSecret }))
  expect(manifest.digests).toEqual(done.digests)
  const restored = expectOk(await openStation({ home: there, secret: testSecret }))
  expect(restored.copied).toBe(true)
  expect(diagnose(restored).ok).toBe(true)
  for (const { space, digest } of done.digests) expect(restored.digest(space).digest).toBe(digest)
  const readings = expectOk(openSeries(restored))
  expect(readings.latest(home.device, 'electricity')).toEqual({ atMs: 1_790_000_000_000, value: 7 })
  await readings.close()
  // Both write; whoever meets both has all of it.
  for (const one of [restored, home.gateway]) {
    expectOk(
      await one.write('device.read', (book) =>
        book.edit(home.device, { append: { daily: [{ on: '2026-01-01', item: one.home, value: 1 }] } }),
      ),
    )
    await deliver(one, home.founder)
  }
  expect(home.founder.get(home.device)!.timelines.daily).toHaveLength(2)
  expect(home.founder.forks()).toEqual([])
  await restored.close()
  expect(await restoreHome({ file, home: there, secret: testSecret })).toMatchObject({
    problem: { type: 'home-exists' },
  })
})

test('a backup that was altered, cut short, or opens with another key restores nothing', async () => {
  const bytes = readFileSync(join(folder, 'gateway.tar'))
  const there = join(folder, 'never')
  const attempt = async (content: Uint8Array, secret = testSecret) => {
    const file = join(folder, 'odd.tar')
    writeFileSync(file, content)
    const result = await restoreHome({ file, home: there, secret })
    expect(existsSync(there)).toBe(false)
    return result.ok ? 'restored' : result.problem.type
  }
  const flipped = Buffer.from(bytes)
  const middle = bytes.indexOf('SQLite format 3') + 5000
  flipped[middle]! ^= 1
  expect(await attempt(flipped)).toBe('backup-altered')
  expect(['not-a-backup', 'backup-altered']).toContain(await attempt(bytes.subarray(0, bytes.length / 2)))
  expect(await attempt(Buffer.from('no archive at all'))).toBe('not-a-backup')
  expect(await attempt(bytes, { type: 'key', bytes: new Uint8Array(32).fill(1) } as typeof testSecret)).toBe(
    'wrong-passphrase',
  )
})
