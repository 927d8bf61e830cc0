/**
 * Where a record is kept. Records are keyed by space and id; one that is moved keeps its id and has a copy in every
 * space it was in. A copy says on its timeline `moves` which moves it took part in, and each move names those that
 * its author knew as the latest. The moves that no other names say where the record is now, the same on every
 * station in any order of arrival, whichever of its copies are there; when they name several places, a person decides.
 */
import type { Value } from './change.ts'
import type { ConflictValue, Projection, TimelineItem } from './project.ts'

/** One move, as either of its two copies tells it. */
export type Move = {
  readonly id: string
  /** The moves it takes the place of. */
  readonly over: readonly string[]
  readonly from: string
  readonly to: string
  /** The record stays where it was and is kept in the other space too: of a building, say. */
  readonly also: boolean
  readonly on: string | null
  readonly reason: string | null
  /** Of each field, set and timeline, a digest of what was carried over: what differs later was written late. */
  readonly carried: Readonly<Record<string, string>>
  /** Who made the record first, and when, in milliseconds since 1970. */
  readonly origin: { readonly by: string; readonly at: number } | null
  /** Who moved it, and when by their clock. */
  readonly by: string
  readonly at: number
  /** The part that says so. */
  readonly tag: string
}

export const movesOf = (items: readonly TimelineItem[] | undefined, space: string): Move[] =>
  (items ?? []).flatMap((item) => parseMove(item, space) ?? [])

function parseMove({ id: item, by, at, value }: TimelineItem, space: string): Move | null {
  if (!isObject(value)) return null
  const { id, over, from, to, on, reason, carried, origin } = value
  if (typeof id !== 'string' || !Array.isArray(over) || !over.every((one) => typeof one === 'string'))
    return null
  if (typeof from !== 'string' || typeof to !== 'string' || (from === space) === (to === space)) return null
  const digests = isObject(carried)
    ? Object.entries(carried).filter(([, one]) => typeof one === 'string')
    : []
  const isKnown = isObject(origin) && typeof origin.by === 'string' && Number.isSafeInteger(origin.at)
  return {
    id,
    over,
    from,
    to,
    also: value.also === true,
    on: textIn(on),
    reason: textIn(reason),
    carried: Object.fromEntries(digests) as Record<string, string>,
    origin: isKnown ? { by: String(origin.by), at: Number(origin.at) } : null,
    by,
    at,
    // A timeline item is named after the part that wrote it; see fold.ts.
    tag: item.split('.')[0]!,
  }
}

const textIn = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null)

export const isObject = (value: Value | undefined): value is { [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The moves that no other takes the place of: several when stations moved it without knowing of each other. */
export function lastMoves(moves: readonly Move[]): readonly Move[] {
  const over = new Set(moves.flatMap((move) => move.over))
  return moves.filter((move) => !move.also && !over.has(move.id))
}

/** Each space it may be in now, with who said so: more than one is a conflict; none when it was never moved. */
export function placeChoices(moves: readonly Move[]): readonly ConflictValue[] {
  const choices = new Map<string, ConflictValue>()
  for (const { to, by, at, tag } of lastMoves(moves)) {
    const known = choices.get(to)
    if (!known || tag < known.tag) choices.set(to, { value: to, by, at, tag })
  }
  return [...choices.values()].sort((a, b) => (String(a.value) < String(b.value) ? -1 : 1))
}
export const placesOf = (moves: readonly Move[]): readonly string[] =>
  placeChoices(moves).map(({ value }) => String(value))

export const copyMoves = (copy: Projection): Move[] => movesOf(copy.timelines.moves, copy.space)
export const allMoves = (copies: readonly Projection[]): Move[] => copies.flatMap(copyMoves)

/** By its own word; another copy may know more. */
export const isMovedAway = (copy: Projection): boolean => typeof copy.fields.movedTo === 'string'

/** The copy in which the record is kept now, or null when it is in a space that is not here. */
export function openCopy(copies: readonly Projection[], space?: string): Projection | null {
  const inSpace = space === undefined ? undefined : copies.find((copy) => copy.space === space)
  if (inSpace && !isMovedAway(inSpace)) return inSpace
  const places = placesOf(allMoves(copies))
  return smallest(copies.filter((copy) => places.length === 0 || places.includes(copy.space)))
}

/** The copy that is shown: the open one, else one that knows of the latest move. */
export function shownCopy(copies: readonly Projection[], space?: string): Projection | null {
  if (copies.length < 2) return copies[0] ?? null
  const open = openCopy(copies, space)
  if (open) return open
  const last = new Set(lastMoves(allMoves(copies)).map(({ id }) => id))
  return smallest(copies.filter((copy) => copyMoves(copy).some(({ id }) => last.has(id))))
}

/** Every station takes the same. */
const smallest = (copies: readonly Projection[]): Projection | null =>
  copies.reduce<Projection | null>((least, copy) => (least && least.space < copy.space ? least : copy), null)
