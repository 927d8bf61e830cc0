import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type AlarmCard, expectOk, giveConsent, ok } from '@doorstep/core'
import { deliver, freePort, gridOf, TestCommunity, testSecret } from '@doorstep/core/testing'
import { createSimulatedSensor, hashPassword, runSimulatedBridge, type SensorKind } from '@doorstep/drivers'
import { expect, test } from 'vitest'
import { StationProcess } from './station-process.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const DEADLINE_MS = 180_000
const PASSWORD = 'a password of the bridge'

async function until<T>(what: string, look: () => Promise<T>, passes: (seen: T) => boolean): Promise<T> {
  const startedMs = Date.now()
  for (;;) {
    const seen = await look()
    if (passes(seen)) return seen
    if (Date.now() - startedMs > DEADLINE_MS) throw new Error(`waited for ${what}: ${JSON.stringify(seen)}`)
    await pause(100)
  }
}

/** The real daemon: `gateway run --config`, until it is killed. */
function runGateway(config: string) {
  const child = spawn(process.execPath, [MAIN, 'gateway', 'run', '--config', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
  return {
    said: () => said,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const closed = once(child, 'close')
      child.kill('SIGKILL')
      await closed
    },
  }
}

const KINDS = ['smoke', 'sos', 'gas'] as const satisfies readonly SensorKind[]
const DEVICE_KINDS = { smoke: 'smoke', sos: 'button', gas: 'gas-alarm' } as const
const sensorOf = (index: number, happens: boolean) =>
  createSimulatedSensor({
    ...{
      kind: KINDS[index]!,
      name: `sensor-${index}`,
      index,
      everyMs: 2000,
      afterMs: 1000,
      lastsMs: 3_600_000,
    },
    behaviours: happens ? ['alarm'] : [],
  })

test('sensors on a broker, the daemon with its rules, laptops: an alarm comes once, also over a kill, and what was done meanwhile is seen on all', async () => {
  const { community, founder } = await TestCommunity.create()
  const gateway = await community.join(founder, '网关', 'steward')
  const ann = await community.join(founder, '甲')
  const grid = gridOf(founder)
  const household = expectOk(
    await founder.write('record.import', (book) => {
      const building = expectOk(book.create('building', grid, { set: { name: '1幢' } }))
      const dwelling = expectOk(book.create('dwelling', grid, { set: { building, unit: '1', room: '101' } }))
      const home = expectOk(book.create('household', grid, { set: { dwelling, name: '测试住户' } }))
      KINDS.forEach((kind, at) => {
        const address = sensorOf(at, false).ieee
        const set = { dwelling, kind: DEVICE_KINDS[kind], protocol: 'mqtt', address }
        expectOk(book.create('device', grid, { set }))
      })
      return ok(home)
    }),
  ).value
  for (const kind of KINDS)
    expectOk(
      await giveConsent(founder, {
        ...{ subject: household, how: 'paper' },
        purpose: `monitor-${DEVICE_KINDS[kind]}`,
      }),
    )
  for (const other of [gateway, ann]) await deliver(founder, other)
  const [gatewayHome, chiefHome, annHome] = [gateway, founder, ann].map(({ home }) => home) as [
    string,
    string,
    string,
  ]
  for (const station of [gateway, founder, ann]) await station.close()
  const [listen, broker] = [await freePort(), await freePort()]
  const keyFile = join(community.folder, 'key')
  writeFileSync(keyFile, testSecret.bytes, { mode: 0o600 })
  const config = join(community.folder, 'gateway.yaml')
  writeFileSync(
    config,
    [
      `home: ${JSON.stringify(gatewayHome)}`,
      `keyFile: ${JSON.stringify(keyFile)}`,
      `listen: 127.0.0.1:${listen}`,
      'discover: false',
      'mqtt:',
      '  - name: sensors',
      `    listen: 127.0.0.1:${broker}`,
      '    clients:',
      '      - user: bridge',
      `        password: ${JSON.stringify(await hashPassword(PASSWORD))}`,
      '        publish: [zigbee2mqtt/#]',
      '',
    ].join('\n'),
    { mode: 0o600 },
  )
  let bridges = new AbortController()
  const running: Promise<unknown>[] = []
  const bridge = async (happening: readonly number[]) => {
    const sensors = KINDS.map((_, at) => sensorOf(at, happening.includes(at)))
    const login = { url: `mqtt://127.0.0.1:${broker}`, username: 'bridge', password: PASSWORD }
    await until(
      'the broker to take the bridge',
      () =>
        new Promise<boolean>((resolve) => {
          const begun = runSimulatedBridge(
            { ...login, sensors, onBegun: () => resolve(true) },
            bridges.signal,
          )
          running.push(begun.then(({ ok: isOver }) => resolve(isOver)))
        }),
      (begun) => begun,
    )
  }
  let daemon = runGateway(config)
  const started: StationProcess[] = []
  try {
    for (const home of [chiefHome, annHome])
      started.push((await StationProcess.start(home, 0, [`127.0.0.1:${listen}`])).process)
    const [chief, laptop] = started as [StationProcess, StationProcess]
    await bridge([0, 1])
    const rules = (seen: readonly AlarmCard[]) => seen.map(({ rule }) => rule.id).sort()
    for (const one of [chief, laptop])
      await until('smoke and a call for help', one.alarms, (seen) => rules(seen).join() === 'smoke,sos')
    await daemon.kill()
    const smoke = (await laptop.alarms()).find(({ rule }) => rule.id === 'smoke')!
    await laptop.ask({ do: 'answer', answer: { alarm: smoke.id, did: 'visited', verdict: 'true' } })

    daemon = runGateway(config)
    const answered = await until('the answer at the chief’s', chief.alarms, (seen) =>
      seen.some(({ id, verdict }) => id === smoke.id && verdict === 'true'),
    )
    expect(rules(answered)).toEqual(['smoke', 'sos'])
    // It goes on listening: what happens after the kill is an alarm like any other, and nothing comes twice.
    // The sensors come back on another bridge, the smoke gone.
    bridges.abort()
    bridges = new AbortController()
    await bridge([2])
    for (const one of [chief, laptop]) {
      const seen = await until('gas', one.alarms, (alarms) =>
        rules(alarms).some((id) => id.startsWith('gas')),
      )
      expect(rules(seen).filter((id) => id === 'smoke' || id === 'sos')).toEqual(['smoke', 'sos'])
    }
  } catch (error) {
    throw new Error(`${String(error)}\n${daemon.said()}`)
  } finally {
    bridges.abort()
    for (const one of started) await one.kill()
    await daemon.kill()
    await Promise.allSettled(running)
    await community.close()
  }
}, 900_000)
