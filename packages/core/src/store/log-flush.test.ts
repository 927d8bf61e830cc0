import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openSqliteStore } from './sqlite-store.ts'
import type { Store } from './store.ts'

/** The disk: what the log held when it was flushed last, how often that was, and what stands in its way. */
const disk = {
  log: Buffer.alloc(0),
  flushes: 0,
  fault: null as Error | null,
  /** What is under way, when it is not to end by itself. */
  held: null as (() => void)[] | null,
}
let file: string

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>()
  const flush = () => {
    disk.flushes++
    if (disk.fault) throw disk.fault
    if (fs.existsSync(`${file}-wal`)) disk.log = fs.readFileSync(`${file}-wal`)
  }
  return {
    ...fs,
    fdatasyncSync: flush,
    fdatasync(_file: number, done: (error: Error | null) => void) {
      const end = () => {
        try {
          flush()
          done(null)
        } catch (error) {
          done(error as Error)
        }
      }
      if (disk.held) disk.held.push(end)
      else setImmediate(end)
    },
  }
})

const key = new Uint8Array(32).fill(5)
const folder = mkdtempSync(join(tmpdir(), 'doorstep-flush-'))
let files = 0
let store: Store
beforeEach(() => {
  file = join(folder, `${files++}.db`)
  Object.assign(disk, { log: Buffer.alloc(0), flushes: 0, fault: null, held: null })
  store = openSqliteStore(file, key)
  // The log begins with what is on the disk.
  store.transaction(() => put('first'))
  disk.log = readFileSync(`${file}-wal`)
})
afterEach(() => store.close())

const put = (name: string) => store.putSetting(name, Buffer.from(name))
/** Which of these a station finds that is started again after the power went. */
function afterPowerCut(...names: string[]): string[] {
  const copy = `${file}-after`
  for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true })
  copyFileSync(file, copy)
  writeFileSync(`${copy}-wal`, disk.log)
  const again = openSqliteStore(copy, key)
  const found = names.filter((name) => again.setting(name) !== null)
  again.close()
  return found
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what is relaxed can be read at once, and survives a power cut from the next flush on', async () => {
  store.relaxed(() => put('a'))
  expect(store.setting('a')).not.toBeNull()
  expect([disk.flushes, afterPowerCut('first', 'a')]).toEqual([0, ['first']])
  await store.flush()
  expect([disk.flushes, afterPowerCut('first', 'a')]).toEqual([1, ['first', 'a']])
  await store.flush()
  expect(disk.flushes).toBe(1)
})

test('a power cut takes what was committed last, and never something before it', () => {
  store.relaxed(() => put('a'))
  const one = readFileSync(`${file}-wal`)
  store.relaxed(() => put('b'))
  const two = readFileSync(`${file}-wal`)
  for (let length = one.length; length < two.length; length += 500) {
    disk.log = two.subarray(0, length)
    expect(afterPowerCut('a', 'b')).toEqual(['a'])
  }
  disk.log = two
  expect(afterPowerCut('a', 'b')).toEqual(['a', 'b'])
})

test('what may not be lost is on the disk when its transaction ends, with all that was committed before it', () => {
  store.relaxed(() => put('a'))
  store.relaxed(() => {
    put('b')
    store.flushAtEnd()
  })
  expect(afterPowerCut('a', 'b')).toEqual(['a', 'b'])
  store.relaxed(() => put('c'))
  store.relaxed(() => store.transaction(() => put('d')))
  expect(afterPowerCut('c', 'd')).toEqual(['c', 'd'])
  store.relaxed(() => put('e'))
  store.transaction(() => put('f'))
  expect(afterPowerCut('e', 'f')).toEqual(['e', 'f'])
  // Nor does one that wrote nothing pass over what others left.
  store.relaxed(() => put('g'))
  store.transaction(() => undefined)
  expect(afterPowerCut('g')).toEqual(['g'])
  store.transaction(() => store.relaxed(() => put('h')))
  disk.log = readFileSync(`${file}-wal`)
  expect(afterPowerCut('h')).toEqual(['h'])
})

test('several who wait share a flush, and each waits for one that began after its own commit', async () => {
  disk.held = []
  const done: string[] = []
  const commit = (name: string) => {
    store.relaxed(() => put(name))
    void store.flush().then(() => done.push(name))
  }
  commit('a')
  commit('b')
  await turn()
  expect(disk.held).toHaveLength(1)
  commit('c')
  for (const end of disk.held.splice(0)) end()
  await turn()
  // The flush was asked for after the first commit alone, so it is the word for that one alone.
  expect([done, disk.held.length]).toEqual([['a'], 1])
  for (const end of disk.held.splice(0)) end()
  await turn()
  expect([done, disk.flushes]).toEqual([['a', 'b', 'c'], 2])
})

test('who is about to tell others waits for what another process of the home committed too', () => {
  store.flushNow()
  const before = disk.flushes
  store.flushNow()
  expect(disk.flushes).toBe(before)
  const other = new DatabaseSync(file)
  other.exec("PRAGMA synchronous = NORMAL; INSERT INTO setting VALUES ('other', x'00')")
  store.flushNow()
  expect([disk.flushes, afterPowerCut('other')]).toEqual([before + 1, ['other']])
  other.close()
})

test('after a flush that failed none is believed any more, until the home is opened again', async () => {
  store.relaxed(() => put('a'))
  const fault = Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO', syscall: 'fdatasync' })
  disk.fault = fault
  await expect(store.flush()).rejects.toBe(fault)
  disk.fault = null
  await expect(store.flush()).rejects.toBe(fault)
  expect(() => store.flushNow()).toThrow(fault)
  expect(() => store.transaction(() => put('b'))).toThrow(fault)
  store.close()
})

test('a store can be closed while a flush is under way, and then everything is on the disk', async () => {
  store.relaxed(() => put('a'))
  disk.held = []
  const flushed = store.flush()
  await turn()
  store.close()
  for (const end of disk.held) end()
  await flushed
  const again = openSqliteStore(file, key)
  expect(again.setting('a')).not.toBeNull()
  again.close()
})
