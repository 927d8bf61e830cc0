import { expect, test } from 'vitest'
import { textsOf } from './block.ts'
import { NOTICE_KINDS, noticePaper } from './notice-paper.ts'
import { recordPaper } from './record-paper.ts'

const textOf = (sheet: Parameters<typeof textsOf>[0]) =>
  [...textsOf(sheet)].map(([, text]) => text).join('\n')

const notice = {
  size: 18,
  address: '1幢2单元301室',
  community: '示范社区',
  contact: '社区居委会 0571-0000 0000',
  worker: '测试员甲',
  on: '2026-11-26',
  at: '14:30',
  today: '2026-11-26',
  hazards: [{ title: '燃气软管老化', grade: 'serious', deadline: '2026-12-01' }],
}

test('a notice says who came, when, and how to answer; only that of an inspection names what was found', () => {
  for (const language of ['zh', 'en'] as const)
    for (const kind of NOTICE_KINDS) {
      const sheet = noticePaper({ ...notice, kind, language })
      const text = textOf(sheet)
      for (const part of [notice.worker, notice.on, notice.contact, notice.address])
        expect(text).toContain(part)
      expect(text.includes('燃气软管老化')).toBe(kind === 'hazard')
      expect(text.includes('2026-12-01')).toBe(kind === 'hazard')
      // What is outside when it is folded: the door, and nothing else.
      const folded = sheet.blocks.findIndex((block) => block.type === 'rule')
      const outside = textOf({ ...sheet, blocks: sheet.blocks.slice(0, folded) })
      for (const part of [notice.worker, notice.contact, '燃气']) expect(outside).not.toContain(part)
    }
})

test('the copy for a person says in both languages what is kept, what for, how long, and who looked', () => {
  const at = Date.UTC(2026, 10, 24, 1, 14)
  const base = { space: 'sp-1', conflicts: {}, createdAt: at, createdBy: 'me-1', changedAt: at }
  const text = textOf(
    recordPaper({
      copy: {
        person: 'pe-1',
        entry: { space: 'sp-1', log: 'l', seq: 1 },
        records: [
          {
            ...base,
            id: 'pe-1',
            type: 'person',
            fields: { name: '测试人员', gender: 'female', population: 'floating' },
            sets: { categories: ['low-income'] },
            timelines: {},
          },
          {
            ...base,
            id: 'rv-1',
            type: 'reveal',
            fields: { record: 'pe-1', year: 2026 },
            sets: {},
            timelines: {
              seen: [{ id: 'i', by: 'me-2', at, value: { field: 'phone', reason: 'contact' } }],
            },
          },
          { ...base, id: 'zz-1', type: 'later', fields: { told: 'x' }, sets: {}, timelines: {} },
        ],
      },
      size: 18,
      community: '示范社区',
      contact: null,
      today: '2026-11-26',
      timeZone: 'Asia/Shanghai',
      retention: [
        {
          class: 'person',
          label: ['人员与居住', 'People and residences'],
          days: 365,
          from: ['搬走', 'Moving out'],
          source: ['社区规定', 'Community policy'],
          policy: null,
        },
      ],
      memberName: (member) => ({ 'me-1': '测试员甲', 'me-2': '测试员乙' })[member] ?? member,
    }),
  )
  for (const part of [
    '姓名 Name',
    '女 Female',
    '流动 Floating',
    '低保',
    '保存:365 天',
    'Kept: 365 days from: Moving out (Community policy)',
    '2026-11-24 09:14 测试员乙',
    'PIPL art. 13, 34',
    'later',
  ])
    expect(text).toContain(part)
  expect(text).not.toContain('pe-1')
})
