import {
  addressOf,
  type ClaimPlace,
  fail,
  listSweeps,
  ok,
  type Projection,
  type RecordSet,
  type Result,
  type Station,
  type SweepCard,
  titleOf,
} from '@doorstep/core'
import type { Language } from '../voice/language.ts'
import { isEndOf, type PickProblem, pickRecord } from './pick-record.ts'

export type PickedPlace = { readonly place: ClaimPlace; readonly space: string }

/**
 * The doors somebody means: a building by its id or name (`1幢`, `1`), a stair as it is said (`1-2`), or one door
 * (`1-2-301`, or a household's id). `unit` and `floor` narrow a building down.
 */
export function pickPlace(
  station: Station,
  set: RecordSet,
  text: string,
  {
    unit,
    floor,
    language,
  }: { readonly unit?: string | undefined; readonly floor?: number | undefined; readonly language: Language },
): Result<PickedPlace, PickProblem> {
  const asked = text.trim()
  const stair = stairOf(set, asked)
  const buildings = stair ? stair.buildings : buildingsNamed(set, asked)
  const narrowed = unit ?? stair?.unit
  if (buildings.length > 0) {
    const only = oneBuilding(set, buildings, text, language)
    if (!only.ok) return only
    const place = {
      building: only.value.id,
      ...(narrowed === undefined ? {} : { unit: narrowed }),
      ...(floor === undefined ? {} : { floor }),
    }
    return ok({ place, space: only.value.space })
  }
  if (unit !== undefined || floor !== undefined)
    return fail({ type: 'no-such-record', id: text, wanted: 'building' })
  const household = pickRecord(station, 'household', asked, language)
  if (!household.ok) return household
  return ok({ place: { household: household.value.id }, space: household.value.space })
}

/** Ids of the buildings somebody means by name or id. */
export function pickBuilding(
  set: RecordSet,
  text: string,
  language: Language,
): Result<Projection, PickProblem> {
  return oneBuilding(set, buildingsNamed(set, text.trim()), text, language)
}

function oneBuilding(
  set: RecordSet,
  found: readonly Projection[],
  text: string,
  language: Language,
): Result<Projection, PickProblem> {
  const [only, ...others] = found
  if (!only) return fail({ type: 'no-such-record', id: text, wanted: 'building' })
  if (others.length === 0) return ok(only)
  const matches = found.map((one) => ({ id: one.id, title: titleOf(set, one, language) }))
  return fail({ type: 'ambiguous-id', id: text, count: found.length, matches })
}

const WORDS = /\s*(号楼|幢|栋|座|单元)$/u
const bareName = (text: string): string => (text.replace(WORDS, '').trim() || text).toLowerCase()

/** `1幢` is also the building `示范小区1栋`, where none has just that name. */
function buildingsNamed(set: RecordSet, text: string): Projection[] {
  const asked = bareName(text)
  const named = [...set.ofType('building')].map((building) => ({
    building,
    name: bareName(addressOf(set, building).building ?? ''),
  }))
  const exact = named.filter(
    ({ building: { id }, name }) =>
      id === text || (text.startsWith('bu-') && text.length > 5 && id.startsWith(text)) || name === asked,
  )
  const found = exact.length > 0 ? exact : named.filter(({ name }) => isEndOf(name, asked))
  return found.map(({ building }) => building)
}

/** `1-2`: the second unit of the first building, where there is one. */
function stairOf(
  set: RecordSet,
  text: string,
): { readonly buildings: Projection[]; readonly unit: string } | null {
  const cut = text.lastIndexOf('-')
  if (cut < 1 || text.startsWith('bu-') || text.startsWith('hh-')) return null
  const unit = bareName(text.slice(cut + 1))
  const buildings = buildingsNamed(set, text.slice(0, cut)).filter((building) =>
    set
      .referring('dwelling', 'building', building.id)
      .some(({ fields }) => typeof fields.unit === 'string' && bareName(fields.unit) === unit),
  )
  return buildings.length > 0 ? { buildings, unit } : null
}

/** A sweep by its name, its id, or the beginning of one; of several of one name, the one that is not over. */
export function pickSweep(
  set: RecordSet,
  text: string,
  { on, language }: { readonly on: string; readonly language: Language },
): Result<SweepCard, PickProblem> {
  const cards = listSweeps(set, { on, language })
  const asked = text.trim()
  const isMeant = (id: string) => id.startsWith(asked) || id.slice(3).startsWith(asked)
  const named = cards.filter(({ name }) => name === asked)
  const alive = named.filter(({ state }) => state === 'open' || state === 'planned')
  const found =
    alive.length === 1
      ? alive
      : named.length > 0
        ? named
        : cards.filter(({ round, parts }) => isMeant(round) || parts.some(({ sweep }) => isMeant(sweep)))
  const [only, ...others] = asked === '' ? [] : found
  if (!only) return fail({ type: 'no-such-record', id: text, wanted: 'sweep' })
  if (others.length === 0) return ok(only)
  const matches = found.map(({ round, name, from }) => ({ id: round, title: `${name} ${from}` }))
  return fail({ type: 'ambiguous-id', id: text, count: found.length, matches })
}
