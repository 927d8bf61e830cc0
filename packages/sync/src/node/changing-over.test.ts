import { expectOk, type Station } from '@doorstep/core'
import { gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { createWirePair, type WirePair } from '../memory-wire.ts'
import { HandClock } from '../session/hand-clock.fixture.ts'
import type { Wire } from '../wire.ts'
import { SyncNode } from './sync-node.ts'

const STEP_MS = 100

test('S13 of a LAN and a mesh one is used; the other takes over within 5 s of a manual clock, cut at any frame, and nothing is lost', async () => {
  await using setup = await open()
  const { founder, worker, connect, pass, wait, via } = setup
  let [lan, mesh] = [connect('lan'), connect('mesh')]
  await pass(() => setup.areEqual(), 'equal over the LAN', 5000)
  expect([via(), lan.isOpen(), mesh.isOpen()]).toEqual(['lan', true, true])
  // The mesh stays open, and says nothing but that it lives.
  await wait(10_000)
  expect([via(), mesh.isOpen()]).toEqual(['lan', true])
  let n = 0
  for (const frames of [0, 1, 2, 3, 5, 8, 13]) {
    lan.pair.hold()
    expectOk(await building(founder, `甲${n}`))
    expectOk(await building(worker, `乙${n++}`))
    await wait(200)
    for (let frame = 0; frame < frames; frame++) {
      lan.pair.step('ab')
      lan.pair.step('ba')
      await turns()
    }
    lan.pair.cut()
    const took = await pass(
      () => via() === 'mesh' && setup.areEqual(),
      `equal over the mesh, ${frames}`,
      5000,
    )
    expect(took).toBeLessThanOrEqual(5000)
    expect([...worker.records({ type: 'building' })]).toHaveLength(2 * n)
    // The LAN comes back, is used again, and the mesh is kept.
    lan = connect('lan')
    await pass(() => via() === 'lan' && setup.areEqual() && mesh.isOpen(), 'back on the LAN', 5000)
    await wait(2000)
  }
  // A cable that is pulled says nothing: heard on the mesh and not on the LAN, it is given up.
  lan.pair.hold()
  expectOk(await building(founder, '无声'))
  const silent = await pass(() => via() === 'mesh' && setup.areEqual(), 'equal without the silent LAN', 6000)
  expect(silent).toBeLessThanOrEqual(5000)
  // Without a second wire, silence ends the meeting in under 8 s.
  await wait(2000)
  mesh.pair.hold()
  const noticed = await pass(() => setup.nodes.every((node) => node.sessions().length === 0), 'noticed', 9000)
  expect(noticed).toBeLessThan(8000)
  mesh = connect('mesh')
  await pass(() => setup.areEqual(), 'equal again', 2000)
  expect(mesh.isOpen()).toBe(true)
})

test('S13 whichever wire comes first, and in whatever order the two ends see them, both end with one and the other on standby', async () => {
  for (const order of ['lan first', 'mesh first', 'crossed', 'crossed the other way'] as const) {
    await using setup = await open()
    const { connect, pass, wait, via } = setup
    expectOk(await building(setup.founder, order))
    const first = order === 'mesh first' ? 'mesh' : 'lan'
    const wires =
      order === 'crossed' || order === 'crossed the other way'
        ? setup.connectCrossed(order === 'crossed')
        : [connect(first), connect(first === 'lan' ? 'mesh' : 'lan')]
    await pass(() => via() === 'lan' && setup.areEqual(), `${order}: equal`, 5000)
    await wait(4000)
    expect([order, via(), ...wires.map(({ isOpen }) => isOpen())]).toEqual([order, 'lan', true, true])
    wires.find(({ wire }) => wire === 'lan')!.pair.cut()
    expectOk(await building(setup.worker, '之后'))
    const isThere = () => [...setup.founder.records({ type: 'building' })].length === 2
    await pass(() => via() === 'mesh' && isThere() && setup.areEqual(), `${order}: taken over`, 5000)
  }
})

test('S13 a peer that takes its leave takes it from the wire on standby too', async () => {
  await using setup = await open()
  const [lan, mesh] = [setup.connect('lan'), setup.connect('mesh')]
  await setup.pass(() => setup.areEqual(), 'equal', 5000)
  await setup.nodes[0]!.close()
  await setup.pass(() => !lan.isOpen() && !mesh.isOpen(), 'both closed', 3000)
  expect(setup.nodes[1]!.sessions()).toEqual([])
})

const building = (station: Station, name: string) =>
  station.write('record.edit', (book) => book.create('building', gridOf(station), { set: { name } }))

/** `stations`: the disk's time does not count by a clock that is moved by hand. */
async function turns(stations: readonly Station[] = []): Promise<void> {
  for (let turn = 0; turn < 4; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    for (const station of stations) await station.onDisk()
  }
}

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const stations = [founder, worker] as const
  const clock = new HandClock()
  const nodes = stations.map((station) => new SyncNode({ station, name: '试', clock }))
  const [a, b] = nodes as [SyncNode, SyncNode]
  const watch = (wire: Wire['via'], pair: WirePair) => {
    let open = true
    pair.a.onClose(() => {
      open = false
    })
    return { wire, pair, isOpen: () => open }
  }
  const pairOf = (via: Wire['via']) =>
    createWirePair({ keyA: founder.identity.key, keyB: worker.identity.key, via })
  const initiators = (via: Wire['via']) =>
    via === 'mesh' ? (['both', 'both'] as const) : (['me', 'them'] as const)
  const connect = (via: Wire['via']) => {
    const pair = pairOf(via)
    const [atA, atB] = initiators(via)
    a.adopt(pair.a, atA)
    b.adopt(pair.b, atB)
    return watch(via, pair)
  }
  /** Each end sees another one of the two wires first. */
  const connectCrossed = (lanFirstAtA: boolean) => {
    const [lan, mesh] = [pairOf('lan'), pairOf('mesh')]
    const atA = () => a.adopt(lan.a, 'me')
    const atB = () => b.adopt(lan.b, 'them')
    if (lanFirstAtA) atA()
    else atB()
    a.adopt(mesh.a, 'both')
    b.adopt(mesh.b, 'both')
    if (lanFirstAtA) atB()
    else atA()
    return [watch('lan', lan), watch('mesh', mesh)]
  }
  /** Moves the clock until the condition holds; how many milliseconds that took. */
  const pass = async (condition: () => boolean, what: string, withinMs: number): Promise<number> => {
    for (let ms = 0; ms <= withinMs; ms += STEP_MS) {
      await turns(stations)
      if (condition()) return ms
      clock.advance(STEP_MS)
    }
    throw new Error(`waited ${withinMs} ms of the manual clock for: ${what}`)
  }
  const wait = async (ms: number): Promise<void> => {
    for (let past = 0; past < ms; past += STEP_MS) {
      await turns(stations)
      clock.advance(STEP_MS)
    }
  }
  const states = () => nodes.flatMap((node) => node.states())
  return {
    founder,
    worker,
    nodes,
    connect,
    connectCrossed,
    pass,
    wait,
    areEqual: () => states().length === 2 && states().every(({ equal }) => equal),
    via: () => [...new Set(states().map((state) => state.via))].join(),
    async [Symbol.asyncDispose]() {
      await Promise.all(nodes.map((node) => node.close()))
      await community.close()
    },
  }
}
