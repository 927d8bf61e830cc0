import { expect, test } from 'vitest'
import { compareNames } from './name-order.ts'

test('grids stand in the order of their numbers, whether written in digits or in Chinese', () => {
  const names = ['一号', '二号', '九号', '十号', '十二号', '二十号', '二十一号']
  expect([...names].sort().sort(compareNames)).toEqual(names)
  expect(['G-10', 'G-2', '阳光'].sort(compareNames)).toEqual(['G-2', 'G-10', '阳光'])
})
