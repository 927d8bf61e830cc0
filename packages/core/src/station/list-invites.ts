import type { Station } from './station.ts'

export type ListedInvite = {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly spaces: readonly string[]
  /** Of this station's clock, which alone decides whether an invite has expired. */
  readonly state: 'open' | 'used' | 'withdrawn' | 'expired'
  /** ISO 8601. */
  readonly expiresAt: string
  /** Who was let in with it. */
  readonly station: string | null
}

type Kept = {
  readonly invite: Omit<ListedInvite, 'state' | 'station'>
  readonly state: 'open' | 'withdrawn' | 'used'
  readonly station?: string
}

function listed(station: Station, { invite, state, station: used }: Kept): ListedInvite {
  const { id, name, role, spaces, expiresAt } = invite
  const isLate = state === 'open' && station.now > Date.parse(expiresAt)
  return { id, name, role, spaces, state: isLate ? 'expired' : state, expiresAt, station: used ?? null }
}

/** The invites made on this station, those that expire last first. */
export const listInvites = (station: Station): ListedInvite[] =>
  station
    .drafts('invite/')
    .map(({ value }) => listed(station, value as Kept))
    .sort((a, b) =>
      a.expiresAt === b.expiresAt ? (a.id < b.id ? -1 : 1) : a.expiresAt < b.expiresAt ? 1 : -1,
    )

/** One of them, or null when it was not made here. */
export function findInvite(station: Station, id: string): ListedInvite | null {
  const draft = station.draft(`invite/${id}`)
  return draft && listed(station, draft.value as Kept)
}
