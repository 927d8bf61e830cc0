import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { expectOk } from '../src/expect-ok.ts'
import { createBus, openTcpPort, readMeter } from '../src/index.ts'

const main = fileURLToPath(new URL('../src/simulate/main.ts', import.meta.url))
const start = (...args: string[]) =>
  spawn(process.execPath, ['--import', 'tsx', main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })

describe('simulated meters as a process', () => {
  it('says where it listens, is read like any meter, and ends when asked', async () => {
    const child = start(
      '--listen',
      '127.0.0.1:0',
      '--meter',
      '161:1234.56',
      '--meter',
      '000000000162:7',
      '--fault',
      'noise',
    )
    const exit = once(child, 'exit')
    try {
      const [line] = await Promise.race([
        once(child.stdout, 'data'),
        exit.then(() => {
          throw new Error(`it ended: ${child.stderr.read()}`)
        }),
      ])
      const told = JSON.parse(String(line))
      expect(told.meters).toMatchObject([
        { protocol: 'dlt645', address: '000000000161', value: 1234.56, unit: 'kWh' },
        { address: '000000000162', value: 7 },
      ])
      const bus = createBus(expectOk(await openTcpPort(told.listening)))
      const [reading] = expectOk(await readMeter(bus, '000000000162', ['00010000']))
      expect(reading?.value).toBeGreaterThanOrEqual(7)
      expect(reading?.value).toBeLessThan(7.1)
      await bus.close()
    } finally {
      child.kill('SIGTERM')
    }
    expect(await exit).toEqual([0, null])
  })

  it.each([
    [[]],
    [['--meter', 'x']],
    [['--meter', '1:1', '--fault', 'nonsense']],
    [['--nonsense']],
    [['--meter', '1:1', '--speed', '0']],
  ])('explains wrong use: %j', async (args) => {
    const child = start(...args)
    const said: string[] = []
    child.stderr.on('data', (chunk) => said.push(String(chunk)))
    const [code] = await once(child, 'close')
    expect(code).toBe(2)
    expect(JSON.parse(said.join('')).error.type).toBe('wrong-use')
  })
})
