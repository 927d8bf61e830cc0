import {
  addressOf,
  type DeskRef,
  fail,
  findDesks,
  findGrid,
  type GridRef,
  listDesks,
  ok,
  openRecordSet,
  type Problem,
  type Projection,
  type RecordSet,
  type RecordType,
  type Result,
  recordTypes,
  type Station,
  shortAddress,
  titleOf,
} from '@doorstep/core'
import type { Language } from '../voice/language.ts'

export type PickProblem = Problem & { readonly type: 'no-such-record' | 'ambiguous-id' | 'unknown-grid' }

/**
 * The record somebody means by an id, by the beginning of one, or by what follows its dash; a household also by its
 * door as it is said: `1-2-301`. Whoever fits several hears which.
 */
export function pickRecord(
  station: Station,
  wanted: RecordType,
  text: string,
  language: Language,
): Result<Projection, PickProblem> {
  const exact = station.get(text)
  if (exact?.type === wanted) return ok(exact)
  const asked = text.trim().toLowerCase()
  let found = asked === '' ? [] : meant(station, station.records({ type: wanted, moved: true }), asked)
  if (found.length === 0 && wanted === 'household' && asked !== '') found = atDoor(station, asked)
  return oneOf(station, found, text, wanted, language)
}

/** A household or a person. */
export const pickSubject = (
  station: Station,
  text: string,
  language: Language,
): Result<Projection, PickProblem> =>
  pickRecord(station, text.trim().startsWith('pe-') ? 'person' : 'household', text, language)

/** A record of whatever type its id begins like; a door is a household. */
export function pickAnyRecord(
  station: Station,
  text: string,
  language: Language,
): Result<Projection, PickProblem> {
  const prefix = text.trim().toLowerCase().split('-', 1)[0]
  const wanted = Object.values(recordTypes).find((one) => one.prefix === prefix)?.type
  return pickRecord(station, wanted ?? 'household', text, language)
}

/** As `pickRecord`, among the records in which two values stand side by side. */
export function pickConflict(
  station: Station,
  text: string,
  language: Language,
): Result<Projection, PickProblem> {
  const exact = station.get(text)
  if (exact) return ok(exact)
  const asked = text.trim().toLowerCase()
  const found = meant(station, station.records({ inConflict: true, moved: true }), asked)
  return oneOf(station, found, text, null, language)
}

/** The records of the grid that was asked for, or of all grids when none was. */
export function recordsOfGrid(
  station: Station,
  text: string | undefined,
): Result<{ readonly set: RecordSet; readonly grid: GridRef | null }, PickProblem> {
  if (text === undefined) return ok({ set: openRecordSet(station, { follow: false }), grid: null })
  const grid = pickGrid(openRecordSet(station, { follow: false, spaces: [] }), text)
  if (!grid.ok) return grid
  const spaces = grid.value ? [grid.value.space] : []
  return ok({ set: openRecordSet(station, { follow: false, spaces }), grid: grid.value })
}

/** The desk of a grid that somebody means by name, a part of it, id or space. */
export function pickDesk(station: Station, grid: string, text: string): Result<DeskRef, DeskProblem> {
  const set = openRecordSet(station, { follow: false })
  const desks = listDesks(set).filter((desk) => desk.grid === grid)
  const card = set.getA('desk', text)
  const found = findDesks(set, String(card?.fields.space ?? text)).filter((desk) => desk.grid === grid)
  if (found.length === 1) return ok(found[0]!)
  const names = (found.length > 1 ? found : desks).map(({ name }) => name)
  return fail({ type: found.length > 1 ? 'ambiguous-desk' : 'no-such-desk', desk: text, desks: names })
}

export type DeskProblem = Problem & { readonly type: 'no-such-desk' | 'ambiguous-desk' }

/** The grid somebody means by name, id or space; nothing is a wish for all of them. */
export function pickGrid(set: RecordSet, text: string | undefined): Result<GridRef | null, PickProblem> {
  if (text === undefined) return ok(null)
  const grid = findGrid(set, text)
  if (grid) return ok(grid)
  const grids = [...set.ofType('grid')].map((card) => String(card.fields.name))
  return fail({ type: 'unknown-grid', grid: text, grids })
}

/** Each once, as it is kept now, in however many spaces it was. */
function meant(station: Station, records: Iterable<Projection>, asked: string): Projection[] {
  const ids = new Set<string>()
  for (const { id } of records) if (isMeant(id, asked)) ids.add(id)
  return [...ids].flatMap((id) => station.get(id) ?? [])
}

const isMeant = (id: string, asked: string): boolean => id.startsWith(asked) || id.slice(3).startsWith(asked)

function atDoor(station: Station, asked: string): Projection[] {
  const set = openRecordSet(station, { follow: false })
  return [...set.ofType('household')].filter((household) =>
    isDoor(shortAddress(addressOf(set, household)).toLowerCase(), asked),
  )
}

const isDoor = (door: string, asked: string): boolean =>
  door === asked || (asked.includes('-') && isEndOf(door, asked))

/** `1-2-301` is also the door of `示范小区1-2-301`, but neither of `11-2-301` nor of `1-1-2-301`. */
export const isEndOf = (name: string, asked: string): boolean =>
  asked !== '' && name.endsWith(asked) && !/[\da-z-]$/.test(name.slice(0, -asked.length))

const MOST_NAMED = 8

export function oneOf(
  station: Station,
  found: readonly Projection[],
  text: string,
  wanted: RecordType | null,
  language: Language,
): Result<Projection, PickProblem> {
  const [only, ...others] = found
  if (!only) return fail({ type: 'no-such-record', id: text, ...(wanted ? { wanted } : {}) })
  if (others.length === 0) return ok(only)
  const set = openRecordSet(station, { follow: false })
  return fail({
    type: 'ambiguous-id',
    id: text,
    count: found.length,
    matches: found.slice(0, MOST_NAMED).map((one) => ({ id: one.id, title: titleOf(set, one, language) })),
  })
}
