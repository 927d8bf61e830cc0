import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHUNK_BYTES, expectOk, openAttachment, sealedSizeOf } from '@doorstep/core'
import { TestCommunity } from '@doorstep/core/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decommission } from '../node/retire.ts'
import { addHousehold, addScan } from '../session/blobs.fixture.ts'
import { readBundle } from './read-bundle.ts'
import { writeBundle } from './write-bundle.ts'

let folder: string
let community: TestCommunity
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doorstep-stick-'))
})
afterEach(async () => {
  await community.close()
  rmSync(folder, { recursive: true, force: true })
})

test('B8 by stick: previews alone, then the rest on as many sticks as it takes, each where the last one ended', async () => {
  const made = await TestCommunity.create()
  community = made.community
  const { founder } = made
  const worker = await community.join(founder, '测试员乙')
  const household = await addHousehold(founder)
  const scans = [
    await addScan(founder, household, 5 * CHUNK_BYTES),
    await addScan(founder, household, 40_000),
  ]
  const file = join(folder, 'evening.bundle')

  expect(expectOk(await writeBundle(founder, file)).blobs).toBeNull()
  expectOk(await readBundle(worker, file))
  expect(worker.blobs.status()).toMatchObject({ here: { count: 0 }, wanted: { count: 4 } })

  expect(expectOk(await writeBundle(founder, file, { blobs: 'previews' })).blobs).toMatchObject({
    count: 2,
    left: 0,
  })
  expect(expectOk(await readBundle(worker, file)).blobs).toMatchObject({ received: 2, skipped: 0 })

  let sticks = 0
  let came = 0
  for (let left = 1; left > 0; sticks++) {
    expect(sticks).toBeLessThan(12)
    const written = expectOk(
      await writeBundle(founder, file, { blobs: 'all', maxBlobBytes: 2.5 * CHUNK_BYTES, goesOn: sticks > 0 }),
    )
    left = written.blobs!.left
    expect(written.blobs!.bytes).toBeLessThanOrEqual(2.5 * CHUNK_BYTES)
    // Pulled out half way, and read again: what came stays, and comes once.
    const whole = readFileSync(file)
    writeFileSync(join(folder, 'cut'), whole.subarray(0, whole.length - CHUNK_BYTES))
    const cut = expectOk(await readBundle(worker, join(folder, 'cut'), { salvage: true }))
    const rest = expectOk(await readBundle(worker, file))
    came += cut.blobs.receivedBytes + rest.blobs.receivedBytes
  }
  expect(sticks).toBeGreaterThan(2)
  expect(came).toBe(scans.reduce((sum, { original }) => sum + sealedSizeOf(original), 0))
  for (const { attachment, plain } of scans) {
    const { bytes } = expectOk(await openAttachment(worker, attachment, ['original'], 'verify'))
    expect(Buffer.compare(bytes, plain)).toBe(0)
  }
  expect(worker.blobs.holders(scans[0]!.original)).toMatchObject([
    { station: founder.identity.station, rank: 0 },
  ])
})

test('B8 a bundle that could not be written is not gone on from', async () => {
  const made = await TestCommunity.create()
  community = made.community
  const { founder } = made
  const worker = await community.join(founder, '测试员乙')
  const household = await addHousehold(founder)
  await addScan(founder, household, 5 * CHUNK_BYTES)
  // The stick is full, or pulled out, as the file gets its name.
  const taken = join(folder, 'taken')
  mkdirSync(join(taken, 'by a folder'), { recursive: true })
  const options = { blobs: 'all', maxBlobBytes: 2.5 * CHUNK_BYTES } as const
  expect((await writeBundle(founder, taken, options)).ok).toBe(false)
  const file = join(folder, 'again.bundle')
  expectOk(await writeBundle(founder, file, { blobs: 'all', goesOn: true }))
  expect(expectOk(await readBundle(worker, file)).blobs).toMatchObject({ received: 2, skipped: 0 })
})

test('B8 a machine that is given up takes no photo along that nobody else has', async () => {
  const made = await TestCommunity.create()
  community = made.community
  const { founder } = made
  const worker = await community.join(founder, '测试员乙')
  const household = await addHousehold(founder)
  const file = join(folder, 'entries')
  expectOk(await writeBundle(founder, file))
  expectOk(await readBundle(worker, file))
  const scan = await addScan(worker, household, 30_000)
  expectOk(await writeBundle(worker, file))
  expectOk(await readBundle(founder, file))
  const meet = async () => {}
  const home = worker.home
  expect(await decommission(worker, { meet })).toMatchObject({
    ok: false,
    problem: { type: 'unsent-entries', photos: 2 },
  })
  const { unsent } = expectOk(await decommission(worker, { meet, file: join(folder, 'unsent') }))
  expect([existsSync(join(home, 'blobs')), statSync(join(folder, 'unsent')).size > 30_000]).toEqual([
    false,
    true,
  ])
  expect(expectOk(await readBundle(founder, unsent!)).blobs).toMatchObject({ received: 2 })
  const { bytes } = expectOk(await openAttachment(founder, scan.attachment, ['original'], 'verify'))
  expect(Buffer.compare(bytes, scan.plain)).toBe(0)
})
