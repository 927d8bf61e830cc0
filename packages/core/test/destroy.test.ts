import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '../src/result.ts'
import { createCommunity } from '../src/station/create-community.ts'
import { destroyHome } from '../src/station/destroy-home.ts'
import { diagnose } from '../src/station/doctor.ts'
import { openStation } from '../src/station/open-station.ts'
import { refreshRescue } from '../src/station/rescue.ts'
import { deliver, gridOf, TestCommunity, testSecret } from '../src/testing/test-community.ts'
import { createChance } from './convergence.ts'

const CHILD = fileURLToPath(new URL('secret-child.ts', import.meta.url))
const LEFT = { reason: 'removed', at: 1_790_000_000_000 } as const

let community: TestCommunity
/** A closed home of a worker with a way back, records, drafts, entries of others; some megabytes. */
let whole: string
beforeAll(async () => {
  const created = await TestCommunity.create()
  community = created.community
  const worker = await community.join(created.founder, '测试员乙')
  for (let from = 0; from < 1000; from += 100)
    expectOk(
      await created.founder.write('record.import', (book) => {
        for (let n = from; n < from + 100; n++)
          expectOk(
            book.create('building', gridOf(created.founder), {
              set: { name: `楼${n}`, street: '街'.repeat(60) },
            }),
          )
        return { ok: true, value: undefined }
      }),
    )
  await deliver(created.founder, worker)
  refreshRescue(worker)
  worker.putDraft('visit/hh-0001', { half: '填了一半' })
  await worker.close()
  whole = worker.home
}, 60_000)
afterAll(() => community.close())

function copy(): string {
  const home = community.newHome()
  cpSync(whole, home, { recursive: true })
  return home
}
const fileOf = (home: string) => join(home, 'station.db')
function rows(home: string): Record<string, number> {
  const db = new DatabaseSync(fileOf(home))
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[]
  const counts = tables.map(
    ({ name }) => [name, (db.prepare(`SELECT count(*) AS c FROM ${name}`).get() as { c: number }).c] as const,
  )
  db.close()
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}
/** Everything sealed or secret that lies in a home: settings, records, drafts, entries. */
function secretsOf(home: string): Buffer[] {
  const db = new DatabaseSync(fileOf(home))
  const all = [
    "SELECT value AS v FROM setting WHERE name IN ('wrap', 'identity', 'rescue')",
    'SELECT sealed AS v FROM record LIMIT 200',
    'SELECT sealed AS v FROM draft',
    'SELECT blobs AS v FROM entry LIMIT 200',
  ].flatMap((sql) =>
    (db.prepare(sql).all() as { v: Uint8Array }[]).map(({ v }) => Buffer.from(v).subarray(-24)),
  )
  db.close()
  return all
}
const isAnyIn = (home: string, secrets: readonly Buffer[]): boolean => {
  const bytes = Buffer.concat(readdirSync(home).map((file) => readFileSync(join(home, file))))
  return secrets.some((secret) => bytes.includes(secret))
}
const verdictOn = async (home: string): Promise<string> => {
  const opened = await openStation({ home, secret: testSecret })
  if (!opened.ok) return opened.problem.type
  await using station = opened.value
  return diagnose(station).ok && [...station.records({ type: 'building' })].length === 1000
    ? 'intact'
    : 'half'
}

test('nothing of it is left but why and when; opening says so; the same folder takes a new home', async () => {
  const home = copy()
  writeFileSync(join(home, 'photo.jpg'), 'x')
  const secrets = secretsOf(home)
  expect(secrets.length).toBeGreaterThan(200)
  expectOk(destroyHome(home, LEFT))
  expect(isAnyIn(home, secrets)).toBe(false)
  expect(rows(home)).toEqual({ setting: 1 })
  // A page for each table and index, and nothing in them.
  expect(statSync(fileOf(home)).size).toBeLessThan(64 * 4096)
  const said = { ok: false, problem: { type: 'home-destroyed', home, ...LEFT } }
  expect(await openStation({ home, secret: testSecret })).toEqual(said)
  expectOk(destroyHome(home, LEFT))
  expect(await openStation({ home, secret: testSecret })).toEqual(said)
  const anew = { home, secret: testSecret, community: '另一个社区', member: '测试员己', grids: ['一'] }
  await using station = expectOk(await createCommunity(anew))
  expect([...station.records({ type: 'building' })]).toEqual([])
  expect(existsSync(join(home, 'photo.jpg'))).toBe(true)
})

test('a station that is still open elsewhere does not keep it, and what it writes on is under a key that is gone', async () => {
  const home = copy()
  await using open = expectOk(await openStation({ home, secret: testSecret }))
  const secrets = secretsOf(home)
  expectOk(destroyHome(home, LEFT))
  expect(isAnyIn(home, secrets)).toBe(false)
  expect([...open.records()]).toEqual([])
  open.putDraft('visit/hh-0002', { half: 'written after the end' })
  expect(await verdictOn(home)).toBe('home-destroyed')
  expect(rows(home)).toEqual({ setting: 1 })
})

test('a home that is not there is not destroyed', () => {
  expect(destroyHome(community.newHome(), LEFT)).toMatchObject({ problem: { type: 'no-home' } })
})

test('killed at any moment it is intact or destroyed, never half; done again, it is destroyed', async () => {
  const chance = createChance(Number(process.env.DOORSTEP_SEED ?? 20260801))
  const seen = new Map<string, number>()
  let longestMs = 0
  // Until enough were killed, and one of them in the middle: else this would prove nothing.
  for (let time = 0; time < 14 || (!seen.has('half swept') && time < 100); time++) {
    const home = copy()
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), CHILD, 'destroy', home], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const closed = once(child, 'close')
    await once(child.stdout, 'data')
    const startedAt = performance.now()
    // The first is let through, to know how long it takes.
    if (time > 0) {
      await pause(chance(Math.ceil(longestMs)))
      child.kill('SIGKILL')
    }
    child.stdout.resume()
    await closed
    if (time === 0) longestMs = performance.now() - startedAt
    const found = rows(home)
    const state = found.setting !== 1 ? 'intact' : found.entry ? 'half swept' : 'swept'
    seen.set(state, (seen.get(state) ?? 0) + 1)
    const verdict = await verdictOn(home)
    expect(verdict).toBe(state === 'intact' ? 'intact' : 'home-destroyed')
    const secrets = verdict === 'intact' ? secretsOf(home) : secretsOf(whole)
    // Opening a destroyed home has taken away what the killed process had not come to.
    expectOk(destroyHome(home, LEFT))
    expect(isAnyIn(home, secrets)).toBe(false)
    expect(await verdictOn(home)).toBe('home-destroyed')
    expect(rows(home)).toEqual({ setting: 1 })
  }
  expect(seen.has('half swept')).toBe(true)
})
