import { derivedId } from '../ids.ts'
import type { Act } from '../membership/act.ts'
import { type Role, type RoleRights, roles } from '../membership/roles.ts'
import { ok, type Result } from '../result.ts'
import { newGeneration } from '../trunk/generation.ts'
import { introduce } from './create-community.ts'
import type { Invite } from './invite.ts'
import type { Station } from './station.ts'

/** Roles that see what is dispatched to a desk of theirs, and nothing of the grid it comes from. */
export const worksAtDesk = (role: Role): boolean => {
  const { kinds }: RoleRights = roles[role]
  return kinds !== 'all' && kinds.includes('desk') && !kinds.includes('grid')
}

type NewDesk = {
  readonly space: string
  readonly grid: string
  readonly name: string
  readonly kind: 'partner' | 'volunteer'
}

/**
 * The desks of an invitation, one for each grid: a partner's own, or the one that the grid's volunteers share. Their
 * ids follow from what they are for, so that granting twice, or by two chiefs at once, makes one.
 */
function desksOf(station: Station, invite: Invite): NewDesk[] {
  if (!worksAtDesk(invite.role) || invite.member !== null) return []
  const kind = invite.role === 'volunteer' ? 'volunteer' : 'partner'
  return invite.spaces.map((grid) => ({
    space: derivedId('sp', ['desk', station.identity.community, grid, kind === 'partner' ? invite.id : kind]),
    grid,
    kind,
    name: kind === 'partner' ? invite.name : `志愿者 Volunteers · ${gridCard(station, grid)}`,
  }))
}

const gridCard = (station: Station, space: string): string =>
  String(
    [...station.records({ type: 'grid' })].find(({ fields }) => fields.space === space)?.fields.name ?? space,
  )

/** Makes the desks that are not there yet, and says which spaces the newcomer gets. Inside the granting act. */
export function openDesks(station: Station, invite: Invite, write: (act: Act) => unknown): readonly string[] {
  const desks = desksOf(station, invite)
  for (const { space, grid } of desks) {
    if (station.membership().spaces.has(space)) continue
    write({ type: 'space', space, kind: 'desk', parent: grid })
    write(newGeneration(station.membership(), space))
  }
  return worksAtDesk(invite.role) && invite.member === null ? desks.map(({ space }) => space) : invite.spaces
}

/**
 * The cards of the desks and of who works there: in the community's space for its own people, and in each desk for
 * those who see nothing else, with the community's name and time zone.
 */
export async function furnishDesks(
  station: Station,
  invite: Invite,
  newcomer: { readonly member: string; readonly station: string; readonly stationName: string },
): Promise<Result<void>> {
  const community = station.communitySpace()
  const [card] = [...station.records({ type: 'community' })]
  const desks = desksOf(station, invite)
  const opened = await station.write('desk.open', (book) => {
    for (const { space, grid, name, kind } of desks) {
      const id = derivedId('dk', [space])
      const set = { name, kind, space, grid }
      const there = new Set(book.copies(id).map((copy) => copy.space))
      if (community && !there.has(community)) {
        const made = book.create('desk', community, { set }, id)
        if (!made.ok) return made
      }
      if (there.has(space)) continue
      const about = {
        gridName: gridCard(station, grid),
        communityName: card?.fields.name ?? null,
        timeZone: card?.fields.timeZone ?? null,
      }
      const made = book.create('desk', space, { set: { ...set, ...about } }, id)
      if (!made.ok) return made
    }
    return ok(undefined)
  })
  if (!opened.ok) return opened
  const given = station.membership().members.get(newcomer.member)?.spaces ?? []
  const places = given.filter((space) => station.membership().spaces.get(space) === 'desk')
  const named = await station.write('introduce', (book) => {
    for (const space of places) {
      const done = introduce(
        book,
        newcomer.member,
        invite.member ? null : invite.name,
        newcomer.station,
        newcomer.stationName,
        space,
      )
      if (!done.ok) return done
    }
    return ok(undefined)
  })
  return named.ok ? ok(undefined) : named
}
