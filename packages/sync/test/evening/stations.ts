import { writeSync } from 'node:fs'
import { argv, exit, stdin } from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { expectOk, openStation, type Station } from '@doorstep/core'
import { chanceFrom } from '@doorstep/core/fuzz'
import { gridOf, testSecret } from '@doorstep/core/testing'
import { SyncNode } from '../../src/node/sync-node.ts'
import { resources } from '../resources.ts'

/**
 * Several stations in one process, or the gateway when no address is given. Each writes its day, comes some time within
 * a minute and stays. Hears: report, close. Says: open (a gateway with its port), came, report.
 */
const [, , seed = '1', address = '', withinMs = '60000', ...homes] = argv
const chance = chanceFrom(Number(seed))
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)
const VISITS = 5
const stations: Station[] = []
for (const home of homes) stations.push(expectOk(await openStation({ home, secret: testSecret })))
const nodes = stations.map((station) => new SyncNode({ station, name: station.identity.station }))

if (address === '') say({ say: 'open', ...expectOk(await nodes[0]!.serve({ host: '127.0.0.1', port: 0 })) })
else {
  for (const station of stations)
    for (let n = 0; n < VISITS; n++)
      expectOk(
        await station.write('record.edit', (book) =>
          book.create('building', gridOf(station), { set: { name: `楼${n}` } }),
        ),
      )
  say({ say: 'open' })
  for (const node of nodes)
    void pause(chance.below(Number(withinMs))).then(() => {
      node.keepCalling(address)
      say({ say: 'came' })
    })
}

for await (const order of createInterface({ input: stdin })) {
  if (order !== 'report') break
  const cpu = process.cpuUsage()
  say({
    say: 'report',
    ...resources(),
    cpuMs: Math.round((cpu.user + cpu.system) / 1000),
    sessions: nodes.reduce((sum, node) => sum + node.sessions().length, 0),
    digests: stations.map((station) => {
      const { entries, digest } = station.digest(gridOf(station))
      return `${entries} ${digest}`
    }),
  })
}
for (const node of nodes) await node.close()
for (const station of stations) await station.close()
exit(0)
