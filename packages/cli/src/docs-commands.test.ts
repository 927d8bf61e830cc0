import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { DoorstepCommand } from './base-command.ts'
import { COMMANDS } from './commands.ts'

type Flag = { readonly type: string; readonly required?: boolean; readonly char?: string }
type Shape = {
  readonly strict?: boolean
  readonly args?: Record<string, { readonly required?: boolean }>
  readonly flags?: Record<string, Flag>
}
const commands = COMMANDS as unknown as Record<string, Shape>
const common = DoorstepCommand.baseFlags as unknown as Record<string, Flag>

const root = fileURLToPath(new URL('../../../', import.meta.url))
const documents = [
  'README.md',
  'README.zh-CN.md',
  ...readdirSync(`${root}docs`).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'))

/** The lines of code blocks that call the command, without what is said beside them. */
const callsIn = (document: string): string[] =>
  readFileSync(root + document, 'utf8')
    .split('\n')
    .flatMap((row) => /^(?:pnpm )?doorstep ([a-z].*)$/.exec(row)?.[1] ?? [])
    .map((call) => call.replace(/\s+#.*$/, '').trim())

const wordsOf = (call: string): string[] =>
  [...call.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!)

/** What is wrong with a call: no such command or flag, an argument too many or too few; null when nothing is. */
function wrongWith(call: string): string | null {
  const words = wordsOf(call)
  const length = commands[`${words[0]}:${words[1]}`] ? 2 : 1
  const command = commands[words.slice(0, length).join(':')]
  if (!command) return 'no such command'
  const flags = { ...common, ...command.flags }
  const given = new Set<string>()
  let args = 0
  for (let at = length; at < words.length; at++) {
    const word = words[at]!
    if (word === '…') continue
    if (!word.startsWith('--')) {
      args++
      continue
    }
    const flag = flags[word.slice(2)]
    if (!flag) return `no flag ${word}`
    given.add(word.slice(2))
    if (flag.type !== 'boolean') at++
  }
  const wanted = Object.values(command.args ?? {})
  if (args < wanted.filter(({ required }) => required).length) return 'an argument is missing'
  if (args > wanted.length && command.strict !== false) return 'an argument too many'
  const missing = Object.entries(command.flags ?? {}).filter(
    ([name, { required }]) => required && !given.has(name),
  )
  return missing.length > 0 ? `without --${missing[0]![0]}` : null
}

describe('the commands that the documents show', () => {
  test.each(documents)('%s', (document) => {
    const wrong = callsIn(document).flatMap((call) => {
      const why = wrongWith(call)
      return why ? [`${call}: ${why}`] : []
    })
    expect(wrong).toEqual([])
  })

  test('are the same, in the same order, in both READMEs', () => {
    const named = (document: string) =>
      callsIn(document).map((call) =>
        call
          .split(' ')
          .slice(0, 2)
          .join(' ')
          .replace(/ examples.*/, ''),
      )
    expect(named('README.md').length).toBeGreaterThan(50)
    expect(named('README.zh-CN.md')).toEqual(named('README.md'))
  })
})
