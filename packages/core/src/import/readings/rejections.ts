/** Why a row, or some reading in it, was not taken. `row` is the line of the file; `reason` is a word for programs. */
export type ReadingRejection = {
  readonly row: number
  readonly column: string | null
  readonly reason: string
  readonly [detail: string]: unknown
}

/** More than anybody looks through; how many there were is said. */
const MOST_LISTED = 1000

export class Rejections {
  readonly #single: ReadingRejection[] = []
  readonly #ofMeters = new Map<string, { first: ReadingRejection; rows: number }>()
  rows = 0

  /** `counts`: the row is not counted yet. */
  add(
    row: number,
    column: string | null | undefined,
    reason: string,
    detail: object = {},
    counts = true,
  ): void {
    if (counts) this.rows++
    if (this.#single.length < MOST_LISTED)
      this.#single.push({ row, column: column ?? null, reason, ...detail })
  }
  /** What holds for all of a meter's rows is listed once. */
  addOfMeter(row: number, column: string, reason: string, meter: string, counts = true): void {
    if (counts) this.rows++
    const name = `${reason}/${meter}`
    const known = this.#ofMeters.get(name)
    if (known) known.rows++
    else this.#ofMeters.set(name, { first: { row, column, reason, value: meter }, rows: 1 })
  }
  list(): ReadingRejection[] {
    const ofMeters = [...this.#ofMeters.values()].map(({ first, rows }) => ({ ...first, rows }))
    return [...ofMeters, ...this.#single].sort((a, b) => a.row - b.row).slice(0, MOST_LISTED)
  }
}
