import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { diagnose, expectOk, openStation, type Station } from '@doorstep/core'
import { gridOf, TestCommunity, testSecret, unpackable } from '@doorstep/core/testing'
import type { LineProcess } from '../line-process.ts'
import { type Machine, Network, runOn, type Shape, whyNoNetwork } from './network.ts'

/**
 * `pnpm net [NAME…]`: two `doorstep sync serve`, or one and a `sync now`, each in a network namespace, over links that
 * lose, delay, flap and part. All must end equal with everything that was acknowledged on either side.
 */
const CLI = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')
const RECORDS = 600
const LATE_WRITES = 6

type Drive = (network: Network, a: Machine, b: Machine, isDone: () => boolean) => Promise<void>
type Case = {
  readonly name: string
  readonly there: Shape
  readonly back?: Shape
  readonly drive?: Drive
  readonly withinS: number
  /** One `sync now` in place of a station that keeps calling. */
  readonly once?: boolean
  /** Nobody is told an address: they find each other by mDNS. */
  readonly isFound?: boolean
}

const flap =
  (shape: Shape, everyMs: number): Drive =>
  async (network, a, b, isDone) => {
    for (let down = true; !isDone(); down = !down) {
      network.both(a, b, { ...shape, down })
      await pause(everyMs)
    }
  }
const part =
  (afterMs: number, forMs: number): Drive =>
  async (network, a, b) => {
    await pause(afterMs)
    network.both(a, b, { down: true })
    await pause(forMs)
    network.both(a, b, {})
  }

const CASES: readonly Case[] = [
  { name: 'clean', there: { delayMs: 1 }, withinS: 60 },
  { name: 'loss 30 %', there: { loss: 0.3, delayMs: 10 }, withinS: 400 },
  { name: 'delay 2 s', there: { delayMs: 2000 }, withinS: 200 },
  { name: '20 kB/s', there: { bytesPerSecond: 20_000, delayMs: 20, queueBytes: 64_000 }, withinS: 200 },
  {
    name: '20 kB/s, deep queue',
    there: { bytesPerSecond: 20_000, delayMs: 20, queueBytes: 1_500_000 },
    withinS: 200,
  },
  { name: '4 kB/s', there: { bytesPerSecond: 4000, delayMs: 20, queueBytes: 64_000 }, withinS: 500 },
  {
    name: '20 kB/s, delay 2 s',
    there: { bytesPerSecond: 20_000, delayMs: 2000, queueBytes: 200_000 },
    withinS: 300,
  },
  {
    name: 'flapping every 5 s',
    there: { bytesPerSecond: 40_000, delayMs: 10 },
    drive: flap({ bytesPerSecond: 40_000, delayMs: 10 }, 5000),
    withinS: 300,
  },
  { name: 'parted for 30 s', there: { bytesPerSecond: 60_000 }, drive: part(3000, 30_000), withinS: 200 },
  {
    name: 'asymmetric route',
    there: { delayMs: 5 },
    back: { delayMs: 1500, bytesPerSecond: 8000, loss: 0.05 },
    withinS: 300,
  },
  {
    name: 'delay 1 s, loss 10 %, 20 kB/s',
    there: { delayMs: 1000, loss: 0.1, bytesPerSecond: 20_000 },
    withinS: 500,
  },
  { name: 'delay 2 s, loss 30 %', there: { delayMs: 2000, loss: 0.3 }, withinS: 900 },
  {
    name: 'sync now, 20 kB/s',
    there: { bytesPerSecond: 20_000, delayMs: 100, queueBytes: 64_000 },
    withinS: 200,
    once: true,
  },
  { name: 'sync now, delay 2 s', there: { delayMs: 2000 }, withinS: 200, once: true },
  { name: 'sync now, found by mDNS', there: { delayMs: 5 }, withinS: 100, once: true, isFound: true },
]

const why = whyNoNetwork()
if (why) {
  process.stdout.write(`SKIPPED: nothing was tried on bad networks, because ${why}\n`)
  process.exit(0)
}
const wanted = process.argv.slice(2)
const seed = Number(process.env.DOORSTEP_SEED ?? Math.floor(Date.now() / 1000))
process.stdout.write(`seed ${seed}\n`)
process.stdout.write(
  'what                            seconds   calls   kB there   kB back   times the clean bytes\n',
)
let cleanBytes = 0
let failed = false
for (const [n, one] of CASES.entries()) {
  if (wanted.length > 0 && !wanted.some((word) => one.name.includes(word))) continue
  try {
    const row = await run(one, n)
    if (n === 0) cleanBytes = row.there + row.back
    const times = cleanBytes > 0 ? ((row.there + row.back) / cleanBytes).toFixed(2) : ''
    process.stdout.write(
      `${one.name.padEnd(30)} ${row.seconds.toFixed(1).padStart(8)} ${String(row.calls).padStart(7)} ${(row.there / 1000).toFixed(0).padStart(10)} ${(row.back / 1000).toFixed(0).padStart(9)} ${times.padStart(8)}\n`,
    )
  } catch (error) {
    failed = true
    process.stdout.write(
      `${one.name.padEnd(30)} FAILED: ${error instanceof Error ? error.message : String(error)}\n`,
    )
  }
}
process.exit(failed ? 1 : 0)

async function run(one: Case, n: number) {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const keyFile = join(community.folder, 'key')
  writeFileSync(keyFile, testSecret.bytes)
  const worker = await community.join(founder, '测试员乙')
  const acknowledged = new Set<string>()
  await write(founder, RECORDS, acknowledged)
  await write(worker, RECORDS / 10, acknowledged)
  await founder.close()
  await worker.close()

  await using network = new Network(`door${process.pid}-${n}`, seed)
  const a = await network.add()
  const b = await network.add()
  network.shape(b, a, one.there)
  network.shape(a, b, one.back ?? one.there)
  const doorstep = (machine: Machine, home: string, ...words: string[]): LineProcess =>
    runOn(machine, process.execPath, [
      '--import',
      TSX,
      CLI,
      ...words,
      '--home',
      home,
      '--key-file',
      keyFile,
      '--json',
    ])
  await using serving = doorstep(a, founder.home, 'sync', 'serve', ...(one.isFound ? [] : ['--no-discover']))
  await serving.says('that it listens', (line) => line.port !== undefined || line.listening !== undefined)
  const began = performance.now()
  let done = false
  const driving = one.drive?.(network, a, b, () => done)
  const calling = one.once
    ? doorstep(
        b,
        worker.home,
        'sync',
        'now',
        ...(one.isFound ? [] : ['--peer', a.ip]),
        '--timeout',
        String(one.withinS),
      )
    : doorstep(b, worker.home, 'sync', 'serve', '--no-discover', '--peer', a.ip)
  await using __ = calling
  try {
    if (one.once) {
      const said = await calling.says(
        'how it met',
        (line) => Array.isArray(line.peers),
        0,
        one.withinS * 1000,
      )
      if (!(said.peers as { equal: boolean }[])[0]?.equal)
        throw new Error(`not equal: ${JSON.stringify(said)}`)
    } else await untilEqual(founder.home, worker.home, acknowledged, one.withinS)
  } finally {
    done = true
    await driving
  }
  const seconds = (performance.now() - began) / 1000
  const [there, back] = [await network.stats(b, a), await network.stats(a, b)]
  await calling.end('SIGKILL')
  await serving.end('SIGKILL')
  for (const home of [founder.home, worker.home]) {
    const station = await open(home)
    const lost = [...acknowledged].filter((id) => station.get(id) === null)
    const wrong = diagnose(station).checks.filter(({ ok }) => !ok)
    await station.close()
    if (lost.length > 0) throw new Error(`${lost.length} acknowledged records are gone`)
    if (wrong.length > 0) throw new Error(`doctor: ${JSON.stringify(wrong)}`)
  }
  return { seconds, calls: there.calls + back.calls, there: there.bytes, back: back.bytes }
}

/** Two more processes work in the same homes meanwhile, as people do; what they write has to arrive too. */
async function untilEqual(
  homeA: string,
  homeB: string,
  acknowledged: Set<string>,
  withinS: number,
): Promise<void> {
  const [a, b] = [await open(homeA), await open(homeB)]
  try {
    const ends = Date.now() + withinS * 1000
    for (let late = 0; ; late++) {
      if (late < LATE_WRITES) await write(late % 2 ? a : b, 1, acknowledged)
      await pause(late < LATE_WRITES ? 1000 : 100)
      const [x, y] = [a.digest(gridOf(a)), b.digest(gridOf(b))]
      if (late >= LATE_WRITES && x.digest === y.digest && x.recordsDigest === y.recordsDigest) return
      if (Date.now() > ends)
        throw new Error(`not equal after ${withinS} s: ${x.entries} and ${y.entries} entries`)
    }
  } finally {
    await a.close()
    await b.close()
  }
}

async function open(home: string): Promise<Station> {
  return expectOk(await openStation({ home, secret: testSecret }))
}

async function write(station: Station, records: number, acknowledged: Set<string>): Promise<void> {
  for (let left = records; left > 0; left -= 10) {
    const { value } = expectOk(
      await station.write('record.import', (book) => {
        const ids: string[] = []
        for (let n = 0; n < Math.min(10, left); n++) {
          const made = book.create('building', gridOf(station), {
            set: { name: `楼${left}-${n}`, street: unpackable(114) },
          })
          if (!made.ok) return made
          ids.push(made.value)
        }
        return { ok: true, value: ids }
      }),
    )
    for (const id of value) acknowledged.add(id)
  }
}
