import { connect } from 'node:net'
import { freePort } from '@doorstep/core/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { parseConfig } from './config.ts'
import { DtuHub } from './dtu-hub.ts'
import { quietMetrics } from './gateway.test.data.ts'

const PATIENCE = { timeout: 60_000, interval: 20 }

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
test('lines that share a listener have each its own DTU; who was refused is counted and told to Prometheus', async () => {
  const port = await freePort()
  const yaml = (second: string) =>
    `home: h\nkeyFile: k\nlines:\n  - {name: a, dtu: '127.0.0.1:${port}', registration: DTU-1}\n  - {name: b, dtu: '127.0.0.1:${port}', registration: ${second}}\n`
  const linesOf = (text: string) => {
    const config = parseConfig(text, 'gateway.yaml')
    if (!config.ok) throw new Error(JSON.stringify(config.problem))
    return config.value.lines
  }
  const dial = async (said: string | Buffer) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.on('error', () => {})
    closing.push(() => socket.destroy())
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.write(said)
    return socket
  }
  const hub = new DtuHub()
  closing.push(() => hub.close())
  const lines = linesOf(yaml('DTU-2'))
  await hub.set(lines)
  const [a, b] = [lines[0]!, lines[1]!]
  expect(hub.counts(a)).toEqual({})
  const never = new AbortController().signal
  const opening = hub.open(b, never)
  // It listens from the first time that a line is wanted.
  await vi.waitUntil(() => 'dtuConnected' in hub.counts(a), PATIENCE)
  await dial('DTU-2\n')
  expect(await opening).toMatchObject({ ok: true })
  await dial(Buffer.alloc(600, 0x2e))
  await vi.waitUntil(() => hub.counts(a).dtuUnknown === 1, PATIENCE)
  expect([hub.counts(a).dtuConnected, hub.counts(b).dtuConnected]).toEqual([0, 1])
  const metrics = quietMetrics(() => [
    { name: 'b', up: true, lastHeardMs: null, restarts: 0, counts: hub.counts(b) },
  ])
  expect(await metrics.text()).toContain('doorstep_source_counts{source="b",what="dtuUnknown"} 1')

  // Another DTU behind b: whoever was there has to say again who it is.
  const changed = linesOf(yaml('DTU-3'))
  await hub.set(changed)
  const again = hub.open(changed[1]!, never)
  await vi.waitUntil(() => hub.counts(changed[1]!).dtuConnected === 0, PATIENCE)
  await dial('DTU-3\n')
  expect(await again).toMatchObject({ ok: true })
})
