import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRecordSet, type Station } from '@doorstep/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Language } from '../voice/language.ts'
import { Desk } from './desk.ts'
import { createSampleHome } from './testing/sample-home.test.data.ts'
import { SAMPLE_NOW_MS } from './testing/sample-words.test.data.ts'
import { openTestTerminal, type TestTerminal } from './testing/terminal.test.data.tsx'

/**
 * Somebody who sits before it for the first time: who reads what the screen says, finds at its foot the words for what
 * they want, and presses the key that stands before them. The table of keys is not looked at.
 */

let folder: string
let station: Station
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doorstep-newcomer-'))
  station = await createSampleHome(join(folder, 'home'), { households: 6, now: () => SAMPLE_NOW_MS })
})
afterAll(async () => {
  await station.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What the signs on the screen are on a keyboard. */
const KEYS: Readonly<Record<string, string>> = { '↵': 'enter', Esc: 'esc', Tab: 'tab' }

class Newcomer {
  readonly #terminal: TestTerminal
  constructor(terminal: TestTerminal) {
    this.#terminal = terminal
  }

  async screen(): Promise<string> {
    return (await this.#terminal.lines()).join('\n')
  }

  /** `word → key`, as the last lines say: `↵ Open   n Nobody home`. */
  async foot(): Promise<ReadonlyMap<string, string>> {
    const lines = (await this.#terminal.lines()).slice(-2)
    const items = lines.flatMap((one) => one.trim().split(/ {3,}/)).map((item) => /^(\S+) (.+)$/.exec(item))
    return new Map(items.flatMap((item) => (item ? [[item[2]!, item[1]!]] : [])))
  }

  /** Presses the key that stands before these words, once they stand at the foot. */
  async choose(words: string): Promise<void> {
    await this.#until(async () => (await this.foot()).has(words), `"${words}" at the foot`)
    const sign = (await this.foot()).get(words)!
    // `1–4` offers numbers; the first of them is as good as any.
    const key = KEYS[sign] ?? (/^\d/.test(sign) ? sign[0]! : sign)
    await this.#terminal.press(key)
  }

  async write(text: string): Promise<void> {
    await this.#terminal.press(text)
  }

  async reads(text: string | RegExp): Promise<void> {
    await this.#terminal.waitFor(text)
  }

  /** Answers with the first number as long as the screen offers numbers, and goes on where it offers that. */
  async answerAll(answer: string, next: string, end: string): Promise<number> {
    for (let keys = 0; keys < 80; keys++) {
      const foot = await this.foot()
      if (foot.has(end)) return keys
      await this.choose(foot.has(answer) ? answer : next)
    }
    throw new Error(`no end in sight:\n${await this.screen()}`)
  }

  async #until(condition: () => Promise<boolean>, what: string): Promise<void> {
    const end = Date.now() + 60_000
    while (!(await condition())) {
      if (Date.now() > end) throw new Error(`waited for ${what}; the screen shows:\n${await this.screen()}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

async function sitDown(
  language: Language,
  work: (one: Newcomer, desk: Desk) => Promise<void>,
): Promise<void> {
  const records = openRecordSet(station)
  const size = { columns: 80, rows: 24 }
  const desk = new Desk({ station, records, language, size, sync: null, onQuit: () => {}, lock: null })
  const terminal = openTestTerminal(desk, size)
  try {
    await work(new Newcomer(terminal), desk)
    await desk.settled()
  } finally {
    terminal.close()
    await desk.close()
    records.close()
  }
}

const WORDS = {
  zh: {
    open: '打开',
    absent: '无人',
    save: '存下',
    saved: '已存盘',
    visit: '开始探访',
    answer: '回答',
    next: '下一步',
    store: '存盘',
    back: '返回',
    newCase: '新案件',
    choose: '选',
    caseSaved: '案件已存盘',
    find: '找',
    sync: '同步',
    write: '写到文件带走',
    go: '好',
    written: '已写好',
    notes: '记事',
    writeOne: '写一条',
    noted: '已记下',
    due: '要不要办',
    day: '今天的账',
    tomorrow: '明天',
    overview: '全局',
    help: '帮助',
    keys: '这一屏的键',
  },
  en: {
    open: 'Open',
    absent: 'Nobody home',
    save: 'Save',
    saved: 'Saved:',
    visit: 'Visit',
    answer: 'Answer',
    next: 'Next',
    store: 'Save',
    back: 'Back',
    newCase: 'New case',
    choose: 'Choose',
    caseSaved: 'Case saved',
    find: 'Find',
    sync: 'Sync',
    write: 'Write a file',
    go: 'Go',
    written: 'Wrote',
    notes: 'Notes',
    writeOne: 'Write one',
    noted: 'Written down',
    due: 'To do?',
    day: 'Day',
    tomorrow: 'Tomorrow',
    overview: 'Overview',
    help: 'Help',
    keys: 'Keys of this screen',
  },
} as const

for (const language of ['zh', 'en'] as const) {
  const said = WORDS[language]

  test(`${language}: records a visit without a form, then one with the form`, () =>
    sitDown(language, async (one) => {
      await one.choose(said.absent)
      await one.choose(said.save)
      await one.reads(said.saved)
      // The form has the same keys in both languages: once through it is enough.
      if (language === 'en') return
      await one.choose(said.open)
      await one.choose(said.visit)
      await one.reads(/1–4/)
      const keys = await one.answerAll(said.answer, said.next, said.store)
      // Everything in order in a home with gas and an electric bicycle: at a key in two seconds, a minute.
      expect(keys).toBeLessThanOrEqual(31)
      await one.choose(said.store)
      await one.reads(said.saved)
    }))

  test(`${language}: opens a case, writes what is to be done, and sees both in the evening`, () =>
    sitDown(language, async (one) => {
      await one.choose(said.open)
      await one.choose(said.newCase)
      await one.choose(said.choose)
      await one.write('二楼堆物')
      await one.choose(said.next)
      await one.choose(said.choose)
      await one.choose(said.next)
      await one.reads(said.caseSaved)
      await one.choose(said.notes)
      // Where something is to be done already, that is shown first.
      if ((await one.foot()).has(said.writeOne)) await one.choose(said.writeOne)
      await one.write('带老花镜')
      await one.choose(said.due)
      await one.choose(said.save)
      await one.reads(said.noted)
      await one.choose(said.back)
      await one.choose(said.day)
      await one.reads(said.tomorrow)
    }))

  test(`${language}: finds a household, writes a bundle, and asks for help`, () =>
    sitDown(language, async (one) => {
      await one.choose(said.find)
      await one.write('1-1-102')
      await one.reads(/› .*1-1-102/)
      await one.choose(said.open)
      await one.reads(/ 1-1-102 {2}\S/)
      await one.choose(said.back)
      await one.choose(said.back)
      await one.choose(said.sync)
      await one.choose(said.write)
      const file = join(folder, `${language}.bundle`)
      await one.write(file)
      await one.choose(said.go)
      await one.reads(said.written)
      expect(existsSync(file)).toBe(true)
      await one.choose(said.help)
      await one.reads(said.keys)
    }))
}
