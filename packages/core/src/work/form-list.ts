/** The forms there are: those that come with the package, and those that chiefs added. */
import { builtinForms, type FormDocument } from '../form/form-registry.ts'
import { compareNaturally } from '../import/natural-order.ts'
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import type { Station } from '../station/station.ts'
import { formRecordId, storedOf, unpack } from './form-pieces.ts'

export const formUses = ['household', 'person', 'case'] as const
export type FormUse = (typeof formUses)[number]
export const isFormUse = (value: unknown): value is FormUse => formUses.includes(value as FormUse)

export type FormRow = {
  /** Null for one that comes with the package. */
  readonly record: string | null
  readonly form: string
  readonly version: string
  readonly title: string
  /** By language, as the form's author names them. */
  readonly titles: Readonly<Record<string, string>>
  readonly uses: readonly FormUse[]
  readonly retired: boolean
  /** Whether it is the version that a new visit begins with. */
  readonly isCurrent: boolean
  /** Another record says the same form and version and holds something else: added apart. */
  readonly clashes: boolean
  readonly files: readonly { readonly name: string; readonly bytes: number }[]
  readonly addedBy: string | null
  readonly addedAtMs: number | null
}

/** What forms are found among: a station, or a set of records. */
export type FormSource = { ofType(type: 'form'): Iterable<Projection> }
export const formSourceOf = (station: Station): FormSource => ({
  ofType: (type) => station.records({ type }),
})

/** Newest version first within a form; those that come with the package among them. */
export function listFormRows(source: FormSource): readonly FormRow[] {
  const rows = [...builtinForms.map(builtinRow), ...[...source.ofType('form')].flatMap(recordRow)]
  rows.sort(byFormThenNewest)
  const current = new Map<string, FormRow>()
  for (const row of rows) if (!row.retired && !current.has(row.form)) current.set(row.form, row)
  const keys = new Map<string, number>()
  for (const row of rows) keys.set(keyOf(row), (keys.get(keyOf(row)) ?? 0) + 1)
  return rows.map((row) => ({
    ...row,
    isCurrent: current.get(row.form) === row,
    clashes: keys.get(keyOf(row))! > 1,
  }))
}

const keyOf = ({ form, version }: FormRow): string => JSON.stringify([form, version])

/** Of two that say the same version, the one whose id sorts first: the same at every station. */
const byFormThenNewest = (a: FormRow, b: FormRow): number =>
  compareNaturally(a.form, b.form) ||
  compareNaturally(b.version, a.version) ||
  ((a.record ?? '') < (b.record ?? '') ? -1 : 1)

const builtinRow = ({ id, version, title }: FormDocument): FormRow => ({
  record: null,
  form: id,
  version,
  title: title.zh,
  titles: title,
  uses: ['household'],
  retired: false,
  isCurrent: false,
  clashes: false,
  files: [],
  addedBy: null,
  addedAtMs: null,
})

function recordRow(record: Projection): FormRow[] {
  const { form, formVersion, title, titles, files } = record.fields
  if (typeof form !== 'string' || typeof title !== 'string') return []
  const offer = foldOffers(record)
  return [
    {
      record: record.id,
      form,
      version: typeof formVersion === 'string' ? formVersion : '',
      title,
      titles:
        typeof titles === 'object' && titles !== null && !Array.isArray(titles)
          ? (Object.fromEntries(
              Object.entries(titles).filter(([, text]) => typeof text === 'string'),
            ) as Record<string, string>)
          : {},
      ...offer,
      isCurrent: false,
      clashes: false,
      files: filesOf(files),
      addedBy: record.createdBy,
      addedAtMs: record.createdAt,
    },
  ]
}

function filesOf(files: unknown): FormRow['files'] & readonly { readonly name: string }[] {
  if (!Array.isArray(files)) return []
  return files.flatMap((file) => {
    const stored = storedOf(file)
    const name = (file as { name?: unknown } | null)?.name
    return stored && typeof name === 'string' ? [{ name, bytes: stored.bytes }] : []
  })
}

/**
 * What was said last: what nobody else's word has in its past. Of several said apart, one that retires it holds, and it
 * is offered for all that any names.
 */
export function foldOffers(record: Projection): {
  readonly uses: readonly FormUse[]
  readonly retired: boolean
  /** Ids of what was said last, for whoever says something next. */
  readonly last: readonly string[]
} {
  const said = (record.timelines.offers ?? []).map(({ id, value }) => {
    const { for: uses, retired, saw } = (value ?? {}) as { for?: unknown; retired?: unknown; saw?: unknown }
    return {
      id,
      uses: Array.isArray(uses) ? uses.filter(isFormUse) : [],
      retired: retired === true,
      saw: Array.isArray(saw) ? saw : [],
    }
  })
  const seen = new Set(said.flatMap(({ saw }) => saw))
  const last = said.filter(({ id }) => !seen.has(id))
  return {
    uses: formUses.filter((use) => last.some(({ uses }) => uses.includes(use))),
    retired: last.some(({ retired }) => retired),
    last: last.map(({ id }) => id).sort(),
  }
}

/** A form with all it needs to be opened. */
export type FoundForm = FormDocument & {
  readonly record: string | null
  readonly attachments: Readonly<Record<string, string | Uint8Array>>
}

/**
 * The form of this id, and version: without one, the version that new visits begin with. `record` names one exactly,
 * where two were added apart. Null when there is none, or not all of it is here yet.
 */
export function findForm(
  station: Station,
  id: string,
  { version, record }: { readonly version?: string | undefined; readonly record?: string | undefined } = {},
): FoundForm | null {
  const builtin = builtinForms.find(
    (form) => form.id === id && (version === undefined || form.version === version),
  )
  const community = station.communitySpace()
  if (community === null) return builtin ? { ...builtin, record: null, attachments: {} } : null
  const rows = listFormRows(formSourceOf(station)).filter((row) => row.form === id)
  const row =
    rows.find((one) => record !== undefined && one.record === record) ??
    (version === undefined
      ? rows.find(({ isCurrent }) => isCurrent)
      : rows.find((one) => one.version === version))
  if (!row) return null
  if (row.record === null)
    return builtinForms
      .filter((form) => form.id === id && form.version === row.version)
      .map((form) => ({ ...form, record: null, attachments: {} }))[0]!
  return openRecord(station, community, row)
}

function openRecord(station: Station, community: string, row: FormRow): FoundForm | null {
  const record = station.get(row.record!)
  if (!record) return null
  const find = (id: string) => station.get(id, community)
  // Two who added the same apart may have packed it differently: whatever gives what the id says is it.
  for (const source of saidOf(record, 'source'))
    for (const files of saidOf(record, 'files')) {
      const stored = storedOf(source)
      const xml = stored && unpack(stored, find)
      const read = xml && readFiles(files, find)
      if (xml && read && formRecordId(community, row, xml, read) === record.id) return asForm(row, xml, read)
    }
  return null
}

const saidOf = ({ fields, conflicts }: Projection, name: string): readonly Value[] => [
  fields[name] ?? null,
  ...(conflicts[name] ?? []).map(({ value }) => value),
]

function readFiles(
  files: Value,
  find: (id: string) => Projection | null,
): Readonly<Record<string, Uint8Array>> | null {
  const read: Record<string, Uint8Array> = {}
  for (const file of Array.isArray(files) ? files : []) {
    const stored = storedOf(file)
    const content = stored && unpack(stored, find)
    const name = (file as { name?: unknown } | null)?.name
    if (!content || typeof name !== 'string') return null
    read[name] = content
  }
  return read
}

function asForm(row: FormRow, xml: Uint8Array, files: Readonly<Record<string, Uint8Array>>): FoundForm {
  const hazards = builtinForms.find(({ id }) => id === row.form)?.hazards
  return {
    id: row.form,
    version: row.version,
    title: { zh: titleIn(row, 'zh'), en: titleIn(row, 'en') },
    xml: new TextDecoder().decode(xml),
    ...(hazards ? { hazards } : {}),
    record: row.record,
    attachments: Object.fromEntries(
      Object.entries(files).map(([name, content]) => [
        name,
        isText(name) ? new TextDecoder().decode(content) : content,
      ]),
    ),
  }
}

const isText = (name: string): boolean => /\.(?:csv|xml|geojson)$/i.test(name)

/** Authors write `中文 (zh)`, `English`, `en`. */
const LANGUAGES = { zh: /\bzh\b|中文|汉语|chinese/i, en: /\ben\b|english|英/i } as const
export const titleIn = (
  { title, titles }: Pick<FormRow, 'title' | 'titles'>,
  language: 'zh' | 'en',
): string => Object.entries(titles).find(([name]) => LANGUAGES[language].test(name))?.[1] ?? title
