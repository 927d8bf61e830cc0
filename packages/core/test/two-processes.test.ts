import { expect, test } from 'vitest'
import { expectOk } from '../src/result.ts'
import { diagnose } from '../src/station/doctor.ts'
import { gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { HomeProcess } from './home-process.ts'

test('three processes write to one home at once: all succeed, and the chain has no gap and no fork', async () => {
  await using setup = await open()
  const { founder, community } = setup
  const grid = gridOf(founder)
  await using first = new HomeProcess(founder.home, '甲', 6)
  await using second = new HomeProcess(founder.home, '乙', 6)
  const children = [first, second]
  for (const child of children) await child.says('that it is open', (line) => line === 'open')
  let own = 0
  for (let batch = 0; batch < 6; batch++) {
    const results = await Promise.all(
      Array.from({ length: 8 }, () =>
        founder.write('record.edit', (book) =>
          book.create('building', grid, { set: { name: `丙-${own++}` } }),
        ),
      ),
    )
    expect(results.every((result) => result.ok)).toBe(true)
  }
  for (const child of children) {
    await child.says('that it is done', (line) => line === 'done')
    await child.end()
    expect(child.lines.filter((line) => line.startsWith('failed'))).toEqual([])
    const made = child.lines.filter((line) => line.startsWith('made')).map((line) => line.split(' ')[1]!)
    expect(made.length).toBeGreaterThanOrEqual(6 * 5)
    for (const id of made) expect(founder.get(id)).not.toBeNull()
  }
  // 6 batches of 8 commands by each of three, one entry a command, in one log.
  const [tip, ...others] = founder.heads(grid)
  expect(others).toEqual([])
  expect(tip!.seq).toBe(3 * 6 * 8 - 1)
  expect(founder.forks()).toEqual([])
  expect(diagnose(founder).checks.filter((check) => !check.ok)).toEqual([])
  expect(diagnose(community.reopen(founder)).ok).toBe(true)
})

test('each process is told what the other wrote, within a second', async () => {
  await using setup = await open()
  const { founder } = setup
  const grid = gridOf(founder)
  const told = new Map<string, number>()
  let wake = () => {}
  founder.onChange(({ records }) => {
    for (const record of records) told.set(record.id, performance.now())
    wake()
  })
  await using reader = new HomeProcess(founder.home, '读', 0)
  await reader.says('that it is open', (line) => line === 'open')
  const delays: number[] = []
  for (const name of ['一', '二', '三']) {
    expectOk(await founder.write('record.edit', (book) => book.create('building', grid, { set: { name } })))
    const written = performance.now()
    await reader.says(`that it saw ${name}`, (line) => line === `saw ${name}`)
    delays.push(performance.now() - written)
  }
  // The best of three: a busy machine may be late, a poll that is too slow is always late.
  expect(Math.min(...delays)).toBeLessThan(1000)
  await reader.end()

  await using writer = new HomeProcess(founder.home, '写', 1)
  await writer.says('that it is done', (line) => line === 'done')
  const written = performance.now()
  const made = writer.lines.filter((line) => line.startsWith('made')).map((line) => line.split(' ')[1]!)
  while (!made.every((id) => told.has(id))) {
    const woken = Promise.withResolvers<void>()
    wake = woken.resolve
    await woken.promise
  }
  expect(Math.max(...made.map((id) => told.get(id)! - written))).toBeLessThan(1000)
  await writer.end()
})

async function open() {
  const { community, founder } = await TestCommunity.create()
  return { community, founder, [Symbol.asyncDispose]: () => community.close() }
}
