import { expect, test } from 'vitest'
import { compareWithOracle, type ProductStation } from './check.ts'
import { createHistory } from './history.ts'

function example() {
  const history = createHistory()
  history.act('root', null, { type: 'genesis' })
  history.act('open', 'root', { type: 'space', kind: 'community' })
  history.act('X', 'root', { type: 'member', role: 'worker', spaces: ['open'] }, ['open'])
  history.act('out', 'root', { type: 'remove', target: 'X', cut: ['x0'] }, ['X'])
  history.act('freeze', 'root', { type: 'freeze', log: 'X2', seq: 1 }, ['out'])
  history.entry('x0', 'X', { log: 'X1', space: 'open', acts: ['X'] })
  history.entry('x1', 'X', { log: 'X1', space: 'open', prev: 'x0' })
  history.entry('refused', 'X', { log: 'X2', space: 'open', acts: ['out'] })
  const right: Required<ProductStation> = {
    name: 'office',
    acts: new Set(history.acts.keys()),
    entries: new Set(['x0', 'x1', 'refused']),
    accepted: new Set(['x0']),
    held: new Set(['x1']),
    effective: new Set(history.acts.keys()),
    standing: new Set(['root']),
    roles: new Map([
      ['root', 'chief'],
      ['X', null],
    ]),
    frozen: new Map([['X2', 1]]),
    spaces: [['X', 'open', false]],
  }
  const compare = (wrong: Partial<ProductStation>) =>
    compareWithOracle(history.acts.values(), history.entries.values(), [{ ...right, ...wrong }])
  return { right, compare }
}

test('a product that is right differs nowhere', () => {
  const { compare } = example()
  expect(compare({})).toEqual([])
  expect(compare({ roles: new Map([['root', 'chief']]) })).toEqual([])
})

test('every difference is told in words, with what the oracle says instead', () => {
  const { compare } = example()
  expect(compare({ accepted: new Set(['x1', 'refused', 'x9']) })).toEqual([
    'at office: x1 is accepted; the oracle: held',
    'at office: refused is accepted; the oracle: refused',
    'at office: x9 is accepted; the oracle: an entry that it does not have',
    'at office: x0 is not accepted; the oracle: accepted',
  ])
  expect(compare({ held: new Set(['x0']) })).toHaveLength(2)
  expect(compare({ effective: new Set(['root', 'open', 'X', 'freeze']) })).toEqual([
    'at office: out is not effective; the oracle: effective',
  ])
  expect(compare({ standing: new Set(['root', 'X']) })).toEqual([
    'at office: X is a standing station; the oracle: it does not stand, added by an act that is effective',
  ])
  expect(compare({ roles: new Map([['X', 'worker']]) })).toEqual([
    'at office: member X is worker; the oracle: out',
    'at office: member root is out; the oracle: chief',
  ])
  expect(compare({ frozen: new Map() })).toEqual(['at office: log X2 is frozen from nowhere; the oracle: 1'])
  expect(compare({ spaces: [['X', 'open', true]] })).toEqual([
    'at office: member X has space open; the oracle: the contrary',
  ])
})

test('a station that lacks acts is asked about what it has', () => {
  const { right, compare } = example()
  const acts = new Set(right.acts)
  acts.delete('out')
  acts.delete('freeze')
  expect(
    compare({
      acts,
      effective: acts,
      standing: new Set(['root', 'X']),
      roles: new Map([
        ['root', 'chief'],
        ['X', 'worker'],
      ]),
      accepted: new Set(['x0', 'x1']),
      held: new Set(),
      frozen: new Map(),
      spaces: [['X', 'open', true]],
    }),
  ).toEqual([])
})
