import { expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { homeSafetyCheck } from './builtin/home-safety-check.ts'
import { readCondition } from './condition.ts'
import { everyKind } from './sample-form.test.data.ts'
import { type FormSheet, formSheet, type SheetPart } from './sheet.ts'

type Asked = Extract<SheetPart, { readonly type: 'question' }>
const asked = ({ parts }: FormSheet): Asked[] => parts.filter((part) => part.type === 'question')

test('every question of a form is on its sheet, relevant now or not, numbered as it stands', async () => {
  const sheet = expectOk(await formSheet(everyKind, { language: 'en' }))
  const questions = asked(sheet)
  expect(questions.map(({ number }) => number)).toEqual(questions.map((_, at) => at + 1))
  const paths = questions.map(({ question }) => question.path)
  // An open repeat is printed three times, one that another answer counts is left to write in.
  expect(paths.filter((path) => path.startsWith('people['))).toHaveLength(9)
  expect(sheet.parts).toContainEqual(expect.objectContaining({ type: 'uncounted', label: 'Room' }))
  const age = questions.find(({ question }) => question.path === 'people[2]/age')!
  expect(age.rule).toEqual({ words: 'Age must be from 0 to 129' })
  const likes = questions.find(({ question }) => question.path === 'people[2]/likes')!
  expect(likes.only).toEqual({
    type: 'compare',
    question: { number: age.number, label: 'Age' },
    op: '>=',
    value: 18,
  })
  const pets = sheet.parts.find((part) => part.type === 'heading' && part.label === 'Pets')
  expect(pets).toMatchObject({
    only: { type: 'compare', question: { label: 'Pets?' }, op: '=', value: 'YES' },
  })
  // What is told from a calculation is not known on paper.
  expect(sheet.parts.flatMap((part) => (part.type === 'note' ? part.label : []))).toEqual(['Fixed'])
})

test('the home safety check says of its follow-ups which answer asks for them, by its label', async () => {
  const sheet = expectOk(await formSheet(homeSafetyCheck.xml, { language: 'zh' }))
  const [wiring, grade] = asked(sheet)
  expect(grade!.only).toEqual({
    type: 'compare',
    question: { number: 1, label: wiring!.question.label },
    op: '=',
    value: '有隐患',
  })
  expect(asked(sheet).filter(({ only }) => only?.type === 'other')).toHaveLength(1)
})

test('conditions are read as a person says them; what cannot be read stays whole', () => {
  const is = (path: string, value: string) => ({ type: 'compare', path, op: '=', value })
  expect(readCondition("/d/a = 'x' or (/d/b='y' and not(../c = \"z\"))")).toEqual({
    type: 'any',
    of: [is('/d/a', 'x'), { type: 'all', of: [is('/d/b', 'y'), { type: 'not', of: is('../c', 'z') }] }],
  })
  expect(readCondition("selected( /d/a , 'x') and . != ''")).toEqual({
    type: 'all',
    of: [
      { type: 'selected', path: '/d/a', value: 'x' },
      { type: 'answered', path: '.' },
    ],
  })
  expect(readCondition('. >= today() - 31')).toEqual({ type: 'day', path: '.', op: '>=', days: -31 })
  expect(readCondition('. > -2.5')).toEqual({ type: 'compare', path: '.', op: '>', value: -2.5 })
  for (const expression of [
    'count(/d/people[age > 18]) > 2',
    "/d/a = 'x' or",
    '/d/a',
    "regex(., '^[0-9]+$')",
    '((((',
    '/d/a + 1 = 3',
    `${'('.repeat(500)}`,
  ])
    expect(readCondition(expression)).toEqual({ type: 'other', expression })
})
