import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@doorstep/core/testing'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { createMqttSource, type Heard, hashPassword } from '../src/index.ts'

const PATIENCE = { timeout: 60_000, interval: 20 }

const has = (command: string) => spawnSync(command, ['--help']).error === undefined
const there = has('mosquitto') && has('mosquitto_pub') && has('mosquitto_sub')
if (!there)
  process.stderr.write(
    'SKIPPED: Mosquitto as a real peer, for it is not here (apt-get install mosquitto mosquitto-clients)\n',
  )

const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const exitOf = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve))

describe.skipIf(!there)('Mosquitto', () => {
  it('as the broker: killed and started again, it is found again; what came while nobody listened is heard once', async () => {
    const port = await freePort()
    const file = join(folder, 'm.conf')
    writeFileSync(
      file,
      `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location ${folder}/\n`,
    )
    const start = () => spawn('mosquitto', ['-c', file], { stdio: 'ignore' })
    const say = (payload: string, ...more: string[]) =>
      spawnSync('mosquitto_pub', [
        '-p',
        String(port),
        '-q',
        '1',
        '-t',
        'zigbee2mqtt/0x00158d0000000001',
        '-m',
        payload,
        ...more,
      ])
    let mosquitto = start()
    const heard: Heard[] = []
    const open = () =>
      createMqttSource({
        name: 'm',
        listener: { url: `mqtt://127.0.0.1:${port}`, clientId: 'gw', maxBackoffMs: 200 },
      })
    const listen = () => {
      const source = open()
      const stop = new AbortController()
      const run = source.run(async (batch) => void heard.push(...batch), stop.signal)
      const end = () => {
        stop.abort()
        return run
      }
      return { source, end }
    }
    const first = listen()
    const connects = () => first.source.status().counts.connects
    await vi.waitUntil(() => connects() === 1, PATIENCE)
    await vi.waitUntil(() => {
      say('{"smoke":false}')
      return heard.length > 0
    }, PATIENCE)
    const gone = exitOf(mosquitto)
    mosquitto.kill('SIGKILL')
    await gone
    await vi.waitUntil(() => first.source.status().state === 'failing', PATIENCE)
    mosquitto = start()
    await vi.waitUntil(() => connects() === 2, PATIENCE)
    await vi.waitUntil(() => {
      say('{"smoke":true}')
      return heard.some(({ value }) => value === 1)
    }, PATIENCE)
    await first.end()
    const before = heard.length
    say('{"smoke":false,"battery":41}')
    say('{"water_leak":true}', '-r')
    const second = listen()
    await vi.waitUntil(() => heard.some(({ signal }) => signal === 'battery'), PATIENCE)
    await vi.waitUntil(() => heard.length >= before + 3, PATIENCE)
    expect(heard.slice(-3).map(({ signal, value }) => `${signal} ${value}`)).toEqual([
      'smoke 0',
      'battery 41',
      'water-leak 1',
    ])
    await second.end()
    mosquitto.kill()
  })

  it('its clients at our broker: who has the password is heard and may follow; nobody operates anything', async () => {
    const password = await hashPassword('right one')
    const source = createMqttSource({
      name: 'ours',
      broker: {
        host: '127.0.0.1',
        port: 0,
        clients: [{ name: 'b', password, mayPublish: ['zigbee2mqtt/#'] }],
      },
    })
    const heard: Heard[] = []
    const stop = new AbortController()
    const run = source.run(async (batch) => void heard.push(...batch), stop.signal)
    await vi.waitUntil(() => source.listening() !== null, PATIENCE)
    const login = (secret: string) => ['-p', String(source.listening()!.port), '-u', 'b', '-P', secret]
    const follower = spawn('mosquitto_sub', [...login('right one'), '-t', 'zigbee2mqtt/#', '-v', '-C', '1'])
    let told = ''
    follower.stdout.on('data', (bytes) => (told += bytes))
    const followed = exitOf(follower)
    const publish = (topic: string, qos: string, secret = 'right one') =>
      exitOf(
        spawn('mosquitto_pub', [...login(secret), '-q', qos, '-t', topic, '-m', '{"smoke":true}'], {
          stdio: 'ignore',
        }),
      )
    expect(await publish('zigbee2mqtt/0x00158d0000000001/set', '1')).not.toBe(0)
    expect(await publish('zigbee2mqtt/0x00158d0000000001', '1', 'wrong')).not.toBe(0)
    expect(await publish('homeassistant/x', '1')).not.toBe(0)
    for (const qos of ['0', '1', '2']) expect(await publish('zigbee2mqtt/0x00158d0000000001', qos)).toBe(0)
    await followed
    expect(told).toBe('zigbee2mqtt/0x00158d0000000001 {"smoke":true}\n')
    await vi.waitUntil(() => heard.length === 3, PATIENCE)
    expect(source.status().counts).toMatchObject({ operatingRefused: 1, publishRefused: 1, loginsRefused: 1 })
    stop.abort()
    await run
  })
})
