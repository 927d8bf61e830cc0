export { type CsvRow, parseCsv } from './csv.ts'
export type { DesiredRecord } from './desired-records.ts'
export type { GridChoice, HeldGrid, PlannedGrid, PlanProblem } from './grid-plan.ts'
export type { GridProblem } from './held-grids.ts'
export { type ExportedOptions, importExported } from './import-exported.ts'
export {
  type ImportCounts,
  type ImportOptions,
  type ImportProblem,
  type ImportProgress,
  type ImportReport,
  importRegister,
} from './import-register.ts'
export type { Fault } from './json-check.ts'
export { IMPORT_ACTION, ImportHistory, type LastImported } from './last-imported.ts'
export type { Mapping, RegisterEncoding } from './mapping.ts'
export { type MappingProblem, parseMapping, parseMappingText } from './parse-mapping.ts'
export { type ImportPlan, planImport } from './plan-import.ts'
export { type ProposedMapping, proposeMapping } from './propose-mapping.ts'
export { type RegisterProblem, type RowFilter, readRegister } from './read-register.ts'
export type { Register, RegisterBuilding, RegisterRecord, Rejection } from './register.ts'
