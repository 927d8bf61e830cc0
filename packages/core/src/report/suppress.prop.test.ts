import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SumLine, suppress } from './suppress.ts'

test('a list with its total: another is hidden beside the small one; a small total goes with its parts', () => {
  const line = (parts: number): SumLine[] => [
    { parts: Array.from({ length: parts }, (_, at) => at), total: parts },
  ]
  const shown = (counts: number[]) => {
    const all = [...counts, counts.reduce((a, b) => a + b, 0)]
    return suppress(all, line(counts.length), 5).map((hidden, at) => (hidden ? null : all[at]))
  }
  expect(shown([3, 20, 7])).toEqual([null, 20, null, 30])
  expect(shown([0, 20, 7])).toEqual([0, 20, 7, 27])
  expect(shown([1, 1, 9])).toEqual([null, null, null, 11])
  expect(shown([3, 0])).toEqual([null, 0, null])
  expect(shown([4, 4, 30])).toEqual([null, null, 30, 38])
})

/** Every table that shows the same: a hidden number must be able to be something else in one of them. */
test('of a table with totals no hidden number follows from the others', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 4 }),
      fc.integer({ min: 2, max: 4 }),
      fc.infiniteStream(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 40 }))),
      (height, width, stream) => {
        const inner = Array.from({ length: height }, () =>
          Array.from({ length: width }, () => stream.next().value!),
        )
        const sums = inner.map((row) => [...row, row.reduce((a, b) => a + b, 0)])
        const foot = sums[0]!.map((_, at) => sums.reduce((sum, row) => sum + row[at]!, 0))
        const counts = [...sums, foot].flat()
        const at = (row: number, column: number) => row * (width + 1) + column
        const range = (size: number) => Array.from({ length: size }, (_, n) => n)
        const lines: SumLine[] = [
          ...range(height + 1).map((row) => ({
            parts: range(width).map((c) => at(row, c)),
            total: at(row, width),
          })),
          ...range(width + 1).map((c) => ({
            parts: range(height).map((row) => at(row, c)),
            total: at(height, c),
          })),
        ]
        const hidden = suppress(counts, lines, 5)
        counts.forEach((count, cell) => {
          if (count > 0 && count < 5) expect(hidden[cell]).toBe(true)
        })
        for (const { parts, total } of lines) {
          const gone = parts.filter((cell) => hidden[cell])
          if (total === null || hidden[total] || gone.length === 0) continue
          expect(gone.length).toBeGreaterThan(1)
          expect(gone.reduce((sum, cell) => sum + counts[cell]!, 0)).toBeGreaterThanOrEqual(5)
        }
        // A cell that is alone on every line through it when all others are peeled away would be computed.
        const open = new Set(range(counts.length).filter((cell) => hidden[cell]))
        for (let peeled = true; peeled; ) {
          peeled = false
          for (const { parts, total } of lines) {
            const left = [...parts, total!].filter((cell) => open.has(cell))
            if (left.length === 1) {
              open.delete(left[0]!)
              peeled = true
            }
          }
        }
        expect(open.size).toBe(hidden.filter(Boolean).length)
      },
    ),
    { numRuns: 300 },
  )
})
