import {
  builtinForms,
  type FormRow,
  type FormVersion,
  formSourceOf,
  listFormRows,
  listVisits,
  openRecordSet,
  type Station,
  titleIn,
} from '@doorstep/core'
import type { Language } from '../voice/language.ts'
import { isoTime } from '../voice/time.ts'

/** Every version of a form that can be filled in here, for the codes of sheets; retired ones too. */
export const formVersionsHere = (station: Station): readonly FormVersion[] =>
  listFormRows(formSourceOf(station)).map(({ form, version }) => ({ id: form, version }))

export type FormHere = {
  readonly id: string
  readonly version: string
  readonly title: string
  readonly titles: FormRow['titles']
  readonly for: FormRow['uses']
  readonly record: string | null
  readonly current: boolean
  readonly retired: boolean
  readonly clashes: boolean
  readonly opensCases: boolean
  /** Visits with this version that are here; null without a station. */
  readonly visits: number | null
  readonly lastUsedOn: string | null
  readonly files: FormRow['files']
  readonly addedBy: string | null
  readonly addedAt: string | null
}

/** With where each version is used; without a station, the forms that come with the package. */
export function formRowsHere(station: Station | null, language: Language): readonly FormHere[] {
  const rows = listFormRows(station ? formSourceOf(station) : { ofType: () => [] })
  const used = new Map<string, { visits: number; lastUsedOn: string | null }>()
  for (const visit of station ? listVisits(openRecordSet(station, { follow: false })) : []) {
    if (visit.form === null || visit.withdrawn !== null) continue
    const key = keyOf(visit.form, visit.formVersion ?? '', visit.formRecord)
    const so = used.get(key) ?? { visits: 0, lastUsedOn: null }
    const last = (so.lastUsedOn ?? '') > (visit.on ?? '') ? so.lastUsedOn : visit.on
    used.set(key, { visits: so.visits + 1, lastUsedOn: last })
  }
  return rows.map((row) => ({
    id: row.form,
    version: row.version,
    title: titleIn(row, language),
    titles: row.titles,
    for: row.uses,
    record: row.record,
    current: row.isCurrent,
    retired: row.retired,
    clashes: row.clashes,
    opensCases: opensCases(row.form),
    visits: station ? (used.get(keyOf(row.form, row.version, row.record))?.visits ?? 0) : null,
    lastUsedOn: used.get(keyOf(row.form, row.version, row.record))?.lastUsedOn ?? null,
    files: row.files,
    addedBy: row.addedBy,
    addedAt: row.addedAtMs === null ? null : isoTime(row.addedAtMs),
  }))
}

const opensCases = (form: string): boolean =>
  builtinForms.some(({ id, hazards }) => id === form && hazards !== undefined)

const keyOf = (form: string, version: string, record: string | null): string =>
  record ?? JSON.stringify([form, version])
