import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import {
  type AskSubmissions,
  BYTE_ORDER_MARK,
  csvLine,
  fail,
  mayAct,
  noteExport,
  ok,
  type PlannedSubmissions,
  planSubmissions,
  type Result,
  type Station,
  SUBMISSION_COLUMNS,
  submissionTables,
} from '@doorstep/core'
import { FilePart, fileProblem } from './file-part.ts'

export type SubmissionsToExport = AskSubmissions & {
  /** A file that ends in .csv, or a folder for XML. */
  readonly to: string
  readonly split: boolean
  readonly separator: string
  readonly bom: boolean
  readonly replace: boolean
  readonly reason?: string
}
export type ExportedSubmissions = {
  readonly form: string
  readonly format: 'csv' | 'xml'
  readonly submissions: number
  readonly files: readonly { readonly file: string; readonly rows: number }[]
  readonly versions: readonly string[]
  readonly unknownVersions: readonly string[]
  readonly unreadable: number
  readonly masked: boolean
  /** The record that says so. */
  readonly noted: string
}

/** That they leave, how many and why is on the disk before the first file appears. */
export async function exportSubmissions(
  station: Station,
  ask: SubmissionsToExport,
): Promise<Result<ExportedSubmissions>> {
  const action = ask.plain ? 'table.unmask' : 'table.write'
  const role = station.member()?.role ?? null
  if (role === null || !mayAct(role, action)) return fail({ type: 'role-may-not', role, action })
  const format = extname(ask.to).toLowerCase() === '.csv' ? 'csv' : 'xml'
  if (isTaken(ask)) return fail({ type: 'export-exists', file: ask.to })
  const planned = await planSubmissions(station, ask)
  if (!planned.ok) return planned
  const { submissions, versions, unknownVersions, unreadable, spaces } = planned.value
  const noted = await noteExport(station, action, {
    what: 'submissions',
    name: ask.form,
    spaces,
    count: submissions.length,
    format,
    to: basename(ask.to).slice(-120),
    masked: !ask.plain,
    ...(filtersOf(ask) ? { filters: filtersOf(ask) } : {}),
    ...(ask.reason === undefined ? {} : { reason: ask.reason }),
  })
  if (!noted.ok) return noted
  if (noted.value === null) return fail({ type: 'role-may-not', role, action })
  const files = format === 'csv' ? await writeTables(planned.value, ask) : writeDocuments(planned.value, ask)
  if (!files.ok) return files
  return ok({
    form: ask.form,
    format,
    submissions: submissions.length,
    files: files.value,
    versions,
    unknownVersions,
    unreadable,
    masked: !ask.plain,
    noted: noted.value.export,
  })
}

/** A folder with anything in it is nobody's to replace. */
const isTaken = ({ to, replace }: SubmissionsToExport): boolean =>
  existsSync(to) && (statSync(to).isDirectory() ? readdirSync(to).length > 0 : !replace)

const filtersOf = ({ version, from, until, grid }: AskSubmissions): string =>
  Object.entries({ version, from, until, grid })
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
    .join(' ')

type Written = ExportedSubmissions['files']

async function writeTables(planned: PlannedSubmissions, ask: SubmissionsToExport): Promise<Result<Written>> {
  const tables = submissionTables(planned.shape, planned.submissions, { ...SUBMISSION_COLUMNS, ...ask })
  const written: { file: string; rows: number }[] = []
  for (const { name, columns, rows } of tables) {
    const stem = join(dirname(ask.to), basename(ask.to, extname(ask.to)))
    const file = name === '' ? ask.to : `${stem}-${name.replaceAll('/', '-')}.csv`
    const part = FilePart.open(file)
    if (!part.ok) return part
    const done = await part.value.attempt(async () => {
      part.value.write((ask.bom ? BYTE_ORDER_MARK : '') + csvLine(columns))
      for (const row of rows) part.value.write(csvLine(row))
      return ok(undefined)
    })
    if (!done.ok) return done
    written.push({ file, rows: rows.length })
  }
  return ok(written)
}

/** The folder appears whole: it is written under another name first. */
function writeDocuments({ documents }: PlannedSubmissions, { to }: SubmissionsToExport): Result<Written> {
  const part = `${to.replace(/[\\/]+$/, '')}.part`
  try {
    rmSync(part, { recursive: true, force: true })
    for (const { instance, xml } of documents) {
      const folder = join(part, instance.replaceAll(/[^\w.-]/g, ''))
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(join(folder, 'instance.xml'), xml, { mode: 0o600, flush: true })
    }
    mkdirSync(part, { recursive: true, mode: 0o700 })
    if (existsSync(to)) rmdirSync(to)
    renameSync(part, to)
    return ok([{ file: to, rows: documents.length }])
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    return fail(fileProblem(to, error))
  }
}
