import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStation } from '@doorstep/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RealTerminal } from '../src/workstation/testing/real-terminal.test.data.ts'
import { createSampleHome, SAMPLE_PASSPHRASE } from '../src/workstation/testing/sample-home.test.data.ts'

/** What commands ask and say when somebody is there. */

let folder: string
let home: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doorstep-asked-'))
  home = join(folder, 'home')
  await (await createSampleHome(home, { households: 2 })).close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const opensWith = async (text: string): Promise<boolean> => {
  const opened = await openStation({ home, secret: { type: 'passphrase', text } })
  if (opened.ok) await opened.value.close()
  return opened.ok
}

test('a personal value on the command line is warned of, once; one from standard input or of the house is not', async () => {
  const edit = async (...args: string[]) => {
    const terminal = new RealTerminal(home, ['household', 'edit', '1-1-101', ...args], {
      DOORSTEP_PASSPHRASE: SAMPLE_PASSPHRASE,
    })
    expect((await terminal.exit).exitCode).toBe(0)
    const text = terminal.sent
    terminal.close()
    return text
  }
  const warned = await edit('--set', '联系电话=00012345678', '--set', 'mind=有狗')
  expect(warned.match(/终端历史/g)).toHaveLength(1)
  expect(warned).toContain('--set phone=@-')
  expect(await edit('--set', 'mind=有小狗', '--set', 'phone=')).not.toContain('终端历史')
})

test('a new passphrase is typed twice and shown never; a weak one and two different ones change nothing', async () => {
  const change = async (...typed: [first: string, again: string]) => {
    const terminal = new RealTerminal(home, ['passphrase', 'change'])
    await terminal.waitFor('口令')
    terminal.type(`${SAMPLE_PASSPHRASE}\r`)
    await terminal.waitFor('新口令')
    terminal.type(`${typed[0]}\r`)
    await terminal.waitFor('再输一遍')
    terminal.type(`${typed[1]}\r`)
    const { exitCode } = await terminal.exit
    const { sent } = terminal
    terminal.close()
    for (const one of [SAMPLE_PASSPHRASE, ...typed]) expect(sent).not.toContain(one)
    return { exitCode, sent }
  }
  expect((await change('a wall of words', 'a wall of wards')).sent).toContain('两遍口令不一样')
  expect((await change('short', 'short')).sent).toContain('口令太短')
  expect(await opensWith(SAMPLE_PASSPHRASE)).toBe(true)
  expect((await change('a wall of words', 'a wall of words')).exitCode).toBe(0)
  expect(await opensWith('a wall of words')).toBe(true)
})
