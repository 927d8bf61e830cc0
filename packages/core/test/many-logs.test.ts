import { expect, test } from 'vitest'
import { MAX_SEGMENT_BYTES } from '../src/log/limits.ts'
import { parseSegment } from '../src/log/segment.ts'
import { expectOk } from '../src/result.ts'
import { diagnose } from '../src/station/doctor.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { actsOf, Forger } from './forge.ts'

// A log is a station's, an epoch's and a space's: laptops restored and copied for years leave hundreds.
test.each([
  ['500 logs and a long form', 500, 44_000],
  ['1100 logs, more than one entry may name', 1100, 100],
])('%s: what is written then leaves, and arrives', async (_, logs, letters) => {
  await using setup = await open()
  const { founder, worker, third, grid } = setup
  const acts = actsOf(worker)
  const segments = Array.from({ length: logs }, () => {
    const forger = Forger.of(worker, grid)
    return forger.segment(forger.standBy({ acts }))
  })
  expect(expectOk(await founder.admit(segments, 'test')).admitted).toBe(logs)
  const visit = { household: 'hh-0001', outcome: 'met', on: '2026-08-01', submission: 'x'.repeat(39_000) }
  const note = 'y'.repeat(Math.min(2000, letters))
  const { value: id } = expectOk(
    await founder.write('visit.record', (book) =>
      book.create('visit', grid, {
        set: letters > 1000 ? { ...visit, note } : { ...visit, submission: note },
      }),
    ),
  )
  for (const { row } of founder.outgoing(grid, [])) {
    const bytes = founder.segment(row)
    expect(bytes.length).toBeLessThanOrEqual(MAX_SEGMENT_BYTES)
    expect(parseSegment(bytes).ok).toBe(true)
  }
  expect(await deliver(founder, third)).toMatchObject({ missing: 0, refused: [] })
  expect(third.get(id)?.fields.note).toEqual(founder.get(id)?.fields.note)
  expect(third.digest(grid)).toEqual(founder.digest(grid))
  expect(diagnose(founder).checks.filter(({ ok }) => !ok)).toEqual([])
  // What was named once is not named again.
  const again = expectOk(
    await founder.write('visit.record', (book) => book.edit(id, { set: { note: '再' } })),
  )
  expect(again.entries).toHaveLength(1)
  await deliver(founder, third)
  expect(third.get(id)?.fields.note).toBe('再')
})

async function open() {
  const { community, founder } = await TestCommunity.create()
  const join = (name: string): Promise<Station> => community.join(founder, name)
  const worker = await join('测试员乙')
  const third = await join('测试员丙')
  return { founder, worker, third, grid: gridOf(founder), [Symbol.asyncDispose]: () => community.close() }
}
