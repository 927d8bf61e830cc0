import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectOk, withdrawConsent } from '@doorstep/core'
import { deliver } from '@doorstep/core/testing'
import { createSimulatedMeter, serveSimulatedMeters } from '@doorstep/drivers'
import { expect, test, vi } from 'vitest'
import { type GatewayConfig, parseConfig } from './config.ts'
import { Gateway } from './daemon.ts'
import { METER, memoryLog, neighbourhood, PERSONAL } from './gateway.test.data.ts'
import { openLog } from './log.ts'
import { watchConfig } from './watch-config.ts'

const PATIENCE = { timeout: 60_000, interval: 20 }

test('a gateway reads, keeps, answers, takes a new configuration in, refuses a faulty one, and stops; nothing of a home in its log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-gateway-'))
  const file = join(folder, 'gateway.yaml')
  const home = await neighbourhood()
  const meter = createSimulatedMeter({ address: METER, startKilowattHours: 100 })
  const line = expectOk(await serveSimulatedMeters({ host: '127.0.0.1', port: 0, meters: [meter] }))
  const text = (more: string, page = '127.0.0.1:0') =>
    `statusPage: ${page}\nhome: ${home.gateway.home}\nkeyFile: key\nlanguage: zh\nlisten: 127.0.0.1:0\ndiscover: false\nmetrics: 127.0.0.1:0\nlog: {level: debug}\nlines:\n  - {name: block-1, at: '127.0.0.1:${line.port}', every: 10s}\n${more}`
  const read = (more = ''): GatewayConfig => expectOk(parseConfig(text(more), file))
  const { lines, out } = memoryLog()
  const log = openLog({ level: 'debug', form: 'json', language: 'zh', out })
  const gateway = expectOk(
    await Gateway.open({ station: home.gateway, config: read(), log, version: '0.0.0' }),
  )
  const ask = async (at: { port: number } | null, path: string) =>
    (await fetch(`http://127.0.0.1:${at!.port}${path}`)).text()
  const { health, page } = gateway.listening
  await vi.waitUntil(async () => (await ask(health, '/metrics')).includes('became="kept"'), PATIENCE)
  expect(await ask(health, '/healthz')).toBe('ok\n')
  expect(await ask(health, '/readyz')).toBe('ready\n')
  // Facts are counted every few seconds.
  await vi.waitUntil(async () => (await ask(page, '/status.json')).includes('"online": 1'), PATIENCE)
  const html = await ask(page, '/?lang=zh')
  expect(html).toContain('一号网格')
  expect(html).not.toContain('<script')
  expect(JSON.parse(await ask(page, '/status.json'))).toMatchObject({
    devices: { online: 1, silent: 0, never: 0, 'no-consent': 0 },
    sources: [{ name: 'block-1', state: 'running' }],
  })
  expect((await fetch(`http://127.0.0.1:${page!.port}/`, { method: 'POST' })).status).toBe(405)

  // Another line that nobody answers on, by a change of the file; the first is not touched.
  writeFileSync(file, text(''))
  const watcher = watchConfig(file, log, (next) => gateway.apply(next))
  const events = () => lines.map((one) => JSON.parse(one) as Record<string, unknown>)
  const dead = "  - {name: dead-line, at: '127.0.0.1:1', every: 10s}\n"
  // Of the addresses that nobody has (RFC 5737).
  writeFileSync(file, text(dead, '192.0.2.1:0'))
  process.emit('SIGHUP')
  await vi.waitUntil(() => events().some(({ event }) => event === 'config-changed'), PATIENCE)
  expect(
    events().filter(({ event, source }) => event === 'source-started' && source === 'block-1'),
  ).toHaveLength(1)
  expect(events().some(({ event, source }) => event === 'source-started' && source === 'dead-line')).toBe(
    true,
  )
  expect(await ask(health, '/readyz')).toBe('status-page\n')
  writeFileSync(file, text('lisen: nowhere\n'))
  process.emit('SIGHUP')
  await vi.waitUntil(() => events().some(({ event }) => event === 'config-bad'), PATIENCE)
  expect(events().find(({ event }) => event === 'config-bad')).toMatchObject({
    path: 'lisen',
    rule: 'unknown-key',
    line: 11,
  })
  expect(events().some(({ event, source }) => event === 'source-stopped' && source === 'block-1')).toBe(false)
  watcher.stop()

  // Taken back: not one value more, from the moment it is heard of.
  expectOk(await withdrawConsent(home.founder, { consent: home.consent, reason: '不要了' }))
  await deliver(home.founder, home.gateway)
  await vi.waitUntil(
    async () => (await ask(health, '/metrics')).includes('doorstep_devices{state="no-consent"} 1'),
    PATIENCE,
  )
  await gateway.close()
  const written = `${lines.join('\n')}\n${html}\n`
  for (const secret of PERSONAL) expect(written).not.toContain(secret)
  expect(events().at(-1)).toMatchObject({ event: 'source-stopped' })
  await line.close()
  await home.close()
  rmSync(folder, { recursive: true, force: true })
})
