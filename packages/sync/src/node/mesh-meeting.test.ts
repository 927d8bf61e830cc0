import { expectOk, type Station } from '@doorstep/core'
import { gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { openSignalingServer, type SeenPresence } from '../mesh/index.ts'
import { until } from '../session/meet.fixture.ts'
import { SyncNode } from './sync-node.ts'

test('two stations meet over the y-webrtc mesh, end equal, and see at which door the other stands; a LAN takes over, the mesh stands by, and goes on when the LAN dies', async () => {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const signaling = expectOk(await openSignalingServer({ host: '127.0.0.1', port: 0 }))
  const nodes = [founder, worker].map((station) => new SyncNode({ station, name: station.identity.station }))
  try {
    expectOk(await add(founder, '甲楼'))
    expectOk(await add(worker, '乙楼'))
    const [a, b] = nodes.map((node, n) => expectOk(node.joinMesh([signaling.url], { station: `站点${n}` }))!)
    let seen: readonly SeenPresence[] = []
    a!.onPresence((list) => {
      seen = list
    })
    b!.setPresence({ station: '站点1', door: '1-2-301', since: 1 })
    await until(
      () => nodes.every((node) => node.states().some(({ equal, via }) => equal && via === 'mesh')),
      'both equal over the mesh',
    )
    await until(() => seen.some(({ state }) => state.door === '1-2-301'), 'presence')
    expect(worker.digest(gridOf(worker))).toEqual(founder.digest(gridOf(founder)))
    expect([...worker.records({ type: 'building' })]).toHaveLength(2)
    const isAll = (via: string) =>
      nodes.every((node) => node.states().some((one) => one.equal && one.via === via))
    const server = expectOk(await nodes[0]!.serve({ host: '127.0.0.1', port: 0 }))
    expectOk(await nodes[1]!.dial(`127.0.0.1:${server.port}`))
    await until(() => isAll('lan'), 'both equal over the LAN')
    await until(() => nodes.every((node) => node.standingBy().length === 1), 'the mesh on standby at both')
    await server.close()
    expectOk(await add(worker, '丙楼'))
    await until(
      () => [...founder.records({ type: 'building' })].length === 3 && isAll('mesh'),
      'on over the mesh',
    )
    expect([a, b].map((mesh) => mesh!.status().crashes)).toEqual([0, 0])
  } finally {
    await Promise.all(nodes.map((node) => node.close()))
    await signaling.close()
    await community.close()
  }
})

test('a second process of one home stays out of the mesh while the first is in it', async () => {
  const { community, founder } = await TestCommunity.create()
  try {
    expect(founder.holdLease('mesh')).toBe(true)
    expect(founder.holdLease('mesh')).toBe(true)
    founder.trunk.store.putSetting(
      'lease/mesh',
      Buffer.from(JSON.stringify({ pid: process.ppid, until: Date.now() + 60_000 })),
    )
    expect(founder.holdLease('mesh')).toBe(false)
    founder.trunk.store.putSetting(
      'lease/mesh',
      Buffer.from(JSON.stringify({ pid: process.ppid, until: Date.now() - 1 })),
    )
    expect(founder.holdLease('mesh')).toBe(true)
  } finally {
    await community.close()
  }
})

const add = (station: Station, name: string) =>
  station.write('record.edit', (book) => book.create('building', gridOf(station), { set: { name } }))
