/** Small questions with one answer: who is this member, which grid is this space. */
import type { Projection } from '../record/project.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type GridRef = { readonly id: string; readonly space: string; readonly name: string }

/** What people call a member; the id itself until their card has arrived. */
export const memberName = (set: RecordSet, member: string): string =>
  textOf(first(set.referring('member', 'member', member)), 'name') ?? member

export type Author = { readonly member: string; readonly name: string }
export const authorOf = (set: RecordSet, member: string): Author => ({
  member,
  name: memberName(set, member),
})

export const stationName = (set: RecordSet, station: string): string =>
  textOf(first(set.referring('station', 'station', station)), 'name') ?? station

export function gridOf(set: RecordSet, space: string): GridRef | null {
  const card = first(set.referring('grid', 'space', space))
  return card ? { id: card.id, space, name: textOf(card, 'name') ?? card.id } : null
}
export const gridName = (set: RecordSet, space: string): string => gridOf(set, space)?.name ?? space

/** The grid that somebody means by its id, its space's id or its name. */
export function findGrid(set: RecordSet, text: string): GridRef | null {
  const cards = [...set.ofType('grid')].sort(byId)
  const card =
    cards.find((one) => one.id === text || one.fields.space === text) ??
    cards.find((one) => one.fields.name === text)
  const space = textOf(card, 'space')
  return space === null ? null : gridOf(set, space)
}

export const byId = (a: Projection, b: Projection): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Two cards for one thing: every station takes the same. */
const first = (records: readonly Projection[]): Projection | undefined =>
  records.length > 1 ? [...records].sort(byId)[0] : records[0]
