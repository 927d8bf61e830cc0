import { expect, it } from 'vitest'
import { compareKeysNaturally, compareNaturally } from './natural-order.ts'

it('orders house numbers as people read them', () => {
  const houses = ['10A', '2', '10', '1', '100', '2B', '02', 'A1']
  expect(houses.sort(compareNaturally)).toEqual(['1', '02', '2', '2B', '10', '10A', '100', 'A1'])
})

it('orders numbers that are too long for arithmetic', () => {
  expect(compareNaturally('99000019410312002', '99000019410312003')).toBeLessThan(0)
  expect(compareNaturally('100000000000000000000', '99999999999999999999')).toBeGreaterThan(0)
})

it('lets the first word that differs decide', () => {
  const keys = [['B', '1'], ['A', '10'], ['A', '9'], ['A']]
  expect(keys.sort(compareKeysNaturally)).toEqual([['A'], ['A', '9'], ['A', '10'], ['B', '1']])
})
