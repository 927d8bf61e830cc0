import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSimulatedSensor, type Heard, hashPassword, runSimulatedBridge } from '@doorstep/drivers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from './config.ts'
import { mqttSource } from './mqtt-source.ts'

const folder = mkdtempSync(join(tmpdir(), 'mqtt-source-'))
let password = ''
beforeAll(async () => {
  password = await hashPassword('a b c d')
  writeFileSync(join(folder, 'pw'), 'a b c d\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

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
    await until('it counts', () => first.status().counts.connections !== undefined)
    runs.push(second.run(async (batch) => void heard.other.push(...batch), stop.signal))
    await until('it is connected', () => second.status().counts.connects === 1)
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
      await until('both alarms are heard', () =>
        ['smoke', 'sos'].every((signal) => all.some((one) => one.signal === signal && one.value === 1)),
      )
    expect(first.status()).toMatchObject({ state: 'running', problem: null })
    expect(second.status()).toMatchObject({ state: 'running', counts: { refusedTopics: 2 } })
    end.abort()
    await bridge
    stop.abort()
    await Promise.all(runs)
  })
})
