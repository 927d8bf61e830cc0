import {
  type ListedConflict,
  listCases,
  openView,
  type RecordSet,
  type Station,
  titleOf,
  type View,
} from '@doorstep/core'
import type { Language } from '../../voice/language.ts'
import type { CaseLine, Facts } from '../facts.ts'

const MINUTE_MS = 60_000

/** The long lists, live from the view: opened when first needed, since loading it takes half a second. */
export class LiveLists {
  readonly #station: Station
  readonly #records: RecordSet
  readonly #changed: () => void
  readonly #leaves: (() => void)[] = []
  #opening: Promise<View> | null = null
  #cases: { readonly asked: string; readonly rows: readonly CaseLine[] } | null = null
  #conflicts: readonly ListedConflict[] | null = null
  #closed = false

  constructor(station: Station, records: RecordSet, changed: () => void) {
    this.#station = station
    this.#records = records
    this.#changed = changed
  }

  /** Resolves when the lists are there. */
  async open(): Promise<void> {
    this.#opening ??= this.#openView()
    await this.#opening
  }

  async #openView(): Promise<View> {
    const view = await openView(this.#station, { records: this.#records })
    if (this.#closed) return view
    const conflicts = view.conflicts.find({ sort: [{ id: 'asc' }] }).$.subscribe((rows) => {
      this.#conflicts = rows
      this.#changed()
    })
    this.#leaves.push(() => conflicts.unsubscribe())
    return view
  }

  /** By deadline, the most pressing first, those that have ended last; asked once for a change and a minute. */
  cases(
    { household, scope }: { readonly household: string | null; readonly scope: 'open' | 'late' | 'all' },
    {
      day,
      nowMs,
      language,
      noticed,
    }: {
      readonly day: string
      readonly nowMs: number
      readonly language: Language
      /** Of which somebody is to be told: first, and among the open ones though they have ended. */
      readonly noticed: ReadonlySet<string>
    },
  ): readonly CaseLine[] {
    const minute = Math.floor(nowMs / MINUTE_MS)
    const asked = [this.#records.revision, minute, household, scope, language, ...noticed].join(' ')
    if (this.#cases?.asked !== asked) {
      const rows = listCases(this.#records, {
        ...{ on: day, nowMs, language },
        ...(household === null ? {} : { household }),
      }).filter(
        (one) =>
          scope === 'all' ||
          (scope === 'late' ? one.open && one.clock.level === 'late' : one.open || noticed.has(one.id)),
      )
      const rank = (one: CaseLine) => (noticed.has(one.id) ? 0 : one.open ? 1 : 2)
      this.#cases = { asked, rows: [...rows].sort((a, b) => rank(a) - rank(b)) }
    }
    return this.#cases.rows
  }

  conflicts(language: Language): Facts['conflicts'] {
    return (
      this.#conflicts?.map((one) => {
        const record = this.#records.get(one.record)
        return {
          ...one,
          title: record ? titleOf(this.#records, record, language) : one.title,
          values: one.values.map(({ by, byName, ...value }) => ({
            ...value,
            by: { member: by, name: byName },
          })),
        }
      }) ?? null
    )
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const leave of this.#leaves.splice(0)) leave()
    const view = await this.#opening
    await view?.close()
  }
}
