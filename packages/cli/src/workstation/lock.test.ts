import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectOk, openStation } from '@doorstep/core'
import { expect, test } from 'vitest'
import { RealTerminal } from './testing/real-terminal.test.data.ts'
import { createSampleHome, SAMPLE_PASSPHRASE } from './testing/sample-home.test.data.ts'

/** Names, doors and what is typed: nothing of it may be seen or scrolled back to. */
const PERSONAL = /测试住户|测试人员|听力差|没说完的话/
const ESC = '\u001b'

async function withHome(
  work: (home: string, open: (terminal: RealTerminal) => RealTerminal) => Promise<void>,
) {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-lock-'))
  const home = join(folder, 'home')
  const terminals: RealTerminal[] = []
  await (await createSampleHome(home, { households: 6 })).close()
  try {
    await work(home, (terminal) => {
      terminals.push(terminal)
      return terminal
    })
  } finally {
    for (const terminal of terminals) terminal.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

test('a key locks it: the screen is empty, the passphrase leads back to the form and the half word that was typed', () =>
  withHome(async (home, open) => {
    const terminal = open(new RealTerminal(home, ['workstation', '--offline']))
    await terminal.logIn()
    expect(terminal.everything()).toMatch(PERSONAL)
    await terminal.press('\r')
    await terminal.waitFor('开始探访')
    await terminal.press('r')
    await terminal.waitFor('拒访')
    await terminal.press('t')
    terminal.type('没说完的话')
    await terminal.waitFor('没说完的话')
    // Letters are text here: the key is Ctrl-K.
    terminal.type('\u000b')
    const locked = await terminal.waitFor('已锁上')
    expect(locked).not.toMatch(PERSONAL)
    expect(terminal.everything()).not.toMatch(PERSONAL)
    expect(terminal.sent).toContain(`${ESC}[3J`)

    // Nobody holds the home meanwhile but on the disk: another process opens it and finds the place, sealed.
    const other = expectOk(
      await openStation({ home, secret: { type: 'passphrase', text: SAMPLE_PASSPHRASE } }),
    )
    expect(other.draft('workstation/place')).not.toBeNull()
    await other.close()

    terminal.type('not that one\r')
    await terminal.waitFor('口令不对')
    expect(terminal.everything()).not.toMatch(PERSONAL)
    // After some wrong ones the next has to wait, and the right one is then taken. A slow machine may need more.
    for (let count = 2; count < 9 && !terminal.sent.includes('请等'); count++) {
      terminal.type('nor this\r')
      await terminal.waitFor((text) => text.split('口令不对').length - 1 === count)
    }
    terminal.type(`${SAMPLE_PASSPHRASE}\r`)
    const back = await terminal.waitFor('没说完的话')
    expect(terminal.sent).toContain('请等')
    expect(back).toContain('1-1-101')
    await terminal.press('\r')
    await terminal.press('\r')
    await terminal.waitFor('已存盘:1-1-101 拒访')
    await terminal.press('Q')
    expect((await terminal.exit).exitCode).toBe(0)
  }))

test('a form goes on at the question where it was locked, with the answers given', () =>
  withHome(async (home, open) => {
    const terminal = open(new RealTerminal(home, ['workstation', '--offline']))
    await terminal.logIn()
    await terminal.press('\r')
    await terminal.waitFor('开始探访')
    await terminal.press('\r')
    await terminal.waitFor('第 1 题')
    await terminal.press('1')
    const text = await terminal.waitFor(/第 [2-9] 题/)
    const [question] = /第 \d+ 题/.exec(text)!
    terminal.type('\u000b')
    await terminal.waitFor('已锁上')
    terminal.type(`${SAMPLE_PASSPHRASE}\r`)
    await terminal.waitFor(question)
    await terminal.press(ESC)
    await terminal.waitFor('没填完')
  }))

test('it locks by itself when nobody presses a key; Ctrl-C at the lock leaves', () =>
  withHome(async (home, open) => {
    const terminal = open(
      new RealTerminal(home, ['workstation', '--offline'], { DOORSTEP_LOCK_MINUTES: '0.05' }),
    )
    await terminal.logIn()
    await terminal.waitFor('已锁上')
    expect(terminal.everything()).not.toMatch(PERSONAL)
    terminal.type('\u0003')
    expect((await terminal.exit).exitCode).toBe(0)
    expect(terminal.everything()).not.toMatch(PERSONAL)
  }))
