/**
 * Where a record is kept. Records are keyed by space and id; one that is moved keeps its id and has a copy in every
 * space it was in. Each copy says on its timeline `moves` which moves it took part in; the latest, by a count that
 * rises with each move, says where the record is now, the same on every station in any order of arrival.
 */
import type { Value } from './change.ts'
import type { ConflictValue, Projection, TimelineItem } from './project.ts'

/** One move as one of its two copies tells it. */
export type Move = {
  /** How many moves there were before and with it; 0: a copy that is kept in both spaces. */
  readonly hop: number
  /** The space it went to. */
  readonly to: string
  readonly from: string
  readonly on: string | null
  readonly reason: string | null
  /** Of each field, set and timeline, a digest of what was carried over: what differs later was written late. */
  readonly carried: Readonly<Record<string, string>>
  /** Who made the record first, and when, in milliseconds since 1970. */
  readonly origin: { readonly by: string; readonly at: number } | null
  /** Who moved it, and when by their clock. */
  readonly by: string
  readonly at: number
  readonly client: number
}

/** A count that somebody made up must not end the counting. */
const MAX_HOP = 2 ** 40

export function movesOf(items: readonly TimelineItem[] | undefined, space: string): Move[] {
  return (items ?? []).flatMap((item) => parseMove(item, space) ?? [])
}

function parseMove({ id, by, at, value }: TimelineItem, space: string): Move | null {
  if (!isObject(value)) return null
  const { hop, from, to, on, reason, carried, origin } = value
  if (!Number.isSafeInteger(hop) || Number(hop) < 0 || Number(hop) > MAX_HOP) return null
  if (typeof from !== 'string' || typeof to !== 'string' || (from === space) === (to === space)) return null
  const digests = isObject(carried) ? Object.entries(carried).filter(([, one]) => typeof one === 'string') : []
  const known = isObject(origin) && typeof origin.by === 'string' && Number.isSafeInteger(origin.at)
  return {
    hop: Number(hop),
    to,
    from,
    on: typeof on === 'string' ? on : null,
    reason: typeof reason === 'string' ? reason : null,
    carried: Object.fromEntries(digests) as Record<string, string>,
    origin: known ? { by: String(origin.by), at: Number(origin.at) } : null,
    by,
    at,
    client: Number.parseInt(id, 36),
  }
}

export const isObject = (value: Value | undefined): value is { [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The latest moves: several when stations moved it without knowing of each other. */
export function lastMoves(moves: readonly Move[]): readonly Move[] {
  const hop = moves.reduce((most, move) => Math.max(most, move.hop), 0)
  return hop === 0 ? [] : moves.filter((move) => move.hop === hop)
}

/** Each space it may be in now, with who said so: more than one is a conflict; none when it was never moved. */
export function placeChoices(moves: readonly Move[]): readonly ConflictValue[] {
  const choices = new Map<string, ConflictValue>()
  for (const { to, by, at, client } of lastMoves(moves)) {
    const known = choices.get(to)
    if (!known || client < known.client) choices.set(to, { value: to, by, at, client })
  }
  return [...choices.values()].sort((a, b) => (String(a.value) < String(b.value) ? -1 : 1))
}
export const placesOf = (moves: readonly Move[]): readonly string[] =>
  placeChoices(moves).map(({ value }) => String(value))

/** By its own word; another copy may know more. */
export const isMovedAway = (copy: Projection): boolean => typeof copy.fields.movedTo === 'string'

export const copyMoves = (copy: Projection): Move[] => movesOf(copy.timelines.moves, copy.space)
export const allMoves = (copies: readonly Projection[]): Move[] => copies.flatMap(copyMoves)

/** The copy in which the record is kept now, or null when it is in a space that is not here. */
export function openCopy(copies: readonly Projection[], space?: string): Projection | null {
  const places = placesOf(allMoves(copies))
  const open = copies.filter((copy) =>
    places.length > 0 ? places.includes(copy.space) : !isMovedAway(copy),
  )
  const inSpace = space === undefined ? undefined : copies.find((copy) => copy.space === space)
  if (inSpace && !isMovedAway(inSpace)) return inSpace
  return smallest(open)
}

/** The copy that is shown: the open one, else the one that knows of the latest move. */
export function shownCopy(copies: readonly Projection[], space?: string): Projection | null {
  if (copies.length < 2) return copies[0] ?? null
  return openCopy(copies, space) ?? smallest(copies.filter((copy) => hopOf(copy) === highestHop(copies)))
}

export const hopOf = (copy: Projection): number => lastMoves(copyMoves(copy))[0]?.hop ?? 0
export const highestHop = (copies: readonly Projection[]): number => Math.max(0, ...copies.map(hopOf))

/** Every station takes the same. */
const smallest = (copies: readonly Projection[]): Projection | null =>
  copies.reduce<Projection | null>((least, copy) => (least && least.space < copy.space ? least : copy), null)
