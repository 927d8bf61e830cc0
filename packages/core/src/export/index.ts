export { headerOf } from './cell.ts'
export {
  type ExportAsk,
  type ExportFilter,
  type ExportProblem,
  filtersOf,
  type PlannedExport,
  planExport,
} from './plan-export.ts'
export {
  type AskSubmissions,
  type PlannedSubmissions,
  planSubmissions,
  SUBMISSION_COLUMNS,
} from './plan-submissions.ts'
export {
  type Submission,
  type SubmissionTable,
  submissionTables,
  type TableStyle,
} from './submission-tables.ts'
export { type ExportName, exportNames, exportTables } from './tables.ts'
export { sheetCells, sheetColumns } from './write-sheet.ts'
export { BYTE_ORDER_MARK, csvLine, csvRows, type GeoCount, geoRows, jsonRows } from './write-text.ts'
