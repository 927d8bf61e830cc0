import { describe, expect, it } from 'vitest'
import { type CsvRow, parseCsv } from './csv.ts'

const rows = (text: string, delimiter = ','): CsvRow[] => [...parseCsv(text, delimiter)]
const cells = (row: number, ...texts: string[]): CsvRow => ({ type: 'cells', row, cells: texts })

describe('parseCsv', () => {
  it('numbers rows by the line they start on, whatever ends the lines', () => {
    for (const end of ['\n', '\r\n', '\r'])
      expect(rows(['a,b', '1,2', '', '3,4'].join(end))).toEqual([
        cells(1, 'a', 'b'),
        cells(2, '1', '2'),
        cells(4, '3', '4'),
      ])
  })

  it('reads quotes, doubled quotes, and line breaks inside a cell', () => {
    expect(rows('a,b\n"x, ""y""","two\r\nlines"\n1,2\n')).toEqual([
      cells(1, 'a', 'b'),
      cells(2, 'x, "y"', 'two\r\nlines'),
      cells(4, '1', '2'),
    ])
  })

  it('takes a quote inside an unquoted cell as it is', () => {
    expect(rows('a,b\n5" pipe,2')[1]).toEqual(cells(2, '5" pipe', '2'))
  })

  it('loses one row to a quote that never closes, not the rest of the file', () => {
    expect(rows('a,b\n1,"lost\n2,x\n3,y')).toEqual([
      cells(1, 'a', 'b'),
      { type: 'fault', row: 2, reason: 'unclosed-quote' },
      cells(3, '2', 'x'),
      cells(4, '3', 'y'),
    ])
  })

  it('loses one row to a quote that closes in a later row', () => {
    expect(rows('a,b\n1,"lost\n2,"x"\n3,y')).toEqual([
      cells(1, 'a', 'b'),
      { type: 'fault', row: 2, reason: 'text-after-quote' },
      cells(3, '2', 'x'),
      cells(4, '3', 'y'),
    ])
    expect(rows('a,b,c\n1,"lost\n2,x",3,4\n5,6,7')).toEqual([
      cells(1, 'a', 'b', 'c'),
      { type: 'fault', row: 2, reason: 'unclosed-quote' },
      { type: 'fault', row: 3, reason: 'wrong-column-count', expected: 3, found: 4 },
      cells(4, '5', '6', '7'),
    ])
  })

  it('names the count of columns when it is wrong, and forgives empty cells to the right', () => {
    expect(rows('a,b,,\n1,2,,,,\n1\n1,2,3\n')).toEqual([
      cells(1, 'a', 'b'),
      cells(2, '1', '2'),
      { type: 'fault', row: 3, reason: 'wrong-column-count', expected: 2, found: 1 },
      { type: 'fault', row: 4, reason: 'wrong-column-count', expected: 2, found: 3 },
    ])
  })

  it('gives up on a quoted cell that runs on for fifty lines', () => {
    const found = rows(`a\n"${'x\n'.repeat(60)}"\nlast`)
    expect(found[1]).toEqual({ type: 'fault', row: 2, reason: 'unclosed-quote' })
    expect(found.at(-1)).toEqual(cells(63, 'last'))
  })

  it('reads other delimiters', () => {
    expect(rows('a;b\n1,5;2', ';')[1]).toEqual(cells(2, '1,5', '2'))
  })
})
