import { expect, test } from 'vitest'
import { cellsOf } from './cells.ts'
import { noFacts } from './facts.ts'
import { textOfLine } from './lines.ts'
import { push } from './state.ts'
import { anyScreens, sampleState } from './testing/sample-state.test.data.ts'
import { viewOf } from './view.ts'

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 60, rows: 15 },
  { columns: 40, rows: 12 },
  { columns: 200, rows: 12 },
  { columns: 20, rows: 5 },
]
const told = (screen: object) => JSON.stringify(screen).slice(0, 60)

for (const language of ['zh', 'en'] as const)
  for (const size of SIZES)
    test(`${language} ${size.columns}×${size.rows}: every screen has as many rows as the terminal and none is too wide`, () => {
      for (const screen of anyScreens) {
        const { lines, cursor } = viewOf(push(sampleState({ language, size }), screen))
        expect(lines.length, told(screen)).toBe(size.rows)
        for (const one of lines)
          expect(cellsOf(textOfLine(one)), told(screen)).toBeLessThanOrEqual(size.columns)
        if (cursor) expect(cursor.x, told(screen)).toBeLessThan(size.columns)
      }
    })

test('no screen falls over before its facts are there', () => {
  for (const screen of anyScreens)
    expect(viewOf(push(sampleState({ facts: noFacts }), screen)).lines.length).toBe(24)
})

test('where one is, as whom, and the truth about sync stand on every screen', () => {
  for (const screen of anyScreens) {
    const [head] = viewOf(push(sampleState(), screen)).lines
    expect(textOfLine(head!)).toMatch(
      /^ 敲门 {2}一号网格 · 测试员甲 +离线 {2}3 条只在本机 · 上次相遇 昨天 17:40 $/,
    )
  }
})

test('the line at the foot always says how to leave and how to get help', () => {
  for (const language of ['zh', 'en'] as const)
    for (const screen of anyScreens) {
      const foot = textOfLine(viewOf(push(sampleState({ language }), screen)).lines.at(-1)!)
      expect(foot, told(screen)).toMatch(/Esc (返回|Back)/)
      expect(foot, told(screen)).toMatch(/(\?|Ctrl-G) (帮助|Help)$/)
    }
})

test('in English no Chinese word of ours is left', () => {
  const own = /[\u4e00-\u9fff]/
  const facts = { ...noFacts, board: { ...sampleState().facts.board!, doors: [] } }
  for (const screen of anyScreens) {
    const state = push(
      sampleState({
        language: 'en',
        facts,
        who: {
          member: 'Tester A',
          id: 'me-1',
          grids: 'Grid 1',
          releases: false,
          leads: false,
          outside: false,
          practice: false,
        },
      }),
      screen,
    )
    const plain = JSON.stringify(screen).match(own) ? [] : viewOf(state).lines
    // Whoever looks for the other language finds it by its own name.
    for (const one of plain) expect(textOfLine(one).replace('中文', ''), told(screen)).not.toMatch(own)
  }
})

test('the selected row bears a sign, not only a colour', () => {
  for (const screen of anyScreens)
    for (const one of viewOf(push(sampleState(), screen)).lines)
      if (one.selected) expect(textOfLine(one)).toMatch(/^ ?›/)
})
