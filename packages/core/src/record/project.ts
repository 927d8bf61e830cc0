import type { Value } from './change.ts'
import type { RecordDefinition } from './define.ts'
import { canonical, type FieldWrite, type LiveWrites, type Stamp } from './fold.ts'
import { isObject, movesOf, placeChoices } from './place.ts'

export type ConflictValue = {
  readonly value: Value
  readonly by: string
  /** Milliseconds since 1970, by the author's clock. */
  readonly at: number
  /** Names the write, for whoever settles the conflict. */
  readonly tag: string
}
export type TimelineItem = {
  readonly id: string
  readonly by: string
  readonly at: number
  readonly value: Value
}

/** A record as plain data: what is kept beside its Yjs state, and all that screens and queries ever read. */
export type Projection = {
  readonly id: string
  readonly type: string
  readonly space: string
  readonly fields: Readonly<Record<string, Value>>
  readonly sets: Readonly<Record<string, readonly string[]>>
  readonly timelines: Readonly<Record<string, readonly TimelineItem[]>>
  /** Fields with more than one living value, each with who wrote it: shown until a person settles it. */
  readonly conflicts: Readonly<Record<string, readonly ConflictValue[]>>
  readonly createdAt: number
  readonly createdBy: string
  readonly changedAt: number
}

/**
 * Pure: the same live writes give the same projection on every station.
 * A field in conflict shows the value whose write sorts first; that choice carries no meaning and is flagged.
 */
export function projectRecord(
  id: string,
  type: string,
  space: string,
  live: LiveWrites,
  definition: RecordDefinition | undefined,
): Projection {
  const fields: Record<string, Value> = {}
  const conflicts: Record<string, ConflictValue[]> = {}
  const byName = new Map<string, FieldWrite[]>()
  for (const write of live.fields) {
    for (const upgraded of upgrade(write, definition)) {
      const writes = byName.get(upgraded.name)
      if (writes) writes.push(upgraded)
      else byName.set(upgraded.name, [upgraded])
    }
  }
  for (const [name, writes] of byName) {
    const first = writes[0]!
    if (first.value !== null) fields[name] = first.value
    if (writes.length > 1) {
      const distinct = distinctValues(writes)
      if (distinct.length > 1) conflicts[name] = distinct
    }
  }
  const sets: Record<string, string[]> = {}
  for (const { name, element } of live.sets) {
    const elements = listOf(sets, name)
    if (!elements.includes(element)) elements.push(element)
  }
  const timelines: Record<string, TimelineItem[]> = {}
  for (const { name, id: item, value, stamp } of live.timelines)
    listOf(timelines, name).push({ id: item, by: stamp.member, at: stamp.at, value })
  const { created, changedAt } = ends(live.stamps)
  const moves = definition?.timelines?.moves ? movesOf(timelines.moves, space) : []
  if (definition?.timelines?.past) takeBackPast(timelines, definition)
  if (definition?.timelines?.moves) {
    const choices = placeChoices(moves)
    delete fields.movedTo
    delete conflicts.movedTo
    if (choices[0] && choices.every(({ value }) => value !== space)) fields.movedTo = choices[0].value
    // What moves with a household follows it: where that is, is asked once.
    if (choices.length > 1 && type === 'household') conflicts.movedTo = [...choices]
  }
  const origin = moves.find((move) => move.to === space && move.origin)?.origin
  return {
    id,
    type,
    space,
    fields,
    sets,
    timelines,
    conflicts,
    createdAt: origin?.at ?? created?.at ?? 0,
    createdBy: origin?.by ?? created?.member ?? '',
    changedAt,
  }
}

/** What was on a timeline before the record was moved here stands on it again, as it was. */
function takeBackPast(
  timelines: Record<string, TimelineItem[]>,
  { timelines: known = {} }: RecordDefinition,
): void {
  const past = timelines.past ?? []
  delete timelines.past
  for (const { value } of past) {
    if (!isObject(value)) continue
    const { in: name, id, by, at } = value
    if (typeof name !== 'string' || name === 'past' || name === 'moves' || !Object.hasOwn(known, name))
      continue
    if (typeof id !== 'string' || typeof by !== 'string' || !Number.isSafeInteger(at)) continue
    const list = listOf(timelines, name)
    if (!list.some((item) => item.id === id))
      list.push({ id, by, at: Number(at), value: value.value ?? null })
  }
  for (const list of Object.values(timelines)) list.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}

/** Names come from others, and `constructor` is one like any other: only own properties count. */
function listOf<T>(lists: Record<string, T[]>, name: string): T[] {
  if (!Object.hasOwn(lists, name)) lists[name] = []
  return lists[name]!
}

function distinctValues(writes: readonly FieldWrite[]): ConflictValue[] {
  const seen = new Map<string, ConflictValue>()
  for (const { value, stamp } of writes) {
    const name = canonical(value)
    if (!seen.has(name)) seen.set(name, { value, by: stamp.member, at: stamp.at, tag: stamp.tag })
  }
  return [...seen.values()]
}

function upgrade(write: FieldWrite, definition: RecordDefinition | undefined): FieldWrite[] {
  let writes = [write]
  if (!definition?.upgrades) return writes
  for (let version = write.stamp.version; version < definition.version; version++) {
    const step = definition.upgrades[version]
    if (step)
      writes = writes.flatMap((old) =>
        step(old.name, old.value).map(([name, value]) => ({ ...old, name, value })),
      )
  }
  return writes
}

function ends(stamps: ReadonlyMap<string, Stamp>): { created: Stamp | undefined; changedAt: number } {
  let created: Stamp | undefined
  let changedAt = 0
  for (const stamp of stamps.values()) {
    if (!created || stamp.at < created.at || (stamp.at === created.at && stamp.tag < created.tag))
      created = stamp
    if (stamp.at > changedAt) changedAt = stamp.at
  }
  return { created, changedAt }
}
