import { expectOk, ok, openRecordSet, recordVisit, type Station } from '@doorstep/core'
import { deliver, gridOf, TestCommunity } from '@doorstep/core/testing'
import { openSignalingServer } from '@doorstep/sync'
import { expect, test } from 'vitest'
import { Desk } from './desk.ts'
import { textOfLine } from './lines.ts'
import type { State } from './state.ts'
import { viewOf } from './view.ts'

const DEADLINE_MS = 60_000

async function until(what: string, met: () => boolean): Promise<void> {
  const end = Date.now() + DEADLINE_MS
  while (!met()) {
    if (Date.now() > end) throw new Error(`waited for ${what}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function openDesk(
  station: Station,
  peers: readonly string[],
  signalingUrls: readonly string[] = [],
): Desk & AsyncDisposable {
  const records = openRecordSet(station)
  const desk = new Desk({
    station,
    records,
    language: 'zh',
    size: { columns: 80, rows: 24 },
    sync: { listen: '127.0.0.1:0', peers, discover: false, signalingUrls },
    onQuit: () => undefined,
    lock: null,
  })
  desk.start()
  return Object.assign(desk, {
    [Symbol.asyncDispose]: async () => {
      await desk.close()
      records.close()
    },
  })
}

const addDoor = async (station: Station, room: string) =>
  expectOk(
    await station.write('record.import', (book) => {
      const space = gridOf(station)
      const building = expectOk(book.create('building', space, { set: { name: '1幢' } }))
      const dwelling = expectOk(book.create('dwelling', space, { set: { building, unit: '1', room } }))
      expectOk(book.create('household', space, { set: { dwelling, name: `测试住户 1-1-${room}` } }))
      return ok(undefined)
    }),
  )

async function visit(station: Station): Promise<void> {
  const [household] = [...station.records({ type: 'household' })]
  expectOk(await recordVisit(station, { household: household!.id, outcome: 'met' }))
}

const screenText = (state: State): string => viewOf(state).lines.map(textOfLine).join('\n')
const onSync = (desk: Desk): string => {
  if (desk.state.screens.length === 1) desk.dispatch({ type: 'command', command: 'sync' })
  return screenText(desk.state)
}

test('two workstations in reach of each other: news shows by itself, and who holds it is told truly', async () => {
  await using community = (await TestCommunity.create()).community
  const founder = community.stations[0]!
  const worker = await community.join(founder, '测试员乙')
  await deliver(founder, worker)
  await using first = openDesk(founder, [])
  await until('listening', () => first.sync!.listening() !== null)
  expect(screenText(first.state)).toMatch(/离线 {2}\d+ 条只在本机 · 还没遇到过别的站点/)
  await using second = openDesk(worker, [first.sync!.listening()!])
  await until('proved equal', () => screenText(first.state).includes('在线  都有第二份 · 与 '))

  await addDoor(founder, '101')
  await until('the new door there', () => screenText(second.state).includes('测试住户 1-1-101'))
  await until('held by both', () => screenText(first.state).includes('在线  都有第二份'))
  expect(onSync(first)).toMatch(/相同/)
  await visit(founder)
  await until('the visit held by both', () =>
    onSync(first).includes('在 2 台上:本机、测试员乙的笔记本,网关还没有'),
  )
  expect(onSync(first)).toMatch(/今天的探访 1 次,别的站点都有/)

  await second.sync!.close()
  await until('alone again', () => screenText(first.state).includes('离线  都有第二份 · 上次相遇'))
  await visit(founder)
  await until('one entry alone', () => screenText(first.state).includes('离线  1 条只在本机'))
  expect(onSync(first)).toMatch(/少 1 条/)
  expect(onSync(first)).toMatch(/我最后一次探访\(1-1-101,\d\d:\d\d\)只在本机/)
  expect(onSync(first)).toMatch(/今天的探访 2 次,其中 1 次只在本机/)
})

test('a bundle written on one workstation is read on the other; a path that is none is said so', async () => {
  await using community = (await TestCommunity.create()).community
  const founder = community.stations[0]!
  const worker = await community.join(founder, '测试员乙')
  await deliver(founder, worker)
  await addDoor(founder, '101')
  const path = `${community.folder}/away.bundle`
  await using first = openDesk(founder, [])
  await using second = openDesk(worker, [])
  const type = async (desk: Desk, kind: 'write-bundle' | 'read-bundle', text: string) => {
    onSync(desk)
    desk.dispatch({ type: 'command', command: kind })
    desk.dispatch({ type: 'text', text })
    desk.dispatch({ type: 'command', command: 'enter' })
    await desk.settled()
    return screenText(desk.state)
  }
  expect(await type(first, 'write-bundle', path)).toMatch(/✓ 已写好 .*away\.bundle:\d+ 条/)
  expect(await type(second, 'read-bundle', path)).toMatch(/✓ 读入:新收 2 条,已有 \d+ 条,扣下 0 条,拒收 0 条/)
  expect(await type(second, 'read-bundle', `${community.folder}/none`)).toMatch(/! 读不了文件/)
  second.dispatch({ type: 'command', command: 'back' })
  expect(screenText(second.state)).toContain('测试住户 1-1-101')
})

test('over the mesh: who is at which door shows on the others’ lists, and no longer when they leave it', async () => {
  await using community = (await TestCommunity.create()).community
  const founder = community.stations[0]!
  const worker = await community.join(founder, '测试员乙')
  await addDoor(founder, '101')
  await deliver(founder, worker)
  const signaling = expectOk(await openSignalingServer({ host: '127.0.0.1', port: 0 }))
  try {
    await using first = openDesk(founder, [], [signaling.url])
    await using second = openDesk(worker, [], [signaling.url])
    second.dispatch({ type: 'command', command: 'enter' })
    expect(second.state.screens.at(-1)?.type).toBe('door')
    await until('presence', () => screenText(first.state).includes('测试员乙 在门口'))
    second.dispatch({ type: 'command', command: 'back' })
    await until('gone again', () => !screenText(first.state).includes('在门口'))
  } finally {
    await signaling.close()
  }
})
