import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkForm, expectOk, type FoundForm, giveConsent, openRecordSet, type Station } from '@doorstep/core'
import { expect, test } from 'vitest'
import { Desk } from './desk.ts'
import { textOfLine } from './lines.ts'
import { oneOfEach, withForm } from './testing/one-of-each.test.data.ts'
import { createSampleHome } from './testing/sample-home.test.data.ts'
import { openTestTerminal, type TestTerminal } from './testing/terminal.test.data.tsx'
import { viewOf } from './view.ts'

/** A whole form with a question of every kind, by keys alone, on a terminal of 80×24. */

const SIZE = { columns: 80, rows: 24 }
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII='

async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-each-'))
  const files = {
    photo: join(folder, 'door.png'),
    sign: join(folder, 'sign.png'),
    talk: join(folder, 'talk.mp3'),
    film: join(folder, 'film.mp4'),
    paper: join(folder, 'paper.pdf'),
  }
  for (const image of [files.photo, files.sign]) writeFileSync(image, Buffer.from(PIXEL, 'base64'))
  writeFileSync(files.talk, Buffer.from('ID3 a few words', 'latin1'))
  writeFileSync(files.film, Buffer.from('\0\0\0\x18ftypisom\0\0\0\0hdlr\0\0\0\0vide', 'latin1'))
  writeFileSync(files.paper, '%PDF-1.4 a page')
  const station = await createSampleHome(join(folder, 'home'), { households: 2 })
  const close = async () => {
    await station.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { station, files, [Symbol.asyncDispose]: close }
}

function openDesk(station: Station, language: 'zh' | 'en', form: FoundForm = oneOfEach) {
  const records = openRecordSet(station)
  const desk = new Desk({
    station,
    records,
    language,
    size: SIZE,
    sync: null,
    onQuit: () => {},
    lock: null,
    forms: withForm(station, form),
  })
  const terminal = openTestTerminal(desk, SIZE)
  let open = true
  const close = async () => {
    if (!open) return
    open = false
    terminal.close()
    await desk.close()
    records.close()
  }
  return { desk, terminal, records, [Symbol.asyncDispose]: close }
}

/** Every frame shows what the view says, and no row runs over the edge. */
async function check(desk: Desk, terminal: TestTerminal): Promise<string> {
  await desk.settled()
  const shown = await terminal.lines()
  expect(shown).toEqual(viewOf(desk.state).lines.map((one) => textOfLine(one).trimEnd()))
  expect(await terminal.wrapped()).toEqual([])
  return shown.join('\n')
}

test('a form with a question of every kind is sound', async () => {
  const checked = await checkForm(oneOfEach.xml)
  expect(checked.problems.map(({ type, where }) => `${type} ${where}`)).toEqual(['choices-missing street'])
  expect(new Set(checked.questions.map(({ kind }) => kind))).toHaveProperty('size', 17)
})

for (const language of ['zh', 'en'] as const)
  test(`${language}: filled in by keys; left in the middle, it goes on where it was; saved with what it changes and its photos`, async () => {
    await using setup = await setUp()
    const { station, files } = setup
    const zh = language === 'zh'
    const [household] = [...station.records({ type: 'household' })].map((one) => one.id)
    await using first = openDesk(station, language)
    const go = async ({ desk, terminal }: typeof first, at: string, ...keys: string[]): Promise<string> => {
      await terminal.press(...keys)
      const text = await check(desk, terminal)
      expect(desk.state.screens.at(-1), text).toMatchObject({ type: 'form', at })
      return text
    }
    const { desk, terminal } = first
    desk.dispatch({ type: 'command', command: 'enter' })
    await terminal.press('v')
    expect(await check(desk, terminal)).toContain(zh ? '样样一题' : 'One of each')
    await terminal.press('2')
    await desk.settled()
    const door = await check(desk, terminal)
    expect(door).toContain(zh ? '登记里就有;改了会写回登记' : 'From the register; a change goes back')
    expect(await go(first, '/data/phone', 'ctrl-u', '一条大狗', 'enter')).toMatch(
      /138\*{4}\d{4}.*(不预填|not filled in)/,
    )
    await go(first, '/data/words', '13900002222', 'enter')
    await go(first, '/data/words', '听力差', 'enter')
    await go(first, '/data/secret', '敲重些', 'enter', 'enter')
    expect(await go(first, '/data/secret', '2468')).toContain('••••')
    await go(first, '/data/money', 'enter')
    expect(await go(first, '/data/money', '123456', 'enter')).toContain(zh ? '补贴应在' : 'An allowance is')
    await go(first, '/data/weight', 'ctrl-u', '1,234', 'enter')
    await go(first, '/data/pain', '61.5', 'enter')
    expect(await go(first, '/data/pain', 'right', 'right', 'right')).toMatch(/├─+●─+┤ 10/)
    await go(first, '/data/stars', 'enter')
    await go(first, '/data/day', '4', 'enter')
    expect(await go(first, '/data/day', '3-5')).toMatch(/= \d{4}-03-05/)
    await go(first, '/data/month', 'enter')
    await go(first, '/data/year', '202003', 'enter')
    await go(first, '/data/time', '1998', 'enter')
    await go(first, '/data/moment', '1430', 'enter')
    await go(first, '/data/pets', zh ? '昨天 930' : 'yesterday 930', 'enter')
    expect(await go(first, '/data/pets', 'enter')).toContain(zh ? '请回答有没有狗' : 'Please say whether')
    const skipped = await go(first, '/data/needs', '2')
    expect(skipped).toContain(zh ? '跳过 1 题:有没有狗 没有' : '1 skipped: Is there a dog? No')
    await go(first, '/data/needs', '1', '3')
    await go(first, '/data/fuel', 'enter')
    await go(first, '/data/fuel_other', '3')
    await go(first, '/data/district', '柴', 'enter')
    await go(first, '/data/street', '2')
    await go(first, '/data/street', zh ? '18' : 'Road 18')
    await go(first, '/data/roads', 'enter')
    await go(first, '/data/roads', '7', 'enter', '60', 'enter')
    await go(first, '/data/order', 'enter')
    await go(first, '/data/people[1]/name', '3', '1')

    // Closed in the middle, as by a flat battery: another process opens the same home.
    await go(first, '/data/people[1]/name', '测试住户')
    await first[Symbol.asyncDispose]()
    await using again = openDesk(station, language)
    again.desk.dispatch({ type: 'command', command: 'enter' })
    await again.terminal.press('enter')
    await again.desk.settled()
    await go(again, '/data/people[1]/name', '测试')
    // The form's own language, and back: what is typed is still there.
    expect(await go(again, '/data/people[1]/name', 'ctrl-t')).toContain('测试')
    await go(again, '/data/people[1]/name', 'ctrl-t')
    await go(again, '/data/people[1]/age', 'enter')
    await go(again, '/data/people', '80', 'enter')
    await go(again, '/data/people[2]/name', '1')
    expect(await go(again, '/data/people', 'enter', 'enter')).toContain('1  测试 · 80')
    await go(again, '/data/people', 'down', 'down', 'x', 'x')
    await go(again, '/data/rooms_count', '2')
    await go(again, '/data/rooms[1]/lamp', '2', 'enter')
    await go(again, '/data/rooms[2]/lamp', 'enter')
    await go(again, '/data/page/left', 'enter')
    expect(await go(again, '/data/page/left', '130')).toContain(zh ? '低压' : 'Lower')
    await go(again, '/data/page/right', 'enter')
    await go(again, '/data/note', '85', 'enter')
    await go(again, '/data/seen', 'enter')
    await go(again, '/data/place', '1')
    await go(again, '/data/way', '31.2304N 121.4737E ±5', 'enter')
    await go(again, '/data/yard', '31.23,121.47;31.24,121.48', 'enter')
    await go(again, '/data/code', '31,121;31,122;32,122', 'enter')
    await go(again, '/data/photo', '6901234567892', 'enter')
    const nothing = await go(again, '/data/photo', '/nowhere.jpg', 'enter')
    expect(nothing).toMatch(/没有同意拍照|has not consented/)
    expectOk(
      await giveConsent(station, { subject: household!, purpose: 'photos', basis: 'consent', how: 'paper' }),
    )
    await again.desk.settled()
    expect(await go(again, '/data/photo', 'enter')).toMatch(
      zh ? '读不到 /nowhere.jpg' : 'Cannot read /nowhere.jpg',
    )
    await go(again, '/data/sign', 'ctrl-u', files.photo, 'enter')
    expect(await go(again, '/data/sign', files.talk, 'enter')).toMatch(/那种文件|kind of file/)
    await go(again, '/data/talk', 'ctrl-u', files.sign, 'enter')
    await go(again, '/data/film', files.talk, 'enter')
    await go(again, '/data/paper', files.film, 'enter')
    const summary = await go(again, 'summary', files.paper, 'enter')
    expect(summary).toMatch(zh ? /当心 {2}\S.* → 一条大狗/ : /Mind {2}\S.* → 一条大狗/)
    expect(summary).toMatch(/138\*{4}\d{4} → 139\*{4}2222/)
    await again.terminal.press('enter')
    await again.desk.settled()
    expect(await check(again.desk, again.terminal)).toMatch(/已存盘|Saved/)

    const visit = [...station.records({ type: 'visit' })].find((one) => one.fields.form === 'one-of-each')!
    expect(visit.fields.answers).toMatchObject({
      mind: '一条大狗',
      phone: '139****2222',
      words: '听力差\n敲重些',
      money: 1234,
      weight: 61.5,
      pain: 2,
      stars: 4,
      month: '2020-03-01',
      year: '1998-01-01',
      pets: 'no',
      needs: ['meal', 'walk'],
      fuel_other: '柴',
      street: zh ? 's36' : 's18',
      roads: ['s7', 's60'],
      order: ['ramp', 'tap', 'lamp'],
      people: [{ name: '测试', age: 80 }],
      page: { left: 130, right: 85 },
      seen: true,
      place: { latitude: 31.2304, longitude: 121.4737, accuracyMetres: 5 },
      code: '6901234567892',
    })
    expect(station.get(household!)!.fields).toMatchObject({ mind: '一条大狗', phone: '139****2222' })
    const kinds = [...station.records({ type: 'attachment' })].map(
      ({ fields }) => `${fields.kind} ${fields.mediaType}`,
    )
    expect(kinds.sort()).toEqual([
      'photo image/jpeg',
      'recording audio/mpeg',
      'recording video/mp4',
      'scan application/pdf',
      'signature image/png',
    ])
    expect(station.drafts('visit')).toEqual([])
  })

test('a draft stays on the version that it was begun with, and moves on with its answers when one says so', async () => {
  await using setup = await setUp()
  const newer = {
    ...oneOfEach,
    version: '2',
    xml: oneOfEach.xml.replace('version="1"', 'version="2"').replaceAll('mind', 'care'),
  }
  await using first = openDesk(setup.station, 'zh')
  first.desk.dispatch({ type: 'command', command: 'enter' })
  await first.terminal.press('v', '2')
  await first.desk.settled()
  await first.terminal.press('小狗', 'enter')
  await first.desk.settled()
  await first.terminal.press('13900002222', 'enter')
  await first.desk.settled()
  await first[Symbol.asyncDispose]()

  await using again = openDesk(setup.station, 'zh', newer)
  again.desk.dispatch({ type: 'command', command: 'enter' })
  await again.terminal.press('enter')
  await again.desk.settled()
  expect(await check(again.desk, again.terminal)).toContain('有了新版 2(这是 1)')
  again.desk.dispatch({ type: 'command', command: 'newer-form' })
  await again.desk.settled()
  const { form } = again.desk.state.facts
  expect(form).toMatchObject({ newer: null, answered: 1 })
  expect(form!.notCarriedOver).toMatchObject([{ type: 'question-unknown', question: 'mind' }])
  again.desk.dispatch({ type: 'form-at', at: 'summary' })
  expect(await check(again.desk, again.terminal)).toContain('旧的 1 个回答放不进来')
})
