import { toHex } from '@doorstep/core'
import { RecordDoc } from '../../../core/src/record/fold.ts'
import type { Home } from './home.ts'

export type WrittenValue = {
  readonly space: string
  readonly record: string
  readonly field: string
  readonly value: string
  /** Values that its author had before its eyes, and took back by this. */
  readonly over: readonly string[]
}
/** One entry that the simulator saw written, and what a person was told of it. */
export type Written = {
  readonly name: string
  readonly by: string
  readonly station: string
  readonly log: string
  readonly seq: number
  readonly space: string
  readonly isAcknowledged: boolean
  values: readonly WrittenValue[]
  erases: readonly string[]
  /** Lost with the only disk that held it, while nobody else did: nothing can be promised of it. */
  isLost: boolean
}

export const FIELDS = ['street', 'propertyCompany', 'propertyPhone'] as const

/** The simulator's own account: who was told what, and which disks hold it. It is kept beside the product, not by it. */
export class Ledger {
  readonly entries = new Map<string, Written>()
  /** Every own entry by its place: two under one place are a fork. */
  readonly places = new Map<string, Set<string>>()
  readonly #marks = new Map<Home, number>()
  /** What an opened store held when it was last looked at. */
  readonly #seen = new WeakMap<object, string>()

  /** Own entries that a home has written since it was last looked at. */
  collect(
    home: Home,
    told: {
      isAcknowledged: boolean
      values?: readonly WrittenValue[]
      erases?: readonly string[]
    },
  ): Written[] {
    const { station } = home
    if (!station) return []
    const { store, identity } = station.trunk
    const mine = Buffer.from(identity.signing.publicKey)
    const found: Written[] = []
    let mark = this.#marks.get(home) ?? 0
    const from = mark
    const spaces = spacesOf(store.logs(), mine)
    const now = [...spaces].map((space) => store.entryMark(space)).join()
    const seen = this.#seen.get(store)
    if (seen === now) return []
    this.#seen.set(store, now)
    for (const space of spaces)
      for (const entry of store.entriesOf(space, from, 10_000)) {
        mark = Math.max(mark, entry.n)
        if (!mine.equals(store.log(entry.log)!.key)) continue
        const name = toHex(entry.hash)
        const place = `${entry.log}/${entry.seq}`
        this.places.set(place, (this.places.get(place) ?? new Set()).add(name))
        if (this.entries.has(name)) continue
        const written: Written = {
          name,
          by: home.name,
          station: identity.station,
          log: entry.log,
          seq: entry.seq,
          space,
          isAcknowledged: told.isAcknowledged,
          values: [],
          erases: told.erases ?? [],
          isLost: false,
        }
        this.entries.set(name, written)
        found.push(written)
      }
    this.#marks.set(home, mark)
    // What a person wrote stands in the last entry: stand-by entries and keys go ahead of it.
    const last = found.filter(({ space }) => space === told.values?.[0]?.space).at(-1)
    if (last && told.values) last.values = told.values
    return found
  }

  /** After other bytes were put on its disk: own entries are looked for from the beginning. */
  forget(home: Home): void {
    this.#marks.delete(home)
  }

  /** Which of the entries that were seen written a running home has on its disk. */
  heldBy({ station }: Home): Set<string> {
    if (!station) return new Set()
    return new Set([...this.entries.keys()].filter((name) => station.has(Buffer.from(name, 'hex'))))
  }

  /** A disk went back to what it held at an earlier time: what is on no other disk is gone. */
  lose(before: ReadonlySet<string>, home: Home, others: readonly Home[]): number {
    const after = this.heldBy(home)
    let lost = 0
    for (const name of before) {
      const entry = this.entries.get(name)!
      if (after.has(name) || entry.isLost) continue
      const hash = Buffer.from(name, 'hex')
      if (others.some((other) => other !== home && other.station?.has(hash) === true)) continue
      entry.isLost = true
      lost++
    }
    return lost
  }
}

/** While there are no more logs, the store gives the same list of them. */
const spacesOfLogs = new WeakMap<object, ReadonlySet<string>>()
function spacesOf(
  logs: readonly { readonly log: { readonly key: Uint8Array; readonly space: string } }[],
  key: Buffer,
): ReadonlySet<string> {
  let spaces = spacesOfLogs.get(logs)
  if (!spaces) {
    spaces = new Set(logs.filter(({ log }) => key.equals(log.key)).map(({ log }) => log.space))
    spacesOfLogs.set(logs, spaces)
  }
  return spaces
}

/** The values of one field that live at a station, as its person sees them before writing over them. */
export function livingOf(home: Home, space: string, record: string): { field: string; value: string }[] {
  const row = home.running.trunk.store.record(space, record)
  if (!row) return []
  return new RecordDoc(record, row.state)
    .live()
    .fields.filter(({ name }) => (FIELDS as readonly string[]).includes(name))
    .map(({ name, value }) => ({ field: name, value: String(value) }))
}
