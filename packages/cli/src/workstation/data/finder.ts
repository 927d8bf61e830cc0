import { openSearch, type RecordSet, type Search } from '@doorstep/core'
import type { Language } from '../../voice/language.ts'
import type { DoorRow, Facts, MatchLine } from '../facts.ts'

/** Search as one types; what it needs to spell is loaded at the first question. */
export class Finder {
  readonly #records: RecordSet
  #search: Search | null = null
  #opening: Promise<void> | null = null

  constructor(records: RecordSet) {
    this.#records = records
  }

  open(): Promise<void> {
    this.#opening ??= openSearch(this.#records).then((search) => {
      this.#search = search
    })
    return this.#opening
  }

  /** Null until it is open. */
  find(text: string, doors: readonly DoorRow[], language: Language): Facts['search'] {
    if (!this.#search) return null
    const late = new Map(doors.map((door) => [door.id, door.overdueDays]))
    const matches = this.#search.find(text, { limit: 60, language }).flatMap((match): MatchLine[] => {
      const household = match.type === 'household' ? match.id : this.#homeOf(match.id)
      if (household === null) return []
      const { id, type, title, address, why, state } = match
      return [
        { id, household, kind: type, title, address, why, state, overdueDays: late.get(household) ?? null },
      ]
    })
    return { text, matches }
  }

  /** The household that somebody's residence names, or the one in the same dwelling. */
  #homeOf(person: string): string | null {
    for (const residence of this.#records.referring('residence', 'person', person)) {
      const { household, dwelling } = residence.fields
      if (typeof household === 'string') return household
      const [home] = this.#records.referring('household', 'dwelling', String(dwelling))
      if (home) return home.id
    }
    return null
  }

  async close(): Promise<void> {
    await this.#opening
    this.#search?.close()
  }
}
