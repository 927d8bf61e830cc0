import { expectOk, ok, openRecordSet, openSweep, type Station } from '@doorstep/core'
import { deliver, gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { Desk } from './desk.ts'
import { textOfLine } from './lines.ts'
import type { State } from './state.ts'
import { viewOf } from './view.ts'

const screenText = (state: State): string => viewOf(state).lines.map(textOfLine).join('\n')

function openDesk(station: Station): Desk & AsyncDisposable {
  const records = openRecordSet(station)
  const size = { columns: 80, rows: 24 }
  const desk = new Desk({
    ...{ station, records, language: 'zh', size, sync: null, lock: null },
    onQuit: () => undefined,
  })
  return Object.assign(desk, {
    [Symbol.asyncDispose]: async () => {
      await desk.close()
      records.close()
    },
  })
}

const addDoors = async (station: Station, rooms: readonly string[]) =>
  expectOk(
    await station.write('record.import', (book) => {
      const space = gridOf(station)
      const building = expectOk(book.create('building', space, { set: { name: '1幢' } }))
      for (const room of rooms) {
        const dwelling = expectOk(book.create('dwelling', space, { set: { building, unit: '1', room } }))
        expectOk(book.create('household', space, { set: { dwelling, name: `住户${room}` } }))
      }
      return ok(undefined)
    }),
  )

async function twoDesks(sweep: boolean) {
  const { community, founder } = await TestCommunity.create()
  await addDoors(founder, ['101', '102', '103'])
  if (sweep) expectOk(await openSweep(founder, { name: '冬季敲门行动', grids: [gridOf(founder)] }))
  const worker = await community.join(founder, '测试员乙')
  await deliver(founder, worker)
  await deliver(worker, founder)
  const press = async (desk: Desk, ...commands: Parameters<typeof pressOne>[1][]) => {
    for (const command of commands) await pressOne(desk, command)
    return screenText(desk.state)
  }
  return { community, founder, worker, press, [Symbol.asyncDispose]: () => community.close() }
}
async function pressOne(
  desk: Desk,
  command: 'claim' | 'claim-stair' | 'down' | 'enter' | 'back' | 'sweeps' | 'absent' | 'met' | 'scope',
): Promise<void> {
  desk.dispatch({ type: 'command', command })
  await desk.settled()
}

test('one key claims the door that is selected, and gives it up again', async () => {
  await using setup = await twoDesks(false)
  await using desk = openDesk(setup.founder)
  const claimed = await setup.press(desk, 'claim')
  expect(claimed).toMatch(/› 101 +住户101 +我认领/)
  expect(claimed).toMatch(/✓ 已认领 1-1-101,到 /)
  expect(claimed).toMatch(/l 让出/)
  expect(await setup.press(desk, 'claim')).not.toContain('我认领')
  const stair = await setup.press(desk, 'claim-stair')
  expect(stair.match(/我认领/g)).toHaveLength(3)
  // Out of the stair one door is given up, and the rest stays.
  const without = await setup.press(desk, 'claim')
  expect(without.match(/我认领/g)).toHaveLength(2)
  expect(without).toMatch(/› 101 +住户101(?! +我认领)/)
})

test('what a colleague has claimed shows on the list, and is claimed besides at the second press only', async () => {
  await using setup = await twoDesks(false)
  const { founder, worker, press } = setup
  await using first = openDesk(founder)
  await using second = openDesk(worker)
  await press(second, 'claim')
  await deliver(worker, founder)
  await first.settled()
  expect(screenText(first.state)).toMatch(/› 101 +住户101 +测试员乙 认领/)
  const asked = await press(first, 'claim')
  expect(asked).toContain('! 1-1-101 测试员乙 已认领。还要一起去,再按一次 l')
  // Another key in between, and it asks anew.
  await press(first, 'scope', 'claim')
  expect(screenText(first.state)).toMatch(/再按一次 l/)
  expect(await press(first, 'claim')).toMatch(/› 101 +住户101 +和测试员乙双认领/)
})

test('news that a claimed door is claimed by another too is told at once, on every screen, until it is seen', async () => {
  await using setup = await twoDesks(true)
  const { founder, worker, press } = setup
  await using first = openDesk(founder)
  await using second = openDesk(worker)
  await press(first, 'claim-stair')
  await press(second, 'claim', 'down', 'claim')
  await deliver(worker, founder)
  await first.settled()
  const banner = /! 双认领 1-1-101 等 2 户\(测试员乙\)· p 看 $/m
  // In short beside what was just done, which is told whole.
  expect(screenText(first.state)).toMatch(/✓ 已认领 1幢1单元 3 户,到 .* ! 双认领 2 户 p $/m)
  expect(screenText(first.state)).toMatch(/今天还有 3 户.* 双认领 2/)
  // Keys do not wipe it away.
  expect(await press(first, 'down', 'down')).toMatch(banner)
  // At one of the doors: when, for what, and what to do. The other is told still.
  await press(first, 'back')
  first.dispatch({ type: 'command', command: 'first' })
  const door = await press(first, 'enter')
  expect(door).toMatch(/认领 +(我|测试员乙) +\d\d:\d\d · 冬季敲门行动/)
  expect(door).toContain('一人让出(门前按 l,整个单元按 z),或谁先去访,两边就都了结。')
  expect(door).toMatch(/! 双认领 1-1-102\(测试员乙\)· p 看/)
  // All of them on one screen: then it is quiet.
  const all = await press(first, 'back', 'sweeps')
  expect(all).toMatch(/和我双认领的 2 户\n +测试员乙: 1-1-101 1-1-102/)
  expect(all).toMatch(/冬季敲门行动 +进行中 .*0\/3 +双认领 2/)
  expect(all).not.toMatch(/· p 看/)
  expect(await press(first, 'enter')).toMatch(/已访 0\/3 .*有人去 3[\s\S]*双认领:一人让出/)
  expect(await press(first, 'back', 'back')).not.toMatch(/· p 看/)
  // The other hears it in turn; one gives way, and both are quiet.
  await deliver(founder, worker)
  await second.settled()
  expect(screenText(second.state)).toMatch(/! 双认领 2 户 p $/m)
  first.dispatch({ type: 'command', command: 'first' })
  await press(first, 'claim-stair')
  await deliver(founder, worker)
  await second.settled()
  expect(screenText(second.state)).not.toMatch(/双认领/)
  expect(screenText(second.state)).toMatch(/住户101 +我认领/)
})
