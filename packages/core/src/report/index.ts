export { type MonthReport, monthReport, type ReportAsk, type ReportProblem } from './month-report.ts'
export type { Shown } from './protect.ts'
export { DEFAULT_LIMIT } from './suppress.ts'
