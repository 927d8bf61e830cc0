import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseCsv } from './csv.ts'

const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`

it('gives back any table that was written with quotes', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', '栋') })
  const table = fc
    .integer({ min: 1, max: 4 })
    .chain((columns) =>
      fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1 }),
    )
  fc.assert(
    fc.property(table, (rows) => {
      // The last column is never empty, since empty cells to the right are spreadsheets' padding.
      const filled = rows.map((row) => [...row.slice(0, -1), `${row.at(-1)}.`])
      const text = filled.map((row) => row.map(quote).join(',')).join('\r\n')
      const read = [...parseCsv(text, ',')].map((row) => (row.type === 'cells' ? row.cells : row))
      expect(read).toEqual(filled)
    }),
  )
})

it('keeps every good row around any number of rows with a lost quote', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 30 }), (good) => {
      const lines = good.map((isGood, at) => (isGood ? `${at},plain` : `${at},"lost`))
      const read = [...parseCsv(['n,text', ...lines].join('\n'), ',')].slice(1)
      expect(read.map((row) => row.type === 'cells')).toEqual(good)
      expect(read.map((row) => row.row)).toEqual(good.map((_, at) => at + 2))
    }),
  )
})
