import { beforeAll, expect, test } from 'vitest'
import { loadChart } from '../voice/visits-chart.ts'
import { textOfLine } from './lines.ts'
import { pickFirst, type Screen } from './screens.ts'
import { push } from './state.ts'
import { sampleState } from './testing/sample-state.test.data.ts'
import { viewOf } from './view.ts'

const household = 'hh-101'
const diary = { type: 'diary', household: null, space: 'sp-1', scope: 'open', pick: pickFirst } as const
const asked = { type: 'quick', household, outcome: 'absent', next: 2, note: '', typing: false } as const

/** The screens of a day, morning to evening, as somebody sees them at 80×24. */
const SCREENS: Readonly<Record<string, Screen>> = {
  'ask-neighbour': { ...asked, contact: 'neighbour' },
  'call-contact': { ...asked, contact: 'emergency' },
  diary: { ...diary, entry: null, when: 0 },
  'diary-entry': { ...diary, entry: '带老花镜', when: 1 },
  day: { type: 'day', scroll: 0 },
  overview: { type: 'overview', scroll: 0 },
}

beforeAll(loadChart)

for (const language of ['zh', 'en'] as const)
  for (const [name, screen] of Object.entries(SCREENS))
    test(`${name} in ${language}`, async () => {
      const { lines } = viewOf(push(sampleState({ language, size: { columns: 80, rows: 24 } }), screen))
      // Without the keys at the foot, which newcomer.test.ts goes by.
      const frame = lines
        .slice(0, -2)
        .map((one) => textOfLine(one).trimEnd())
        .join('\n')
      await expect(`${frame}\n`).toMatchFileSnapshot(`./frames/${name}.${language}.txt`)
    })

test('read aloud: what just happened first, a row of a table as a sentence, no bars', () => {
  const notice = { tone: 'good', words: ['已打勾', 'Ticked'] } as const
  const { lines } = viewOf(push(sampleState({ language: 'en', notice }), SCREENS.overview!))
  expect(lines.filter(({ announced }) => announced).map(({ spoken }) => spoken)).toEqual([
    expect.stringMatching(/^Ticked/),
  ])
  const grid = lines.find(({ spoken }) => spoken?.startsWith('一号网格'))
  expect(grid?.spoken).toBe(
    '一号网格: Homes 400, Met in 7 d 130, Today 9, Due 60, Late 12, Missed 2, Cases 8, Twice 1',
  )
})
