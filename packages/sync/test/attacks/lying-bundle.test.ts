import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createKeyPair, expectOk, type KeyPair, type Station } from '@doorstep/core'
import { gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import {
  BUNDLE_MAGIC,
  type BundleManifest,
  frame,
  parseManifest,
  signManifest,
} from '../../src/bundle/bundle-format.ts'
import { readBundle } from '../../src/bundle/read-bundle.ts'
import { writeBundle } from '../../src/bundle/write-bundle.ts'

const add = (station: Station, name: string) =>
  station.write('record.edit', (book) => book.create('building', gridOf(station), { set: { name } }))
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map(({ fields }) => fields.name).sort()
const signingOf = (station: Station): KeyPair => ({
  publicKey: station.identity.key,
  privateKey: station.signingKey,
})

/** The frames of a bundle file: the manifest, then segments. */
function framesIn(file: string): Uint8Array[] {
  const bytes = readFileSync(file)
  const frames: Uint8Array[] = []
  for (let at = BUNDLE_MAGIC.length; ; ) {
    const length = bytes.readUInt32BE(at)
    if (length === 0) return frames
    frames.push(new Uint8Array(bytes.subarray(at + 4, at + 4 + length)))
    at += 4 + length
  }
}

/** As a liar writes it: whole, with a hash at its end that is right. */
function writeFrames(file: string, frames: readonly Uint8Array[]): void {
  const body = Buffer.concat([Buffer.from(BUNDLE_MAGIC), ...frames.map(frame), frame(new Uint8Array(0))])
  writeFileSync(file, Buffer.concat([body, createHash('sha256').update(body).digest()]))
}

test('S4 a bundle that says its writer holds everything, without the writer’s signature, makes nobody a witness', async () => {
  await using setup = await open()
  const { founder, worker, file } = setup
  expectOk(await add(worker, '没人有'))
  const grid = gridOf(worker)
  const lie = { community: worker.identity.community, at: worker.now + 1, spaces: claimAll(worker) }
  expectOk(await writeBundle(founder, file))
  const [, ...segments] = framesIn(file)
  // Signed by somebody, and said to be the founder's: the key inside is what names the writer.
  const stranger = createKeyPair('ed25519')
  const strangers = signManifest(lie, stranger)
  const forged = replaced(strangers, stranger.publicKey, founder.identity.key)
  expect(parseManifest(forged)).toMatchObject({
    isSigned: false,
    manifest: { station: founder.identity.station },
  })
  writeFrames(file, [forged, ...segments])
  expect(await readBundle(worker, file)).toMatchObject({ problem: { type: 'bundle-altered' } })
  // Read for what is intact in it, its segments count and its word does not.
  const read = expectOk(await readBundle(worker, file, { salvage: true }))
  expect(read).toMatchObject({ damaged: 'bundle-altered', spaces: [], refused: [] })
  expect(worker.lastOwnEntry(grid)?.witnesses).toEqual([])
  // A stranger's own word is a stranger's.
  writeFrames(file, [strangers, ...segments])
  expectOk(await readBundle(worker, file))
  expect(worker.peers()).toEqual([])
  expect(worker.lastOwnEntry(grid)?.witnesses).toEqual([])
})

test('S4 what the true writer signed is believed: it is a witness, until it does not stand', async () => {
  await using setup = await open()
  const { founder, worker, file } = setup
  const grid = gridOf(worker)
  expectOk(await add(worker, '有人有'))
  expectOk(await writeBundle(worker, file))
  expectOk(await readBundle(founder, file))
  expectOk(await writeBundle(founder, file))
  expectOk(await readBundle(worker, file))
  expect(worker.lastOwnEntry(grid)?.witnesses).toEqual([founder.identity.station])
})

test('S4 a manifest from a clock ten years ahead does not make every later one an old one', async () => {
  await using setup = await open()
  const { founder, worker, file } = setup
  const { community } = worker.identity
  expectOk(await add(worker, '楼'))
  const ahead = signManifest({ community, at: worker.now + 3e11, spaces: [] }, signingOf(founder))
  writeFrames(file, [ahead])
  expectOk(await readBundle(worker, file))
  const spaces = claimAll(worker)
  writeFrames(file, [signManifest({ community, at: worker.now + 3e11, spaces }, signingOf(founder))])
  expectOk(await readBundle(worker, file))
  for (const { at } of worker.peers()) expect(at).toBeLessThanOrEqual(worker.now)
  // Spaces that nobody has, and that its writer does not hold, are not noted.
  writeFrames(file, [
    signManifest(
      { community, at: worker.now, spaces: [{ ...spaces[0]!, id: 'sp-9999' }] },
      signingOf(founder),
    ),
  ])
  expectOk(await readBundle(worker, file))
  expect(worker.peers().map(({ space }) => space)).not.toContain('sp-9999')
})

test('A20 a bundle that omits, reorders and doubles: what is there and has its past comes in, equal is not said, the next one heals it', async () => {
  await using setup = await open()
  const { founder, worker, file } = setup
  for (let n = 0; n < 6; n++) expectOk(await add(n % 2 ? founder : worker, `楼${n}`))
  expectOk(await writeBundle(worker, file))
  expectOk(await readBundle(founder, file))
  expectOk(await add(founder, '最后'))
  expectOk(await writeBundle(founder, file))
  const [manifest, ...segments] = framesIn(file)
  writeFrames(file, [manifest!, ...segments.slice(0, -1).reverse(), ...segments.slice(0, 2)])
  const read = expectOk(await readBundle(worker, file))
  expect(read.refused).toEqual([])
  expect(read.spaces.every(({ equal }) => equal)).toBe(false)
  writeFrames(file, [manifest!, ...segments])
  for (let times = 0; times < 2; times++) expectOk(await readBundle(worker, file))
  const healed = expectOk(await readBundle(worker, file))
  expect(healed.spaces.every(({ equal }) => equal)).toBe(true)
  expect(names(worker)).toEqual(names(founder))
})

test('F7 a file of nothing but refused frames says so, in bounded memory, and honest segments among them come in', async () => {
  await using setup = await open()
  const { founder, worker, file } = setup
  expectOk(await add(founder, '夹带'))
  expectOk(await writeBundle(founder, file))
  const [manifest, ...segments] = framesIn(file)
  const junk = Array.from({ length: 3000 }, () => new Uint8Array([0x80]))
  writeFrames(file, [manifest!, ...junk, ...segments, ...junk])
  const read = expectOk(await readBundle(worker, file))
  expect(read.refused).toHaveLength(1000)
  expect(names(worker)).toEqual(['夹带'])
})

/** That somebody holds all that a station does. */
const claimAll = (station: Station): BundleManifest['spaces'] =>
  [station.identity.community, ...station.spaces().map(({ id }) => id)].map((id) => {
    const { entries, digest } = station.digest(id)
    return { id, entries, digest, heads: station.heads(id) }
  })

function replaced(bytes: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const found = Buffer.from(bytes).indexOf(from)
  const copy = Buffer.from(bytes)
  copy.set(to, found)
  return new Uint8Array(copy)
}

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const file = join(mkdtempSync(join(community.folder, 'stick-')), 'b.bundle')
  return { community, founder, worker, file, [Symbol.asyncDispose]: () => community.close() }
}
