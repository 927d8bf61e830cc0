import type { Result } from '@doorstep/core'

/** Who is at which door now. Nothing here is kept: it is gone when the station leaves. */
export type PresenceState = {
  /** The station's name as people know it. */
  readonly station: string
  /** The door somebody stands at, if any. */
  readonly door?: string
  /** Since when, ms since 1970 by that station's clock. */
  readonly since?: number
}

/** One other station as seen from here; `lastSeen` is ms since 1970 by our own clock. */
export type SeenPresence = {
  readonly key: Uint8Array
  readonly state: PresenceState
  readonly lastSeen: number
}

export type PresenceProblem = {
  readonly type: 'presence-invalid'
  readonly detail: 'shape' | 'too-large'
}

/** As JSON. */
export const presenceLimitBytes = 1_024

/** The canonical JSON of a state: its known fields only, at most 1 KiB. */
export function encodePresence(state: PresenceState): Result<string, PresenceProblem> {
  const parsed = presenceOf(state)
  if (!parsed) return { ok: false, problem: { type: 'presence-invalid', detail: 'shape' } }
  const json = JSON.stringify(parsed)
  if (Buffer.byteLength(json) > presenceLimitBytes)
    return { ok: false, problem: { type: 'presence-invalid', detail: 'too-large' } }
  return { ok: true, value: json }
}

/** Undefined for anything but a state within the limits. */
export function parsePresence(json: string): PresenceState | undefined {
  if (Buffer.byteLength(json) > presenceLimitBytes) return undefined
  try {
    return presenceOf(JSON.parse(json))
  } catch {
    return undefined // not JSON
  }
}

function presenceOf(value: unknown): PresenceState | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { station, door, since } = value as Record<string, unknown>
  if (typeof station !== 'string') return undefined
  if (door !== undefined && typeof door !== 'string') return undefined
  if (since !== undefined && (typeof since !== 'number' || !Number.isFinite(since))) return undefined
  return { station, ...(door === undefined ? {} : { door }), ...(since === undefined ? {} : { since }) }
}
