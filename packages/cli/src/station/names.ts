import {
  fail,
  memberAt,
  ok,
  type Problem,
  type Result,
  type SpaceKind,
  type Station,
  stationIdOf,
} from '@doorstep/core'

/** The spaces this station reads, with the names people gave them. */
export function spacesOf(station: Station): { id: string; kind: SpaceKind; name: string }[] {
  const grids = new Map(
    [...station.records({ type: 'grid' })].map((card) => [
      String(card.fields.space),
      String(card.fields.name),
    ]),
  )
  const desks = [...station.records({ type: 'desk' })]
  for (const { fields } of desks) grids.set(String(fields.space), String(fields.name))
  const community =
    [...station.records({ type: 'community' })][0]?.fields.name ?? desks[0]?.fields.communityName
  return station.spaces().map(({ id, kind }) => ({
    id,
    kind,
    name: kind === 'community' ? String(community ?? '') : (grids.get(id) ?? id),
  }))
}

/** What people call a space, one that this station cannot read too: the names of grids are the community's. */
export function spaceName(station: Station, space: string): string {
  for (const type of ['grid', 'desk'] as const)
    for (const card of station.records({ type }))
      if (card.fields.space === space) return String(card.fields.name)
  return space
}

/** Ids of the spaces that somebody means: a grid by its name or its space's id, or all that this station reads. */
export function spacesMeant(
  station: Station,
  grid: string | undefined,
): Result<string[], Problem & { type: 'unknown-grid' }> {
  const spaces = spacesOf(station)
  if (grid === undefined) return ok(spaces.map(({ id }) => id))
  const meant = spaces.filter(({ id, name }) => id === grid || name === grid)
  const names = spaces.filter(({ kind }) => kind === 'grid').map(({ name }) => name)
  return meant.length === 1 ? ok([meant[0]!.id]) : fail({ type: 'unknown-grid', grid, grids: names })
}

/** What people call a station, by its card in the community's space. */
export function stationName(station: Station, id: string): string {
  for (const card of station.records({ type: 'station' }))
    if (card.fields.station === id) return String(card.fields.name)
  return id
}

/** The same of all of them, read once; laptops of one name, as one image makes them, are told apart by their members. */
export function stationNames(station: Station): Map<string, string> {
  const cards = [...station.records({ type: 'station' })].map(({ fields }) => ({
    id: String(fields.station),
    name: String(fields.name),
  }))
  const members = memberNames(station)
  const membership = station.membership()
  const byName = Map.groupBy(cards, ({ name }) => name)
  return new Map(
    cards.map(({ id, name }) => {
      const member = byName.get(name)!.length > 1 && members.get(membership.memberAt(id)?.id ?? '')
      return [id, member ? `${name} (${member})` : name]
    }),
  )
}

export function memberNames(station: Station): Map<string, string> {
  return new Map(
    [...station.records({ type: 'member' })].map((card) => [
      String(card.fields.member),
      String(card.fields.name),
    ]),
  )
}

/** What this station calls itself on another's screen. */
export const ownName = (station: Station): string => stationName(station, station.identity.station)

/** The id of the one member who is called so, or whose id this is. */
export function memberNamed(station: Station, text: string): string | null {
  const names = memberNames(station)
  if (names.has(text)) return text
  const called = [...names].filter(([, name]) => name === text)
  return called.length === 1 ? called[0]![0] : null
}

/** What people call the member whose station has this key, which it has proved; null when that is not known. */
export function memberOfKey(station: Station, key: Uint8Array): string | null {
  const member = memberAt(station.membership(), stationIdOf(key))
  return member ? (memberNames(station).get(member.id) ?? null) : null
}
