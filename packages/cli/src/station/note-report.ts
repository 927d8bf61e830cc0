import { basename } from 'node:path'
import {
  DEFAULT_LIMIT,
  fail,
  mayAct,
  noteExport,
  ok,
  type Problem,
  type Result,
  type Station,
} from '@doorstep/core'

export type NotedReport = {
  readonly name: string
  readonly month: string
  readonly file: string
  readonly format: 'html' | 'xlsx'
  readonly limit: number
  readonly reason: string | undefined
}

/**
 * Written down before a report leaves. Null where this station can write nothing: it holds counts, and an auditor may
 * make one. Small numbers are for chiefs, who say why.
 */
export async function noteReport(
  station: Station,
  report: NotedReport,
): Promise<Result<string | null, Problem>> {
  const { name, month, file, format, limit, reason } = report
  const role = station.member()?.role ?? null
  const isSmall = limit < DEFAULT_LIMIT
  if (isSmall && (role === null || !mayAct(role, 'table.unmask')))
    return fail({ type: 'role-may-not', role, action: 'table.unmask' })
  if (isSmall && (reason ?? '').trim().length < 2)
    return fail({ type: 'small-numbers-need-reason', limit, standard: DEFAULT_LIMIT })
  const noted = await noteExport(station, isSmall ? 'table.unmask' : 'report.write', {
    what: 'report',
    name: name.slice(0, 120),
    format,
    filters: `month=${month} limit=${limit}`,
    to: basename(file).slice(-120),
    spaces: station.spaces().map(({ id }) => id),
    ...(reason === undefined ? {} : { reason: reason.slice(0, 200) }),
  })
  return noted.ok ? ok(noted.value?.export ?? null) : noted
}
