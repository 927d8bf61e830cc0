import { box, unbox } from '../crypto/seal.ts'
import { isStanding, memberAt } from '../membership/resolve.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { rescueContext } from './rescue.ts'
import { grantContext, type RescueGrant, type RescueRequest } from './rescue-file.ts'
import type { Station } from './station.ts'

export type GrantRescueProblem = Problem & {
  type:
    | 'role-may-not'
    | 'other-community'
    | 'unknown-station'
    | 'rescue-expired'
    | 'rescue-not-standing'
    | 'rescue-not-for-us'
    | 'rescue-altered'
}

/** How long a request may be answered. Whoever finds an older one has to ask again, under the eyes of a chief. */
export const RESCUE_VALID_MS = 7 * 24 * 3600_000
/** Clocks of laptops differ; a request from further ahead is none. */
const CLOCK_SLACK_MS = 24 * 3600_000

/** Whether this station may answer, and for whom it would; nothing is opened yet. */
export function checkRescue(
  station: Station,
  request: RescueRequest,
): Result<{ readonly boxed: Uint8Array; readonly member: string }, GrantRescueProblem> {
  const { community, station: own } = station.identity
  const me = station.member()
  if (me?.role !== 'chief') return fail({ type: 'role-may-not', role: me?.role ?? null, action: ACTION })
  if (request.community !== community) return fail({ type: 'other-community', community: request.community })
  const membership = station.membership()
  const member = memberAt(membership, request.station)
  if (!member || !isStanding(membership, request.station))
    return fail({ type: 'rescue-not-standing', station: request.station })
  const ageMs = station.now - Date.parse(request.madeAt)
  if (ageMs > RESCUE_VALID_MS || ageMs < -CLOCK_SLACK_MS)
    return fail({ type: 'rescue-expired', madeAt: request.madeAt })
  const mine = request.boxes.find(([chief]) => chief === own)
  if (!mine) return fail({ type: 'rescue-not-for-us', chiefs: request.boxes.map(([chief]) => chief) })
  return ok({ boxed: Buffer.from(mine[1], 'base64'), member: member.id })
}

const ACTION = 'station.rescue'

/**
 * Answers a request: opens this chief's box and boxes the rescue key for the laptop's fresh key. It is written down
 * in the community's space, who did it for which station, before the answer is given.
 */
export async function grantRescue(
  station: Station,
  request: RescueRequest,
): Promise<Result<RescueGrant, GrantRescueProblem | Problem>> {
  const checked = checkRescue(station, request)
  if (!checked.ok) return checked
  const { community, station: own } = station.identity
  const rescueKey = unbox(
    station.trunk.identity.boxing,
    checked.value.boxed,
    rescueContext(community, request.station, own),
  )
  if (!rescueKey.ok) return fail({ type: 'rescue-altered' })
  const card = [...station.records({ type: 'station' })].find((one) => one.fields.station === request.station)
  if (!card) return fail({ type: 'unknown-station', station: request.station })
  const written = await station.write(ACTION, (book) =>
    book.edit(card.id, { append: { rescues: [{ fingerprint: request.fingerprint }] } }),
  )
  if (!written.ok) return written
  const { key } = request
  const to = { community, station: request.station, key }
  const boxed = box(new Uint8Array(Buffer.from(key, 'base64')), rescueKey.value, grantContext(to))
  return ok({ doorstep: 'rescue-grant/1', ...to, boxed: Buffer.from(boxed).toString('base64') })
}
