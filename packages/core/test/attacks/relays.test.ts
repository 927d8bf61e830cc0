import { expect, test } from 'vitest'
import { encodeSegment, parseSegment } from '../../src/log/segment.ts'
import { expectOk } from '../../src/result.ts'
import { diagnose } from '../../src/station/doctor.ts'
import type { Station } from '../../src/station/station.ts'
import { chanceFrom } from '../../src/testing/mutate.ts'
import { deliver, gridOf, TestCommunity } from '../../src/testing/test-community.ts'

const add = (station: Station, name: string) =>
  station.write('record.edit', (book) => book.create('building', gridOf(station), { set: { name } }))
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map(({ fields }) => fields.name).sort()

/** All that one station has and another lacks, as it would be sent. */
const segmentsFor = (from: Station, to: Station) =>
  [from.identity.community, ...from.spaces().map(({ id }) => id)].flatMap((space) =>
    from.outgoing(space, to.heads(space)).map(({ row }) => from.segment(row)),
  )

test('A20 replayed, doubled and shuffled at random: whatever order a liar chooses, the same comes of it', async () => {
  await using setup = await open()
  const { founder, worker, third } = setup
  await writeInTurns(setup, 6)
  const segments = segmentsFor(founder, third)
  const chance = chanceFrom(7)
  for (let round = 0; round < 40; round++) {
    const dealt = Array.from({ length: 5 }, () => chance.pick(segments))
    const report = expectOk(await third.admit(dealt, 'liar'))
    expect(report).toMatchObject({ refused: [], forks: [], held: 0 })
  }
  await deliver(founder, third)
  expect(names(third)).toEqual(names(founder))
  expect(third.digest(gridOf(third))).toEqual(founder.digest(gridOf(founder)))
  expect(worker.quarantine().refused).toEqual([])
})

test('A20 a relay that omits one log: what stands on it waits, what does not comes in, and another peer heals it', async () => {
  await using setup = await open()
  const { founder, worker, third } = setup
  // The founder's entries stand on the worker's; one of the founder's stands on nothing.
  expectOk(await add(founder, '无依'))
  expectOk(await add(worker, '被藏'))
  await deliver(worker, founder)
  expectOk(await add(founder, '有依'))
  const all = segmentsFor(founder, third)
  const shown = all.filter((bytes) => !isBy(bytes, worker))
  expect(shown.length).toBeLessThan(all.length)
  const report = expectOk(await third.admit(shown, 'liar'))
  expect(report).toMatchObject({ refused: [], missing: 1 })
  expect(names(third)).toEqual(['无依'])
  // Not equal, and known not to be: the digests differ.
  expect(third.digest(gridOf(third)).digest).not.toBe(founder.digest(gridOf(founder)).digest)
  expect(third.quarantine().refused).toEqual([])
  await deliver(worker, third)
  await deliver(founder, third)
  expect(names(third)).toEqual(['无依', '有依', '被藏'].sort())
  expect(third.digest(gridOf(third))).toEqual(founder.digest(gridOf(founder)))
})

test('F1 a relay that strips blobs, or puts others in their place, is not believed, and nothing is held against the author', async () => {
  await using setup = await open()
  const { founder, third } = setup
  expectOk(await add(founder, '一'))
  const [bytes] = segmentsFor(founder, third).slice(-1)
  const parsed = expectOk(parseSegment(bytes!))
  const raws = parsed.entries.map(({ raw }) => raw)
  const stripped = encodeSegment(
    parsed.log,
    raws.map((raw) => ({ ...raw, blobs: raw.blobs.map(() => null) })),
    parsed.signature,
  )
  const swapped = encodeSegment(
    parsed.log,
    raws.map((raw) => ({ ...raw, blobs: raw.blobs.toReversed() })),
    parsed.signature,
  )
  const shortened = encodeSegment(
    parsed.log,
    raws.map((raw) => ({ ...raw, blobs: raw.blobs.slice(0, -1) })),
    parsed.signature,
  )
  for (const lie of [stripped, swapped, shortened])
    expect(expectOk(await third.admit([lie], 'liar'))).toMatchObject({ admitted: 0 })
  expect(third.quarantine()).toEqual({ held: [], refused: [], carried: [] })
  await deliver(founder, third)
  expect(names(third)).toEqual(['一'])
})

test('F3 a relay that cuts a segment short, or joins two, has no signature for it', async () => {
  await using setup = await open()
  const { founder, third } = setup
  for (let n = 0; n < 4; n++) expectOk(await add(founder, `楼${n}`))
  for (const bytes of segmentsFor(founder, third)) {
    const { log, entries, signature } = expectOk(parseSegment(bytes))
    if (entries.length < 2) continue
    const shorter = encodeSegment(
      log,
      entries.slice(0, -1).map(({ raw }) => raw),
      signature,
    )
    const tail = encodeSegment(
      log,
      entries.slice(1).map(({ raw }) => raw),
      signature,
    )
    for (const lie of [shorter, tail])
      expect(expectOk(await third.admit([lie], 'liar'))).toMatchObject({ admitted: 0 })
  }
  await deliver(founder, third)
  expect(names(third)).toHaveLength(4)
  expect(diagnose(third).checks.filter((check) => !check.ok)).toEqual([])
})

test('A1 another community’s segments are nothing here: neither its acts nor its entries', async () => {
  await using setup = await open()
  await using other = await open()
  expectOk(await add(other.founder, '别处'))
  const before = setup.founder.digest(setup.founder.identity.community)
  const segments = segmentsFor(other.founder, setup.founder)
  const report = expectOk(await setup.founder.admit(segments, 'liar'))
  expect(report).toMatchObject({ admitted: 0, held: 0 })
  expect(setup.founder.digest(setup.founder.identity.community)).toEqual(before)
  expect(setup.founder.quarantine().refused).toEqual([])
})

function isBy(bytes: Uint8Array, station: Station): boolean {
  const { log } = expectOk(parseSegment(bytes))
  return Buffer.compare(log.key, station.identity.key) === 0 && log.space !== station.identity.community
}

async function writeInTurns({ founder, worker }: { founder: Station; worker: Station }, rounds: number) {
  for (let n = 0; n < rounds; n++) {
    const [one, two] = n % 2 === 0 ? [founder, worker] : [worker, founder]
    expectOk(await add(one, `轮${n}`))
    await deliver(one, two)
  }
  await deliver(worker, founder)
}

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const third = await community.join(founder, '测试员丙')
  for (const station of [founder, worker]) await deliver(founder, station)
  return { community, founder, worker, third, [Symbol.asyncDispose]: () => community.close() }
}
