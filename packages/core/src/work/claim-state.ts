/** What holds of the claims of one record: a pure fold, the same on every station in any order of arrival. */
import { isDate } from '../record/define.ts'
import { isObject } from '../record/place.ts'
import type { Projection, TimelineItem } from '../record/project.ts'
import { inCausalOrder } from './case-order.ts'
import { plainOf } from './masked-record.ts'
import { textOf } from './record-set.ts'

/** Which doors are meant: one, those of a floor, of a stair (a unit), or of the whole building. */
export type ClaimScope = {
  /** A household. */
  readonly door: string | null
  readonly unit: string | null
  readonly floor: number | null
}

export type FoldedClaim = {
  readonly id: string
  /** The record it is in, and that record's space, building and sweep. */
  readonly record: string
  readonly space: string
  readonly building: string | null
  readonly sweep: string | null
  readonly scope: ClaimScope
  /** Doors inside it that it does not, or no longer, take. */
  readonly except: ReadonlySet<string>
  /** Who goes there; of what a chief gave, whom it was given to. */
  readonly by: string
  /** The chief who gave it, or null. */
  readonly givenBy: string | null
  /** Milliseconds since 1970 by the author's clock: shown, never used to order. */
  readonly at: number
  /** The days on which it was made and to which it holds, as its author states them. */
  readonly on: string
  readonly until: string
  /** Other claims of the same doors that its author knew of. */
  readonly saw: readonly string[]
  /** Given up, or taken back by a chief, as a whole. */
  readonly ended: {
    readonly why: 'released' | 'cleared'
    readonly by: string
    readonly at: number
    readonly on: string
  } | null
}

/** In causal order, then by their hashes. What this version cannot read claims nothing. */
export function foldClaims(record: Projection): readonly FoldedClaim[] {
  const { takes = [], gives = [], releases = [], clears = [] } = plainOf(record).timelines
  const given = new Set(gives.map(({ id }) => id))
  const ends = [
    ...releases.flatMap((item) => parseEnd(item, 'released') ?? []),
    ...clears.flatMap((item) => parseEnd(item, 'cleared') ?? []),
  ].sort((a, b) => (a.id < b.id ? -1 : 1))
  return inCausalOrder([...takes, ...gives]).flatMap(({ item, saw }) => {
    const take = parseTake(item)
    const owner = given.has(item.id) ? ownerOf(item) : item.by
    if (!take || owner === null) return []
    // Nobody gives up what is another's; a chief's word is on a timeline of its own, which the gate keeps for chiefs.
    const own = ends.filter(({ of, why, by }) => of.includes(item.id) && (why === 'cleared' || by === owner))
    const whole = own.find(({ doors }) => doors === null)
    return [
      {
        id: item.id,
        record: record.id,
        space: record.space,
        building: textOf(record, 'building'),
        sweep: textOf(record, 'sweep'),
        ...take,
        except: new Set([...take.except, ...own.flatMap(({ doors }) => doors ?? [])]),
        by: owner,
        givenBy: given.has(item.id) ? item.by : null,
        at: item.at,
        saw,
        ended: whole ? { why: whole.why, by: whole.by, at: whole.at, on: whole.on } : null,
      },
    ]
  })
}

/** To whom a chief gave it. */
const ownerOf = ({ value }: TimelineItem): string | null =>
  isObject(value) && typeof value.for === 'string' ? value.for : null

function parseTake({ value }: TimelineItem) {
  if (!isObject(value)) return null
  const { door, unit, floor, on, until } = value
  if (!isDay(on) || !isDay(until)) return null
  const scope: ClaimScope = {
    door: typeof door === 'string' ? door : null,
    unit: typeof unit === 'string' ? unit : null,
    floor: typeof floor === 'number' ? floor : null,
  }
  return { scope, except: textsIn(value.except), on, until }
}

function parseEnd({ id, by, at, value }: TimelineItem, why: 'released' | 'cleared') {
  if (!isObject(value) || !isDay(value.on)) return null
  const doors = value.doors === undefined ? null : textsIn(value.doors)
  return { id, by, at, why, on: value.on, of: textsIn(value.of), doors }
}

const isDay = (value: unknown): value is string => typeof value === 'string' && isDate(value)
const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []

/** Whether two claims of one door mean that two people go there for the same thing. */
export const competes = (
  a: Pick<FoldedClaim, 'by' | 'sweep'>,
  b: Pick<FoldedClaim, 'by' | 'sweep'>,
): boolean => a.by !== b.by && (a.sweep === b.sweep || a.sweep === null || b.sweep === null)

/** Neither knew of the other. */
export const madeApart = (a: Pick<FoldedClaim, 'id' | 'saw'>, b: Pick<FoldedClaim, 'id' | 'saw'>): boolean =>
  !a.saw.includes(b.id) && !b.saw.includes(a.id)
