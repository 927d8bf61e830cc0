import { addressOf, calendarOf, type RecordSet, type Station, shortAddress } from '@doorstep/core'
import type { MeetingAttempts, SessionState } from '@doorstep/sync'
import { stationName, stationNames } from '../../station/names.ts'
import {
  clockWarning,
  lastVisitTruth,
  spaceTruths,
  type Unheard,
  unheardNamed,
  visitsOfDay,
} from '../../station/sync-truth.ts'
import type { SyncProgressNow } from '../../voice/sync-progress.ts'
import type { QuarantineLine, SyncFacts, SyncTruth } from '../facts.ts'

/** What is known about others, from what they said they hold on disk. Nothing is assumed. */

/** What the background of a workstation knows of its meetings; all empty where it stays offline. */
export type Meetings = {
  readonly sessions: readonly SessionState[]
  /** When this process last had somebody on the wire, ahead of what the store has noted. */
  readonly metMs: number | null
  readonly listening: string | null
  /** Another process of this home meets others in this one's place. */
  readonly elsewhere: boolean
  readonly progress: SyncProgressNow | null
  readonly tried: MeetingAttempts | null
}
export const NO_MEETINGS: Meetings = {
  sessions: [],
  metMs: null,
  listening: null,
  elsewhere: false,
  progress: null,
  tried: null,
}

/** `unheard`: looked for less often than the rest. */
export function truthOf(station: Station, meetings: Meetings, unheard: readonly Unheard[] = []): SyncTruth {
  const { metMs, progress } = meetings
  const live = meetings.sessions.filter((one) => one.closed === null)
  const met = station
    .peers()
    .filter((peer) => peer.station !== station.identity.station && peer.at <= station.now)
  const { onlyHere, sinceMs } = station.ownWork()
  return {
    onlyHere,
    aloneSinceMs: sinceMs,
    lastMetMs:
      met.length === 0 && metMs === null ? null : Math.max(metMs ?? 0, ...met.map((peer) => peer.at)),
    meeting: live.map((one) => one.name || stationName(station, one.station)),
    elsewhere: meetings.elsewhere,
    equal: live.length > 0 && live.every((one) => one.equal),
    toSend: live.reduce((sum, one) => sum + one.toSend, 0),
    toReceive: live.reduce((sum, one) => sum + one.toReceive, 0),
    progress,
    unheard,
    clock: clockWarning(station),
  }
}

/** For a chief: whom nobody has heard of for as long as the community set. */
export const unheardByChief = (station: Station): readonly Unheard[] =>
  station.member()?.role === 'chief' ? unheardNamed(station).stations : []

export function syncFacts(station: Station, set: RecordSet, meetings: Meetings): SyncFacts {
  const visits = [...set.ofType('visit')]
  const { held, refused } = station.quarantine()
  const address = ({ fields }: { fields: Readonly<Record<string, unknown>> }) =>
    shortAddress(addressOf(set, set.getA('household', fields.household)))
  return {
    station: station.identity.station,
    name: stationNames(station).get(station.identity.station) ?? station.identity.station,
    listening: meetings.listening,
    spaces: spaceTruths(station),
    live: new Map(
      meetings.sessions.filter((one) => one.closed === null).map((session) => [session.station, session]),
    ),
    lastVisit: lastVisitTruth(station, visits, address),
    visitsToday: visitsOfDay(station, visits, calendarOf(set).dayOf(station.now)),
    work: station.ownWork(),
    unheard: unheardNamed(station).stations,
    clock: clockWarning(station),
    held: held.length,
    refused: refused.length,
    tried: meetings.tried,
  }
}

export function quarantineLines(station: Station): readonly QuarantineLine[] {
  const { held, refused } = station.quarantine()
  const role = station.member()?.role
  const releases = role === 'chief' || role === 'steward'
  return [
    ...held.map((one) => ({
      ...one,
      fromName: stationName(station, one.from),
      releasable: releases,
      refusedForGood: false,
    })),
    ...refused.map((one) => ({
      ...one,
      fromName: stationName(station, one.from),
      releasable: false,
      refusedForGood: true,
    })),
  ]
}
