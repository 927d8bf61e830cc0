import { writeSync } from 'node:fs'
import { argv } from 'node:process'
import { expectOk, openStation } from '@doorstep/core'
import { gridOf, testSecret } from '@doorstep/core/testing'
import { readBundle } from '../../src/bundle/read-bundle.ts'
import { SyncNode } from '../../src/node/sync-node.ts'
import { syncNow } from '../../src/node/sync-now.ts'

/**
 * A station that is at work when it is killed: it writes while it meets (`write ADDRESS`), takes in what it lacks
 * (`meet ADDRESS`), or reads a stick (`read FILE`). Says: open, made, done; each after the disk has it.
 */
const [, , home = '', mode = '', where = ''] = argv
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)
const station = expectOk(await openStation({ home, secret: testSecret }))
say({ say: 'open' })
if (mode === 'write') {
  new SyncNode({ station, name: 'writer' }).keepCalling(where)
  for (;;) {
    const made = await Promise.all(
      Array.from({ length: 4 }, (_, n) =>
        station.write('record.edit', (book) =>
          book.create('building', gridOf(station), { set: { name: `楼${n}`, street: '测试路' } }),
        ),
      ),
    )
    for (const one of made) say({ say: 'made', id: expectOk(one).value })
  }
}
if (mode === 'meet') {
  const { peers, attempts } = await syncNow(station, { name: 'taker', peers: [where], timeoutMs: 300_000 })
  const ended = peers[0]?.ended ?? attempts.tried[0]?.problem ?? null
  say({ say: 'done', equal: peers[0]?.equal === true, ended })
}
if (mode === 'read') {
  expectOk(await readBundle(station, where))
  say({ say: 'done', equal: true })
}
await station.close()
