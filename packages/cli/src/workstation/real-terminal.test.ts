import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expectOk, openCase, openStation, type Station } from '@doorstep/core'
import { expect, test } from 'vitest'
import { RealTerminal } from './testing/real-terminal.test.data.ts'
import { createSampleHome, SAMPLE_PASSPHRASE } from './testing/sample-home.test.data.ts'

/** The real process on a real pseudo-terminal, 80×24, driven by keys alone. */

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))

/** One answer to whatever question is on the screen: the very first is a serious hazard, all else is in order. */
const answerTo = (text: string): string => {
  if (text.includes('家里用什么燃气？ *')) return '3'
  if (text.includes('有没有电动自行车？ *')) return '2'
  if (text.includes('：隐患等级 *')) return '2'
  if (text.includes('↵ 继续')) return '\r'
  // What is typed is confirmed by ↵, and what may stay blank stays so.
  if (/\n {3}› \S/.test(text) || /\n {3}›\n/.test(text))
    return text.includes('整改期限\n') && /›\n/.test(text) ? '7' : '\r'
  return text.includes('第 1 题') ? '2' : '1'
}

test('a whole visit by keys alone; killed in the middle it goes on where it was; others’ changes show', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-terminal-'))
  const home = join(folder, 'home')
  await (await createSampleHome(home, { households: 6 })).close()
  const open: { close(): void | Promise<void> }[] = []
  try {
    // The day begins: `doorstep` alone, a passphrase, the first door.
    const first = new RealTerminal(home, [])
    open.push(first)
    await first.logIn()
    expect(first.text()).toMatch(/ › 101 +测试住户 1-1-101/)
    await first.press('\r')
    await first.waitFor('开始探访')
    await first.press('\r')
    await first.waitFor('第 1 题')
    let text = first.text()
    for (let at = 0; at < 6; at++) text = await first.press(answerTo(text))
    const [, reached] = /第 (\d+) 题/.exec(text)!
    first.kill()
    expect((await first.exit).signal).toBe(9)

    // Again: the draft is offered, its door is selected, the form goes on where it was.
    const again = new RealTerminal(home, ['workstation', '--offline'])
    open.push(again)
    await again.logIn()
    await again.waitFor(/1-1-101 有没填完的表单/)
    expect(again.text()).toMatch(/ › 101 .*没填完 \d+\/\d+ 题/)
    await again.press('\r')
    await again.waitFor('接着填')
    await again.press('\r')
    text = await again.waitFor('题,共')
    expect(/第 (\d+) 题/.exec(text)![1]).toBe(reached)
    for (let at = 0; !text.includes('↵ 存盘') && at < 80; at++) text = await again.press(answerTo(text))
    expect(text).toContain('[严重] 电线老化')
    await again.press('\r')
    text = await again.waitFor('已存盘:1-1-101 见到本人,新案件 1 件')
    expect(text).toMatch(/案件 +电线老化、破损或私拉乱接 \[严重\] {2}已上报/)

    // On disk: another process of the same home sees visit and case while the workstation runs.
    const other = expectOk(
      await openStation({ home, secret: { type: 'passphrase', text: SAMPLE_PASSPHRASE } }),
    )
    open.push(other)
    const visits = [...other.records({ type: 'visit' })].filter(
      (one) => one.fields.form === 'home-safety-check',
    )
    expect(visits.map(({ fields }) => fields)).toMatchObject([{ outcome: 'met', formVersion: '1' }])
    expect([...other.records({ type: 'case' })].map(({ fields }) => fields)).toMatchObject([
      { grade: 'serious', kind: 'electric-hazard', visit: visits[0]!.id, source: 'visit' },
    ])
    expect(other.draft(`visit/${String(visits[0]!.fields.household)}`)).toBeNull()

    // What the other process writes shows by itself, and moves nothing.
    await again.press('\u001b')
    text = await again.waitFor('今天还有')
    const [selected] = / › \d+/.exec(text)!
    await openAlarm(other, String(visits[0]!.fields.household))
    await again.waitFor('报警 1')
    expect(again.text()).toContain(selected)

    await again.press('Q')
    expect((await again.exit).exitCode).toBe(0)
  } finally {
    for (const one of open) await one.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

const openAlarm = async (station: Station, household: string) =>
  expectOk(await openCase(station, { household, kind: 'no-water', title: '26 小时未用水', source: 'device' }))

test('without a terminal it says so, and names the commands that do the same', async () => {
  const { execFile } = await import('node:child_process')
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; stderr: string }>()
  execFile(
    process.execPath,
    ['--import', 'tsx', MAIN, 'workstation', '--lang', 'en'],
    { cwd: ROOT },
    (error, _stdout, stderr) => resolve({ code: error?.code, stderr }),
  )
  const { code, stderr } = await promise
  expect(code).toBe(1)
  expect(stderr).toContain('The workstation needs a terminal')
  expect(stderr).toContain('doorstep visit due')
})

test('a whole day in one sitting: the morning list, one met with the form, one absent and asked after, one refused, a case, a note, the evening', {
  timeout: 300_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-day-'))
  const home = join(folder, 'home')
  const made = await createSampleHome(home, { households: 6 })
  await made.close()
  const screen = new RealTerminal(home, ['workstation', '--offline'])
  try {
    // Morning: six doors, five of them due, in walking order.
    await screen.logIn()
    let text = await screen.waitFor(/今天还有 \d 户/)
    const due = Number(/今天还有 (\d) 户/.exec(text)![1])
    expect(text).toMatch(/ › 101 +测试住户 1-1-101/)

    // The first door: met, with the form, everything in order.
    await screen.press('\r')
    await screen.waitFor('开始探访')
    await screen.press('\r')
    text = await screen.waitFor('题,共')
    let keys = 0
    for (; !text.includes('↵ 存盘') && keys < 60; keys++) text = await screen.press(allInOrder(text))
    await screen.press('\r')
    text = await screen.waitFor('已存盘:1-1-101 见到本人')

    // Walk on: nobody home at the second door, whose rule is patient; its neighbour is asked all the same.
    await screen.press('\r')
    await screen.waitFor('测试住户 1-1-102')
    await screen.press('n')
    await screen.waitFor('记为  无人应答')
    await screen.press('\r')
    text = await screen.waitFor('已存盘:1-1-102 无人应答')
    expect(text).toMatch(/没见到 +今天起 1 次 .*再去一次\(1\/\d\)/)

    // The third refuses, and there is something in the stairs.
    await screen.press('\r')
    await screen.waitFor('测试住户 1-1-103')
    await screen.press('r')
    await screen.waitFor('记为  拒访')
    await screen.press('\r')
    await screen.waitFor('已存盘:1-1-103 拒访')
    await screen.press('o')
    await screen.waitFor('楼道')
    await screen.press('1')
    await screen.waitFor('一句话说清')
    screen.type('楼道堆物\r')
    await screen.waitFor('严重')
    await screen.press('1')
    await screen.waitFor('期限')
    await screen.press('\r')
    await screen.waitFor('案件已存盘')

    // A promise for tomorrow, typed ahead of the screen: no key is lost.
    screen.type('i下次带药\t\r')
    await screen.waitFor(/已记下,\d{4}-\d\d-\d\d 起提醒/)
    expect(screen.text()).toMatch(/要办 +\[ \] 下次带药 +还剩 1 天/)

    // Evening.
    await screen.press('\u001b')
    text = await screen.waitFor(`今天还有 ${due - 3} 户`)
    await screen.press('t')
    text = await screen.waitFor('今天的账')
    expect(text).toMatch(new RegExp(`待访 +▇.* 2/${due} 户见到或拒访 +未遇 1 +没去 ${due - 3}`))
    expect(text).toMatch(/探访 +共 3 次、见到本人 1、无人应答 1、拒访 1/)
    expect(text).toMatch(/方式 +上门 3、填表 1/)
    expect(text).toMatch(/案件 +新开 1/)
    expect(text).toMatch(/日记 +写了 1 条/)
    expect(text).toMatch(/只在本机 +! \d+ 条只在这台本子上/)
    expect(text).toMatch(/明天 +\d+ 户,先去/)
    await screen.press('Q')
    expect((await screen.exit).exitCode).toBe(0)
  } finally {
    screen.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

/** Nothing is wrong, nobody has gas or an electric bicycle; what may stay blank stays so. */
const allInOrder = (text: string): string => {
  if (text.includes('家里用什么燃气？ *')) return '3'
  if (text.includes('有没有电动自行车？ *')) return '2'
  if (text.includes('↵ 继续')) return '\r'
  return /\n {3}› \S/.test(text) || /\n {3}›\n/.test(text) ? '\r' : '1'
}
