import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import type { Station } from '../station/station.ts'
import { deliver, TestCommunity } from '../testing/test-community.ts'
import { addAttachment } from '../work/attachment.ts'
import { listAttachments } from '../work/attachment-list.ts'
import { openRecordSet } from '../work/record-set.ts'
import { CHUNK_BYTES, chunkSize, chunksIn } from './limits.ts'

async function household(station: Station): Promise<string> {
  const grid = [...station.records({ type: 'grid' })][0]!
  const space = String(grid.fields.space)
  const made = expectOk(
    await station.write('record.edit', (book) => {
      const building = expectOk(book.create('building', space, { set: { name: '一号楼' } }))
      const dwelling = expectOk(book.create('dwelling', space, { set: { building, room: '101' } }))
      return book.create('household', space, { set: { dwelling, name: '测试户' } })
    }),
  )
  return made.value
}

async function scan(station: Station, about: string, bytes: number): Promise<string> {
  const added = await addAttachment(station, {
    about,
    kind: 'scan',
    mediaType: 'application/pdf',
    bytes: randomBytes(bytes),
  })
  return String(station.get(expectOk(added).attachment)!.fields.original)
}

/** What a meeting does, without a wire: each hears what the other has, and takes what it wants. */
function exchange(one: Station, two: Station): void {
  for (const [taker, giver] of [
    [one, two],
    [two, one],
  ] as const) {
    const asked = taker.blobs.rows().map(({ blob }) => blob)
    const { has, ranks } = giver.blobs.tell(asked)
    taker.blobs.hear(
      giver.identity.station,
      asked.map((blob, at) => ({ blob, rank: has[at] ? ranks[at]! : null })),
    )
    for (const { blob, bytes } of taker.blobs.wanted()) {
      if (!giver.blobs.row(blob)?.isHere) continue
      taker.blobs.claim(blob)
      taker.blobs.files.begin(blob, giver.blobs.files.leaves(blob)!)
      for (let at = 0; at < chunksIn(bytes); at++)
        taker.blobs.files.append(blob, at, giver.blobs.files.chunk(blob, at)!)
      expect(taker.blobs.files.finish(blob)).toBe(true)
      taker.blobs.arrived(blob)
    }
  }
}

test('B7 whatever budgets are set, in whatever order stations meet: the last copy of nothing goes', async () => {
  const { community, founder } = await TestCommunity.create()
  try {
    const others = [await community.join(founder, '乙'), await community.join(founder, '丙')]
    const stations = [founder, ...others]
    const home = await household(founder)
    for (const other of others) await deliver(founder, other)
    const all: string[] = []
    const budget = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 6 * CHUNK_BYTES }))
    const who = fc.nat({ max: 2 })
    const step = fc.oneof(
      fc.record({ type: fc.constant('add' as const), who }),
      fc.record({ type: fc.constant('meet' as const), who, other: who }),
      fc.record({ type: fc.constant('budget' as const), who, bytes: budget }),
      fc.record({ type: fc.constant('keep' as const), who }),
      fc.record({ type: fc.constant('drop' as const), who, at: fc.nat({ max: 30 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        for (const one of steps) {
          const station = stations[one.who]!
          if (one.type === 'add') {
            all.push(await scan(station, home, 1 + (all.length % 3) * CHUNK_BYTES))
            for (const other of stations) if (other !== station) await deliver(station, other)
          } else if (one.type === 'meet') {
            if (one.other !== one.who) exchange(station, stations[one.other]!)
          } else if (one.type === 'budget') station.blobs.setBudget({ bytes: one.bytes, originals: 'all' })
          else if (all.length > 0) {
            const blob = all[('at' in one ? one.at : 0) % all.length]!
            if (one.type === 'keep') station.blobs.keep(blob)
            else station.blobs.drop(blob)
          }
        }
        for (const blob of all) expect(stations.some(({ blobs }) => blobs.files.verify(blob))).toBe(true)
      }),
      { numRuns: 12 },
    )
  } finally {
    await community.close()
  }
})

test('B7 to make room the originals go first, those that were not looked at longest; what is kept stays', async () => {
  const { community, founder } = await TestCommunity.create()
  try {
    const worker = await community.join(founder, '乙')
    const home = await household(founder)
    const scans = []
    for (let at = 0; at < 4; at++) scans.push(await scan(founder, home, 2 * CHUNK_BYTES))
    await deliver(founder, worker)
    exchange(founder, worker)
    expect(worker.blobs.status().here.count).toBe(4)
    worker.blobs.read(scans[0]!)
    worker.blobs.keep(scans[1]!)
    const bytes = worker.blobs.row(scans[0]!)!.bytes
    worker.blobs.setBudget({ bytes: 2 * bytes, originals: 'all' })
    expect(scans.map((blob) => worker.blobs.row(blob)!.isHere)).toEqual([true, true, false, false])
    expect(worker.blobs.wanted()).toEqual([])
    const rows = listAttachments(worker, openRecordSet(worker, { follow: false }))
    expect(rows.map(({ original }) => original.state).sort()).toEqual(['here', 'here', 'left', 'left'])
    expect(rows.every(({ original }) => original.holders[0] === '甲的笔记本')).toBe(true)
    // The archive has it, and said that it will keep it: whatever budget it gets, it stays.
    founder.blobs.setBudget({ bytes: 0, originals: 'all' })
    expect(founder.blobs.status()).toMatchObject({ here: { count: 4 }, overBytes: 4 * bytes })
    expect(worker.blobs.drop(scans[1]!)).toBe('dropped')
    expect(founder.blobs.drop(scans[1]!)).toBe('promised')
    worker.blobs.keep(scans[2]!)
    expect(worker.blobs.wanted().map(({ blob }) => blob)).toEqual([scans[2]])
    expect(chunkSize(bytes, 0)).toBe(CHUNK_BYTES)
  } finally {
    await community.close()
  }
})
