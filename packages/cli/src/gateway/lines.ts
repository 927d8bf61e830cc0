/** What the lines of one gateway share: which meter is on which, kept sealed in the home for the next start. */
import { DamagedStoreError, type Projection, type Station } from '@doorstep/core'
import type { PolledMeter } from '@doorstep/drivers'
import type { LineConfig } from './config.ts'
import { LineBook } from './line-book.ts'

const DRAFT = 'gateway-lines'

/** Where it does not open any more the meters are looked for again: no reason for a gateway not to start. */
function keptIn(station: Station): unknown {
  try {
    return station.draft(DRAFT)?.value
  } catch (error) {
    if (error instanceof DamagedStoreError) return undefined
    throw error
  }
}

export class Lines {
  readonly #station: Station
  readonly #devices: () => Iterable<Projection>
  readonly #book: LineBook
  readonly #onFound: () => void
  #names: ReadonlySet<string> = new Set()

  /** `devices`: those whose homes allow it. `onFound`: a meter answered where it was not known to be. */
  constructor(station: Station, devices: () => Iterable<Projection>, onFound: () => void) {
    this.#onFound = onFound
    this.#station = station
    this.#devices = devices
    this.#book = new LineBook(() => station.now, keptIn(station))
  }

  setNames(names: Iterable<string>): void {
    this.#names = new Set(names)
  }
  heard(line: string, protocol: string, address: string): void {
    if (this.#book.heard(line, protocol, address) && this.#names.size > 1) this.#onFound()
  }
  metersOf({ name, protocols, every }: LineConfig): readonly PolledMeter[] {
    return this.#book.metersOf({ name, protocols, everyMs: every }, this.#names, this.#devices())
  }
  save(): void {
    if (this.#names.size > 1) this.#station.putDraft(DRAFT, this.#book.entries())
  }
}
