import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { cut, labelled, table } from './table.ts'

const ROWS = [
  ['1幢2单元301室', '测试住户 1-2-301', 'hh-cqzmf9'],
  ['Building 1, Unit 2, Room 402', '测试住户 1-2-402,耳背,请大声敲门', 'hh-th54wg'],
] as const

describe('tables', () => {
  it('align by what a terminal shows, where a Chinese character is two columns wide', () => {
    const lines = table(['地址', '住户', 'id'], ROWS, Number.POSITIVE_INFINITY).split('\n')
    const starts = lines.map((line) => stringWidth(line.slice(0, line.search(/hh-|id$/))))
    expect(new Set(starts).size).toBe(1)
    expect(lines[1]).toContain('测试住户 1-2-301')
  })

  it.each([40, 60, 70])('fit %i columns, cutting what is between the name and the id first', (width) => {
    const lines = table(['地址', '住户', 'id'], ROWS, width).split('\n')
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width)
    expect(lines[1]).toContain('hh-cqzmf9')
    expect(lines[2]).toContain('…')
    if (width >= 60) expect(lines[2]).toContain('Building 1, Unit 2, Room 402')
  })

  it('leave out a column in which nothing stands', () => {
    expect(
      table(
        ['名称', '备注', 'id'],
        [
          ['甲', '', '1'],
          ['乙', '', '2'],
        ],
        80,
      ),
    ).toBe('名称  id\n甲    1\n乙    2')
  })

  it('keep a row on its line whatever is in it, and let nobody else write to the terminal', () => {
    expect(table(['a'], [['one\r\n two']], 80)).toBe('a\none two')
    expect(table(['a'], [['red \u001b[31m now']], 80)).toBe('a\nred [31m now')
    expect(labelled([['a', '\u0007bell']])).toBe('a   bell')
  })

  it('cut between characters, never through one', () => {
    expect(cut('测试住户', 8)).toBe('测试住户')
    expect(cut('测试住户', 6)).toBe('测试…')
    expect(cut('👨‍👩‍👧‍👦家', 3)).toBe('👨‍👩‍👧‍👦…')
  })

  it('leave out lines that say nothing', () => {
    expect(
      labelled([
        ['电话', '138****1234'],
        ['备注', null],
        ['当心', ''],
        ['户名 (name)', 'x'],
      ]),
    ).toBe('电话         138****1234\n户名 (name)  x')
  })
})
