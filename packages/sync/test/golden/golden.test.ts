import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diagnose, expectOk, openStation, type Station } from '@doorstep/core'
import { expect, test } from 'vitest'
import { readBundle, showBundle } from '../../src/bundle/read-bundle.ts'
import { meetUntilEqual } from '../../src/session/meet.fixture.ts'
import { CURRENT, type Expected, expectedOf, FOLDER, sha256, unpackFolder } from './golden.ts'

const golden = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

test('F9 the formats as they are now have their golden homes and bundle: see test/golden/README.md', () => {
  expect(golden).toContain(CURRENT)
})

test.each(golden)('F9 homes and bundle of %s are opened, verified, read, and synced', async (name) => {
  const folder = join(FOLDER, name)
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected
  const work = mkdtempSync(join(tmpdir(), 'doorstep-golden-'))
  const secret = { type: 'key', bytes: new Uint8Array(Buffer.from(expected.keyHex, 'hex')) } as const
  const open = (who: string, as = who) =>
    openStation({ home: unpackFolder(join(folder, who), join(work, as)), secret })
  const stick = join(folder, 'stick.bundle')
  expect(sha256(readFileSync(stick))).toBe(expected.sent.bundleSha256)
  expect(expectOk(showBundle(stick))).toMatchObject({
    damage: null,
    manifest: { community: expected.community },
  })
  const opened = [await open('founder'), await open('worker'), await open('worker', 'by-stick')]
  const [founder, worker, byStick] = opened.map(expectOk) as [Station, Station, Station]
  try {
    for (const station of [founder, worker, byStick])
      expect(diagnose(station).checks.filter(({ ok }) => !ok)).toEqual([])
    expect(founder.newer()).toEqual({ entries: 0, parts: 0 })
    // The stick alone brings the worker what the founder had.
    const read = expectOk(await readBundle(byStick, stick))
    expect([read.refused, read.missing, read.damaged]).toEqual([[], 0, null])
    const held = (id: string) => ({ ...byStick.digest(id), id })
    expect(byStick.records({ type: 'building' }).next().done).toBe(false)
    expect(held(expected.community).digest).toBe(founder.digest(expected.community).digest)
    await meetUntilEqual(founder, worker)
    expect(expectedOf(founder)).toEqual({
      community: expected.community,
      spaces: expected.spaces,
      records: expected.records,
    })
    for (const { id, digest, recordsDigest } of expected.spaces)
      if (worker.holdings().includes(id)) expect(worker.digest(id)).toMatchObject({ digest, recordsDigest })
    await meetUntilEqual(byStick, founder)
    expect(byStick.digest(expected.community)).toEqual(founder.digest(expected.community))
    for (const station of [founder, worker, byStick]) expect(diagnose(station).ok).toBe(true)
  } finally {
    for (const station of [founder, worker, byStick]) await station.close()
    rmSync(work, { recursive: true, force: true })
  }
})
