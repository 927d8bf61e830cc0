import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@doorstep/core/testing'
import { createSimulatedSensor, type Heard, hashPassword, runSimulatedBridge } from '@doorstep/drivers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseConfig } from './config.ts'
import { mqttSource } from './mqtt-source.ts'

const PATIENCE = { timeout: 60_000, interval: 20 }

const folder = mkdtempSync(join(tmpdir(), 'mqtt-source-'))
let password = ''
beforeAll(async () => {
  password = await hashPassword('a b c d')
  writeFileSync(join(folder, 'pw'), 'a b c d\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

function brokers(...lines: string[]) {
  const file = `home: /h\nkeyFile: /k\nmqtt:\n${lines.map((one) => `  - {${one}}\n`).join('')}`
  const parsed = parseConfig(file, join(folder, 'gateway.yaml'))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem.faults))
  return parsed.value.mqtt
}

describe('a broker of the configuration', () => {
  it('our own and another that listens to it hear the same, with the logins and buttons that are configured', async () => {
    const port = await freePort()
    const buttons = "buttons: [{address: '0x00158d0010000001', presses: [single]}]"
    const [own, other, wrong] = brokers(
      `name: own, listen: '127.0.0.1:${port}', clients: [{user: b, password: ${password}, publish: [zb/#]}, {user: g, password: ${password}, follow: [zb/#]}], zigbee2mqtt: [zb], ${buttons}`,
      `name: other, url: 'mqtt://127.0.0.1:${port}', user: g, passwordFile: pw, zigbee2mqtt: [zb], ${buttons}`,
      `name: wrong, url: 'mqtt://127.0.0.1:${port}', user: g, passwordFile: none`,
    )
    const stop = new AbortController()
    const heard = { own: [] as Heard[], other: [] as Heard[] }
    const first = mqttSource(own!, '/h', () => null)
    const second = mqttSource(other!, '/h', () => null)
    const third = mqttSource(wrong!, '/h', () => null)
    await third.run(async () => {}, stop.signal)
    expect(third.status()).toMatchObject({ state: 'failing', problem: { type: 'file-unreadable' } })
    const runs = [first.run(async (batch) => void heard.own.push(...batch), stop.signal)]
    await vi.waitUntil(() => first.status().counts.connections !== undefined, PATIENCE)
    runs.push(second.run(async (batch) => void heard.other.push(...batch), stop.signal))
    await vi.waitUntil(() => second.status().counts.connects === 1, PATIENCE)
    const sensors = (['smoke', 'button'] as const).map((kind, index) =>
      createSimulatedSensor({ kind, name: kind, index, base: 'zb', behaviours: ['alarm'], afterMs: 1000 }),
    )
    const url = `mqtt://127.0.0.1:${port}`
    const end = new AbortController()
    const bridge = runSimulatedBridge(
      { url, username: 'b', password: 'a b c d', base: 'zb', sensors, speed: 20 },
      end.signal,
    )
    for (const all of [heard.own, heard.other])
      await vi.waitUntil(
        () => ['smoke', 'sos'].every((signal) => all.some((one) => one.signal === signal && one.value === 1)),
        PATIENCE,
      )
    expect(first.status()).toMatchObject({ state: 'running', problem: null })
    expect(second.status()).toMatchObject({ state: 'running', counts: { refusedTopics: 2 } })
    end.abort()
    await bridge
    stop.abort()
    await Promise.all(runs)
  })
})
