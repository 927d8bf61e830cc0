import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { derivedId, isId, randomId, stationIdOf } from '../ids.ts'
import { isProvenStation, memberIdOf, proveStation } from '../membership/act.ts'
import type { Member } from '../membership/resolve.ts'
import { isRole, mayAct, type Role, roles } from '../membership/roles.ts'
import { compareRanks } from '../membership/seniority.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { missingBoxes } from '../trunk/generation.ts'
import { introduce } from './create-community.ts'
import { furnishDesks, openDesks, worksAtDesk } from './desk.ts'
import { createHome, type HomeProblem, newKeys, onDisk } from './home.ts'
import type { HomeSecret, PassphraseCost } from './secret.ts'
import { Station } from './station.ts'

/**
 * What is carried to a newcomer. It holds no space key: whoever finds it can ask to join, and the station that
 * grants decides.
 */
export type Invite = {
  readonly doorstep: 'invite/1'
  readonly community: string
  readonly communityName: string
  readonly id: string
  /** Whose further station it is; null for a new member. */
  readonly member: string | null
  readonly name: string
  readonly role: Role
  readonly spaces: readonly string[]
  /** Base64; proves to the inviter that the request answers this invite. */
  readonly secret: string
  /** The inviting station, its TLS key and where it may be reached. */
  readonly inviter: { readonly station: string; readonly key: string; readonly addresses: readonly string[] }
  /** ISO 8601; judged by the inviting station alone. */
  readonly expiresAt: string
}

export type JoinRequest = {
  readonly doorstep: 'request/1'
  readonly community: string
  readonly invite: string
  readonly stationName: string
  /** Base64 of 32-byte Ed25519 and X25519 public keys. */
  readonly key: string
  readonly box: string
  /** Base64 of the signature by which the new station says that it wants to belong here. */
  readonly claim: string
  /** HMAC-SHA256 over the request by the invite's secret. */
  readonly proof: string
}

export type MembershipProblem = Problem & {
  type:
    | 'role-may-not'
    | 'unknown-grid'
    /** A desk belongs to a grid: without one there is nothing to see. */
    | 'grid-needed'
    | 'unknown-member'
    | 'unknown-invite'
    | 'invite-expired'
    | 'invite-withdrawn'
    | 'invite-used'
    | 'false-request'
    | 'other-community'
    | 'malformed-file'
}

/** Kept, sealed, where the invite was made. */
type KeptInvite = { invite: Invite; state: 'open' | 'withdrawn' | 'used'; station?: string }

const DEFAULT_VALID_MS = 7 * 24 * 3600_000
const inviteDraft = (id: string) => `invite/${id}`

/** An invitation for somebody new; judged by the rights of whoever makes it, so that it is no empty promise. */
export function createInvite(
  station: Station,
  input: {
    role: Role
    name: string
    grids: readonly string[]
    addresses?: readonly string[]
    validMs?: number
  },
): Result<Invite, MembershipProblem | HomeProblem> {
  const me = station.member()
  if (!me || !roles[me.role].acts) return fail({ type: 'role-may-not', role: me?.role ?? null })
  if (worksAtDesk(input.role) && input.grids.length === 0)
    return fail({ type: 'grid-needed', role: input.role, name: input.name })
  const spaces: string[] = []
  const grids = [...station.records({ type: 'grid' })]
  for (const name of input.grids) {
    const grid = grids.find((card) => card.fields.space === name || card.fields.name === name)
    if (!grid) return fail({ type: 'unknown-grid', grid: name, grids: grids.map((card) => card.fields.name) })
    spaces.push(String(grid.fields.space))
  }
  return keepInvite(station, { ...input, spaces, member: null })
}

/** For a further station of a member: made by the member, or by a chief who outranks it. */
export function createStationInvite(
  station: Station,
  input: { member: string; addresses?: readonly string[]; validMs?: number },
): Result<Invite, MembershipProblem | HomeProblem> {
  const me = station.member()
  const target = station.membership().members.get(input.member)
  if (!target) return fail({ type: 'unknown-member', member: input.member })
  if (!mayAdd(me, target)) return fail({ type: 'role-may-not', role: me?.role ?? null })
  const card = [...station.records({ type: 'member' })].find(({ fields }) => fields.member === target.id)
  const name = String(card?.fields.name ?? target.id)
  return keepInvite(station, { ...input, name, role: target.role, spaces: target.spaces })
}

/** Who may add a member, or a station to this one (A4). */
const mayAdd = (me: Member | null, target: Member | null): boolean =>
  me !== null &&
  (me.id === target?.id || (roles[me.role].acts && (!target || compareRanks(me.rank, target.rank) < 0)))

function keepInvite(
  station: Station,
  input: {
    member: string | null
    name: string
    role: Role
    spaces: readonly string[]
    addresses?: readonly string[]
    validMs?: number
  },
): Result<Invite, HomeProblem> {
  const invite: Invite = {
    doorstep: 'invite/1',
    community: station.identity.community,
    communityName: String([...station.records({ type: 'community' })][0]?.fields.name ?? ''),
    id: randomId('in'),
    member: input.member,
    name: input.name,
    role: input.role,
    spaces: input.spaces,
    secret: randomBytes(32).toString('base64'),
    inviter: {
      station: station.identity.station,
      key: Buffer.from(station.identity.key).toString('base64'),
      addresses: input.addresses ?? [],
    },
    expiresAt: new Date(station.now + (input.validMs ?? DEFAULT_VALID_MS)).toISOString(),
  }
  const kept = onDisk(station.home, () => station.putDraft(inviteDraft(invite.id), { invite, state: 'open' }))
  return kept.ok ? ok(invite) : kept
}

export function withdrawInvite(station: Station, id: string): Result<void, MembershipProblem | HomeProblem> {
  const kept = keptInvite(station, id)
  if (!kept) return fail({ type: 'unknown-invite', invite: id })
  if (kept.state === 'used') return fail({ type: 'invite-used', invite: id })
  return onDisk(station.home, () => station.putDraft(inviteDraft(id), { ...kept, state: 'withdrawn' }))
}

const keptInvite = (station: Station, id: string): KeptInvite | null =>
  (station.draft(inviteDraft(id))?.value as KeptInvite | undefined) ?? null

/** Makes the newcomer's home and keys, and the request to carry back. Nothing can be written until it is granted. */
export function joinWithInvite(
  home: string,
  secret: HomeSecret,
  invite: Invite,
  options: {
    stationName: string
    cost?: PassphraseCost
    now?: () => number
    /** Those the inviter has met already; fresh ones otherwise. */
    keys?: ReturnType<typeof newKeys>
  },
): Result<{ station: Station; request: JoinRequest }, HomeProblem> {
  const keys = options.keys ?? newKeys()
  const made = createHome(home, secret, { community: invite.community, ...keys }, options.cost)
  if (!made.ok) return made
  const station = new Station(made.value, options.now)
  const request = signRequest(
    {
      doorstep: 'request/1',
      community: invite.community,
      invite: invite.id,
      stationName: options.stationName,
      key: Buffer.from(keys.signing.publicKey).toString('base64'),
      box: Buffer.from(keys.boxing.publicKey).toString('base64'),
      claim: Buffer.from(
        proveStation(
          keys.signing.privateKey,
          invite.community,
          invite.member ?? invite.inviter.station,
          keys.boxing.publicKey,
        ),
      ).toString('base64'),
    },
    invite.secret,
  )
  station.putDraft('join', { invite, request })
  return ok({ station, request })
}

/** The invite and request of a home that still waits for its grant. */
export function pendingJoin(station: Station): { invite: Invite; request: JoinRequest } | null {
  return (station.draft('join')?.value as { invite: Invite; request: JoinRequest } | undefined) ?? null
}

function signRequest(request: Omit<JoinRequest, 'proof'>, secret: string): JoinRequest {
  return { ...request, proof: proofOf(request, secret) }
}

const proofOf = (request: Omit<JoinRequest, 'proof'>, secret: string): string =>
  createHmac('sha256', Buffer.from(secret, 'base64'))
    .update(
      JSON.stringify([
        request.doorstep,
        request.community,
        request.invite,
        request.stationName,
        request.key,
        request.box,
        request.claim,
      ]),
    )
    .digest('base64')

/** The grant is two kinds of acts: the member with its station (or the station alone), and the keys it may open. */
export async function grantRequest(
  station: Station,
  request: JoinRequest,
): Promise<Result<{ station: string; member: string }>> {
  if (request.community !== station.identity.community)
    return fail({ type: 'other-community', community: request.community })
  const kept = keptInvite(station, request.invite)
  if (!kept) return fail({ type: 'unknown-invite', invite: request.invite })
  const { invite } = kept
  const keys = {
    key: fromBase64(request.key),
    box: fromBase64(request.box),
    proof: fromBase64(request.claim),
  }
  if (keys.key.length !== 32 || keys.box.length !== 32 || keys.proof.length !== 64)
    return fail({ type: 'false-request' })
  const id = stationIdOf(keys.key)
  const { proof, ...claim } = request
  const wanted = Buffer.from(proofOf(claim, invite.secret), 'base64')
  const given = Buffer.from(proof, 'base64')
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    return fail({ type: 'false-request' })
  const membership = station.membership()
  const before = membership.stations.get(id)
  // Granting the same request again gives the same answer: the file may have been lost on the way.
  if (kept.state === 'used') {
    if (kept.station !== id || !before) return fail({ type: 'invite-used', invite: invite.id })
    return named(station, invite, { id, member: before.member, name: request.stationName })
  }
  if (kept.state === 'withdrawn') return fail({ type: 'invite-withdrawn', invite: invite.id })
  if (station.now > Date.parse(invite.expiresAt))
    return fail({ type: 'invite-expired', invite: invite.id, expiredAt: invite.expiresAt })
  // The invite's secret proves who was asked; the station's own word says by whom it was, and keys are used once (A3).
  const isClaimed = isProvenStation(keys, invite.community, invite.member ?? station.identity.station)
  if (!isClaimed || membership.former.has(id)) return fail({ type: 'false-request' })
  // Rights may have changed since the invite was made.
  const target = invite.member === null ? null : membership.members.get(invite.member)
  if (target === undefined) return fail({ type: 'unknown-member', member: invite.member })
  const me = station.member()
  if (!mayAdd(me, target)) return fail({ type: 'role-may-not', role: me?.role ?? null })
  const granted = await station.act((write) => {
    // Two may answer one invite at once: the first has it, in the same transaction as the acts that let it in.
    const now = keptInvite(station, invite.id)
    if (now?.state === 'withdrawn') return fail({ type: 'invite-withdrawn', invite: invite.id })
    if (now?.state === 'used' && now.station !== id) return fail({ type: 'invite-used', invite: invite.id })
    station.putDraft(inviteDraft(invite.id), { ...kept, state: 'used', station: id })
    const known = station.membership().stations.get(id)
    let member = known?.member ?? invite.member
    if (!known) {
      const ref = write(
        invite.member
          ? { type: 'station', member: invite.member, ...keys }
          : { type: 'member', role: invite.role, spaces: openDesks(station, invite, write), ...keys },
      )
      member ??= memberIdOf(ref.hash)
    }
    for (const act of missingBoxes(station.trunk, id).acts) write(act)
    return ok(member!)
  })
  if (!granted.ok) return granted
  return named(station, invite, { id, member: granted.value, name: request.stationName })
}

/** The cards that say what people call them, unless they are there: a grant may have been cut off before them. */
async function named(
  station: Station,
  invite: Invite,
  { id, member, name }: { id: string; member: string; name: string },
): Promise<Result<{ station: string; member: string }>> {
  // Who may write nothing, an auditor say, adds a machine of its own that others know by its id.
  const space = station.communitySpace()
  const me = station.member()
  if (space && me && mayAct(me.role, 'introduce') && !station.get(derivedId('sc', [id]))) {
    // The newcomer chose it: a name that no card takes must not stand in the way of the rest.
    const stationName = [...name.trim()].slice(0, 60).join('') || id
    const cards = await station.write('introduce', (book) =>
      introduce(book, member, invite.member ? null : invite.name, id, stationName, space),
    )
    if (!cards.ok) return cards
    const newcomer = { member, station: id, stationName }
    const furnished = worksAtDesk(invite.role) ? await furnishDesks(station, invite, newcomer) : ok(undefined)
    if (!furnished.ok) return furnished
  }
  return ok({ station: id, member })
}

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))

const INVITE_KEYS = ['community', 'communityName', 'id', 'name', 'role', 'secret', 'expiresAt'] as const
const REQUEST_KEYS = ['community', 'invite', 'stationName', 'key', 'box', 'claim', 'proof'] as const

/** Reads what a stick brought: an invite or a request, or why it is neither. */
export function parseJoinFile(text: string): Result<Invite | JoinRequest, MembershipProblem> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return fail({ type: 'malformed-file' })
  }
  if (typeof value !== 'object' || value === null) return fail({ type: 'malformed-file' })
  const file = value as Record<string, unknown>
  const texts = (keys: readonly string[]) => keys.every((key) => typeof file[key] === 'string')
  if (file.doorstep === 'invite/1') {
    const inviter = file.inviter as Record<string, unknown> | undefined
    const whole =
      texts(INVITE_KEYS) &&
      isRole(file.role) &&
      isId(file.community) &&
      (file.member === null || isId(file.member)) &&
      Array.isArray(file.spaces) &&
      file.spaces.every(isId) &&
      typeof inviter?.key === 'string' &&
      typeof inviter.station === 'string' &&
      Array.isArray(inviter.addresses) &&
      inviter.addresses.every((address) => typeof address === 'string')
    return whole ? ok(file as unknown as Invite) : fail({ type: 'malformed-file' })
  }
  if (file.doorstep === 'request/1' && texts(REQUEST_KEYS)) return ok(file as unknown as JoinRequest)
  return fail({ type: 'malformed-file' })
}
