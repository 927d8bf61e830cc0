/** What is wrong with a workbook, at the cell where a person mends it. Worded by whoever shows it. */

export type Place = {
  readonly sheet: string
  /** As at the left of the sheet, from 1; null for the sheet as a whole. */
  readonly row: number | null
  readonly column?: string
}

export type FaultType =
  | 'sheet-missing'
  | 'column-missing'
  | 'column-twice'
  | 'type-missing'
  | 'type-unknown'
  | 'type-not-supported'
  | 'name-missing'
  | 'name-invalid'
  | 'name-twice'
  | 'group-not-closed'
  | 'end-without-begin'
  | 'end-of-another'
  | 'list-missing'
  | 'list-not-named'
  | 'list-unused'
  | 'choice-not-named'
  | 'choice-twice'
  | 'choice-has-space'
  | 'choice-column-invalid'
  | 'function-unknown'
  | 'reference-unknown'
  | 'reference-ambiguous'
  | 'reference-malformed'
  | 'calculation-missing'
  | 'repeat-empty'
  | 'parameter-unknown'
  | 'parameter-invalid'
  | 'trigger-invalid'
  | 'file-name-invalid'
  | 'namespace-unknown'
  | 'setting-not-used'
  | 'sheet-not-used'
  | 'translation-missing'
  | 'label-missing'
  | 'appearance-not-supported'

export type Fault = Place & {
  readonly type: FaultType
  /** False for what is untidy only. */
  readonly blocking: boolean
  /** What fills the wording: the name, type, list or setting it is about. */
  readonly about?: string
  /** What there is instead, where that helps. */
  readonly known?: readonly string[]
}

/** Types of `Fault` that leave the form usable. */
const UNTIDY: ReadonlySet<FaultType> = new Set([
  'list-unused',
  'choice-column-invalid',
  'parameter-unknown',
  'namespace-unknown',
  'setting-not-used',
  'sheet-not-used',
  'translation-missing',
  'label-missing',
])

export class Faults {
  readonly list: Fault[] = []
  readonly #said = new Set<string>()

  add(type: FaultType, place: Place, about?: string, known?: readonly string[]): void {
    const fault: Fault = {
      type,
      blocking: !UNTIDY.has(type),
      sheet: place.sheet,
      row: place.row,
      ...(place.column === undefined ? {} : { column: place.column }),
      ...(about === undefined ? {} : { about }),
      ...(known === undefined ? {} : { known }),
    }
    // One expression is looked at from several sides.
    const key = JSON.stringify(fault)
    if (this.#said.has(key)) return
    this.#said.add(key)
    this.list.push(fault)
  }
}
