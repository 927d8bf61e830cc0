import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const spec = readFileSync(join(root, 'packages/sync/SPEC.md'), 'utf8')
const rules = [...spec.matchAll(/^- \*\*([A-Z]\d+)\*\*/gm)].map((match) => match[1]!)

/** Titles of tests as they stand in the sources, those of `test.each` tables too. */
function titles(): { file: string; title: string }[] {
  const files = readdirSync(join(root, 'packages'), { recursive: true, withFileTypes: true }).filter(
    (entry) =>
      entry.isFile() && /\.test\.tsx?$/.test(entry.name) && !/node_modules|\/dist/.test(entry.parentPath),
  )
  return files.flatMap((entry) => {
    const file = join(entry.parentPath, entry.name)
    const text = readFileSync(file, 'utf8')
    return [...text.matchAll(/(?:^|[\s(,])(?:test|it)\b[^'"`]*?\(\s*(['"`])((?:[A-Z]\d+[ ,])+[^\n]*)/gm)]
      .map((match) => ({ file, title: match[2]! }))
      .concat(
        [...text.matchAll(/\)\(\s*(['"`])((?:[A-Z]\d+[ ,])+[^\n]*)/gm)].map((match) => ({
          file,
          title: match[2]!,
        })),
      )
  })
}

const cited = titles().flatMap(({ file, title }) => {
  const numbers = /^(?:[A-Z]\d+(?:, | and | ))+/.exec(title)?.[0] ?? ''
  return [...numbers.matchAll(/[A-Z]\d+/g)].map(([rule]) => ({ rule, file }))
})

test('every rule is written down once', () => {
  expect(rules.length).toBeGreaterThan(30)
  expect(rules.filter((rule, at) => rules.indexOf(rule) !== at)).toEqual([])
})

test('every rule has a test whose title begins with its number', () => {
  const tested = new Set(cited.map(({ rule }) => rule))
  expect(rules.filter((rule) => !tested.has(rule))).toEqual([])
})

test('every number at the start of a test’s title is a rule', () => {
  expect(
    cited.filter(({ rule }) => !rules.includes(rule)).map(({ rule, file }) => `${rule} in ${file}`),
  ).toEqual([])
})
