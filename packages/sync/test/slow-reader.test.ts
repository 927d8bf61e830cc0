import { expectOk } from '@doorstep/core'
import { gridOf, unpackable } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { meet } from '../src/session/meet.fixture.ts'
import { openCutting, until } from './cuts/cut-meetings.ts'

/** What may be under way to a peer of which nothing is known yet, and one segment that was begun. */
const FIRST_WINDOW_BYTES = 2 * 64 * 1024

test('S3 a peer that reads 1 kB a second, and then nothing, is sent a window and no more; another is served meanwhile', async () => {
  await using cutting = await openCutting()
  const { community, founder, worker, proxy } = cutting
  const grid = gridOf(founder)
  for (let n = 0; n < 120; n++) {
    expectOk(
      await founder.write('record.import', (book) => {
        let last = book.create('building', grid, { set: { name: `楼${n}` } })
        for (let k = 1; k < 10; k++)
          last = book.create('building', grid, { set: { name: `楼${n}-${k}`, street: unpackable(114) } })
        return last
      }),
    )
    if (n % 4 === 3) founder.outgoing(grid, [])
  }
  const other = await community.join(founder, '测试员丙')
  const { dialled, answered } = await cutting.call()
  proxy.slow('down', 1000)
  const sentBytes = () => answered!.sent.reduce((sum, { wireBytes }) => sum + wireBytes, 0)
  await until('the first segments under way', () => sentBytes() > 0)
  const { a, b } = meet(founder, other)
  await until('the other one served', () => a.isEqual() && b.isEqual())
  a.close()
  b.close()
  expect(other.digest(grid)).toEqual(founder.digest(grid))
  expect(sentBytes()).toBeLessThanOrEqual(FIRST_WINDOW_BYTES)

  proxy.slow('down', 0)
  await until('the one that reads nothing gone', () => answered!.session.state().closed !== null)
  expect(sentBytes()).toBeLessThanOrEqual(FIRST_WINDOW_BYTES)
  expect(dialled!.session.state().closed).toBe('silent')
  expect(worker.digest(grid).entries).toBeLessThan(founder.digest(grid).entries)
}, 300_000)
