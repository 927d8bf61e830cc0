import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { expectOk } from '../src/result.ts'
import { diagnose } from '../src/station/doctor.ts'
import { openStation } from '../src/station/open-station.ts'
import { gridOf, TestCommunity, testSecret } from '../src/testing/test-community.ts'
import { createChance } from './convergence.ts'
import { bytesOnDisk } from './erasure-history.ts'
import { HomeProcess } from './home-process.ts'

const RECORDS = 150
const KILLS = 6

test('A19 killed in the middle of erasing: each record is whole or gone, and what is gone leaves no byte', async () => {
  const seed = Number(process.env.DOORSTEP_SEED ?? 20260801)
  const chance = createChance(seed)
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const grid = gridOf(founder)
  const sealed = new Map<string, Uint8Array>()
  for (let n = 0; n < RECORDS; n++) {
    const { value, entries } = expectOk(
      await founder.write('record.edit', (book) =>
        book.create('building', grid, { set: { name: `楼${n}`, street: '长'.repeat(n % 100) } }),
      ),
    )
    sealed.set(value, founder.trunk.store.entry(entries[0]!.hash)!.raw.blobs[1]!)
  }
  await founder.close()
  const { home } = founder
  let interrupted = 0
  for (let kill = 0; kill <= KILLS; kill++) {
    const isLast = kill === KILLS
    await using child = new HomeProcess(home, '', 0, 'erasure-child.ts')
    if (isLast) await child.says('all are erased', (line) => line === 'done')
    else {
      await child.says('one is erased', (line) => line.startsWith('erased') || line === 'done')
      await pause(chance(60))
      await child.kill()
    }
    const said = child.lines.flatMap((line) => (line.startsWith('erased ') ? [line.slice(7)] : []))
    const station = expectOk(await openStation({ home, secret: testSecret }))
    try {
      // Opened again, it finishes what the kill left in the write-ahead log.
      const gone = [...sealed.keys()].filter((id) => station.get(id) === null)
      for (const id of said) expect(gone).toContain(id)
      expect(
        bytesOnDisk(
          home,
          gone.map((id) => sealed.get(id)!),
        ),
      ).toEqual([])
      for (const [id, bytes] of sealed)
        if (!gone.includes(id)) expect(bytesOnDisk(home, [bytes])).toHaveLength(1)
      expect(diagnose(station)).toMatchObject({ ok: true })
      if (!isLast && gone.length < RECORDS) interrupted++
      if (isLast) expect(gone).toHaveLength(RECORDS)
    } finally {
      await station.close()
    }
  }
  // Kills that all came after the end would prove nothing.
  expect(interrupted).toBeGreaterThan(1)
}, 300_000)
