import { expectOk } from '@doorstep/core'
import { TestCommunity } from '@doorstep/core/testing'
import { SyncNode } from '../src/node/sync-node.ts'
import { openProxy } from './cuts/proxy.ts'
import { type Resources, resources } from './resources.ts'

/** Meetings before anything is measured: what is made once is made by then. */
const WARM_UP = 10

/**
 * Meets so often: every other time somebody hangs up, else the cable is pulled in the middle. What both hold before
 * and after; the last sockets get the time that they take to close.
 */
export async function reconnect(times: number): Promise<{ before: Resources; after: Resources }> {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  const gateway = new SyncNode({ station: founder, name: 'gateway' })
  const caller = new SyncNode({ station: worker, name: 'caller' })
  const { port } = expectOk(await gateway.serve({ host: '127.0.0.1', port: 0 }))
  const proxy = await openProxy(port)
  const meet = async (n: number) => {
    // A cut may come before the handshake is over, or after.
    if (n % 4 === 3) proxy.cutNext(n % 8 === 3 ? 'up' : 'down', 100 + (n % 40) * 100)
    const session = await caller.dial(`127.0.0.1:${proxy.port}`)
    if (!session.ok) return
    const ended = new Promise<void>((resolve) => session.value.onClose(() => resolve()))
    if (n % 4 === 0)
      await until('equal', () => session.value.isEqual() || session.value.state().closed !== null)
    if (n % 2 === 0) session.value.close()
    else if (n % 4 === 1) proxy.cut()
    await ended
  }
  const atRest = async (before?: Resources) => {
    await until('nobody left', () => gateway.sessions().length + caller.sessions().length === 0)
    const isDown = () => !before || resources(founder).descriptors <= before.descriptors
    await until(
      'sockets closed',
      () => process.getActiveResourcesInfo().every((kind) => kind !== 'TCPSocketWrap') && isDown(),
    )
    return resources(founder)
  }
  try {
    for (let n = 0; n < WARM_UP; n++) await meet(n)
    const before = await atRest()
    for (let n = 0; n < times; n++) await meet(n)
    return { before, after: await atRest(before) }
  } finally {
    await proxy.close()
    await caller.close()
    await gateway.close()
  }
}

async function until(what: string, condition: () => boolean, withinMs = 120_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!condition()) {
    if (Date.now() > end)
      throw new Error(`waited ${withinMs} ms for: ${what}; ${process.getActiveResourcesInfo().join(' ')}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
