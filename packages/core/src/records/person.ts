import type { Value } from '../record/change.ts'
import { defineRecord, isDate, movedTo, moving } from '../record/define.ts'

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** GB 11643: 17 digits with a birth date that exists, and the mod 11-2 check character. */
export function brokenIdNumberRule(value: Value): string | null {
  if (typeof value !== 'string' || !/^\d{17}[\dXx]$/.test(value)) return 'id-number-shape'
  if (!isDate(`${value.slice(6, 10)}-${value.slice(10, 12)}-${value.slice(12, 14)}`)) return 'id-number-date'
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(value[at]), 0)
  return '10X98765432'[sum % 11] === value[17]!.toUpperCase() ? null : 'id-number-check'
}

/** GB/T 31000-2015 and domain A.3. Gender, phone and document may be unknown: a form that insists gets lies. */
export const person = defineRecord({
  type: 'person',
  prefix: 'pe',
  label: ['人员', 'Person'],
  space: 'grid',
  version: 1,
  fields: {
    name: { type: 'text', label: ['姓名', 'Name'], required: true, maxLength: 80 },
    gender: {
      type: 'choice',
      label: ['性别', 'Gender'],
      choices: { male: ['男', 'Male'], female: ['女', 'Female'] },
    },
    birthDate: { type: 'date', label: ['出生日期', 'Date of birth'] },
    idNumber: {
      type: 'text',
      label: ['身份证号', 'ID number'],
      maxLength: 18,
      mask: 'id-number',
      check: brokenIdNumberRule,
    },
    phone: { type: 'text', label: ['电话', 'Phone'], maxLength: 30, mask: 'phone' },
    population: {
      type: 'choice',
      label: ['人口类型', 'Population'],
      choices: {
        registered: ['户籍', 'Registered'],
        floating: ['流动', 'Floating'],
        overseas: ['境外', 'Overseas'],
      },
    },
    health: { type: 'text', label: ['健康', 'Health'], maxLength: 300, mask: 'text' },
    diedOn: { type: 'date', label: ['去世日期', 'Date of death'] },
    movedTo,
  },
  sets: { categories: { label: ['类别', 'Categories'] } },
  timelines: moving,
})
