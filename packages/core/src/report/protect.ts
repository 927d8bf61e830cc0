import { type SumLine, suppress } from './suppress.ts'

/** A count as it may be shown; null where it is too small, or would give away one that is. */
export type Shown = number | null

/** Collects the cells of one table and how they add up, then says which of them may be shown. */
export class ProtectedTable {
  readonly #counts: number[] = []
  readonly #lines: SumLine[] = []

  cell(count: number): number {
    return this.#counts.push(count) - 1
  }

  /** Cells that add up to another one. */
  sum(parts: readonly number[], total: number): void {
    this.#lines.push({ parts, total })
  }

  /** A part and what is left of the whole: shown or not, the rest is known to whoever sees both. */
  partOf(part: number, whole: number): number {
    const rest = this.cell(this.#counts[whole]! - this.#counts[part]!)
    this.sum([part, rest], whole)
    return rest
  }

  shown(limit: number): (cell: number) => Shown {
    const hidden = suppress(this.#counts, this.#lines, limit)
    return (cell) => (hidden[cell] ? null : this.#counts[cell]!)
  }
}

/** In whole percent; null where one of the two is hidden, or there is nothing to be a part of. */
export const percentOf = (part: Shown, whole: Shown): Shown =>
  part === null || whole === null || whole === 0 ? null : Math.round((100 * part) / whole)
