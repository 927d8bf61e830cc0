import { expect, test } from 'vitest'
import { defaultPolicies } from '../records/default-policies.ts'
import { categoryLabel, categoryWords } from './categories.ts'

const CATEGORIES = defaultPolicies.flatMap((policy) => policy.add.categories)

test.each(CATEGORIES)('%s of the default policies has a name in both languages', (category) => {
  expect(categoryLabel(category)).toMatch(/\p{Script=Han}/u)
  expect(categoryLabel(category, 'en')).toMatch(/^[A-Z][A-Za-z0-9 ,+]+$/)
})

test('a category of the community’s own is shown and found as written', () => {
  expect([categoryLabel('退役军人', 'en'), categoryWords('退役军人')]).toEqual(['退役军人', ['退役军人']])
  expect(categoryLabel('toString')).toBe('toString')
})
