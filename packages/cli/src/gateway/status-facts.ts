/**
 * What may be told of a gateway to anybody on the LAN: counts and times. Nothing here names a person or a home: of a
 * grid its name and numbers, of a station its role and the beginning of its id (its name is often its worker's).
 */
import { statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordSet, Role, Station } from '@doorstep/core'
import { spacesOf } from '../station/names.ts'
import type { DeviceStates } from './device-book.ts'
import type { SourceStatus } from './source.ts'

export type StatusFacts = {
  readonly atMs: number
  readonly startedMs: number
  readonly version: string
  readonly grids: readonly { readonly name: string; readonly households: number; readonly devices: number }[]
  readonly devices: DeviceStates
  readonly alarmsOpen: number
  readonly sources: readonly ({ readonly name: string } & Pick<SourceStatus, 'state' | 'lastHeardMs'>)[]
  readonly stations: readonly {
    readonly id: string
    readonly role: Role
    readonly isHere: boolean
    /** When it and this gateway were last found to hold the same. */
    readonly equalMs: number | null
    readonly metMs: number | null
  }[]
  readonly storage: { readonly freeBytes: number; readonly totalBytes: number; readonly usedBytes: number }
  readonly clock: { readonly isSet: boolean; readonly isOffered: boolean }
}

/** Of the home's folder: the files that grow. */
export function bytesIn(home: string): { readonly store: number; readonly readings: number } {
  const size = (file: string) => statSync(join(home, file), { throwIfNoEntry: false })?.size ?? 0
  const withLog = (file: string) => size(file) + size(`${file}-wal`)
  return { store: withLog('station.db'), readings: withLog('readings.db') }
}

export function diskOf(home: string): { readonly freeBytes: number; readonly totalBytes: number } {
  const { bavail, blocks, bsize } = statfsSync(home)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

export function gridCounts(station: Station, set: RecordSet): StatusFacts['grids'] {
  const households = tally(set.ofType('household'))
  const devices = tally(set.ofType('device'))
  return spacesOf(station)
    .filter(({ kind }) => kind === 'grid')
    .map(({ id, name }) => ({ name, households: households.get(id) ?? 0, devices: devices.get(id) ?? 0 }))
}

function tally(records: Iterable<{ readonly space: string }>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { space } of records) counts.set(space, (counts.get(space) ?? 0) + 1)
  return counts
}

export function stationsMet(station: Station, here: ReadonlySet<string>): StatusFacts['stations'] {
  const membership = station.membership()
  const met = new Map<string, { equalMs: number | null; metMs: number | null }>()
  for (const { station: id, at, equalAt } of station.peers()) {
    const known = met.get(id)
    met.set(id, {
      metMs: Math.max(known?.metMs ?? 0, at),
      // Of its spaces the one that was compared longest ago: only then all of it was the same.
      equalMs:
        known && (known.equalMs === null || equalAt === null)
          ? null
          : Math.min(known?.equalMs ?? Infinity, equalAt ?? Infinity),
    })
  }
  return [...membership.stations.keys()]
    .filter((id) => id !== station.identity.station)
    .flatMap((id) => {
      const role = membership.memberAt(id)?.role
      // The founding key is on paper.
      if (role === undefined || !met.has(id)) return []
      const { equalMs, metMs } = met.get(id)!
      return [
        {
          id: id.slice(0, 8),
          role,
          isHere: here.has(id),
          equalMs: Number.isFinite(equalMs) ? equalMs : null,
          metMs,
        },
      ]
    })
    .sort((a, b) => Number(b.isHere) - Number(a.isHere) || (b.metMs ?? 0) - (a.metMs ?? 0))
}
