/** By what numbers are told apart: each with its words, so that a clerk may write either language. */
import { recordTypes } from '../records/registry.ts'
import { caseStates } from '../work/case-steps.ts'

type Words = readonly [zh: string, en: string]
export type Choices = Readonly<Record<string, Words>>

/** The last is without an upper end. */
export const AGE_GROUPS = ['0-6', '7-17', '18-59', '60-69', '70-79', '80+'] as const
export const ageGroup = (age: number): string =>
  age >= 80
    ? '80+'
    : age >= 70
      ? '70-79'
      : age >= 60
        ? '60-69'
        : age >= 18
          ? '18-59'
          : age >= 7
            ? '7-17'
            : '0-6'

const asChoices = (names: readonly string[]): Choices =>
  Object.fromEntries(names.map((name) => [name, [name, name] as const]))

export const dimensions = {
  grid: { label: ['网格', 'grid'], choices: null },
  building: { label: ['楼栋', 'building'], choices: null },
  worker: { label: ['网格员', 'worker'], choices: null },
  category: { label: ['类别', 'category'], choices: null },
  tag: { label: ['标签', 'tag'], choices: null },
  form: { label: ['表单', 'form'], choices: null },
  day: { label: ['日期', 'day'], choices: null },
  kind: { label: ['种类', 'kind'], choices: null },
  outcome: { label: ['结果', 'outcome'], choices: recordTypes.visit.fields.outcome.choices as Choices },
  mode: { label: ['方式', 'mode'], choices: recordTypes.visit.fields.mode.choices as Choices },
  state: {
    label: ['状态', 'state'],
    choices: Object.fromEntries(
      Object.entries(caseStates).map(([code, { label }]) => [code, label]),
    ) as Choices,
  },
  grade: { label: ['等级', 'grade'], choices: recordTypes.case.fields.grade.choices as Choices },
  source: { label: ['来源', 'source'], choices: recordTypes.case.fields.source.choices as Choices },
  'on-time': {
    label: ['按时', 'on-time'],
    choices: { yes: ['是', 'yes'], no: ['否', 'no'], 'no-limit': ['无期限', 'no-limit'] },
  },
  age: { label: ['年龄', 'age'], choices: asChoices(AGE_GROUPS) },
  gender: { label: ['性别', 'gender'], choices: recordTypes.person.fields.gender.choices as Choices },
  population: {
    label: ['人口类型', 'population'],
    choices: recordTypes.person.fields.population.choices as Choices,
  },
  use: { label: ['用途', 'use'], choices: recordTypes.dwelling.fields.use.choices as Choices },
} as const satisfies Record<string, { readonly label: Words; readonly choices: Choices | null }>

export type Dimension = keyof typeof dimensions
export const isDimension = (name: string): name is Dimension => Object.hasOwn(dimensions, name)

/** The dimension that a word of either language means. */
export const dimensionOf = (word: string): Dimension | null => {
  const wanted = word.toLowerCase()
  const found = Object.entries(dimensions).find(
    ([name, { label }]) => name === wanted || label[0] === word || label[1] === wanted,
  )
  return (found?.[0] as Dimension) ?? null
}
