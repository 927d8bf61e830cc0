import {
  addressOf,
  addressText,
  type ListedCase,
  type ListedConflict,
  openView,
  type RecordSet,
  type Station,
  titleOf,
  type View,
} from '@doorstep/core'
import type { Language } from '../../voice/language.ts'
import type { CaseLine, Facts } from '../facts.ts'
import { lateDaysOf } from './board.ts'

/** The long lists, live from the view: opened when first needed, since loading it takes half a second. */
export class LiveLists {
  readonly #station: Station
  readonly #records: RecordSet
  readonly #changed: () => void
  readonly #leaves: (() => void)[] = []
  #opening: Promise<View> | null = null
  #cases: readonly ListedCase[] | null = null
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
    const cases = view.cases.find({ sort: [{ id: 'asc' }] }).$.subscribe((rows) => {
      this.#cases = rows
      this.#changed()
    })
    const conflicts = view.conflicts.find({ sort: [{ id: 'asc' }] }).$.subscribe((rows) => {
      this.#conflicts = rows
      this.#changed()
    })
    this.#leaves.push(
      () => cases.unsubscribe(),
      () => conflicts.unsubscribe(),
    )
    return view
  }

  /** By deadline, the most pressing first; null until the view is open. */
  cases(
    filter: { readonly household: string | null; readonly scope: 'open' | 'late' | 'all' },
    { day, language }: { readonly day: string; readonly language: Language },
  ): readonly CaseLine[] | null {
    if (!this.#cases) return null
    return this.#cases
      .filter((one) => filter.household === null || one.household === filter.household)
      .map((one) => ({
        ...one,
        title: one.title ?? '',
        address: this.#address(one.household, language),
        lateDays: one.open ? lateDaysOf(one.deadline, day) : 0,
      }))
      .filter((one) => filter.scope === 'all' || (one.open && (filter.scope === 'open' || one.lateDays > 0)))
      .sort(
        (a, b) =>
          Number(b.open) - Number(a.open) ||
          ((a.deadline ?? '9999') < (b.deadline ?? '9999')
            ? -1
            : (a.deadline ?? '9999') > (b.deadline ?? '9999')
              ? 1
              : a.id < b.id
                ? -1
                : 1),
      )
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

  #address(household: string, language: Language): string {
    return addressText(addressOf(this.#records, this.#records.getA('household', household)), language)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const leave of this.#leaves.splice(0)) leave()
    const view = await this.#opening
    await view?.close()
  }
}
