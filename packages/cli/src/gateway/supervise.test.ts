import { expect, test } from 'vitest'
import { memoryLog } from './gateway.test.data.ts'
import { openLog } from './log.ts'
import type { Source, SourceStatus } from './source.ts'
import { supervise } from './supervise.ts'

const quiet: SourceStatus = { state: 'running', lastHeardMs: null, problem: null, counts: {} }

function setup(run: Source['run'], status: () => SourceStatus = () => quiet) {
  const { lines, out } = memoryLog()
  const log = openLog({ level: 'debug', form: 'json', language: 'zh', out })
  const source: Source = { name: 'block-1', run, status }
  return { lines, supervised: supervise({ source, sink: async () => undefined, log, firstRestMs: 2 }) }
}

test('a source that ends is started again, later each time, is told once, and is back when it is heard', async () => {
  let runs = 0
  const back = Promise.withResolvers<void>()
  const { lines, supervised } = setup(async (sink, signal) => {
    if (++runs < 4) throw Object.assign(new Error(`meter 000000000161 of 测试住户甲`), { code: 'ECONNRESET' })
    await sink([])
    back.resolve()
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  })
  await back.promise
  expect(supervised.status()).toMatchObject({ state: 'running', restarts: 3 })
  await supervised.stop()
  expect(runs).toBe(4)
  const told = lines.map((line) => JSON.parse(line)).filter(({ level }) => level !== 'debug')
  expect(told.map(({ event }) => event)).toEqual(['source-failed', 'source-recovered'])
  // An error's own words may hold anything.
  expect(lines.join()).not.toMatch(/161|住户/)
  expect(told[0]).toMatchObject({
    problem: 'source-broke',
    code: 'ECONNRESET',
    source: 'block-1',
  })
})

test('one that never answers is stopped all the same', async () => {
  const { supervised } = setup(
    (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
  )
  expect(supervised.status()).toMatchObject({ state: 'running', restarts: 0 })
  await supervised.stop()
})

test('a line that was unplugged, and goes on trying by itself, is told once, and when it is back', async () => {
  let status = quiet
  const { lines, supervised } = setup(
    (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    () => status,
  )
  supervised.look()
  status = { ...quiet, state: 'failing', problem: { type: 'line-down' } }
  supervised.look()
  supervised.look()
  status = quiet
  supervised.look()
  supervised.look()
  await supervised.stop()
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { event: 'source-failed', problem: 'line-down', source: 'block-1' },
    { event: 'source-recovered', source: 'block-1' },
  ])
})
