import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { logIdOf } from '../log/entry.ts'
import type { Projection } from '../record/project.ts'
import { chanceFrom, mutate } from '../testing/mutate.ts'
import type { Row } from './row-cells.ts'
import { SCHEMA_VERSION } from './schema.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { openSqliteStore, StoreVersionError } from './sqlite-store.ts'
import { DamagedStoreError, type Store } from './store.ts'
import { describeStore } from './store-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'doorstep-store-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const newFile = () => join(folder, `${files++}.db`)
const key = new Uint8Array(32).fill(5)

const openAt = (path: string) => () => {
  const store = openSqliteStore(path === ':memory:' ? path : newFile(), key)
  return { store, done: () => store.close() }
}
describeStore('SQLite in a file', openAt('file'))
describeStore('SQLite in memory', openAt(':memory:'))

const record = (id: string) => {
  const projection: Projection = {
    id,
    type: 'person',
    space: 'sp-0001',
    fields: { name: '测试住户某某' },
    sets: {},
    timelines: {},
    conflicts: {},
    createdAt: 1,
    createdBy: 'me-0001',
    changedAt: 1,
  }
  const state = Buffer.from('state 测试住户某某')
  return {
    space: 'sp-0001',
    id,
    type: 'person',
    hash: new Uint8Array(32),
    state: new Uint8Array(state),
    projection,
  }
}

test('what a disk gives back in place of what was seen, of heads and of parts is read, or is damage; never anything else', () => {
  const file = newFile()
  const store = openSqliteStore(file, key)
  const log = { key: new Uint8Array(32).fill(1), epoch: new Uint8Array(16).fill(2), space: 'sp-0001' }
  const ref = { log: logIdOf(log), seq: 0, hash: new Uint8Array(32).fill(3) }
  const seen = new Map([[ref.log, [ref, { ...ref, hash: new Uint8Array(32).fill(4) }]]])
  store.transaction(() => {
    store.putLog(log)
    const raw = { header: new Uint8Array(9), blobs: [new Uint8Array(30), null] }
    store.putEntry(ref.log, { seq: 0, hash: ref.hash, prev: ref.hash, status: 'accepted', raw, at: 1 })
    store.putTip(ref.log, null, { ref, seen, acts: seen })
    store.putPeer({
      station: 'st-0001',
      space: 'sp-0001',
      heads: [ref],
      digest: '',
      equal: true,
      at: 1,
      via: 'lan',
    })
  })
  const disk = new DatabaseSync(file)
  const columns = [
    ['tip', 'seen', () => store.tipsOf(ref.log)[0]!.seen.size],
    ['tip', 'acts', () => store.tipsOf(ref.log)[0]!.acts.size],
    ['peer', 'heads', () => store.peers()[0]!.heads.length],
    ['entry', 'blobs', () => store.entry(ref.hash)!.raw.blobs.length],
  ] as const
  for (const [table, column, read] of columns) {
    const sample = (disk.prepare(`SELECT ${column} AS v FROM ${table}`).get() as { v: Uint8Array }).v
    let damage = 0
    for (let seed = 0; seed < 300; seed++) {
      const bytes = mutate([sample], chanceFrom(seed), { cbor: true })
      disk.prepare(`UPDATE ${table} SET ${column} = ?`).run(bytes)
      try {
        read()
      } catch (error) {
        expect(error).toBeInstanceOf(DamagedStoreError)
        damage++
      }
    }
    expect(damage).toBeGreaterThan(100)
  }
  disk.close()
  store.close()
})

test('an entry that a flipped bit of its index gives for another is damage, not that other', () => {
  const file = newFile()
  const store = openSqliteStore(file, key)
  const log = { key: new Uint8Array(32).fill(1), epoch: new Uint8Array(16).fill(2), space: 'sp-0001' }
  const hashes = [0, 1, 2].map((n) => new Uint8Array(32).fill(0x70 + n))
  store.transaction(() => {
    store.putLog(log)
    for (const [seq, hash] of hashes.entries())
      store.putEntry(logIdOf(log), {
        seq,
        hash,
        prev: hashes[seq - 1] ?? new Uint8Array(32),
        status: 'accepted',
        raw: { header: new Uint8Array(9), blobs: [] },
        at: 1,
      })
  })
  store.close()
  const bytes = readFileSync(file)
  // In the index the hash stands before its row's number, in the table before `prev`.
  const at = bytes.indexOf(Buffer.concat([hashes[1]!, Buffer.from([2])])) + 32
  expect(at).toBeGreaterThan(32)
  bytes[at]! ^= 1
  writeFileSync(file, bytes)
  const damaged = openSqliteStore(file, key)
  expect(() => damaged.entry(hashes[1]!)).toThrow(DamagedStoreError)
  expect(damaged.entry(hashes[2]!)?.seq).toBe(2)
  damaged.close()
})

test.each([
  ['text for bytes', "prev = 'x'"],
  ['a fraction for a number', 'seq = 0.5'],
  ['a number beyond ours', 'arrived = 9223372036854775807'],
  ['a name for a number', "status = 'x'"],
])('%s: damage where it is read', (_, set) => {
  const file = newFile()
  const store = openSqliteStore(file, key)
  const log = { key: new Uint8Array(32).fill(1), epoch: new Uint8Array(16).fill(2), space: 'sp-0001' }
  const hash = new Uint8Array(32).fill(3)
  store.transaction(() => {
    store.putLog(log)
    const raw = { header: new Uint8Array(9), blobs: [] }
    store.putEntry(logIdOf(log), { seq: 0, hash, prev: hash, status: 'accepted', raw, at: 1 })
  })
  expect(store.entry(hash)?.seq).toBe(0)
  const disk = new DatabaseSync(file)
  disk.exec(`UPDATE entry SET ${set}`)
  disk.close()
  expect(() => store.entry(hash)).toThrow(DamagedStoreError)
  expect(() => store.entriesOf('sp-0001', 0, 10)).toThrow(DamagedStoreError)
  store.close()
})

describe('two connections on one file, as two processes have', () => {
  test('each sees what the other committed, and that it did', () => {
    const file = newFile()
    const [one, two] = [openSqliteStore(file, key), openSqliteStore(file, key)]
    const before = two.dataVersion()
    one.transaction(() => one.putRecord(record('pe-0001')))
    expect(two.dataVersion()).not.toBe(before)
    expect(two.record('sp-0001', 'pe-0001')?.projection.fields.name).toBe('测试住户某某')
    const own = two.dataVersion()
    two.transaction(() => two.putRecord(record('pe-0002')))
    expect(two.dataVersion()).toBe(own)
    expect([...one.records()]).toHaveLength(2)
    expect(one.changedSince(1).records.map(({ id }) => id)).toEqual(['pe-0002'])
    one.close()
    two.close()
  })

  test('nothing that one keeps in mind hides what the other wrote', () => {
    const file = newFile()
    const [one, two] = [openSqliteStore(file, key), openSqliteStore(file, key)]
    const log = { key: new Uint8Array(32), epoch: new Uint8Array(16), space: 'sp-0001' }
    const id = logIdOf(log)
    const putTip = (store: Store, seq: number) => {
      const at = (n: number) => new Uint8Array(32).fill(n)
      store.transaction(() => {
        store.putLog(log)
        const ref = { log: id, seq, hash: at(seq) }
        const raw = { header: new Uint8Array(1), blobs: [] }
        store.putEntry(id, { seq, hash: at(seq), prev: at(seq - 1), status: 'accepted', raw, at: seq })
        store.putTip(id, seq > 0 ? at(seq - 1) : null, { ref, seen: new Map(), acts: new Map() })
      })
    }
    for (let seq = 0; seq < 6; seq++) {
      const [writer, reader] = seq % 2 === 0 ? [one, two] : [two, one]
      const mark = reader.entryMark('sp-0001')
      expect(reader.tipsOf(id).map(({ ref }) => ref.seq)).toEqual(seq > 0 ? [seq - 1] : [])
      putTip(writer, seq)
      expect(reader.tipsOf(id).map(({ ref }) => ref.seq)).toEqual([seq])
      expect(reader.transaction(() => reader.tips('sp-0001')).map(({ ref }) => ref.seq)).toEqual([seq])
      expect(reader.log(id)).toEqual(log)
      expect(reader.entryMark('sp-0001')).not.toBe(mark)
    }
    one.close()
    two.close()
  })

  test('one writes at a time: what a transaction read stays true until it ends', () => {
    const file = newFile()
    const one = openSqliteStore(file, key)
    one.transaction(() => {
      one.putSetting('count', new Uint8Array([1]))
      // A second writer is kept out; asked without patience, it says so.
      const other = new DatabaseSync(file)
      other.exec('PRAGMA busy_timeout = 0')
      expect(() => other.exec('BEGIN IMMEDIATE')).toThrow(/locked/)
      // A reader is not kept out, and sees what was committed, not what is being written.
      expect(other.prepare('SELECT count(*) AS c FROM setting').get()).toEqual({ c: 0 })
      other.close()
    })
    const two = openSqliteStore(file, key)
    expect(two.setting('count')).toEqual(new Uint8Array([1]))
    one.close()
    two.close()
  })

  test('what is rolled back is never seen by the other', () => {
    const file = newFile()
    const [one, two] = [openSqliteStore(file, key), openSqliteStore(file, key)]
    const before = two.dataVersion()
    expect(() =>
      one.transaction(() => {
        one.putSetting('x', new Uint8Array([1]))
        throw new Error('stop')
      }),
    ).toThrow('stop')
    expect([two.setting('x'), two.dataVersion()]).toEqual([null, before])
    one.close()
    two.close()
  })
})

describe('the key', () => {
  test('another’s key opens no record and no draft, and says why', () => {
    const file = newFile()
    const mine = openSqliteStore(file, key)
    mine.transaction(() => {
      mine.putRecord(record('pe-0001'))
      mine.putDraft({ id: 'form', at: 1, value: 'x' })
    })
    mine.close()
    const other = openSqliteStore(file, new Uint8Array(32).fill(6))
    expect(() => other.record('sp-0001', 'pe-0001')).toThrow(/does not open/)
    expect(() => [...other.records()]).toThrow(/does not open/)
    expect(() => other.draft('form')).toThrow(/does not open/)
    other.close()
    const none = openSqliteStore(file, null)
    expect(() => none.record('sp-0001', 'pe-0001')).toThrow(/settings alone/)
    none.close()
  })

  test('a sealed record put in another’s place does not open there', () => {
    const file = newFile()
    const store = openSqliteStore(file, key)
    store.transaction(() => {
      store.putRecord(record('pe-0001'))
      store.putRecord(record('pe-0002'))
    })
    const db = new DatabaseSync(file)
    db.exec(
      "UPDATE record SET sealed = (SELECT sealed FROM record WHERE id = 'pe-0001') WHERE id = 'pe-0002'",
    )
    db.close()
    expect(() => store.record('sp-0001', 'pe-0002')).toThrow(/does not open/)
    store.close()
  })

  test('nothing of a record lies in the files in the clear, write-ahead log included', () => {
    const file = newFile()
    const store = openSqliteStore(file, key)
    store.transaction(() => {
      store.putRecord(record('pe-0001'))
      store.putDraft({ id: 'form', at: 1, value: '测试住户某某' })
    })
    for (const suffix of ['', '-wal'])
      expect(readFileSync(file + suffix).includes('测试住户某某')).toBe(false)
    store.checkpoint()
    expect(readFileSync(file).includes('测试住户某某')).toBe(false)
    expect(readFileSync(file).includes('pe-0001')).toBe(true)
    store.close()
  })
})

describe('the layout', () => {
  test('a fresh file has this version; opening it again changes nothing', () => {
    const file = newFile()
    openSqliteStore(file, key).close()
    const before = readFileSync(file)
    openSqliteStore(file, key).close()
    expect(readFileSync(file)).toEqual(before)
    const db = new DatabaseSync(file)
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION })
    db.close()
  })

  test.each(['WAL', 'DELETE'])('a newer one is refused and not touched (journal %s)', (journal) => {
    const file = newFile()
    openSqliteStore(file, key).close()
    const db = new DatabaseSync(file)
    db.exec(
      `PRAGMA journal_mode = ${journal}; PRAGMA user_version = ${SCHEMA_VERSION + 1}; CREATE TABLE later (x)`,
    )
    db.close()
    const before = readFileSync(file)
    expect(() => openSqliteStore(file, key)).toThrow(StoreVersionError)
    expect(readFileSync(file)).toEqual(before)
  })
})

test('the key that was given is copied, the copy is wiped at the end, and no other process need be there to empty the log', () => {
  const file = newFile()
  const given = new Uint8Array(32).fill(9)
  // As unsealing gives it: a view that a plain slice would share.
  const buffer = Buffer.from(given)
  const one = openSqliteStore(file, buffer)
  buffer.fill(0)
  one.transaction(() => one.putRecord(record('pe-0001')))
  const other = openSqliteStore(file, given)
  expect(other.record('sp-0001', 'pe-0001')?.projection.fields.name).toBe('测试住户某某')
  let held: Uint8Array | undefined
  one.wrapKey((key) => {
    held = key
    return key
  })
  expect(held).toEqual(given)
  one.close()
  expect(held).toEqual(new Uint8Array(32))
  // The other one is still open, so SQLite itself would have left the log as it was.
  expect(statSync(`${file}-wal`).size).toBe(0)
  other.close()
})

test('another process that writes while records are read is not taken for what was read', () => {
  const file = newFile()
  const one = openSqliteStore(file, key)
  const other = openSqliteStore(file, key)
  other.transaction(() => other.putRecord(record('pe-0001')))
  const all = vi.spyOn(SqliteConnection.prototype, 'all')
  all.mockImplementationOnce(function (this: SqliteConnection, text) {
    const rows = this.sql(text).all('sp-0001') as Row[]
    other.transaction(() => other.putRecord(record('pe-0002')))
    return rows
  })
  one.recordsDigest('sp-0001')
  expect(all).toHaveBeenCalledOnce()
  all.mockRestore()
  expect(one.recordsDigest('sp-0001')).toEqual(other.recordsDigest('sp-0001'))
  one.close()
  other.close()
})

test('what is erased after another process emptied the log is noted again', () => {
  const file = newFile()
  const one = openSqliteStore(file, key)
  const other = openSqliteStore(file, key)
  for (const id of ['pe-0001', 'pe-0002']) {
    one.transaction(() => one.putRecord(record(id)))
    one.transaction(() => one.eraseRecords('sp-0001', [id]))
    expect(other.setting('erased-in-wal')).toEqual(new Uint8Array([1]))
    expect(other.settleErased()).toBe(true)
  }
  one.close()
  other.close()
})

test('a file that says other things of its tables than it was made with is damage when it is opened, not in the middle of a meeting', () => {
  const file = newFile()
  openSqliteStore(file, key).close()
  const bytes = readFileSync(file)
  const at = bytes.indexOf('digest TEXT NOT NULL, equal')
  bytes[at] = bytes[at]! ^ 1
  writeFileSync(file, bytes)
  expect(() => openSqliteStore(file, key)).toThrow(DamagedStoreError)
})
