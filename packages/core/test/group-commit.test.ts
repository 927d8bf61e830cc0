import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { expectOk, fail, ok } from '../src/result.ts'
import { diagnose } from '../src/station/doctor.ts'
import { openHome } from '../src/station/home.ts'
import { unwrapHomeKey } from '../src/station/secret.ts'
import { Station } from '../src/station/station.ts'
import { openSqliteStore } from '../src/store/sqlite-store.ts'
import { gridOf, TestCommunity, testSecret } from '../src/testing/test-community.ts'

const LONG = 'x'.repeat(35_000)
const build = (station: Station, name: string) =>
  station.write('record.edit', (book) => book.create('building', gridOf(station), { set: { name } }))
const longVisit = (station: Station) =>
  station.write('visit.record', (book) =>
    book.create('visit', gridOf(station), {
      set: { household: 'hh-0001', outcome: 'met', on: '2026-08-01', submission: LONG },
    }),
  )
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map((record) => record.fields.name)

test('commands asked for together are one transaction, each acknowledged', async () => {
  await using setup = await open()
  const { founder } = setup
  const before = founder.trunk.store.rev()
  const results = await Promise.all(['一', '二', '三', '四'].map((name) => build(founder, name)))
  expect(results.every((result) => result.ok)).toBe(true)
  expect(founder.trunk.store.rev()).toBe(before + 1)
  expect(names(founder)).toEqual(['一', '二', '三', '四'])
  const seqs = results.map((result) => expectOk(result).entries[0]!.seq)
  expect(seqs).toEqual([0, 1, 2, 3].map((n) => n + seqs[0]!))
})

test('one that fails, one that may not and one that is a bug undo themselves alone', async () => {
  await using setup = await open()
  const { founder, community } = setup
  const grid = gridOf(founder)
  const results = await Promise.allSettled([
    build(founder, '一'),
    founder.write('record.edit', (book) => {
      expectOk(book.create('building', grid, { set: { name: '不该有' } }))
      return fail({ type: 'changed-my-mind' })
    }),
    build(founder, '二'),
    founder.write('record.edit', (book) => {
      expectOk(book.create('building', grid, { set: { name: '不该有' } }))
      throw new TypeError('a bug')
    }),
    founder.act((write) => {
      write({ type: 'space', space: 'sp-0001', kind: 'grid', parent: null })
      return fail({ type: 'changed-my-mind' })
    }),
    founder.write('record.edit', (book) => book.create('building', 'sp-0001', { set: { name: '不该有' } })),
    build(founder, '三'),
  ])
  const outcome = results.map((result) =>
    result.status === 'rejected' ? 'threw' : result.value.ok ? 'ok' : result.value.problem.type,
  )
  expect(outcome).toEqual(['ok', 'changed-my-mind', 'ok', 'threw', 'changed-my-mind', 'role-may-not', 'ok'])
  expect(names(founder)).toEqual(['一', '二', '三'])
  expect(founder.membership().spaces.has('sp-0001')).toBe(false)
  expect(diagnose(founder).checks.filter((check) => !check.ok)).toEqual([])
  expect(names(community.reopen(founder))).toEqual(['一', '二', '三'])
})

test('what a command reads is what the one before it wrote', async () => {
  await using setup = await open()
  const { founder } = setup
  const grid = gridOf(founder)
  const count = () =>
    founder.write('record.edit', (book) => {
      const already = [...book.records({ type: 'building' })].length
      const made = book.create('building', grid, { set: { name: `第${already}` } })
      return made.ok ? ok(already) : made
    })
  const results = await Promise.all([count(), count(), count()])
  expect(results.map((result) => expectOk(result).value)).toEqual([0, 1, 2])
})

test('when the transaction itself is lost, nobody is told that it was saved', async () => {
  await using setup = await open()
  const { founder, community } = setup
  expectOk(await build(founder, '早'))
  // As SQLite does when the disk fails in the middle: the statement takes the whole transaction with it.
  const db = new DatabaseSync(join(founder.home, 'station.db'))
  db.exec(`CREATE TRIGGER trouble BEFORE INSERT ON record WHEN NEW.type = 'visit'
    BEGIN SELECT RAISE(ROLLBACK, 'the disk has gone'); END`)
  const results = await Promise.allSettled([build(founder, '前'), longVisit(founder), build(founder, '后')])
  expect(results.map((result) => result.status === 'fulfilled' && result.value.ok)).toEqual([
    false,
    false,
    false,
  ])
  expect(names(founder)).toEqual(['早'])
  db.exec('DROP TRIGGER trouble')
  db.close()
  expectOk(await build(founder, '晚'))
  expectOk(await longVisit(founder))
  expect(names(community.reopen(founder))).toEqual(['早', '晚'])
  expect(diagnose(founder).ok).toBe(true)
})

test('a full disk fails the write with disk-full, harms nothing before it, and writing works again when there is room', async () => {
  await using setup = await open()
  const { founder, community } = setup
  expectOk(await build(founder, '早'))
  await founder.close()
  const small = onSmallDisk(founder, 40)
  community.stations.push(small)
  const acknowledged = ['早']
  let failures = 0
  for (let n = 0; failures === 0; n++) {
    const results = await Promise.all([build(small, `${n}甲`), longVisit(small), build(small, `${n}乙`)])
    // Saved together, or not at all.
    expect(new Set(results.map(({ ok: saved }) => saved)).size).toBe(1)
    if (results[0]!.ok) acknowledged.push(`${n}甲`, `${n}乙`)
    for (const result of results)
      if (!result.ok) {
        expect(result.problem).toEqual({ type: 'disk-full', home: small.home })
        failures++
      }
    expect(n).toBeLessThan(100)
  }
  expect(failures).toBe(3)
  expect(await longVisit(small)).toMatchObject({ ok: false, problem: { type: 'disk-full' } })
  expect(names(small)).toEqual(acknowledged)
  expect(diagnose(small).checks.filter((check) => !check.ok)).toEqual([])
  await small.close()
  const roomy = community.reopen(small)
  expectOk(await longVisit(roomy))
  expectOk(await build(roomy, '有地方了'))
  expect(names(roomy)).toEqual([...acknowledged, '有地方了'])
  expect(diagnose(roomy).ok).toBe(true)
})

test('nothing a command wrote lies in the home in the clear', async () => {
  await using setup = await open()
  const { founder } = setup
  expectOk(await build(founder, '测试住户 1-2-301'))
  founder.putDraft('form', { name: '测试住户 1-2-301' })
  const files = ['station.db', 'station.db-wal'].map((file) => readFileSync(join(founder.home, file)))
  for (const bytes of files) expect(bytes.includes('测试住户')).toBe(false)
})

/** The same home, its file kept from growing by more than so many pages. */
function onSmallDisk(station: Station, morePages: number): Station {
  const file = join(station.home, 'station.db')
  const home = expectOk(openHome(station.home, testSecret))
  const homeKey = expectOk(unwrapHomeKey(home.store.setting('wrap')!, testSecret))
  home.store.close()
  const db = new DatabaseSync(file)
  const { page_count: pages } = db.prepare('PRAGMA page_count').get() as { page_count: number }
  db.close()
  return new Station({ ...home, store: openSqliteStore(file, homeKey, { maxPages: pages + morePages }) })
}

async function open() {
  const { community, founder } = await TestCommunity.create()
  return { community, founder, [Symbol.asyncDispose]: () => community.close() }
}
