import { expect, test } from 'vitest'
import { commandFirst } from './command-first.ts'

test.each([
  [
    ['visit', 'due'],
    ['visit', 'due'],
  ],
  [
    ['--home', 'x', '--json', 'visit', 'due', '--on', 'y'],
    ['visit', 'due', '--on', 'y', '--home', 'x', '--json'],
  ],
  [
    ['--lang=zh', 'find', '--', '--json'],
    ['find', '--lang=zh', '--', '--json'],
  ],
  [['--help'], ['--help']],
  [['--home'], ['--home']],
  [[], []],
])('%j', (typed, wanted) => {
  expect(commandFirst(typed)).toEqual(wanted)
})
