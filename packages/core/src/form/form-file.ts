/** A form as somebody hands it in: an XForm, or a workbook that becomes one here. */
import { ok, type Result } from '../result.ts'
import { isOldWorkbook, isWorkbook, readWorkbook, type WorkbookProblem } from '../sheet/workbook.ts'
import type { Fault, Place } from './xlsform/fault.ts'

export type FormFile = {
  /** Null when the workbook has faults that no form can be made with. */
  readonly xml: string | null
  /** Of a workbook: what it is called, and what is wrong in it. */
  readonly workbook: {
    readonly id: string
    readonly title: string
    readonly titles: Readonly<Record<string, string>>
    readonly version: string
    readonly faults: readonly Fault[]
    /** Where a node of the form stands, by its path without positions. */
    readonly places: ReadonlyMap<string, Place>
  } | null
}

/** `name`: the file's, without its ending. */
export async function readFormFile(
  bytes: Uint8Array,
  name: string,
): Promise<Result<FormFile, WorkbookProblem>> {
  if (!isWorkbook(bytes) && !isOldWorkbook(bytes))
    return ok({ xml: new TextDecoder().decode(bytes), workbook: null })
  const sheets = await readWorkbook(bytes)
  if (!sheets.ok) return sheets
  const { compileXlsForm } = await import('./xlsform/compile-xlsform.ts')
  const { xml, id, title, titles, version, faults, places } = compileXlsForm(sheets.value, name)
  return ok({ xml, workbook: { id, title, titles, version, faults, places } })
}
