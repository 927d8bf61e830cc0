import { writeSync } from 'node:fs'
import { argv, exit, stdin } from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { diagnose, expectOk, openStation } from '@doorstep/core'
import { chanceFrom } from '@doorstep/core/fuzz'
import { gridOf, testSecret } from '@doorstep/core/testing'
import { SyncNode } from '../../src/node/sync-node.ts'
import { resources } from '../resources.ts'

/**
 * A station that works on and on: it writes, meets, hangs up, goes away and comes back, until it is told to settle.
 * Hears: report, settle, close. Says: open, made, report, settled, closed.
 */
const [, , home = '', port = '0', seed = '1', peers = '', writes = 'yes'] = argv
const station = expectOk(await openStation({ home, secret: testSecret }))
const chance = chanceFrom(Number(seed))
const say = (line: object): void => {
  writeSync(1, `${JSON.stringify(line)}\n`)
}
let node: SyncNode | null = null
let met = 0
let isSettling = false

async function come(): Promise<void> {
  node = new SyncNode({ station, name: `s${port}` })
  expectOk(await node.serve({ host: '127.0.0.1', port: Number(port) }))
  for (const peer of peers.split(',').filter(Boolean)) node.keepCalling(`127.0.0.1:${peer}`)
  met++
}
async function go(): Promise<void> {
  const gone = node
  node = null
  await gone?.close()
}
async function write(): Promise<void> {
  if (writes !== 'yes') return
  const made = await station.write('record.edit', (book) =>
    book.create('building', gridOf(station), { set: { name: `楼${seed}`, street: '测试路' } }),
  )
  say(made.ok ? { say: 'made', id: made.value.value } : { say: 'failed', problem: made.problem })
}

async function work(): Promise<void> {
  await come()
  while (!isSettling) {
    await pause(1000 + chance.below(3000))
    const what = chance.below(10)
    if (isSettling) return
    if (what < 5) await write()
    else if (what < 7) node?.sessions()[chance.below(10)]?.close()
    else if (what === 7) {
      await go()
      await pause(chance.below(5000))
      await come()
    }
  }
}

const spaces = () => [station.identity.community, ...station.holdings()]
const digests = () => spaces().map((space) => station.digest(space))
const orders: Record<string, () => Promise<void> | void> = {
  report: () =>
    say({
      say: 'report',
      ...resources(station),
      sessions: node?.sessions().length ?? 0,
      entries: digests().reduce((sum, { entries }) => sum + entries, 0),
      digest: digests()
        .map(({ digest }) => digest)
        .join(' '),
      met,
    }),
  settle: async () => {
    isSettling = true
    await working
    say({ say: 'settled' })
  },
  close: async () => {
    await go()
    say({ say: 'closed', checks: diagnose(station).checks.filter(({ ok }) => !ok) })
    await station.close()
    exit(0)
  },
}
say({ say: 'open' })
const working = work()
for await (const order of createInterface({ input: stdin })) await orders[order]?.()
await go()
await station.close()
exit(0)
