import {
  closeSync,
  cpSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeCbor } from '../src/bytes/cbor.ts'
import { createKeyPair } from '../src/crypto/keys.ts'
import { expectOk } from '../src/result.ts'
import { createCommunity } from '../src/station/create-community.ts'
import { type Diagnosis, diagnose } from '../src/station/doctor.ts'
import { eraseRecords } from '../src/station/erase.ts'
import { createHome, openHome, removeHome } from '../src/station/home.ts'
import { openStation } from '../src/station/open-station.ts'
import type { HomeSecret } from '../src/station/secret.ts'
import type { Station } from '../src/station/station.ts'
import { DamagedStoreError } from '../src/store/store.ts'
import { deliver, gridOf, TestCommunity, testSecret } from '../src/testing/test-community.ts'
import { createChance } from './convergence.ts'

const failing = (diagnosis: Diagnosis) =>
  diagnosis.checks.filter((check) => !check.ok).map(({ name }) => name)
/** As cheap as Argon2 allows: what a passphrase costs is not what is tested here. */
const cost = { memoryKiB: 8, passes: 1 }

let community: TestCommunity
/** A closed home with records, acts, segments of others and void parts in it. */
let whole: string
beforeAll(async () => {
  const created = await TestCommunity.create()
  community = created.community
  const { founder } = created
  const worker = await community.join(founder, '测试员乙')
  for (let n = 0; n < 30; n++) {
    const made = await founder.write('record.edit', (book) =>
      book.create('building', gridOf(founder), { set: { name: `楼${n}`, street: '街'.repeat(60) } }),
    )
    expectOk(made)
  }
  await deliver(founder, worker)
  founder.trunk.store.checkpoint()
  await founder.close()
  whole = founder.home
})
afterAll(() => community.close())

/** A copy of the home to damage. */
function damaged(damage: (file: string) => void): string {
  const home = community.newHome()
  cpSync(whole, home, { recursive: true })
  damage(join(home, 'station.db'))
  return home
}
const inSql = (sql: string) => (file: string) => {
  const db = new DatabaseSync(file)
  db.exec(sql)
  db.close()
}
const overwrite = (file: string, at: number, bytes: Uint8Array) => {
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, bytes, 0, bytes.length, at)
  closeSync(descriptor)
}

/** What a person would be told: why it does not open, or which checks fail. */
async function verdictOn(home: string): Promise<string[]> {
  const opened = await openStation({ home, secret: testSecret })
  if (!opened.ok) return [opened.problem.type]
  await using station = opened.value
  return failing(diagnose(station))
}

describe('a damaged file', () => {
  test('anywhere overwritten or cut: it says damaged-store, or which check failed, and never breaks down', async () => {
    const chance = createChance(Number(process.env.DOORSTEP_SEED ?? 20260801))
    const said = new Map<string, number>()
    for (let time = 0; time < 60; time++) {
      const home = damaged((file) => {
        const { size } = statSync(file)
        if (time % 6 === 0) return truncateSync(file, chance(size))
        const length = [1, 16, 200, 4096][chance(4)]!
        const noise = Uint8Array.from({ length }, () => chance(256))
        overwrite(file, chance(size - length), noise)
      })
      for (const word of await verdictOn(home)) said.set(word, (said.get(word) ?? 0) + 1)
      rmSync(home, { recursive: true })
    }
    // A test in which nothing was found would prove nothing.
    expect(said.get('damaged-store')).toBeGreaterThan(3)
    expect(said.get('file')).toBeGreaterThan(3)
    expect(said.get('records')).toBeGreaterThan(3)
  })

  test('one bit flipped anywhere: it is found, or what can be read is as it was and goes on', async () => {
    const told = (station: Station) =>
      [station.identity.community, ...station.holdings()].map((space) => [
        station.digest(space),
        station.heads(space),
        [...station.records({ space, moved: true })].map(({ fields }) => fields),
      ])
    await using sound = expectOk(await openStation({ home: damaged(() => {}), secret: testSecret }))
    const right = told(sound)
    const chance = createChance(Number(process.env.DOORSTEP_SEED ?? 20260802))
    let found = 0
    for (let time = 0; time < 120; time++) {
      const home = damaged((file) => {
        const at = chance(statSync(file).size)
        overwrite(file, at, Uint8Array.of(readFileSync(file)[at]! ^ (1 << chance(8))))
      })
      const opened = await openStation({ home, secret: testSecret })
      if (opened.ok) {
        await using station = opened.value
        if (diagnose(station).ok) {
          expect(told(station)).toEqual(right)
          expectOk(
            await station.write('record.edit', (book) =>
              book.create('building', gridOf(station), { set: { name: '新' } }),
            ),
          )
        } else found++
      } else found++
      rmSync(home, { recursive: true })
    }
    expect(found).toBeGreaterThan(5)
  })

  test.each([
    ['a blob of an entry', "UPDATE entry SET blobs = x'8141ff' WHERE n = 20", ['entries', 'records']],
    ['a blob that is no CBOR', "UPDATE entry SET blobs = x'ff' WHERE n = 20", ['entries', 'records']],
    ['a header', "UPDATE entry SET header = x'80' WHERE n = 20", ['entries', 'records']],
    ['an act', "UPDATE entry SET header = x'80' WHERE n = 2", ['entries', 'records', 'forks']],
    ['a hash', 'UPDATE entry SET hash = randomblob(32) WHERE n = 20', ['entries']],
    ['an entry gone', 'PRAGMA foreign_keys = OFF; DELETE FROM entry WHERE n = 20', ['entries', 'signatures']],
    ['a log gone', 'PRAGMA foreign_keys = OFF; DELETE FROM log WHERE n = 3', ['records']],
    ['what a log is named by', 'UPDATE log SET epoch = randomblob(16)', ['entries']],
    ['a signature', 'UPDATE segment SET signature = randomblob(64)', ['signatures']],
    ['a record', "UPDATE record SET sealed = randomblob(200) WHERE type = 'building'", ['records']],
    [
      'a record gone',
      "DELETE FROM record WHERE n = (SELECT max(n) FROM record WHERE type = 'building')",
      ['records'],
    ],
    [
      'a record of nothing',
      "INSERT INTO record SELECT 9999, space, 'bu-9999', type, rev, hash, 0, sealed, NULL FROM record WHERE type = 'building' LIMIT 1",
      ['records'],
    ],
  ])('the doctor finds %s', async (_, sql, checks) => {
    const said = await verdictOn(damaged(inSql(sql)))
    for (const check of checks) expect(said).toContain(check)
  })

  test.each([
    ['records altered', "UPDATE record SET sealed = randomblob(200) WHERE type = 'building'"],
    ['records gone', "DELETE FROM record WHERE type = 'building'"],
    [
      'a record that nobody wrote',
      "INSERT INTO record SELECT 9999, space, 'bu-9999', type, rev, hash, 0, sealed, NULL FROM record WHERE type = 'building' LIMIT 1",
    ],
  ])('%s: the doctor makes them anew from the log', async (_, sql) => {
    const home = damaged(inSql(sql))
    await using station = expectOk(await openStation({ home, secret: testSecret }))
    expect(failing(diagnose(station))).toEqual(['records'])
    expect(failing(diagnose(station, { repair: true }))).toEqual([])
    expect(failing(diagnose(station))).toEqual([])
    expect([...station.records({ type: 'building' })].map((record) => record.fields.name)).toEqual(
      Array.from({ length: 30 }, (_, n) => `楼${n}`),
    )
  })

  test('one bit flipped in what a log is named by: the doctor puts it right, by the name', async () => {
    const home = damaged((file) => {
      const db = new DatabaseSync(file)
      for (const { n, key, epoch } of db.prepare('SELECT n, key, epoch FROM log').all() as {
        n: number
        key: Uint8Array
        epoch: Uint8Array
      }[]) {
        const flipped = n % 2 === 0 ? key : epoch
        flipped[n % flipped.length]! ^= 1 << (n % 8)
        db.prepare('UPDATE log SET key = ?, epoch = ? WHERE n = ?').run(key, epoch, n)
      }
      db.close()
    })
    await using station = expectOk(await openStation({ home, secret: testSecret }))
    expect(failing(diagnose(station))).toContain('entries')
    diagnose(station, { repair: true })
    expect(failing(diagnose(station))).toEqual([])
  })

  test('repair does not make good what the log itself has lost, and says so', async () => {
    const home = damaged(inSql("UPDATE entry SET blobs = x'ff' WHERE n = 20"))
    await using station = expectOk(await openStation({ home, secret: testSecret }))
    const before = [...station.records()].length
    expect(failing(diagnose(station, { repair: true }))).toEqual(
      expect.arrayContaining(['entries', 'records']),
    )
    expect([...station.records()].length).toBe(before)
  })

  test('a command that needs a damaged record fails with damaged-store; the one beside it is saved', async () => {
    const home = damaged(
      inSql(
        "UPDATE record SET sealed = randomblob(200) WHERE id = (SELECT max(id) FROM record WHERE type = 'building')",
      ),
    )
    const db = new DatabaseSync(join(home, 'station.db'))
    const { id } = db.prepare("SELECT max(id) AS id FROM record WHERE type = 'building'").get() as {
      id: string
    }
    db.close()
    await using station = expectOk(await openStation({ home, secret: testSecret }))
    const [bad, good] = await Promise.all([
      station.write('record.edit', (book) => book.edit(id, { set: { street: '新' } })),
      station.write('record.edit', (book) =>
        book.create('building', gridOf(station), { set: { name: '好' } }),
      ),
    ])
    expect(bad).toMatchObject({ ok: false, problem: { type: 'damaged-store', home } })
    expect(good?.ok).toBe(true)
  })

  test('a draft that does not open: the doctor names it and takes it away, and an erasure does not fail on it', async () => {
    const home = damaged(() => {})
    const draft = { id: 'form/hh-1', at: 1, value: { text: '半张表' } }
    {
      await using station = expectOk(await openStation({ home, secret: testSecret }))
      station.trunk.store.putDraft(draft)
      station.trunk.store.putDraft({ ...draft, id: 'form/hh-2' })
    }
    const damage = inSql("UPDATE draft SET sealed = randomblob(80) WHERE id = 'form/hh-1'")
    damage(join(home, 'station.db'))
    await using station = expectOk(await openStation({ home, secret: testSecret }))
    const { store } = station.trunk
    expect(failing(diagnose(station))).toEqual(['drafts'])
    expect(failing(diagnose(station, { repair: true }))).toEqual([])
    expect([failing(diagnose(station)), store.draftIds('form/')]).toEqual([[], ['form/hh-2']])
    store.putDraft(draft)
    damage(join(home, 'station.db'))
    const [record] = [...station.records({ type: 'building' })]
    expectOk(await eraseRecords(station, [record!.id], { reason: '测试' }))
    expect([station.get(record!.id), store.draftIds('form/')]).toEqual([null, ['form/hh-2']])
  })

  test('half of the acts never pass for all of them: nothing is written on a guess of who belongs', async () => {
    const home = damaged(
      inSql(`UPDATE entry SET header = x'80' WHERE n =
        (SELECT max(entry.n) FROM entry JOIN log ON log.n = entry.log WHERE space LIKE 'co-%')`),
    )
    await using station = expectOk(await openStation({ home, secret: testSecret }))
    for (let time = 0; time < 2; time++) {
      expect(() => station.membership()).toThrow(DamagedStoreError)
      const written = station.write('record.edit', (book) =>
        book.create('building', 'sp-0001', { set: { name: '新' } }),
      )
      expect(await written).toMatchObject({ ok: false, problem: { type: 'damaged-store' } })
    }
  })

  test.each([
    ['no SQLite file', 'this is a text'],
    ['half a page', Buffer.alloc(2048, 'SQLite format 3\0')],
  ])('%s: damaged-store', async (_, content) => {
    const home = damaged((file) => {
      for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true })
      writeFileSync(file, content)
    })
    expect(await verdictOn(home)).toEqual(['damaged-store'])
  })

  test('an empty file is a home without a key', async () => {
    const home = damaged((file) => {
      for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true })
      truncateSync(file, 0)
    })
    expect(await openStation({ home, secret: testSecret })).toMatchObject({
      problem: { type: 'damaged-store', detail: 'no wrapped key' },
    })
  })
})

describe('the secret', () => {
  const keyed = (secret: HomeSecret) => {
    const home = community.newHome()
    const fresh = {
      community: 'co-0000',
      member: 'me-0001',
      signing: createKeyPair('ed25519'),
      boxing: createKeyPair('x25519'),
    }
    expectOk(createHome(home, secret, fresh, cost)).store.close()
    return home
  }
  const openWith = (home: string, secret: HomeSecret) => {
    const opened = openHome(home, secret)
    if (opened.ok) opened.value.store.close()
    return opened
  }
  const phrase = (text: string): HomeSecret => ({ type: 'passphrase', text })

  test('the right passphrase opens, a wrong one says so and changes nothing', () => {
    const home = keyed(phrase('敲门 door'))
    expect(openWith(home, phrase('敲门 door')).ok).toBe(true)
    for (const wrong of ['敲门 Door', '敲门 door ', '']) {
      expect(openWith(home, phrase(wrong))).toMatchObject({ problem: { type: 'wrong-passphrase' } })
      expect(openWith(home, phrase('敲门 door')).ok).toBe(true)
    }
  })

  test('a passphrase is the same however its letters are composed', () => {
    const home = keyed(phrase('caf\u00e9'))
    expect(openWith(home, phrase('cafe\u0301')).ok).toBe(true)
  })

  test('a key where a passphrase is wanted, and the other way round', () => {
    expect(openWith(keyed(phrase('x')), testSecret)).toMatchObject({
      problem: { type: 'wrong-secret-kind', wanted: 'passphrase' },
    })
    expect(openWith(keyed(testSecret), phrase('x'))).toMatchObject({
      problem: { type: 'wrong-secret-kind', wanted: 'key' },
    })
    const other: HomeSecret = { type: 'key', bytes: new Uint8Array(32).fill(1) }
    expect(openWith(keyed(testSecret), other)).toMatchObject({ problem: { type: 'wrong-passphrase' } })
  })

  test.each([
    ['no CBOR', new Uint8Array([0xff])],
    ['a number', encodeCbor(7)],
    [
      'of no kind',
      encodeCbor({
        kind: 'x',
        salt: new Uint8Array(16),
        memoryKiB: 8,
        passes: 1,
        sealed: new Uint8Array(60),
      }),
    ],
    [
      'that would take all memory',
      encodeCbor({
        kind: 'passphrase',
        salt: new Uint8Array(16),
        memoryKiB: 2 ** 31,
        passes: 1,
        sealed: new Uint8Array(60),
      }),
    ],
    [
      'that would take hours',
      encodeCbor({
        kind: 'passphrase',
        salt: new Uint8Array(16),
        memoryKiB: 8,
        passes: 2 ** 31,
        sealed: new Uint8Array(60),
      }),
    ],
  ])('a wrapped key %s is damage, said at once', (_, wrap) => {
    const home = keyed(phrase('x'))
    const db = new DatabaseSync(join(home, 'station.db'))
    db.prepare("UPDATE setting SET value = ? WHERE name = 'wrap'").run(wrap)
    db.close()
    expect(openWith(home, phrase('x'))).toMatchObject({ problem: { type: 'damaged-store' } })
  })
})

describe('the home', () => {
  test('none there, one there already', async () => {
    const home = community.newHome()
    expect(await openStation({ home, secret: testSecret })).toMatchObject({
      problem: { type: 'no-home', home },
    })
    const again = { home: whole, secret: testSecret, community: '又一个', member: '测试员甲', grids: [] }
    expect(await createCommunity(again)).toMatchObject({ problem: { type: 'home-exists', home: whole } })
  })

  test('removed, it is gone, and what else lay in the folder is not', () => {
    const home = damaged(() => {})
    writeFileSync(join(home, 'photo.jpg'), 'x')
    removeHome(home)
    expect(openHome(home, testSecret)).toMatchObject({ problem: { type: 'no-home' } })
    expect(statSync(join(home, 'photo.jpg')).size).toBe(1)
  })

  test('A15 moved, it is the same home; copied, the copy writes in logs of its own, once and for all', async () => {
    const first = community.newHome()
    cpSync(whole, first, { recursive: true })
    const epochs: string[] = []
    const visit = async (home: string) => {
      await using station = expectOk(await openStation({ home, secret: testSecret }))
      epochs.push(Buffer.from(station.trunk.epoch).toString('hex'))
      return station.copied
    }
    expect([await visit(whole), await visit(first), await visit(first)]).toEqual([false, true, false])
    const moved = community.newHome()
    renameSync(first, moved)
    expect(await visit(moved)).toBe(false)
    expect(new Set(epochs).size).toBe(2)
    expect(new Set(epochs.slice(1)).size).toBe(1)
  })

  test('A15 two copies that both write never sign one number twice', async () => {
    const copies = [community.newHome(), community.newHome()]
    for (const home of copies) cpSync(whole, home, { recursive: true })
    const logs = new Set<string>()
    for (const home of [whole, ...copies]) {
      await using station = expectOk(await openStation({ home, secret: testSecret }))
      const written = await station.write('record.edit', (book) =>
        book.create('building', gridOf(station), { set: { name: '新' } }),
      )
      logs.add(expectOk(written).entries[0]!.log)
      expect(failing(diagnose(station))).toEqual([])
    }
    expect(logs.size).toBe(3)
  })
})
