import { expect, test } from 'vitest'
import { parseExpression } from './expression.ts'

const count = (measure: string, ...filters: [string, ...string[]][]) => ({
  measure,
  filters: filters.map(([name, ...values]) => ({ name, values })),
})

test('the same is said in either language, with any width of signs', () => {
  const met = {
    ok: true,
    expression: { type: 'count', count: count('visits', ['month', 'this'], ['outcome', 'met']) },
  }
  expect(parseExpression('count visits where month=this, outcome=met')).toEqual(met)
  expect(parseExpression(' Visits WHERE month = this , outcome = met ')).toEqual(met)
  expect(parseExpression('探访次数 条件 月=本月,结果=见到本人|无人应答')).toEqual({
    ok: true,
    expression: {
      type: 'count',
      count: count('visits', ['month', '本月'], ['outcome', '见到本人', '无人应答']),
    },
  })
  expect(parseExpression('{{community}}'.slice(2, -2))).toEqual({
    ok: true,
    expression: { type: 'word', word: 'community' },
  })
  expect(parseExpression('每个 网格')).toEqual({
    ok: true,
    expression: { type: 'each', dimension: 'grid', filters: [] },
  })
  expect(parseExpression('people where grid=Grid 1, age=80+')).toEqual({
    ok: true,
    expression: { type: 'count', count: count('people', ['grid', 'Grid 1'], ['age', '80+']) },
  })
  expect(parseExpression('percent visits where outcome=met of visits')).toEqual({
    ok: true,
    expression: { type: 'percent', part: count('visits', ['outcome', 'met']), whole: count('visits') },
  })
  expect(parseExpression('覆盖率 条件 类别="独居 80+"')).toMatchObject({
    expression: {
      type: 'percent',
      part: count('households-visited', ['category', '独居 80+']),
      whole: count('households', ['category', '独居 80+']),
    },
  })
})

test('what is wrong is said by what it is', () => {
  for (const [text, rule, found] of [
    ['', 'empty-expression', undefined],
    ['vists', 'no-such-measure', 'vists'],
    ['visits were outcome=met', 'not-understood', 'were'],
    ['visits where colour=red', 'no-such-filter', 'colour'],
    ['people where outcome=met', 'no-such-filter', 'outcome'],
    ['visits where outcome', 'equals-missing', 'outcome'],
    ['visits where outcome=', 'value-missing', 'outcome'],
    ['visits where outcome=met, outcome=absent', 'filter-twice', 'outcome'],
    ['each planet', 'no-such-dimension', 'planet'],
    ['each', 'dimension-missing', undefined],
    ['percent visits', 'of-missing', undefined],
    ['visits where form="a', 'quote-not-closed', undefined],
  ] as const)
    expect(parseExpression(text), text).toEqual({
      ok: false,
      fault: expect.objectContaining({ rule, ...(found ? { found } : {}) }),
    })
})
