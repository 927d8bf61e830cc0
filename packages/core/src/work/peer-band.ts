/**
 * What similar homes use, so that nobody's own use can be told from it. Of one grid alone: whoever may see one home of
 * a grid may see them all, so every station that holds the grid tells the same band, the gateway and the laptop.
 *
 * What is guaranteed, whatever somebody knows of the other homes and however often they ask:
 * - every home of a group is told the same band, of four past weeks; groups do not overlap, so no two bands differ
 *   by a home;
 * - each home that sees a band is one of at least eleven: ten others are in it;
 * - each home goes in as a step of `STEPS`, and each number that comes out is the average of three homes, in whole
 *   steps: all that can follow about a home, from the band with it and the band without it, is its step;
 * - after a home left (its consent was withdrawn, its meter retired), its group has no band until the next period;
 * - homes so alike that the band would tell the step of each have none.
 */
import type { Projection } from '../record/project.ts'
import { addDays, type Calendar, daysBetween } from './day.ts'
import { isReplaced, isRetired } from './device-life.ts'
import { averageOf, type Metered, meterDays, stretch } from './meter-days.ts'
import { isAllowed } from './permission.ts'
import { monitoringOf } from './purposes.ts'
import type { RecordSet } from './record-set.ts'
import { residentsOf } from './residents.ts'

export const LEAST_OTHERS = 10
const LEAST_HOMES = LEAST_OTHERS + 1
export const BAND_WEEKS = 4
/** Of four weeks so many days must be known. */
const LEAST_DAYS = 21

/** In the meter's unit a day: what a home counts as. Some 5 to 10 per cent of what a usual home uses. */
export const STEPS: Readonly<Record<Metered, number>> = { water: 0.02, electricity: 0.5, gas: 0.1, heat: 2 }

export type Quartiles = { readonly low: number; readonly middle: number; readonly high: number }

export type PeerBand = {
  /** Whole weeks, Monday to Sunday, both days included. */
  readonly from: string
  readonly until: string
  /** `too-few`: fewer than ten others. `left`: one has left since. `alike`: they are all the same. */
  readonly state: 'told' | 'too-few' | 'left' | 'alike'
  /** Per day, in the meter's unit; only when told. */
  readonly quartiles: Quartiles | null
  /** Tens of homes, rounded down; only when told. */
  readonly homesAtLeast: number | null
  /** What the homes have in common, as far as the records tell; empty where nothing is. */
  readonly people: readonly string[]
  readonly areas: readonly string[]
}

/** The four whole weeks before the week of a day. */
export function bandPeriod(on: string): { readonly from: string; readonly until: string } {
  const monday = addDays(on, -(((daysBetween('2024-01-01', on) % 7) + 7) % 7))
  return { from: addDays(monday, -7 * BAND_WEEKS), until: addDays(monday, -1) }
}

/**
 * The band of numbers, one for each home; null where they would tell too much. Only the step of each is looked at.
 */
export function quartilesOf(values: readonly number[], step: number): Quartiles | 'too-few' | 'alike' {
  if (values.length < LEAST_HOMES) return 'too-few'
  const steps = values.map((value) => Math.round(value / step)).sort((a, b) => a - b)
  if (new Set(steps).size < 3) return 'alike'
  const at = (share: number) => {
    const middle = Math.round(share * (steps.length - 1))
    const three = steps.slice(middle - 1, middle + 2)
    return (
      (Math.round(three.reduce((sum, one) => sum + one, 0) / three.length) * Math.round(step * 1000)) / 1000
    )
  }
  return { low: at(0.25), middle: at(0.5), high: at(0.75) }
}

type Peer = {
  readonly household: string
  readonly people: string
  readonly area: string
  readonly perDay: number
  /** Was in it at the end of the period, and is not any more. */
  readonly left: boolean
}

/** The band of the group that a home belongs to; null where it has no group: too few of its days are known. */
export function peerBand(
  set: RecordSet,
  household: Projection,
  kind: Metered,
  { on, calendar }: { readonly on: string; readonly calendar: Calendar },
): PeerBand | null {
  const { from, until } = bandPeriod(on)
  const peers = peersOf(set, household.space, kind, { on, from, until, calendar })
  const group = groupsOf(peers).find((homes) => homes.some((one) => one.household === household.id))
  if (!group || group.some((one) => one.household === household.id && one.left)) return null
  const about = {
    from,
    until,
    people: PEOPLE.filter((name) => group.some((one) => one.people === name)),
    areas: AREAS.filter((name) => group.some((one) => one.area === name)),
    quartiles: null,
    homesAtLeast: null,
  }
  if (group.length < LEAST_HOMES) return { ...about, state: 'too-few' }
  if (group.some(({ left }) => left)) return { ...about, state: 'left' }
  const quartiles = quartilesOf(
    group.map(({ perDay }) => perDay),
    STEPS[kind],
  )
  if (typeof quartiles === 'string') return { ...about, state: quartiles }
  return { ...about, state: 'told', quartiles, homesAtLeast: Math.floor(group.length / 10) * 10 }
}

function peersOf(
  set: RecordSet,
  space: string,
  kind: Metered,
  period: { readonly on: string; readonly from: string; readonly until: string; readonly calendar: Calendar },
): readonly Peer[] {
  const { on, from, until, calendar } = period
  const purpose = monitoringOf(kind)
  const peers: Peer[] = []
  for (const device of set.ofType('device')) {
    if (device.space !== space || device.fields.kind !== kind || isRetired(device, until)) continue
    if (isReplaced(set, device)) continue
    const dwelling = set.getA('dwelling', device.fields.dwelling, space)
    if (!dwelling || OTHER_USES.has(String(dwelling.fields.use))) continue
    const homes = set.referring('household', 'dwelling', dwelling.id).filter((one) => one.space === space)
    // One meter for two households says nothing of either.
    const [home] = homes
    if (!home || homes.length > 1 || !isAllowed(set, home.id, purpose, until)) continue
    const own = averageOf(stretch(meterDays(set, device, calendar, from), from, until), LEAST_DAYS)
    if (own)
      peers.push({
        household: home.id,
        people: peopleOf(set, home, until),
        area: areaOf(dwelling),
        perDay: own.perDay,
        left: isRetired(device, on) || !isAllowed(set, home.id, purpose, on),
      })
  }
  return oneOfEach(peers)
}

const OTHER_USES: ReadonlySet<string> = new Set(['business', 'vacant'])

/** A home with two meters of a kind is no one's like. */
function oneOfEach(peers: readonly Peer[]): readonly Peer[] {
  const count = new Map<string, number>()
  for (const { household } of peers) count.set(household, (count.get(household) ?? 0) + 1)
  return peers
    .filter(({ household }) => count.get(household) === 1)
    .sort((a, b) => (a.household < b.household ? -1 : 1))
}

export const PEOPLE = ['1', '2', '3+', 'unknown'] as const
export const AREAS = ['under-50', '50-90', 'over-90', 'unknown'] as const

function peopleOf(set: RecordSet, home: Projection, on: string): (typeof PEOPLE)[number] {
  const count = residentsOf(set, home, on).filter(({ present }) => present).length
  return count === 0 ? 'unknown' : count === 1 ? '1' : count === 2 ? '2' : '3+'
}

function areaOf({ fields: { areaSquareMetres: area } }: Projection): (typeof AREAS)[number] {
  if (typeof area !== 'number' || !(area > 0)) return 'unknown'
  return area < 50 ? 'under-50' : area < 90 ? '50-90' : 'over-90'
}

/** By how many live there, then by size; what is too small goes with its neighbour, so that no two groups overlap. */
const groupsOf = (peers: readonly Peer[]): readonly (readonly Peer[])[] =>
  split(peers, PEOPLE, ({ people }) => people).flatMap((homes) => split(homes, AREAS, ({ area }) => area))

function split(
  peers: readonly Peer[],
  order: readonly string[],
  classOf: (peer: Peer) => string,
): readonly (readonly Peer[])[] {
  const groups: Peer[][] = [[]]
  for (const name of order) {
    if (groups.at(-1)!.length >= LEAST_HOMES) groups.push([])
    groups.at(-1)!.push(...peers.filter((peer) => classOf(peer) === name))
  }
  const last = groups.at(-1)!
  if (groups.length > 1 && last.length < LEAST_HOMES) {
    groups.pop()
    groups.at(-1)!.push(...last)
  }
  return groups
}
