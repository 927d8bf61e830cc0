import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../commands.ts'
import { catalogue, wordingOf } from './problems.ts'
import { hasRuleWords } from './rule-words.ts'

const packages = fileURLToPath(new URL('../../../', import.meta.url))
const HAN = /\p{Script=Han}/u

type Source = { readonly file: string; readonly text: string }

/** What the four packages ship, without comments; tests and what only tests use tell nobody anything. */
const sources: readonly Source[] = ['core', 'sync', 'drivers', 'cli'].flatMap((name) =>
  readdirSync(join(packages, name, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !/\.test\.|\.test\.data\.|\.fixture\.|\/testing\/|\/drivers\/src\/simulate\/main\.ts$/.test(file),
    )
    .map((file) => ({
      file: relative(packages, file),
      text: readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, ''),
    })),
)

const literals = (text: string): string[] => [...text.matchAll(/'([a-z][a-z-]*)'/g)].map((match) => match[1]!)

/** `fail({ … type: 'x' … })`, wherever in the object its type stands. */
function failures({ text }: Source): string[] {
  return [...text.matchAll(/\bfail(?:<[^(]*>)?\(\s*\{[^{}]*?\btype:\s*([^,}]+)/g)].flatMap((match) =>
    literals(match[1]!),
  )
}

/** `type XProblem = …`, `Problem & { type: 'x' | 'y' }`, and lists of types by themselves. */
function declared({ text }: Source): string[] {
  return [...text.matchAll(/\btype (\w+)(?:<[^=\n]*>)? =([\s\S]*?)(?=\n\S|$(?![\s\S]))/g)].flatMap(
    (match) => {
      const [, name, body] = match as unknown as [string, string, string]
      if (/ProblemType$/.test(name)) return literals(body)
      if (!/(Problem|Failed|Failure|Unavailable|NotSupported)$/.test(name) && !/\bProblem &/.test(body))
        return []
      return [...body.matchAll(/\btype:\s*((?:\|?\s*'[a-z-]+'\s*)+)/g)].flatMap((types) =>
        literals(types[1]!),
      )
    },
  )
}

/** Notes of `form check`, which come with their own reason, and lie in a report rather than ending a command. */
const NOTES = ['label-missing', 'choices-missing', 'engine-warning', 'rule-unknown-field', 'rule-unfit']

const found = new Map<string, string>()
for (const source of sources)
  for (const type of [...failures(source), ...declared(source)])
    if (!NOTES.includes(type)) found.set(type, source.file)

describe('the catalogue of problems', () => {
  it('finds the problems of the sources at all', () => {
    for (const type of [
      'no-home',
      'answers-refused',
      'bundle-truncated',
      'connect-timeout',
      'no-reply',
      'bad-mapping',
    ])
      expect([...found.keys()]).toContain(type)
    expect(found.size).toBeGreaterThan(100)
  })

  it.each([...found])('has words for %s (%s)', (type) => {
    expect(Object.hasOwn(catalogue, type)).toBe(true)
  })

  it.each(Object.keys(catalogue))(
    'says %s in both languages and what to type next, whatever details are missing',
    (type) => {
      for (const language of ['zh', 'en'] as const) {
        const { message, next } = wordingOf({ type }, language)
        expect(message.trim()).not.toBe('')
        expect(message).not.toMatch(/undefined|null|NaN|\[object/)
        if (language === 'en') expect(message).not.toMatch(HAN)
        expect(next.length).toBeGreaterThan(0)
      }
    },
  )

  it.each(Object.keys(catalogue))('offers, for %s, only commands that exist', (type) => {
    const { next } = wordingOf({ type }, 'en')
    for (const line of next) {
      const words = /(?:^|\s)doorstep ([a-z]+)(?: ([a-z]+(?:-[a-z]+)*))?/.exec(line)
      if (!words) continue
      const [, first, second] = words
      expect(Object.keys(COMMANDS)).toContain(Object.hasOwn(COMMANDS, first!) ? first : `${first}:${second}`)
    }
  })

  it('has words for every rule that a field, a cell or a mapping can break', () => {
    const rules = new Set(sources.filter(({ file }) => RULED.test(file)).flatMap(rulesIn))
    for (const rule of ['date', 'not-a-number', 'needs-door-number', 'id-number-check', 'duplicate-key'])
      expect([...rules]).toContain(rule)
    expect([...rules].filter((rule) => !hasRuleWords(rule))).toEqual([])
  })
})

const RULED = /^core\/src\/(import|record|records|work)\//

/** `rule: 'x'`, `reason: 'x'`, `wrong('x')`, `fault(path, 'x')`, `invalid(field, 'x')`, and what checks return. */
function rulesIn({ file, text }: Source): string[] {
  const first = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]!)
  return [
    ...[...text.matchAll(/\b(?:rule|reason):\s*([^,}\n]+)/g)].flatMap((match) => literals(match[1]!)),
    ...first(/\bwrong\('([a-z-]+)'/g),
    ...first(/\b(?:fault|invalid|rejectAll)\(\s*(?:[^(),]+|\w+\((?:[^()]|\([^()]*\))*\)),\s*'([a-z-]+)'/g),
    ...(/\/records?\//.test(file) ? first(/(?:return |null : )'([a-z-]+)'/g) : []),
  ]
}
