import type { HomeSheet, MeterSheet } from '@doorstep/core'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { homeSheetPaper } from '../paper/home-sheet-paper.ts'
import { homeSheetText } from './home-sheet-text.ts'
import type { Language } from './language.ts'

const days = Array.from({ length: 30 }, (_, at) => ({
  on: `2026-11-${String(at + 1).padStart(2, '0')}`,
  use: at === 4 ? null : 0.1 + (at % 5) * 0.05,
  register: null,
  nightLow: 0.012,
}))
const meter = (more: Partial<MeterSheet> = {}): MeterSheet => ({
  ...{ device: 'de-1', kind: 'water', name: '厨房', unit: 'm³', readNow: true },
  today: { use: 0.083, untilMs: 0 },
  last: { on: '2026-11-30', use: 0.3 },
  days,
  sum: { use: 5.75, daysKnown: 29 },
  compared: {
    ...{ from: '2026-11-03', until: '2026-11-30', yearBefore: null },
    now: { perDay: 0.2, daysKnown: 27 },
    before: { perDay: 0.1, daysKnown: 28 },
  },
  own: { perDay: 0.21, daysKnown: 28 },
  band: {
    ...{ from: '2026-11-02', until: '2026-11-29', state: 'told', homesAtLeast: 10 },
    ...{ quartiles: { low: 0.12, middle: 0.18, high: 0.26 }, people: ['1'], areas: ['unknown'] },
  },
  notices: [
    { type: 'leak', nights: 3, perHour: 0.012 },
    { type: 'much', on: '2026-11-30', use: 0.9, usual: 0.2 },
  ],
  ...more,
})
const sheet = (...meters: MeterSheet[]): HomeSheet => ({
  ...{ household: 'hh-1', name: '测试住户', address: '1幢1单元101室', on: '2026-12-01' },
  ...{
    meters,
    alarms: [],
    tasks: [{ device: 'de-2', kind: 'gas-alarm', name: null, task: 'replace', on: '2026-12-20' }],
  },
})
const frame = (language: Language) => ({ language, contact: '0571-0000 0000', clock: () => '14:05' })
const untold = meter({ band: { ...meter().band!, state: 'too-few', quartiles: null, homesAtLeast: null } })

test.each(['zh', 'en'] as const)(
  '%s: a chart where it is seen, within 80 columns; words alone where it is not',
  (language) => {
    for (const one of [
      sheet(meter()),
      sheet(untold),
      sheet(meter({ last: null, sum: null, readNow: false })),
      sheet(),
    ]) {
      const seen = homeSheetText(one, frame(language), { columns: 80, spoken: false })
      for (const line of seen.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(80)
      const spoken = homeSheetText(one, frame(language), { columns: 80, spoken: true })
      expect(spoken).not.toMatch(/[▁-█▒┃▲─]/)
      expect(`${seen}${spoken}`).not.toMatch(/undefined|null|NaN|\[object/)
      const paper = JSON.stringify(homeSheetPaper(one, frame(language), { size: 18, community: '测试社区' }))
      expect(paper).not.toMatch(/undefined|NaN|hh-1|de-1/)
    }
    const both = homeSheetText(sheet(meter()), frame(language), { columns: 80, spoken: false })
    expect(both).toMatch(/▅|▃/)
    expect(both).toContain(language === 'zh' ? '300 升' : '300 litres')
    expect(both).toContain('100 %')
    expect(both).toMatch(/▒+┃▒+/)
  },
)

test('with fewer than ten others it says so, and draws no band', () => {
  const text = homeSheetText(sheet(untold), frame('zh'), { columns: 80, spoken: false })
  expect(text).toContain('不足十户')
  expect(text).not.toMatch(/[▒┃▲]/)
})
