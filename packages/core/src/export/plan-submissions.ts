/** The submissions of one form, for a table or as the XML they are. */
import { type Engine, loadEngine } from '../form/engine.ts'
import { compareNaturally } from '../import/natural-order.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { calendarOf } from '../work/day.ts'
import { findForm, formSourceOf, listFormRows } from '../work/form-list.ts'
import type { Language } from '../work/language.ts'
import { gridOf } from '../work/lookups.ts'
import { maskedFor } from '../work/mask.ts'
import { visitRow } from '../work/queries.ts'
import { openRecordSet, textOf } from '../work/record-set.ts'
import { keyOf, mergeShapes, type Shape, shapeOf } from './submission-shape.ts'
import type { Submission } from './submission-tables.ts'

export type AskSubmissions = {
  readonly form: string
  readonly version?: string
  readonly from?: string
  readonly until?: string
  /** The space of a grid. */
  readonly grid?: string
  /** Without masks. */
  readonly plain: boolean
  readonly language: Language
}
export type PlannedSubmissions = {
  readonly shape: Shape
  readonly submissions: readonly Submission[]
  /** As XML, each under what its instance is called. */
  readonly documents: readonly { readonly instance: string; readonly xml: string }[]
  readonly spaces: readonly string[]
  readonly versions: readonly string[]
  /** Versions whose form is not here: their answers are all taken for somebody's own words. */
  readonly unknownVersions: readonly string[]
  /** Visits with the form that hold no submission, or one that cannot be read. */
  readonly unreadable: number
}
export const SUBMISSION_COLUMNS = {
  before: ['SubmissionDate', 'Visit', 'VisitedOn', 'Household', 'Address', 'Grid'],
  after: ['SubmitterName', 'FormVersion'],
} as const

const HIDDEN = '****'

/**
 * Visits that were taken back are left out. What somebody said in their own words is masked unless `plain`; who does
 * not see notes at all gets none (`role-may-not`).
 */
export async function planSubmissions(
  station: Station,
  ask: AskSubmissions,
): Promise<Result<PlannedSubmissions, Problem>> {
  const role = station.member()?.role ?? null
  if (role === null || maskedFor[role].note)
    return fail({ type: 'role-may-not', role, action: 'table.write' })
  const set = openRecordSet(station, { follow: false })
  const known = listFormRows(formSourceOf(station)).filter(({ form }) => form === ask.form)
  const visits = [...set.ofType('visit')].filter((visit) => isAsked(visit, ask))
  if (known.length === 0 && visits.length === 0) return fail({ type: 'no-such-form', form: ask.form })
  const engine = await loadEngine()
  if (!engine.ok) return engine
  const shapes = new ShapeBook(station, ask.form, engine.value)
  const calendar = calendarOf(set)
  const rows = visits.map((visit) => ({ visit, row: visitRow(set, visit, calendar, ask.language) }))
  rows.sort(
    (a, b) =>
      a.row.atMs - b.row.atMs ||
      compareNaturally(a.row.on ?? '', b.row.on ?? '') ||
      (a.visit.id < b.visit.id ? -1 : 1),
  )
  const submissions: Submission[] = []
  const documents: { instance: string; xml: string }[] = []
  const seen = new Set<string>()
  let unreadable = 0
  for (const { visit, row } of rows) {
    const root = rootOf(engine.value, textOf(visit, 'submission'))
    if (!root) {
      unreadable++
      continue
    }
    const version = row.formVersion ?? ''
    seen.add(version)
    if (!ask.plain) maskWords(root, shapes.of(version, row.formRecord))
    else shapes.of(version, row.formRecord)
    const grid = gridOf(set, visit.space)?.name ?? visit.space
    submissions.push({
      root,
      before: [new Date(row.atMs).toISOString(), row.id, row.on, row.household, row.address, grid],
      after: [row.by.name, version],
    })
    documents.push({
      instance: instanceOf(root) ?? row.id,
      xml: `<?xml version="1.0"?>\n${root.outerHTML}\n`,
    })
  }
  return ok({
    shape: shapes.all(submissions),
    submissions,
    documents,
    spaces: [...new Set(visits.map(({ space }) => space))].sort(),
    versions: [...seen].sort(compareNaturally),
    unknownVersions: [...shapes.unknown],
    unreadable,
  })
}

function isAsked(
  { fields, space }: Projection,
  { form, version, from, until, grid }: AskSubmissions,
): boolean {
  const on = typeof fields.on === 'string' ? fields.on : ''
  return (
    fields.form === form &&
    (fields.withdrawn ?? null) === null &&
    (version === undefined || (fields.formVersion ?? '') === version) &&
    (from === undefined || on >= from) &&
    (until === undefined || on <= until) &&
    (grid === undefined || space === grid)
  )
}

function rootOf(engine: Engine, xml: string | null): Element | null {
  if (xml === null) return null
  const document = engine.parseXml(xml)
  return document.querySelector('parsererror') ? null : document.documentElement
}

const instanceOf = (root: Element): string | null =>
  [...root.children]
    .find((one) => one.localName === 'meta')
    ?.getElementsByTagNameNS('*', 'instanceID')[0]
    ?.textContent?.trim() || null

/** The shapes of the versions met, each read once. */
class ShapeBook {
  readonly unknown = new Set<string>()
  readonly #shapes = new Map<string, Shape | null>()
  readonly #station: Station
  readonly #form: string
  readonly #engine: Engine

  constructor(station: Station, form: string, engine: Engine) {
    this.#station = station
    this.#form = form
    this.#engine = engine
  }

  of(version: string, record: string | null): Shape | null {
    const key = record ?? version
    const kept = this.#shapes.get(key)
    if (kept !== undefined) return kept
    const form = findForm(this.#station, this.#form, { version, record: record ?? undefined })
    const shape = form ? shapeOf(this.#engine.parseXml(form.xml)) : null
    if (!shape) this.unknown.add(version)
    this.#shapes.set(key, shape)
    return shape
  }

  /** With what submissions of forms that are not here hold besides. */
  all(submissions: readonly Submission[]): Shape {
    const shapes = [...this.#shapes.values()].filter((one) => one !== null)
    if (this.unknown.size > 0) shapes.push(...submissions.map(({ root }) => shapeOfData(root)))
    if (shapes.length > 0) return mergeShapes(shapes)
    const form = findForm(this.#station, this.#form)
    return form ? shapeOf(this.#engine.parseXml(form.xml)) : { leaves: [], repeats: new Set() }
  }
}

/** From the data alone: what is there twice repeats. */
function shapeOfData(root: Element): Shape {
  const leaves = new Map<string, Shape['leaves'][number]>()
  const repeats = new Set<string>()
  const walk = (element: Element, path: readonly string[]) => {
    const seen = new Set<string>()
    for (const child of element.children) {
      const own = [...path, child.localName]
      if (seen.has(child.localName)) repeats.add(keyOf(own))
      seen.add(child.localName)
      if (child.children.length > 0) walk(child, own)
      else leaves.set(keyOf(own), { path: own, isNumber: false, isOwnWords: true, choices: null })
    }
  }
  walk(root, [])
  return { leaves: [...leaves.values()], repeats }
}

function maskWords(root: Element, shape: Shape | null): void {
  const words =
    shape && new Set(shape.leaves.filter((leaf) => leaf.isOwnWords).map(({ path }) => keyOf(path)))
  const known = shape && new Set(shape.leaves.map(({ path }) => keyOf(path)))
  const walk = (element: Element, path: readonly string[]) => {
    for (const child of element.children) {
      const own = [...path, child.localName]
      const key = keyOf(own)
      if (child.children.length > 0) walk(child, own)
      else if (
        (child.textContent ?? '').trim() !== '' &&
        key !== 'meta/instanceID' &&
        (!words || words.has(key) || !known!.has(key))
      )
        child.textContent = HIDDEN
    }
  }
  walk(root, [])
}
