import type { Value } from '../record/change.ts'

export type DefaultPolicy = {
  readonly id: string
  readonly set: Readonly<Record<string, Value>>
  readonly add: Readonly<Record<'categories' | 'modes' | 'roles', readonly string[]>>
}

const DOOR_OR_CALL = ['door', 'phone', 'video', 'remote']

/**
 * Who lives alone and at risk is not left for days: the opinion of 2022 asks for a visit within a day of a change. The
 * order (second attempt, neighbour, emergency contact, case) is common practice; the days are this project's defaults.
 */
const FAST_CHAIN: Value = [
  { step: 'again', afterDays: 0 },
  { step: 'neighbour', afterDays: 0 },
  { step: 'emergency', afterDays: 0 },
  { step: 'case', afterDays: 0 },
]
const KEY_CHAIN: Value = [
  { step: 'again', afterDays: 1 },
  { step: 'neighbour', afterDays: 0 },
  { step: 'emergency', afterDays: 1 },
  { step: 'case', afterDays: 1 },
]

/**
 * Where a community starts; every number is a record that its chief may change. Sources: Inner Mongolia's opinion
 * of 2022 on visiting older people (week, month, quarter), the 2022 notice of ten ministries (monthly for older
 * people in special difficulty), a town's visiting rule (twice a year for everybody, monthly for hardship).
 */
export const defaultPolicies: readonly DefaultPolicy[] = [
  {
    id: 'high-risk-weekly',
    set: {
      name: '高风险每周探访',
      nameEn: 'High risk, weekly',
      intervalDays: 7,
      chain: FAST_CHAIN,
      source: '内蒙古 2022 探访关爱意见:高风险每周不少于一次',
    },
    add: {
      categories: ['elderly-alone-80', 'dementia', 'severe-heart-disease', 'severe-hypertension'],
      modes: DOOR_OR_CALL,
      roles: ['worker', 'chief'],
    },
  },
  {
    id: 'key-monthly',
    set: {
      name: '重点对象每月探访',
      nameEn: 'Key groups, monthly',
      intervalDays: 30,
      chain: KEY_CHAIN,
      source: '民政部等十部门 2022:特殊困难老年人月探访',
    },
    add: {
      categories: [
        'elderly-alone',
        'empty-nest',
        'left-behind',
        'disabled-elderly',
        'severely-disabled',
        'special-family',
        'orphan',
        'child-in-need',
        'extreme-poverty',
      ],
      modes: DOOR_OR_CALL,
      roles: ['worker', 'chief'],
    },
  },
  {
    id: 'hardship-monthly',
    set: {
      name: '低保与流动每月走访',
      nameEn: 'Hardship and floating, monthly',
      intervalDays: 30,
      source: '镇街走访制度:困难、流动人口每月一次',
    },
    add: {
      categories: ['low-income', 'floating', 'community-correction'],
      modes: DOOR_OR_CALL,
      roles: ['worker', 'chief'],
    },
  },
  {
    id: 'rental-quarterly',
    set: {
      name: '出租与空挂每季走访',
      nameEn: 'Rented and registered-only, quarterly',
      intervalDays: 90,
      source: '七色管理:流出户、商业每季',
    },
    add: {
      categories: ['rental', 'outflow', 'business', 'elderly'],
      modes: ['door'],
      roles: ['worker', 'chief'],
    },
  },
  {
    id: 'everyone-half-yearly',
    set: {
      name: '普通住户半年走访',
      nameEn: 'Every household, twice a year',
      intervalDays: 180,
      everyone: true,
      source: '镇街走访制度:普通住户每年两次',
    },
    add: { categories: [], modes: ['door'], roles: ['worker', 'chief'] },
  },
]
