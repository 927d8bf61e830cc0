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

  it.each([40, 60, 70])('fit %i columns, cutting the widest first and ids not at all', (width) => {
    const lines = table(['地址', '住户', 'id'], ROWS, width).split('\n')
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width)
    expect(lines[1]).toContain('hh-cqzmf9')
    expect(lines[2]).toContain('…')
  })

  it('keep a row on its line whatever is in it', () => {
    expect(table(['a'], [['one\r\n two']], 80)).toBe('a\none two')
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
