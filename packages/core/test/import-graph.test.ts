import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

// A lint rule holds the direction too; this shows when somebody has switched it off.

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
/** Which packages each may import. Only cli and what stands outside the packages compose. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  sync: ['core'],
  drivers: ['core'],
  cli: ['core', 'sync', 'drivers'],
}

type Import = { readonly from: string; readonly to: string; readonly isType: boolean }
type Graph = {
  readonly files: readonly string[]
  /** Between files, by path from the root. */
  readonly edges: readonly Import[]
  /** By name of a package, as written. */
  readonly named: readonly { readonly from: string; readonly name: string }[]
}

const STATEMENT = /^[ \t]*(?:import|export)\b([^'"`;]*?)\bfrom\s*['"]([^'"]+)['"]/gm
const BARE = /^[ \t]*import\s*['"]([^'"]+)['"]/gm
const DYNAMIC = /\bimport\(\s*(?:\/\*.*?\*\/\s*)?['"`]([^'"`]+)['"`]/g

function importsOf(text: string): { specifier: string; isType: boolean }[] {
  const found: { specifier: string; isType: boolean }[] = []
  for (const [, clause, specifier] of text.matchAll(STATEMENT))
    found.push({ specifier: specifier!, isType: /^\s*type\b/.test(clause!) })
  for (const [, specifier] of text.matchAll(BARE)) found.push({ specifier: specifier!, isType: false })
  for (const [, specifier] of text.matchAll(DYNAMIC)) found.push({ specifier: specifier!, isType: false })
  return found
}

function readGraph(): Graph {
  const files = Object.keys(MAY_IMPORT).flatMap((name) =>
    globSync(`packages/${name}/{src,test}/**/*.{ts,tsx}`, { cwd: ROOT }),
  )
  const edges: Import[] = []
  const named: { from: string; name: string }[] = []
  for (const from of files) {
    for (const { specifier, isType } of importsOf(readFileSync(join(ROOT, from), 'utf8'))) {
      if (specifier.startsWith('.')) edges.push({ from, to: join(dirname(from), specifier), isType })
      else named.push({ from, name: specifier })
    }
  }
  return { files, edges, named }
}

const graph = readGraph()
const packageOf = (file: string) => file.split('/')[1]!

test('the walk sees the code: imports of all forms, in all packages', () => {
  const forms = importsOf(
    [
      "import { a } from './a.ts'",
      "import type { b } from './b.ts'",
      "import './c.ts'",
      "export { d } from './d.ts'",
      "import {\n  e,\n  type f,\n} from './e.ts'",
      "const g = await import('./g.ts')",
    ].join('\n'),
  )
  expect(forms.map(({ specifier }) => specifier).sort()).toEqual(
    ['a', 'b', 'c', 'd', 'e', 'g'].map((name) => `./${name}.ts`),
  )
  expect(forms.filter(({ isType }) => isType).map(({ specifier }) => specifier)).toEqual(['./b.ts'])
  for (const name of Object.keys(MAY_IMPORT))
    expect(graph.files.filter((file) => packageOf(file) === name).length, name).toBeGreaterThan(20)
  expect(graph.named.some(({ from, name }) => packageOf(from) === 'cli' && name === '@doorstep/core')).toBe(
    true,
  )
})

test('packages import downwards only: core no sibling, sync and drivers never each other or cli', () => {
  const wrong = graph.named.filter(({ from, name }) => {
    const sibling = /^@doorstep\/([^/]+)/.exec(name)?.[1]
    return (
      sibling !== undefined && sibling !== packageOf(from) && !MAY_IMPORT[packageOf(from)]!.includes(sibling)
    )
  })
  expect(wrong).toEqual([])
})

/** The simulator looks at what stations have inside, to find out whether they lie: no public face shows that. */
const looksInside = ({ from, to }: { from: string; to: string }) =>
  from.startsWith('packages/sync/test/sim/') && to.startsWith('packages/core/')

test('nobody reaches into another package by path', () => {
  const wrong = graph.edges.filter(
    (edge) => !looksInside(edge) && !edge.to.startsWith(`packages/${packageOf(edge.from)}/`),
  )
  expect(wrong).toEqual([])
})

test('what a package says it depends on keeps the same direction', () => {
  for (const [name, allowed] of Object.entries(MAY_IMPORT)) {
    const manifest = JSON.parse(readFileSync(join(ROOT, `packages/${name}/package.json`), 'utf8')) as Record<
      string,
      Record<string, string> | undefined
    >
    const siblings = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
      .filter((dependency) => dependency.startsWith('@doorstep/'))
      .map((dependency) => dependency.slice('@doorstep/'.length))
    expect(
      siblings.filter((sibling) => !allowed.includes(sibling)),
      name,
    ).toEqual([])
  }
})

test('every file that is imported is there', () => {
  const missing = graph.edges.filter(({ to }) => !existsSync(join(ROOT, to)) && !isInText(to))
  expect(missing).toEqual([])
})
/** Paths that only stand in the sample of the first test. */
const isInText = (path: string) => /^packages\/core\/test\/[a-g]\.ts$/.test(path)

test('no file imports itself, however long the way', () => {
  const next = new Map<string, string[]>()
  for (const { from, to, isType } of graph.edges) if (!isType) next.set(from, [...(next.get(from) ?? []), to])
  expect(findCycle(next)).toEqual([])
})

test('the domain does not know its tests, nor a command line', () => {
  const product = graph.edges.filter(
    ({ from }) => !/\.(test|fixture)\.|-contract\.|\/testing\/|\/test\//.test(from),
  )
  expect(product.filter(({ to }) => /\.test\./.test(to))).toEqual([])
  const terminal = /^(ink|react|@oclif\/)/
  const wrong = graph.named.filter(({ from, name }) => packageOf(from) !== 'cli' && terminal.test(name))
  expect(wrong).toEqual([])
})

/** The first way back to where it started, or nothing. */
function findCycle(next: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const way: string[] = []
  const visit = (file: string): string[] => {
    const at = way.indexOf(file)
    if (at >= 0) return [...way.slice(at), file].map((path) => relative('packages', path))
    if (done.has(file)) return []
    way.push(file)
    for (const other of next.get(file) ?? []) {
      const cycle = visit(other)
      if (cycle.length > 0) return cycle
    }
    way.pop()
    done.add(file)
    return []
  }
  for (const file of next.keys()) {
    const cycle = visit(file)
    if (cycle.length > 0) return cycle
  }
  return []
}
