import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { expectOk } from '../../result.ts'
import { checkForm } from '../form-check.ts'
import { fillForm } from '../form-fill.ts'
import { callsIn, replaceCalls } from './calls.ts'
import { withoutForeign } from './foreign-functions.ts'
import { ENGINE_FUNCTIONS, JR_FUNCTIONS } from './known-functions.ts'

test('the functions we say the engine knows are those it has', () => {
  const file = createRequire(import.meta.url).resolve('@getodk/xforms-engine')
  const engine = readFileSync(join(dirname(file).replace(/src$/, 'dist'), 'index.js'), 'utf8')
  const defined = [
    ...engine.matchAll(
      /(?:new \w*(?:Function|FunctionImplementation|FunctionAlias)|math2?N?Alias)\(\s*"([a-z][a-z0-9-]*)"/g,
    ),
  ].map(([, name]) => name!)
  expect([...new Set([...ENGINE_FUNCTIONS, ...JR_FUNCTIONS])].sort()).toEqual([...new Set(defined)].sort())
})

test('calls are found in what else an expression has, and not in its texts', () => {
  const expression = `if(not(selected(/data/a, 'f(x)')), concat("g(", h (1, 'it, ''s'), child::text()), . div (2))`
  expect(callsIn(expression).map(({ name, arguments: given }) => `${name}/${given.length}`)).toEqual([
    'selected/2',
    'not/1',
    'h/2',
    'concat/3',
    'if/3',
  ])
  expect(replaceCalls(expression, () => null).replaceAll(' ', '')).toBe(expression.replaceAll(' ', ''))
  expect(replaceCalls('a(b(1), c(', ({ name }) => (name === 'b' ? 'B' : null))).toBe('a(B, c(')
})

const CASES: readonly (readonly [expression: string, result: string | undefined])[] = [
  ["difference-in-months('2020-01-31', '2020-02-29')", '0'],
  ["difference-in-months('2020-01-15', '2021-03-15')", '14'],
  ["cht:difference-in-years('2000-06-15', '2026-06-14')", '25'],
  ["cht:difference-in-days('2026-03-01', '2026-04-01')", '31'],
  ["difference-in-months('', today())", undefined],
  ["add-date('2026-01-31', 0, 1)", '2026-03-03'],
  ["add-date(date('2026-01-15'), 1, 11, 20)", '2028-01-04'],
  ["add-date('2026-12-15', 0, -12)", '2025-12-15'],
  ["cht:strip-whitespace('a b  c')", 'abc'],
  ["concat(coalesce('', '', 'c'), coalesce('a', 'b'))", 'ca'],
  ["if(1 < 2, difference-in-months('2026-01-01', add-date('2026-01-01', 2)), 'no')", '24'],
]

const form = (calculations: readonly string[]) => {
  const attribute = (text: string) => text.replaceAll('<', '&lt;')
  return `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>t</h:title>
<model><instance><data id="t">${calculations.map((_, at) => `<c${at}/>`).join('')}</data></instance>
${calculations.map((text, at) => `<bind nodeset="/data/c${at}" type="string" calculate="${attribute(text)}"/>`).join('\n')}
</model></h:head><h:body/></h:html>`
}

test('functions of other systems are worked out by those the engine has', async () => {
  const { values } = expectOk(await fillForm(form(CASES.map(([expression]) => expression)), {}))
  CASES.forEach(([expression, result], at) => {
    expect([expression, values[`c${at}`]]).toEqual([expression, result])
  })
  const plain = form(["concat('add-date', 1)"])
  expect(withoutForeign(plain)).toBe(plain)
})

test('what a form names and has not is said by name, all of it, before the engine stumbles over the first', async () => {
  const xml = form([
    "z-score('a', 1)",
    "cht:extension-lib('x.js', /data/gone)",
    "instance('towns')/root/item[1]/name",
  ]).replace(
    '</model>',
    '<instance id="spare"><root/></instance><instance id="far" src="jr://file-csv/far.csv"/></model>',
  )
  const { ok, problems } = await checkForm(xml)
  expect(ok).toBe(false)
  expect(problems.map(({ type, where, about, blocking }) => `${blocking} ${where} ${type} ${about}`)).toEqual(
    [
      'true /data/c0 function-unknown z-score',
      'true /data/c1 function-unknown cht:extension-lib',
      'false /data/c1 path-missing /data/gone',
      'true /data/c2 instance-missing towns',
      'false instance spare instance-unused spare',
      'true instance far media-missing far.csv',
    ],
  )
})
