import {
  alarmCard,
  answerAlarm,
  expectOk,
  listAlarms,
  openRecordSet,
  openStation,
  raiseFinding,
} from '@doorstep/core'
import { testSecret } from '@doorstep/core/testing'
import { readBundle, SyncNode } from '@doorstep/sync'
import { exportBundle } from '../src/station/write-bundle.ts'
import type { Asked, Told } from './station-process.ts'

/**
 * A station of its own process: listens, keeps calling its peers, and does what it is asked until it is killed. What it
 * answers is on its disk.
 */
const [, , home = '', port = '0', ...peers] = process.argv
const station = expectOk(await openStation({ home, secret: testSecret }))
const set = openRecordSet(station)
const node = new SyncNode({ station, name: home.slice(-6) })
const server = expectOk(await node.serve({ host: '127.0.0.1', port: Number(port) }))
for (const peer of peers) node.keepCalling(peer)

async function work(asked: Asked): Promise<unknown> {
  switch (asked.do) {
    case 'raise':
      return expectOk(await raiseFinding(station, asked.finding, asked.rule))
    case 'answer':
      return expectOk(await answerAlarm(station, asked.answer))
    case 'alarms':
      return listAlarms(set, { nowMs: 0 }).map(({ id }) => alarmCard(set, id, { nowMs: 0 })!)
    case 'cases':
      return [...set.ofType('case')].map(({ id, timelines }) => ({ id, steps: timelines.steps?.length ?? 0 }))
    case 'digests':
      return station.spaces().map(({ id }) => station.digest(id))
    case 'call':
      return node.keepCalling(asked.peer)
    case 'write-bundle':
      return expectOk(await exportBundle(station, asked.file))
    case 'read-bundle':
      return expectOk(await readBundle(station, asked.file))
  }
}

const tell = (told: Told): void => void process.send!(told)
process.on('message', (asked: Asked & { readonly n: number }) => {
  work(asked).then(
    (value) => tell({ n: asked.n, value }),
    (error: unknown) => tell({ n: asked.n, error: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
tell({ n: 0, value: server.port })
