import {
  addressOf,
  calendarOf,
  clockDoubt,
  communityCard,
  type HeardOf,
  holdersOf,
  lastVisitOf,
  type PeerTruth,
  type Projection,
  peerTruths,
  RecordSet,
  type Role,
  type Station,
  shortAddress,
  unheardOf,
  warnAfterDays,
} from '@doorstep/core'
import type { ClockWarning } from '../voice/clock-doubt-text.ts'
import { memberNames, spacesOf, stationName, stationNames } from './names.ts'

/** What is held here, by whom else, and how that is known: for `sync status` and for the workstation alike. */

export type Named = { readonly station: string; readonly name: string }

export type PeerOfSpace = PeerTruth & { readonly name: string; readonly gateway: boolean }

export type SpaceTruth = {
  readonly id: string
  readonly kind: 'members' | 'community' | 'grid' | 'desk' | 'sealed'
  readonly name: string
  readonly entries: number
  readonly digest: string
  readonly recordsDigest: string | null
  readonly peers: readonly PeerOfSpace[]
}

export type VisitTruth = {
  readonly visit: string
  readonly address: string
  readonly atMs: number
  /** Stations that hold all of it, this one first. */
  readonly holders: readonly Named[]
  readonly gateways: readonly Named[]
}

export type Unheard = HeardOf & {
  readonly name: string
  readonly memberName: string
  readonly grids: readonly string[]
}

/** Gateways keep and pass on everything, with or without reading it. */
const GATEWAYS: ReadonlySet<Role> = new Set(['steward', 'relay'])

export function isGateway(station: Station, id: string): boolean {
  const role = station.membership().memberAt(id)?.role
  return role !== undefined && GATEWAYS.has(role)
}

export function spaceTruths(station: Station): SpaceTruth[] {
  const names = stationNames(station)
  const read = new Map(spacesOf(station).map((space) => [space.id, space]))
  const { community } = station.identity
  const peers = Map.groupBy(peerTruths(station), ({ space }) => space)
  return [community, ...station.holdings()]
    .map((id): SpaceTruth => {
      const space = read.get(id)
      return {
        ...station.digest(id),
        kind: id === community ? 'members' : (space?.kind ?? 'sealed'),
        name: space?.name ?? '',
        peers: (peers.get(id) ?? [])
          .map((peer) => ({
            ...peer,
            name: names.get(peer.station) ?? peer.station,
            gateway: isGateway(station, peer.station),
          }))
          .sort(
            (a, b) =>
              Number(b.gateway) - Number(a.gateway) ||
              (b.atMs ?? 0) - (a.atMs ?? 0) ||
              (a.station < b.station ? -1 : 1),
          ),
      }
    })
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.name < b.name ? -1 : 1))
}

const ORDER: readonly SpaceTruth['kind'][] = ['grid', 'community', 'desk', 'sealed', 'members']

/** Whether this machine's clock is off, by a gateway's word. */
export function clockWarning(station: Station): ClockWarning | null {
  const doubt = clockDoubt(station)
  return doubt && { ...doubt, name: stationName(station, doubt.station) }
}

/** Where the newest visit of this station's member is; null without any. */
export function lastVisitTruth(
  station: Station,
  visits: Iterable<Projection>,
  address: (visit: Projection) => string,
): VisitTruth | null {
  const last = lastVisitOf(visits, station.identity.member, station.now)
  if (!last) return null
  const names = stationNames(station)
  const named = (id: string): Named => ({ station: id, name: names.get(id) ?? id })
  const holders = holdersOf(station, [last]).get(last.id) ?? []
  const own = station.identity.station
  return {
    visit: last.id,
    address: address(last),
    atMs: last.createdAt,
    holders: [own, ...holders].map(named),
    gateways: [own, ...holders].filter((id) => isGateway(station, id)).map(named),
  }
}

/** How many visits this member made on a day, and how many of them no other station is known to hold. */
export function visitsOfDay(
  station: Station,
  visits: Iterable<Projection>,
  day: string,
): { readonly count: number; readonly onlyHere: number } {
  const { member } = station.identity
  const made = [...visits].filter(
    ({ createdBy, fields }) => createdBy === member && fields.on === day && fields.withdrawn === undefined,
  )
  const holders = holdersOf(station, made)
  return { count: made.length, onlyHere: made.filter(({ id }) => holders.get(id)!.length === 0).length }
}

/** The same two straight from a station that has no record set open. */
export function ownVisits(station: Station) {
  const visits = [...station.records({ type: 'visit' })]
  const day = calendarOf({ ofType: (type) => station.records({ type }) }).dayOf(station.now)
  const last = lastVisitTruth(station, visits, (visit) => addressAt(station, visit))
  return { last, today: visitsOfDay(station, visits, day) }
}

function addressAt(station: Station, visit: Projection): string {
  const household = station.get(String(visit.fields.household))
  const dwelling = household && station.get(String(household.fields.dwelling), household.space)
  const building = dwelling && station.get(String(dwelling.fields.building), dwelling.space)
  const known = [household, dwelling, building].filter((record) => record !== null)
  return shortAddress(addressOf(new RecordSet(known), household))
}

/** Stations that nobody has heard of for as long as the community set, as a chief is warned of them. */
export function unheardNamed(station: Station): {
  readonly afterDays: number
  readonly stations: readonly Unheard[]
} {
  const afterDays = warnAfterDays(communityCard(station))
  // At a desk nobody has a name.
  if (station.communitySpace() === null) return { afterDays, stations: [] }
  const names = stationNames(station)
  const members = memberNames(station)
  const grids = new Map(spacesOf(station).map(({ id, name }) => [id, name]))
  const membership = station.membership()
  const stations = unheardOf(station).map((one) => ({
    ...one,
    name: names.get(one.station) ?? one.station,
    memberName: members.get(one.member) ?? one.member,
    grids: (membership.members.get(one.member)?.spaces ?? []).flatMap((id) => grids.get(id) ?? []),
  }))
  return { afterDays, stations }
}
