import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { COMMANDS } from '../commands.ts'
import { oneLanguage } from '../voice/one-language.ts'
import { type CommandNode, commandTree } from './command-tree.ts'
import { shells } from './shell-scripts.ts'

const HAN = /\p{Script=Han}/u
let zh: readonly CommandNode[]
let en: readonly CommandNode[]
const folder = mkdtempSync(join(tmpdir(), 'doorstep-completion-'))

beforeAll(async () => {
  zh = await commandTree('zh')
  en = await commandTree('en')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('every command that there is, and each description in one language alone', () => {
  const shown = Object.entries<{ readonly hidden?: boolean }>(COMMANDS).filter(([, { hidden }]) => !hidden)
  expect(zh.map(({ words }) => words.replaceAll(' ', ':')).sort()).toEqual(shown.map(([id]) => id).sort())
  const told = (tree: readonly CommandNode[]) =>
    tree.flatMap(({ words, description, flags }) => [
      `${words}: ${description}`,
      ...flags.map((flag) => `${words} --${flag.name}: ${flag.description}`),
    ])
  expect(told(en).filter((text) => HAN.test(text))).toEqual([])
  expect(told(zh).filter((text) => !HAN.test(text))).toEqual([])
  const { oclif } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    oclif: { topics: Record<string, { description: string }> }
  }
  const topics = new Set(Object.keys(COMMANDS).flatMap((id) => (id.includes(':') ? [id.split(':')[0]!] : [])))
  expect(Object.keys(oclif.topics)).toEqual(expect.arrayContaining([...topics]))
  for (const { description } of Object.values(oclif.topics)) {
    expect(oneLanguage(description, 'en')).not.toMatch(HAN)
    expect(oneLanguage(description, 'zh')).toMatch(HAN)
  }
})

test('the scripts know every command and flag', () => {
  for (const [shell, make] of Object.entries(shells)) {
    const script = make(zh)
    for (const { words, flags } of zh) {
      for (const word of words.split(' ')) expect(script, `${shell} ${words}`).toContain(word)
      for (const { name } of flags) expect(script, `${shell} --${name}`).toContain(name)
    }
  }
})

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0

test('bash offers commands, flags and choices, behind flags that take a value too', (context) => {
  if (!has('bash')) return context.skip('skipped because there is no bash here')
  const file = join(folder, 'doorstep.bash')
  writeFileSync(file, shells.bash(zh))
  const probe = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _doorstep; declare -p COMPREPLY'
  const offered = (...words: string[]) => {
    const declared = execFileSync('bash', ['-c', probe, file, 'doorstep', ...words], { encoding: 'utf8' })
    return [...declared.matchAll(/\]="([^"]*)"/g)].map(([, word]) => word)
  }
  expect(offered('vi')).toEqual(['visit'])
  expect(offered('visit', 're')).toEqual(['record'])
  expect(offered('--home', '/x', 'visit', 're')).toEqual(['record'])
  expect(offered('visit', 'record', '1-2-301', '--outcome', 'r')).toEqual(['refused'])
  expect(offered('visit', 'record', '--hea')).toEqual(['--heard'])
  expect(offered('day', '--mi')).toEqual(['--mine'])
  expect(offered('case', 'step', 'ca-1', 'acc')).toEqual(['accept'])
})

test('zsh, fish and PowerShell read their scripts, where they are', (context) => {
  const tried = (
    [
      ['zsh', 'zsh', ['-n']],
      ['fish', 'fish', ['-n']],
      [
        'powershell',
        'pwsh',
        [
          '-NoProfile',
          '-Command',
          '$e=$null;[void][Management.Automation.Language.Parser]::ParseFile($args[0],[ref]$null,[ref]$e);exit $e.Count',
        ],
      ],
    ] as const
  ).filter(([, program]) => has(program))
  if (tried.length === 0) return context.skip('skipped because none of zsh, fish and pwsh is here')
  for (const [shell, program, args] of tried) {
    const file = join(folder, shell)
    writeFileSync(file, shells[shell](en))
    expect(spawnSync(program, [...args, file], { encoding: 'utf8' }), shell).toMatchObject({ status: 0 })
  }
})
