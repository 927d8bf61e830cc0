/**
 * Records that may be about one: by what they say alone, so that every station that holds the same lists the same.
 * Nothing is merged by itself, and what somebody said is not the same is not asked again.
 */
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { factsOfIdNumber } from '../records/person.ts'
import { addressOf, bare } from './address.ts'
import { dateOf } from './day.ts'
import { byId } from './lookups.ts'
import { plainOf } from './masked-record.ts'
import type { Mergeable } from './merge.ts'
import { mergeId, pairOf } from './merge-state.ts'
import { naturalKey } from './natural-key.ts'
import { phoneDigits } from './phone.ts'
import { loadSpeller, type Speller } from './pinyin.ts'
import { type RecordSet, textOf } from './record-set.ts'
import { isWithdrawnResidence } from './residents.ts'

/** Why two look alike, and how much each weighs; a pair is shown from `LIKELY` on. */
const WEIGHTS = {
  'same-id-number': 90,
  'same-name-and-birth': 60,
  'same-name-at-door': 50,
  /** Written otherwise, spoken the same: 张伟, 章伟. */
  'same-sound-at-door': 40,
  'same-phone': 25,
  'same-door': 50,
  'same-name': 15,
} as const
const AGAINST = { idNumber: 60, gender: 30, birth: 25 } as const
export const LIKELY = 40

export type DuplicateReason = keyof typeof WEIGHTS

export type Alike = {
  readonly id: string
  /** At most 100. */
  readonly score: number
  readonly reasons: readonly DuplicateReason[]
}
export type Duplicate = {
  readonly one: string
  readonly other: string
  readonly score: number
  readonly reasons: readonly DuplicateReason[]
  /** In two grids: only who has both may merge them. */
  readonly acrossGrids: boolean
}

/** What is being written and is no record yet. */
export type DraftRecord = {
  readonly type: Mergeable
  readonly fields: Readonly<Record<string, Value>>
  /** Of a person the household, of a household the dwelling. */
  readonly at?: string
}

export type DuplicateFinder = {
  /** The likeliest first, then by id. `space`: pairs that touch this grid. */
  list(type: Mergeable, options?: { readonly space?: string }): readonly Duplicate[]
  /** Whom one record may be one with, as `list` says it. */
  of(type: Mergeable, id: string): readonly Alike[]
  /** Who a draft may be, the likeliest first: shown before it is saved, and never in the way. */
  like(draft: DraftRecord): readonly Alike[]
}

/** Loads what spelling needs; answers for the set as it is when it is asked. */
export async function openDuplicates(set: RecordSet): Promise<DuplicateFinder> {
  const spell = await loadSpeller()
  const books = new Map<Mergeable, { readonly revision: number; readonly book: FactBook }>()
  const bookOf = (type: Mergeable): FactBook => {
    const known = books.get(type)
    if (known?.revision === set.revision) return known.book
    const book = new FactBook(set, type, spell)
    books.set(type, { revision: set.revision, book })
    return book
  }
  return {
    list: (type, options) => bookOf(type).list(options?.space),
    of: (type, id) => bookOf(type).of(id),
    like: (draft) => bookOf(draft.type).like(draft),
  }
}

type Facts = {
  readonly id: string
  readonly space: string
  readonly name: string
  readonly birth: string | null
  readonly gender: string | null
  readonly idNumber: string | null
  readonly phones: readonly string[]
  readonly doors: readonly string[]
}

class FactBook {
  readonly #set: RecordSet
  readonly #type: Mergeable
  readonly #spell: Speller
  readonly #facts = new Map<string, Facts>()
  /** Who shares what: only those are compared. */
  readonly #sharing = new Map<string, Facts[]>()

  constructor(set: RecordSet, type: Mergeable, spell: Speller) {
    this.#set = set
    this.#type = type
    this.#spell = spell
    for (const record of set.ofType(type)) {
      const facts = this.#factsOf(record)
      this.#facts.set(facts.id, facts)
      for (const key of keysOf(facts)) {
        const known = this.#sharing.get(key)
        if (known) known.push(facts)
        else this.#sharing.set(key, [facts])
      }
    }
  }

  list(space: string | undefined): readonly Duplicate[] {
    const rows: Duplicate[] = []
    for (const facts of this.#facts.values()) {
      for (const other of this.#candidates(facts)) {
        // Each pair once.
        if (other.id <= facts.id || (space !== undefined && facts.space !== space && other.space !== space))
          continue
        const alike = this.#compare(facts, other)
        if (!alike || this.#isSettled(facts.id, other.id)) continue
        const { score, reasons } = alike
        rows.push({
          one: facts.id,
          other: other.id,
          score,
          reasons,
          acrossGrids: facts.space !== other.space,
        })
      }
    }
    return rows.sort(
      (a, b) =>
        b.score - a.score || (a.one === b.one ? (a.other < b.other ? -1 : 1) : a.one < b.one ? -1 : 1),
    )
  }

  of(id: string): readonly Alike[] {
    const facts = this.#facts.get(this.#set.idOf(id))
    if (!facts) return []
    return this.#candidates(facts)
      .flatMap((other) => (this.#isSettled(facts.id, other.id) ? [] : (this.#compare(facts, other) ?? [])))
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
  }

  like({ fields, at }: DraftRecord): readonly Alike[] {
    const place = at === undefined ? null : this.#set.get(at)
    const draft = factsIn('', place?.space ?? '', fields, place ? [this.#doorOf(place)] : [])
    return this.#candidates(draft)
      .flatMap((other) => this.#compare(draft, other) ?? [])
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
  }

  #candidates(facts: Facts): readonly Facts[] {
    const found = new Map<string, Facts>()
    for (const key of keysOf(facts))
      for (const other of this.#sharing.get(key) ?? []) if (other.id !== facts.id) found.set(other.id, other)
    return [...found.values()]
  }

  #compare(a: Facts, b: Facts): Alike | null {
    const reasons: DuplicateReason[] = []
    const sharesDoor = a.doors.some((door) => b.doors.includes(door))
    const sameName = a.name !== '' && a.name === b.name
    if (a.idNumber !== null && a.idNumber === b.idNumber) reasons.push('same-id-number')
    if (this.#type === 'household') {
      if (sharesDoor) reasons.push('same-door')
      if (sameName) reasons.push('same-name')
    } else {
      if (sameName && a.birth !== null && a.birth === b.birth) reasons.push('same-name-and-birth')
      if (sharesDoor && sameName) reasons.push('same-name-at-door')
      else if (sharesDoor && this.#soundsAlike(a.name, b.name)) reasons.push('same-sound-at-door')
      else if (sameName) reasons.push('same-name')
    }
    if (a.phones.some((phone) => b.phones.includes(phone))) reasons.push('same-phone')
    let score = reasons.reduce((sum, reason) => sum + WEIGHTS[reason], 0)
    const differ = (x: string | null, y: string | null) => x !== null && y !== null && x !== y
    if (differ(a.idNumber, b.idNumber)) score -= AGAINST.idNumber
    if (differ(a.gender, b.gender)) score -= AGAINST.gender
    if (differ(a.birth, b.birth)) score -= AGAINST.birth
    return score < LIKELY ? null : { id: b.id, score: Math.min(score, 100), reasons }
  }

  #soundsAlike(a: string, b: string): boolean {
    const spoken = new Set(this.#spell(a).map(({ full }) => full))
    return (
      spoken.size > 0 &&
      [...a].length === [...b].length &&
      this.#spell(b).some(({ full }) => spoken.has(full))
    )
  }

  /** Whether somebody said of the two, or of any that are one with them, what they are. */
  #isSettled(a: string, b: string): boolean {
    const set = this.#set
    for (const one of set.members(a))
      for (const other of set.members(b)) {
        const pair = pairOf(set.copies(mergeId(one.id, other.id)))
        if (pair && pair.state !== 'unsaid') return true
      }
    return false
  }

  #factsOf(record: Projection): Facts {
    const set = this.#set
    const homes =
      record.type === 'household'
        ? [record]
        : set
            .referring('residence', 'person', record.id)
            .filter((one) => !isWithdrawnResidence(one))
            .sort(byId)
            .flatMap((one) => set.getA('dwelling', one.fields.dwelling, one.space) ?? [])
    return factsIn(
      record.id,
      record.space,
      plainOf(record).fields,
      homes.map((home) => this.#doorOf(home)),
    )
  }

  /** The door by its words: two records of one dwelling are one door. */
  #doorOf(place: Projection): string {
    const { street, building, unit, room } = addressOf(this.#set, place)
    return [street, building, unit, room].map((part) => naturalKey(bare(part ?? ''))).join('\u0000')
  }
}

function factsIn(
  id: string,
  space: string,
  fields: Readonly<Record<string, Value>>,
  doors: readonly string[],
): Facts {
  const record = { fields } as unknown as Projection
  const idNumber = textOf(record, 'idNumber')?.toUpperCase() ?? null
  const said = factsOfIdNumber(idNumber)
  return {
    id,
    space,
    name: (textOf(record, 'name') ?? '').normalize('NFKC').replace(/\s+/g, '').toLowerCase(),
    birth: dateOf(record, 'birthDate') ?? said?.birthDate ?? null,
    gender: textOf(record, 'gender') ?? said?.gender ?? null,
    idNumber,
    phones: ['phone'].flatMap((field) => {
      const digits = phoneDigits(textOf(record, field) ?? '')
      return digits.length >= MIN_PHONE ? [digits] : []
    }),
    doors: doors.filter((door) => door.replaceAll('\u0000', '') !== ''),
  }
}

/** A short number is the whole street's. */
const MIN_PHONE = 7

const keysOf = ({ name, birth, idNumber, phones, doors }: Facts): readonly string[] => [
  ...(idNumber === null ? [] : [`id ${idNumber}`]),
  ...(name !== '' && birth !== null ? [`name ${name} ${birth}`] : []),
  ...phones.map((phone) => `phone ${phone}`),
  ...doors.map((door) => `door ${door}`),
]
