import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { TestCommunity } from '@doorstep/core/testing'
import { LineProcess } from '../line-process.ts'

const CHILD = fileURLToPath(new URL('./stations.ts', import.meta.url))

export type Evening = {
  readonly stations: number
  readonly entries: number
  /** From the first that came, until the gateway and all stations hold the same. */
  readonly seconds: number
  readonly gateway: {
    readonly cpuMs: number
    readonly heapBytes: number
    readonly rssBytes: number
    readonly descriptors: number
    readonly sessions: number
  }
}

/** One gateway, and so many stations in a few processes, that all come within `withinMs` and stay until all are equal. */
export async function evening(options: {
  stations: number
  processes: number
  withinMs: number
  seed: number
}): Promise<Evening> {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const homes: string[] = []
  for (let n = 0; n < options.stations; n++) {
    const station = await community.join(founder, `测试员${n}`)
    homes.push(station.home)
    await station.close()
  }
  await founder.close()
  const start = (...args: string[]) => new LineProcess(process.execPath, ['--expose-gc', CHILD, ...args])
  await using gateway = start('1', '', '0', founder.home)
  const { port } = await gateway.says('where it listens', (line) => line.say === 'open')
  const groups: LineProcess[] = []
  try {
    const size = Math.ceil(options.stations / options.processes)
    for (let n = 0; n < options.processes; n++) {
      const mine = homes.slice(n * size, (n + 1) * size)
      groups.push(start(String(options.seed + n), `127.0.0.1:${port}`, String(options.withinMs), ...mine))
    }
    await Promise.all(groups.map((group) => group.says('that all are open', (line) => line.say === 'open')))
    const began = performance.now()
    for (;;) {
      const reports = await Promise.all([gateway, ...groups].map((one) => one.ask('report', 'report')))
      const digests = reports.flatMap(({ digests }) => digests as string[])
      if (new Set(digests).size === 1 && digests.length === options.stations + 1) {
        const { cpuMs, heapBytes, rssBytes, descriptors, sessions } =
          reports[0] as unknown as Evening['gateway']
        return {
          stations: options.stations,
          entries: Number.parseInt(digests[0]!, 10),
          seconds: (performance.now() - began) / 1000,
          gateway: { cpuMs, heapBytes, rssBytes, descriptors, sessions },
        }
      }
      if (performance.now() - began > 1_800_000)
        throw new Error(`not equal after half an hour: ${digests.join('; ')}`)
      await pause(1000)
    }
  } finally {
    for (const group of groups) await group.end('SIGKILL')
  }
}
