import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { decode } from 'cborg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectOk } from '../src/result.ts'
import { changeSecret } from '../src/station/change-secret.ts'
import { diagnose } from '../src/station/doctor.ts'
import { createHome, newKeys, openHome } from '../src/station/home.ts'
import { openStation } from '../src/station/open-station.ts'
import type { HomeSecret } from '../src/station/secret.ts'
import { LONGEST_WAIT_MS } from '../src/station/tries.ts'
import { gridOf, TestCommunity, testSecret } from '../src/testing/test-community.ts'

/** As cheap as Argon2 allows: what a passphrase costs is not what is tested here. */
const cost = { memoryKiB: 8, passes: 1 }
const phrase = (text: string): HomeSecret => ({ type: 'passphrase', text })
const keyFile = (byte: number): HomeSecret => ({ type: 'key', bytes: new Uint8Array(32).fill(byte) })
const CHILD = fileURLToPath(new URL('secret-child.ts', import.meta.url))

let community: TestCommunity
beforeAll(async () => {
  const created = await TestCommunity.create()
  community = created.community
})
afterAll(() => community.close())

function keyed(text: string): string {
  const home = community.newHome()
  expectOk(createHome(home, phrase(text), { community: 'co-0000', ...newKeys() }, cost)).store.close()
  return home
}
const typeOf = (home: string, secret: HomeSecret, now?: () => number): string => {
  const opened = openHome(home, secret, now)
  if (opened.ok) opened.value.store.close()
  return opened.ok ? 'opened' : opened.problem.type
}
/** Every byte of every file of a home. */
const bytesOf = (home: string): Buffer =>
  Buffer.concat(readdirSync(home).map((file) => readFileSync(join(home, file))))
function setting(home: string, name: string): Uint8Array {
  const db = new DatabaseSync(join(home, 'station.db'))
  const row = db.prepare('SELECT value FROM setting WHERE name = ?').get(name) as { value: Uint8Array }
  db.close()
  return row.value
}
const start = (work: string, home: string): ChildProcess =>
  spawn(process.execPath, ['--import', import.meta.resolve('tsx'), CHILD, work, home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })

describe('another secret', () => {
  test('between passphrases and key files, back and forth: the newest opens, none before it does', () => {
    const home = keyed('first of all')
    const secrets = [
      phrase('first of all'),
      phrase('second wall'),
      keyFile(1),
      keyFile(2),
      phrase('third door'),
    ]
    for (const [at, next] of secrets.slice(1).entries()) {
      expectOk(changeSecret(home, secrets[at]!, next, { cost }))
      expect(typeOf(home, next)).toBe('opened')
      expect(typeOf(home, secrets[at]!)).not.toBe('opened')
      expect(typeOf(home, next)).toBe('opened')
    }
  })

  test('a wrong current one changes nothing', () => {
    const home = keyed('first of all')
    expect(changeSecret(home, phrase('no'), phrase('second'), { cost })).toMatchObject({
      problem: { type: 'wrong-passphrase' },
    })
    expect(typeOf(home, phrase('first of all'))).toBe('opened')
  })

  test('the old wrap leaves no bytes in the file or its log; records are not touched, nor is what is open', async () => {
    const { community: other, founder } = await TestCommunity.create()
    await using _ = other
    for (let n = 0; n < 40; n++)
      expectOk(
        await founder.write('record.edit', (book) =>
          book.create('building', gridOf(founder), { set: { name: `楼${n}`, street: '街'.repeat(60) } }),
        ),
      )
    const { home } = founder
    let secret: HomeSecret = testSecret
    const wraps: Buffer[] = []
    const sealedBefore = new DatabaseSync(join(home, 'station.db'))
    const records = () => sealedBefore.prepare('SELECT id, rev, hash, sealed FROM record ORDER BY id').all()
    const before = records()
    for (let n = 0; n < 12; n++) {
      const wrap = decode(setting(home, 'wrap')) as { sealed: Uint8Array; salt: Uint8Array }
      wraps.push(Buffer.from(wrap.sealed), Buffer.from(wrap.salt))
      expect(bytesOf(home).includes(wraps.at(-1)!)).toBe(true)
      const next = n % 3 === 0 ? keyFile(n + 1) : phrase(`wall number ${n}`)
      // The founder's own connection stays open meanwhile, as a workstation would.
      expect(expectOk(changeSecret(home, secret, next, { cost }))).toEqual({ logEmptied: true })
      secret = next
      const file = bytesOf(home)
      for (const [at, old] of wraps.entries()) expect(file.includes(old), `wrap ${at} after ${n}`).toBe(false)
    }
    expect(records()).toEqual(before)
    sealedBefore.close()
    expectOk(
      await founder.write('record.edit', (book) =>
        book.create('building', gridOf(founder), { set: { name: '新' } }),
      ),
    )
    await founder.close()
    expect(existsSync(join(home, 'station.db-wal'))).toBe(false)
    await using station = expectOk(await openStation({ home, secret }))
    expect([...station.records({ type: 'building' })]).toHaveLength(41)
    expect(diagnose(station).ok).toBe(true)
  })
})

describe('after wrong passphrases', () => {
  const waitOf = (home: string, text: string, now: () => number): number | string => {
    const opened = openHome(home, phrase(text), now)
    if (opened.ok) opened.value.store.close()
    return opened.ok
      ? 'opened'
      : opened.problem.type === 'passphrase-wait'
        ? Number(opened.problem.seconds)
        : opened.problem.type
  }

  test('three are free, then one waits 1 s, 2 s, 4 s … 60 s; waiting does not lengthen it; the right one resets', () => {
    const home = keyed('the right one')
    let clock = 1_790_000_000_000
    const now = () => clock
    for (let n = 0; n < 3; n++) expect(waitOf(home, 'wrong', now)).toBe('wrong-passphrase')
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      expect(waitOf(home, 'wrong', now)).toBe(seconds)
      // Not even the right one is looked at before its time.
      expect(waitOf(home, 'the right one', now)).toBe(seconds)
      clock += seconds * 1000 - 1
      expect(waitOf(home, 'wrong', now)).toBe(1)
      clock += 1
      expect(waitOf(home, 'wrong', now)).toBe('wrong-passphrase')
    }
    clock += LONGEST_WAIT_MS
    expect(waitOf(home, 'the right one', now)).toBe('opened')
    for (let n = 0; n < 3; n++) expect(waitOf(home, 'wrong', now)).toBe('wrong-passphrase')
    expect(waitOf(home, 'wrong', now)).toBe(1)
  })

  test('a clock set back never locks for longer than the longest wait', () => {
    const home = keyed('the right one')
    let clock = 1_790_000_000_000
    const now = () => clock
    for (let n = 0; n < 3; n++) waitOf(home, 'wrong', now)
    for (let n = 0; n < 8; n++) {
      clock += LONGEST_WAIT_MS
      waitOf(home, 'wrong', now)
    }
    clock -= 365 * 24 * 3600_000
    expect(waitOf(home, 'the right one', now)).toBe(60)
    clock += LONGEST_WAIT_MS
    expect(waitOf(home, 'the right one', now)).toBe('opened')
  })

  test('a key file is never made to wait', () => {
    const home = keyed('the right one')
    expectOk(changeSecret(home, phrase('the right one'), keyFile(1), { cost }))
    for (let n = 0; n < 5; n++) expect(typeOf(home, keyFile(2))).toBe('wrong-passphrase')
    expect(typeOf(home, keyFile(1))).toBe('opened')
  })

  test('a killed guesser is not forgotten: the next process waits', async () => {
    const home = keyed('the right one')
    const child = start('guess', home)
    let said = ''
    for await (const bytes of child.stdout!) {
      said += String(bytes)
      if (said.includes('tried passphrase-wait')) break
    }
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(said.split('\n').slice(0, 4)).toEqual(['ready', ...Array(3).fill('tried wrong-passphrase')])
    // A clock of the test's own: however slow this machine is, the next try comes within the second.
    const at = (decode(setting(home, 'tries')) as [number, number])[1]
    expect(typeOf(home, phrase('the right one'), () => at + 500)).toBe('passphrase-wait')
    expect(typeOf(home, phrase('the right one'), () => at + 1000)).toBe('opened')
  })
})
