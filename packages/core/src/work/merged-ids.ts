/** Inside a write: the records that are one with another, as this station has heard. */
import { openCopy } from '../record/place.ts'
import type { Projection } from '../record/project.ts'
import type { Draftbook, Edit } from '../station/edit.ts'
import { plainOf } from './masked-record.ts'
import { type Cluster, clustersOf, type Pair, pairOf, survivorOf } from './merge-state.ts'
import { mergedView, shownOf } from './merged-record.ts'

type Book = Pick<Draftbook, 'records' | 'copies'>

export function pairsIn(book: Book): readonly Pair[] {
  const ids = new Set<string>()
  for (const { id } of book.records({ type: 'merge' })) ids.add(id)
  return [...ids].flatMap((id) => pairOf(book.copies(id)) ?? [])
}

export type OneRecord = {
  /** Its copies that are kept here, in plain text; the one it goes on under first. */
  readonly members: readonly Projection[]
  readonly ids: ReadonlySet<string>
  readonly cluster: Cluster | null
  /** What they say together. */
  readonly view: Projection
}

/** A record with those that are one with it; null when none of them is kept here. */
export function oneRecord(book: Book, id: string): OneRecord | null {
  const cluster = clustersOf(pairsIn(book)).get(id) ?? null
  const kept = (cluster?.members ?? [id]).flatMap((one) => {
    const copy = openCopy(book.copies(one))
    return copy ? [plainOf(copy)] : []
  })
  if (!cluster || kept.length < 2) {
    const own = kept.find((one) => one.id === id) ?? kept[0]
    return own ? { members: [own], ids: new Set(cluster?.members ?? [id]), cluster: null, view: own } : null
  }
  const first = survivorOf(cluster, new Set(kept.map((one) => one.id)))
  const members = [...kept].sort(
    (a, b) => Number(b.id === first) - Number(a.id === first) || (a.id < b.id ? -1 : 1),
  )
  return { members, ids: new Set(cluster.members), cluster, view: mergedView(members, cluster) }
}

/** Every id that means the same record; just this one where nothing was merged. */
export const idsMeaning = (book: Book, id: string): ReadonlySet<string> =>
  new Set(clustersOf(pairsIn(book)).get(id)?.members ?? [id])

/** The members whose values of a field are shown: an edit of what somebody sees is written there. */
export function membersShowing({ members, cluster }: OneRecord, field: string): readonly Projection[] {
  if (!cluster) return members
  const shown = shownOf(members, cluster, field).map(({ member }) => member)
  return shown.length > 0 ? shown : members.slice(0, 1)
}

/**
 * An edit of what several records say together, as edits of each: a field where it is shown, all of them where it is in
 * conflict; what leaves a set leaves every one, what joins it joins the first.
 */
export function spread(one: OneRecord, edit: Edit): readonly (readonly [Projection, Edit])[] {
  const [first, ...others] = one.members
  if (!first || others.length === 0) return one.members.map((member) => [member, edit])
  return one.members.map((member) => [
    member,
    {
      set: Object.fromEntries(
        Object.entries(edit.set ?? {}).filter(([field]) =>
          membersShowing(one, field).some(({ id }) => id === member.id),
        ),
      ),
      ...(edit.remove ? { remove: edit.remove } : {}),
      ...(member === first
        ? { add: missing(one.view, edit.add ?? {}), ...(edit.append ? { append: edit.append } : {}) }
        : {}),
    },
  ])
}

/** Of what joins a set, what none of the members has. */
const missing = (
  view: Projection,
  add: Readonly<Record<string, readonly string[]>>,
): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(add).map(([name, elements]) => [
      name,
      elements.filter((element) => !view.sets[name]?.includes(element)),
    ]),
  )
