import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  builtinRules,
  codeInQr,
  expectOk,
  ok,
  openRecordSet,
  openSweep,
  raiseFinding,
  type Station,
  sheetCode,
} from '@doorstep/core'
import { expect, test } from 'vitest'
import { Desk } from './desk.ts'
import { textOfLine } from './lines.ts'
import { oneOfEach, withForm } from './testing/one-of-each.test.data.ts'
import { createSampleHome } from './testing/sample-home.test.data.ts'
import { anyScreens } from './testing/sample-state.test.data.ts'
import { SAMPLE_NOW_MS } from './testing/sample-words.test.data.ts'
import { openTestTerminal } from './testing/terminal.test.data.tsx'
import { viewOf } from './view.ts'

const SIZE = { columns: 80, rows: 24 }

async function openDesk(language: 'zh' | 'en', households = 6) {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-frames-'))
  const station = await createSampleHome(join(folder, 'home'), { households, now: () => SAMPLE_NOW_MS })
  await makeConflict(station)
  expectOk(await openSweep(station, { name: '冬季敲门行动', grids: [gridIn(station)] }))
  const records = openRecordSet(station)
  const quits: string[] = []
  const bells: string[] = []
  const desk = new Desk({
    station,
    records,
    language,
    size: SIZE,
    sync: null,
    onQuit: () => quits.push('quit'),
    onAlarm: () => bells.push('bell'),
    lock: null,
    forms: withForm(station, oneOfEach),
  })
  const close = async () => {
    await desk.close()
    records.close()
    await station.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { desk, station, quits, bells, [Symbol.asyncDispose]: close }
}

const gridIn = (station: Station): string => station.spaces().find(({ kind }) => kind === 'grid')!.id

const makeConflict = async (station: Station) =>
  expectOk(
    await station.write('record.edit', (book) => {
      const [household] = [...book.records({ type: 'household' })]
      expectOk(book.edit(household!.id, { dispute: { phone: '13800001111' } }))
      return ok(undefined)
    }),
  )

/** As a gateway would: smoke in the first home, while somebody sits here. */
async function raiseSmoke(station: Station): Promise<void> {
  const smoke = builtinRules.find(({ id }) => id === 'smoke')!
  const { value: device } = expectOk(
    await station.write('record.edit', (book) => {
      const [home] = [...book.records({ type: 'household' })]
      const set = { dwelling: home!.fields.dwelling!, kind: 'smoke' }
      return book.create('device', home!.space, { set })
    }),
  )
  const atMs = SAMPLE_NOW_MS
  expectOk(
    await raiseFinding(
      station,
      { rule: 'smoke', device, state: 'raised', sinceMs: atMs, atMs, figures: {} },
      smoke,
    ),
  )
}

for (const language of ['zh', 'en'] as const)
  test(`${language} 80×24: through every screen of a real station, the terminal shows what the view says, no line over the edge`, async () => {
    await using setup = await openDesk(language)
    const { desk } = setup
    const terminal = openTestTerminal(desk, SIZE)
    const seen = new Set<string>()
    const check = async () => {
      seen.add(desk.state.screens.at(-1)!.type)
      await desk.settled()
      const shown = await terminal.lines()
      expect(shown).toEqual(viewOf(desk.state).lines.map((one) => textOfLine(one).trimEnd()))
      expect(await terminal.wrapped()).toEqual([])
    }
    const go = async (...keys: string[]) => {
      await terminal.press(...keys)
      await check()
    }
    await check()
    await go('g')
    await go('g')
    await go('?')
    await go('esc')
    await go('/')
    await go('1', '0', '2')
    await go('esc')
    const [household] = desk.station.records({ type: 'household' })
    const { community } = desk.station.identity
    const form = { id: 'home-safety-check', version: '1' }
    await go('/')
    await go(codeInQr(sheetCode({ community, household: household!.id, form, printedOn: desk.day })))
    await terminal.waitFor(/入户安全检查|Home safety check/)
    await go('enter')
    await go('esc', 'esc')
    await go('q')
    await go('esc')
    await go('n')
    await go('t', '门上有字条')
    await go('enter', 'enter')
    await go('up', 'enter')
    await go('x')
    await go('esc')
    await go('v')
    await go('1')
    await terminal.waitFor(/1–4/)
    await go('2')
    await go('2')
    await go('7')
    await go('enter')
    await go('一些说明 some words')
    await go('esc')
    await go('D')
    await go('esc')
    await go('w')
    await go('esc')
    await go('b')
    await go('N')
    await go('1', '高龄津贴')
    await go('enter')
    await go('2', 'enter')
    await terminal.waitFor('高龄津贴')
    await go('enter')
    await go('1')
    await go('esc', 'esc')
    await go('u')
    await go('1')
    await terminal.waitFor(/1380000\d{4}/)
    await check()
    await go('down', 'esc')
    await go('o')
    await go('1', '二楼堆物')
    await go('enter')
    await go('2')
    await go('7', 'enter')
    await go('h')
    await go('enter')
    await go('esc', 'esc')
    await go('e')
    await go('a', '新来的 子女 13800009999')
    await terminal.press('enter')
    await terminal.waitFor(/已登记|Registered/)
    await go('w')
    await terminal.waitFor(/已记下|Noted/)
    await go('a', '新来的 13800008888')
    await terminal.waitFor(/可能是同一个人|may be the same/)
    await terminal.press('enter')
    await terminal.waitFor(/登记了两次|be there twice/)
    await check()
    await go('o', 'esc')
    await go('m')
    await go('down', 'down')
    await terminal.press('enter')
    await terminal.waitFor(/已合并|Merged/)
    await check()
    await go('esc')
    await go('c')
    await terminal.waitFor('二楼堆物')
    await go('enter')
    await go('1')
    await go('esc', 'esc', 'esc')
    await go('d')
    await terminal.waitFor(/测试员甲:138/)
    await go('enter')
    await go('e', '1')
    await go('esc', 'esc', 'esc')
    await go('l')
    await go('z')
    await terminal.waitFor(/认领|Claimed/)
    await go('p')
    await terminal.waitFor('冬季敲门行动')
    await go('enter')
    await terminal.waitFor(language === 'zh' ? '有人去' : 'claimed')
    await go('esc', 'esc')
    await go('i')
    await go('楼道灯不亮')
    await go('tab', 'enter')
    await terminal.waitFor(/已记下|Written down/)
    await go('i', 'i')
    await go('esc', 'g')
    await terminal.waitFor('楼道灯不亮')
    await go('enter')
    await terminal.waitFor(/已打勾|Ticked/)
    await go('esc')
    await go('t')
    await go('down', 'esc')
    await go('a')
    await go('down', 'esc')
    expect(setup.bells).toEqual([])
    await raiseSmoke(setup.station)
    await terminal.waitFor(/! 报警:危急 烟雾报警|! Alarm: Urgent Smoke/)
    expect(setup.bells).toEqual(['bell'])
    await go('A')
    await go('4')
    await terminal.press('enter')
    await terminal.waitFor(/电话没有人应|By phone: nobody/)
    await check()
    desk.restore({
      screens: [...desk.state.screens.slice(0, -1), { type: 'alarms', pick: { id: null, at: 0 } }],
    })
    await check()
    await go('enter')
    await go('H')
    await go('A')
    await go('6')
    await terminal.press('enter')
    await terminal.waitFor(/结论 +误报|Verdict +False alarm/)
    await check()
    await go('esc')
    await go('O')
    await go('+2')
    await terminal.press('enter')
    await terminal.waitFor(/外出 +外出中|Away +Away/)
    await check()
    await go('O')
    await terminal.press('enter')
    await terminal.waitFor(/已记下:回来了|Noted: they are back/)
    await check()
    await go('W')
    await go('esc')
    await go('esc', 'esc', 'esc')
    await go('s')
    await go('w', '/tmp/')
    await go('esc', 'esc')
    // The screens of a desk are its people's alone: outside-desk.test.ts.
    const here = anyScreens.map((screen) => screen.type).filter((type) => !type.startsWith('dispatch'))
    expect([...seen].sort()).toEqual([...new Set(here)].sort())
    terminal.close()
  })

test('for a screen reader: words in order, the selected row named, no rules and no padding', async () => {
  await using setup = await openDesk('en')
  const terminal = openTestTerminal(setup.desk, { columns: 120, rows: 40, spoken: true })
  await terminal.waitFor('(selected)')
  const lines = (await terminal.lines()).filter((one) => one !== '')
  expect(lines[0]).toMatch(/^Doorstep 一号网格 · 测试员甲 Offline \d+ only here · never met another$/)
  expect(lines.filter((one) => one.includes('(selected)'))).toHaveLength(1)
  expect(lines.join('')).not.toMatch(/─|\s{2}/)
  terminal.close()
})

test('Q leaves at once', async () => {
  await using setup = await openDesk('zh')
  const terminal = openTestTerminal(setup.desk, SIZE)
  setup.desk.dispatch({ type: 'command', command: 'quit' })
  expect(setup.quits).toEqual(['quit'])
  terminal.close()
})
