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

export type IdNumberFacts = { readonly birthDate: string; readonly gender: 'male' | 'female' }

/** What a whole identity number says of its holder: digits 7–14 the day of birth, the 17th odd for men (GB 11643). */
export function factsOfIdNumber(idNumber: Value | undefined): IdNumberFacts | null {
  if (typeof idNumber !== 'string' || brokenIdNumberRule(idNumber) !== null) return null
  const digits = /^\d{6}(\d{4})(\d{2})(\d{2})\d{2}(\d)/.exec(idNumber)!
  return {
    birthDate: `${digits[1]}-${digits[2]}-${digits[3]}`,
    gender: Number(digits[4]) % 2 === 1 ? 'male' : 'female',
  }
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
    /** Where the household register (户籍) has them, when that is a dwelling of this community. */
    registeredDwelling: { type: 'id', of: ['dw'], label: ['户籍房屋', 'Registered dwelling'] },
    /** The same, anywhere else. */
    registeredAddress: { type: 'text', label: ['户籍地址', 'Registered address'], maxLength: 200 },
    health: { type: 'text', label: ['健康', 'Health'], maxLength: 300, mask: 'text' },
    diedOn: { type: 'date', label: ['去世日期', 'Date of death'] },
    movedTo,
  },
  sets: { categories: { label: ['类别', 'Categories'] } },
  timelines: {
    ...moving,
    /** Why a category holds: `{categories, document?, saidBy?, on}`. */
    basis: { label: ['类别依据', 'Basis of categories'] },
  },
})
