import { expect, test } from 'vitest'
import { typedResident } from './typed-resident.ts'

test.each([
  [
    '测试人员 配偶 13800001234 990000194508150024 租住',
    {
      fields: { name: '测试人员', phone: '13800001234', idNumber: '990000194508150024' },
      relation: 'spouse',
      kind: 'rent',
      badId: false,
    },
  ],
  [
    '流动 1950-01-01 测试 人员',
    { fields: { population: 'floating', birthDate: '1950-01-01', name: '测试 人员' }, badId: false },
  ],
  [
    'Child Test Person away',
    { fields: { name: 'Test Person' }, relation: 'child', state: 'away', badId: false },
  ],
  ['测试 １３８００００１２３４', { fields: { name: '测试', phone: '13800001234' }, badId: false }],
  ['测试 990000194508150025', { fields: { name: '测试' }, badId: true }],
  ['测试 1380000123', { fields: { name: '测试', phone: '1380000123' }, badId: false }],
  ['  ', { fields: {}, badId: false }],
])('%s', (text, typed) => {
  expect(typedResident(text)).toEqual(typed)
})
