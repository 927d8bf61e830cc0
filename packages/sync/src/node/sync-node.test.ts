import { createInvite, expectOk, joinWithInvite, pendingJoin, type Station } from '@doorstep/core'
import { gridOf, TestCommunity, testSecret } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { until } from '../session/meet.fixture.ts'
import { SyncNode } from './sync-node.ts'
import { syncNow } from './sync-now.ts'

const LOOPBACK = { host: '127.0.0.1', port: 0 }

test('sync now over TLS: what each lacked arrives, and equal is said after comparing digests', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  expectOk(await add(founder, '甲楼'))
  expectOk(await add(worker, '乙楼'))
  await using served = await serve(founder)
  const report = await syncNow(worker, { name: '乙', peers: [served.address], timeoutMs: 10_000 })
  expect(report.attempts.tried).toEqual([
    {
      address: served.address,
      how: 'typed',
      station: founder.identity.station,
      problem: null,
      code: '',
    },
  ])
  expect(report.peers).toMatchObject([
    { station: founder.identity.station, name: '甲', via: 'lan', sent: 1, equal: true },
  ])
  expect(worker.digest(gridOf(worker))).toEqual(founder.digest(gridOf(founder)))
  expect(worker.addresses().map(({ station }) => station)).toEqual([founder.identity.station])
})

test('nobody there: the report says what was tried, and equal is never said', async () => {
  await using setup = await open()
  const report = await syncNow(setup.worker, { name: '乙', peers: ['127.0.0.1:1'], timeoutMs: 2000 })
  expect(report).toMatchObject({
    peers: [],
    removed: false,
    attempts: {
      multicast: { state: 'not-asked' },
      tried: [
        { address: '127.0.0.1:1', how: 'typed', station: null, problem: 'unreachable', code: 'ECONNREFUSED' },
      ],
    },
  })
})

test('a station does not meet itself', async () => {
  await using setup = await open()
  await using served = await serve(setup.founder)
  expect(await served.node.dial(served.address)).toMatchObject({
    ok: false,
    problem: { type: 'own-address' },
  })
  expect(served.node.sessions().filter(({ peer }) => peer === setup.founder.identity.station)).toHaveLength(0)
})

test('two that call each other at once keep one session each, the same one', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  await using a = await serve(founder)
  await using b = await serve(worker)
  await Promise.all([a.node.dial(b.address), b.node.dial(a.address)])
  await until(
    () =>
      a.node.states().every(({ equal }) => equal) &&
      b.node.states().every(({ equal }) => equal) &&
      a.node.sessions().length === 1,
    'one equal session',
  )
  expect([a.node.sessions().length, b.node.sessions().length]).toEqual([1, 1])
})

test('a newcomer joins at once when the inviter is on the LAN', async () => {
  await using setup = await open()
  const { community, founder } = setup
  expectOk(await add(founder, '老楼'))
  await using served = await serve(founder)
  const invite = expectOk(createInvite(founder, { role: 'worker', name: '测试员丙', grids: ['一号网格'] }))
  const { station } = expectOk(
    joinWithInvite(community.newHome(), testSecret, invite, { stationName: '丙的笔记本' }),
  )
  community.stations.push(station)
  const answers: (string | null)[] = []
  const node = new SyncNode({
    station,
    name: '丙',
    trustKey: new Uint8Array(Buffer.from(invite.inviter.key, 'base64')),
    onGranted: (problem) => answers.push(problem),
  })
  const session = expectOk(await node.dial(served.address))
  session.requestJoin(JSON.stringify(pendingJoin(station)!.request))
  await until(() => session.isEqual(), 'joined and equal')
  expect(answers).toEqual([null])
  expect(station.member()?.role).toBe('worker')
  expect([...station.records({ type: 'building' })].map((record) => record.fields.name)).toEqual(['老楼'])
  await node.close()
})

test('after the other end dies and comes back, calling goes on by itself', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  const first = await serve(founder)
  const port = first.node.listening!.port
  await using caller = new SyncNodeHandle(worker)
  caller.node.keepCalling(`127.0.0.1:${port}`)
  await until(() => caller.node.states().some(({ equal }) => equal), 'met')
  await first.node.close()
  await until(() => caller.node.sessions().length === 0, 'lost')
  const again = new SyncNode({ station: founder, name: '甲' })
  expectOk(await again.serve({ host: '127.0.0.1', port }))
  await until(() => caller.node.states().some(({ equal }) => equal), 'met again')
  await again.close()
})

const add = (station: Station, name: string) =>
  station.write('record.edit', (book) => book.create('building', gridOf(station), { set: { name } }))

class SyncNodeHandle {
  readonly node: SyncNode
  address = ''
  constructor(station: Station) {
    this.node = new SyncNode({ station, name: '甲' })
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.node.close()
  }
}

async function serve(station: Station): Promise<SyncNodeHandle> {
  const handle = new SyncNodeHandle(station)
  const { port } = expectOk(await handle.node.serve(LOOPBACK))
  handle.address = `127.0.0.1:${port}`
  return handle
}

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  return { community, founder, worker, [Symbol.asyncDispose]: () => community.close() }
}
