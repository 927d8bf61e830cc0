import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createInvite,
  dispatchCard,
  dispatchCase,
  expectOk,
  giveConsent,
  grantRequest,
  joinWithInvite,
  listDesks,
  openCase,
  openRecordSet,
  type Station,
  stepCase,
} from '@doorstep/core'
import { expect, test } from 'vitest'
import { Desk } from './desk.ts'
import { textOfLine } from './lines.ts'
import { createSampleHome } from './testing/sample-home.test.data.ts'
import { SAMPLE_NOW_MS } from './testing/sample-words.test.data.ts'
import { openTestTerminal } from './testing/terminal.test.data.tsx'
import { viewOf } from './view.ts'

const SIZE = { columns: 80, rows: 24 }
const secret = { type: 'key', bytes: new Uint8Array(32) } as const
const now = () => SAMPLE_NOW_MS

async function carry(from: Station, to: Station): Promise<void> {
  for (const space of [from.identity.community, ...from.holdings()]) {
    const segments = from.outgoing(space, to.heads(space)).map(({ row }) => from.segment(row))
    expectOk(await to.admit(segments, from.identity.station))
  }
}

/** A firm's laptop to whose desk one case was sent. */
async function openDesk(language: 'zh' | 'en', role: 'partner' | 'volunteer' = 'partner') {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-outside-'))
  const chief = await createSampleHome(join(folder, 'chief'), { households: 4, now })
  const invite = expectOk(createInvite(chief, { role, name: '测试物业', grids: ['一号网格'] }))
  const { station, request } = expectOk(
    joinWithInvite(join(folder, 'firm'), secret, invite, { stationName: '物业的电脑', now }),
  )
  expectOk(await grantRequest(chief, request))
  const [household] = [...chief.records({ type: 'household' })]
  const opened = expectOk(
    await openCase(chief, {
      household: household!.id,
      kind: 'facility',
      title: '灯坏 Lamp',
      dueOn: '2026-11-20',
    }),
  )
  expectOk(await stepCase(chief, { case: opened.case, step: 'accept' }))
  expectOk(await giveConsent(chief, { subject: household!.id, purpose: 'share-with-partner', how: 'paper' }))
  const [desk] = listDesks(openRecordSet(chief, { follow: false }))
  const { dispatch } = expectOk(
    await dispatchCase(chief, {
      case: opened.case,
      desk: desk!.space,
      note: 'Ladder 梯子',
      share: ['phone'],
    }),
  )
  await carry(chief, station)
  const records = openRecordSet(station)
  const quits: string[] = []
  const own = new Desk({
    station,
    records,
    language,
    size: SIZE,
    sync: null,
    lock: null,
    onQuit: () => quits.push('quit'),
  })
  return {
    desk: own,
    station,
    chief,
    dispatch,
    [Symbol.asyncDispose]: async () => {
      await own.close()
      records.close()
      await station.close()
      await chief.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

for (const language of ['zh', 'en'] as const)
  test(`${language}: those outside see what was sent to their desk, report on it, and no door`, async () => {
    await using setup = await openDesk(language)
    const { desk, station, dispatch, chief } = setup
    const terminal = openTestTerminal(desk, SIZE)
    const check = async () => {
      await desk.settled()
      expect(await terminal.lines()).toEqual(viewOf(desk.state).lines.map((one) => textOfLine(one).trimEnd()))
      expect(await terminal.wrapped()).toEqual([])
      const text = (await terminal.lines()).join('\n')
      expect(text).not.toMatch(/测试住户|测试人员/)
      return text
    }
    const go = async (...keys: string[]) => {
      await terminal.press(...keys)
      return check()
    }
    const first = await check()
    expect(first).toContain('灯坏 Lamp')
    expect(first).toContain(language === 'zh' ? '逾期 4 天' : '4 days late')
    expect(first).toContain('测试物业')
    expect(await go('enter')).toMatch(/Ladder 梯子[\s\S]*1380000/)
    await go('2')
    await go('enter')
    await terminal.waitFor(language === 'zh' ? '回报已存盘' : 'Report saved')
    await go('3')
    expect(await go('enter')).toContain(language === 'zh' ? '这一步要写说明' : 'This needs a note')
    await go('没有备件')
    await go('enter')
    await terminal.waitFor('没有备件')
    await go('esc')
    expect(desk.state.screens.map(({ type }) => type)).toEqual(['dispatches'])
    for (const key of ['g', 'g', 'g']) await go(key)
    await go('s')
    await go('esc')
    await go('?')
    await go('esc')
    expect(
      dispatchCard(openRecordSet(station, { follow: false }), dispatch, { on: '2026-11-24' }),
    ).toMatchObject({
      state: 'cannot',
      steps: [{ step: 'done' }, { step: 'cannot', note: '没有备件' }],
    })
    await carry(station, chief)
    expect(dispatchCard(openRecordSet(chief, { follow: false }), dispatch, { on: '2026-11-24' })?.state).toBe(
      'cannot',
    )
    terminal.close()
  })

test('volunteers open on their tasks; keys that lead to doors lead nowhere', async () => {
  await using setup = await openDesk('zh', 'volunteer')
  const { desk } = setup
  for (const command of ['search', 'cases', 'conflicts'] as const) desk.dispatch({ type: 'command', command })
  expect(desk.state.screens.map(({ type }) => type)).toEqual(['dispatches'])
  desk.dispatch({ type: 'command', command: 'sync' })
  desk.dispatch({ type: 'command', command: 'search' })
  expect(desk.state.screens.map(({ type }) => type)).toEqual(['dispatches', 'sync'])
})
