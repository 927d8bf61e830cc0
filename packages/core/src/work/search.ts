/** Search as one types: address, name, pinyin and its initials, phone tail, tag and category. */
import type { Projection } from '../record/project.ts'
import { addressOf, addressText } from './address.ts'
import type { Language } from './language.ts'
import { maskValue, shown } from './mask.ts'
import { type WhereState, whereIs } from './person-list.ts'
import { loadSpeller, type Speller } from './pinyin.ts'
import type { RecordSet } from './record-set.ts'
import { doorOf, entryOf, homeOf, normalized, type SearchEntry } from './search-entry.ts'

/** By what it was found; `typo`: it is spelled so but for one letter. */
export type MatchedBy = 'door' | 'name' | 'other-name' | 'spelling' | 'tag' | 'phone' | 'address' | 'typo'

export type Match = {
  readonly type: 'household' | 'person'
  readonly id: string
  /** The name, masked for the viewer; the address where there is no name. */
  readonly title: string
  readonly address: string
  readonly why: MatchedBy
  /** Of a person, where they are: who moved out is found, and shown as such. Null of a household. */
  readonly state: WhereState | null
}

export type Search = {
  /** Best first: exact room or address, then what begins so, then the rest in walking order. */
  find(text: string, options?: { readonly limit?: number; readonly language?: Language }): readonly Match[]
  close(): void
}

/** Loads what spelling needs; the index itself is made at the first question and follows the set until closed. */
export async function openSearch(set: RecordSet): Promise<Search> {
  const spell = await loadSpeller()
  const index = new SearchIndex(set, spell)
  return {
    find: (text, { limit = 50, language = 'zh' } = {}) =>
      index.find(text, limit).map(([entry, why]) => matchOf(set, entry, why, language)),
    close: () => index.close(),
  }
}

/** After every day that somebody may have written: who has moved out by any of them has moved out. */
const LATEST_DAY = '9999-12-30'

function matchOf(set: RecordSet, { id, type }: SearchEntry, why: MatchedBy, language: Language): Match {
  const record = set.get(id)!
  const home = type === 'household' ? record : homeOf(set, record)
  const address = addressText(addressOf(set, home), language)
  const name = shown(type, 'name', record.fields.name, set.viewer)
  const state = type === 'person' ? whereIs(set, record, LATEST_DAY).state : null
  return { type, id, title: typeof name === 'string' ? name : address || id, address, why, state }
}

class SearchIndex {
  readonly #set: RecordSet
  readonly #spell: Speller
  readonly #entries = new Map<string, SearchEntry>()
  /** In walking order. */
  #ordered: SearchEntry[] = []
  readonly #dirty = new Set<string>()
  readonly #leave: () => void
  #built = false
  #viewer: RecordSet['viewer']

  constructor(set: RecordSet, spell: Speller) {
    this.#set = set
    this.#spell = spell
    this.#viewer = set.viewer
    this.#leave = set.subscribe(({ records, erased }) => {
      if (this.#built) for (const record of [...records, ...erased]) this.#touch(record)
    })
  }

  close(): void {
    this.#leave()
    this.#entries.clear()
    this.#ordered = []
    this.#built = false
  }

  find(text: string, limit: number): readonly (readonly [SearchEntry, MatchedBy])[] {
    const asked = normalized(text)
    if (asked === '') return []
    this.#refresh()
    const query = queriesOf(asked)
    const byRank = new Map<number, SearchEntry[]>()
    for (const entry of this.#ordered) {
      const rank = rankOf(entry, query)
      if (rank === null) continue
      const same = byRank.get(rank)
      if (!same) byRank.set(rank, [entry])
      else if (same.length < limit) same.push(entry)
    }
    if (byRank.size === 0) return this.#misspelled(query.whole, limit)
    return [...byRank.keys()]
      .sort((a, b) => a - b)
      .flatMap((rank) => byRank.get(rank)!)
      .slice(0, limit)
      .map((entry) => [entry, whyOf(entry, query)])
  }

  /** Looked for only where nothing else is found. */
  #misspelled({ latin, text }: Query, limit: number): readonly (readonly [SearchEntry, MatchedBy])[] {
    if (!latin || text.length < MIN_MISSPELLED) return []
    const found: (readonly [SearchEntry, MatchedBy])[] = []
    for (const entry of this.#ordered) {
      if (found.length >= limit) break
      if (entry.spellings !== '' && entry.spellings.split(' ').some((word) => isOneOff(word, text)))
        found.push([entry, 'typo'])
    }
    return found
  }

  #refresh(): void {
    if (!this.#built || this.#viewer !== this.#set.viewer) this.#build()
    else for (const id of this.#dirty) this.#replace(id)
    this.#dirty.clear()
  }

  #build(): void {
    this.#entries.clear()
    for (const type of ['household', 'person'] as const)
      for (const record of this.#set.ofType(type)) {
        const entry = entryOf(this.#set, record, this.#spell)
        if (entry) this.#entries.set(entry.id, entry)
      }
    this.#ordered = [...this.#entries.values()].sort((a, b) => (a.walk < b.walk ? -1 : 1))
    this.#built = true
    this.#viewer = this.#set.viewer
  }

  #replace(id: string): void {
    const record = this.#set.get(id)
    const entry = record && this.#set.isKept(id) ? entryOf(this.#set, record, this.#spell) : null
    const old = this.#entries.get(id)
    if (old) this.#ordered.splice(placeOf(this.#ordered, old.walk), 1)
    if (!entry) return void this.#entries.delete(id)
    this.#ordered.splice(placeOf(this.#ordered, entry.walk), 0, entry)
    this.#entries.set(id, entry)
  }

  /** Notes whose words may have changed with this record. */
  #touch(record: Projection): void {
    const { id, type } = record
    if (type === 'household' || type === 'person') this.#dirty.add(id)
    if (type === 'residence') this.#dirty.add(String(record.fields.person))
    if (type === 'household')
      for (const one of this.#set.referring('residence', 'household', id)) this.#touch(one)
    if (type === 'dwelling') {
      for (const home of this.#set.referring('household', 'dwelling', id)) this.#dirty.add(home.id)
      for (const one of this.#set.referring('residence', 'dwelling', id)) this.#touch(one)
    }
    if (type === 'building')
      for (const dwelling of this.#set.referring('dwelling', 'building', id)) this.#touch(dwelling)
  }
}

/** The first place whose key is not smaller. Keys end in ids: no two are equal. */
function placeOf(ordered: readonly SearchEntry[], walk: string): number {
  let [from, to] = [0, ordered.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (ordered[middle]!.walk < walk) from = middle + 1
    else to = middle
  }
  return from
}

type Query = {
  readonly text: string
  readonly door: string
  readonly latin: boolean
  readonly digits: boolean
}

/** The whole as one address first (`1 幢 2 单元 301`), else word by word, each of which must be met. */
const queriesOf = (asked: string): { readonly whole: Query; readonly words: readonly Query[] } => ({
  whole: queryOf(asked),
  words: asked.split(/\s+/).map(queryOf),
})

const queryOf = (text: string): Query => ({
  text,
  door: doorOf(text),
  latin: /^[a-z]+$/.test(text),
  digits: /^\d+$/.test(text),
})

function rankOf(entry: SearchEntry, { whole, words }: ReturnType<typeof queriesOf>): number | null {
  const found = findWord(entry, whole)
  if (found >= 0) return rankAt(entry, found)
  if (words.length < 2) return null
  let sum = 0
  for (const word of words) {
    const one = findWord(entry, word)
    if (one < 0) return null
    sum += rankAt(entry, one)
  }
  return 10 + sum
}

/** Of several words the first that is not merely the door says why. */
function whyOf(entry: SearchEntry, { whole, words }: ReturnType<typeof queriesOf>): MatchedBy {
  const found = findWord(entry, whole)
  if (found >= 0) return WAYS[found]![1]
  const each = words.map((word) => WAYS[findWord(entry, word)]![1])
  return each.find((one) => one !== 'door') ?? 'door'
}

/** Shorter tails fit half the estate. */
const MIN_TAIL = 3

/** 0 the very door or room, 1 the very name, then what begins so, then what contains it. */
const WAYS: readonly (readonly [rank: number, why: MatchedBy])[] = [
  [0, 'door'],
  [1, 'name'],
  [1, 'other-name'],
  [2, 'door'],
  [2, 'name'],
  [2, 'other-name'],
  [3, 'spelling'],
  [4, 'tag'],
  [4, 'phone'],
  [5, 'door'],
  [6, 'name'],
  [6, 'other-name'],
  [6, 'address'],
]

/** A household before its people. */
const rankAt = ({ type }: SearchEntry, way: number): number =>
  WAYS[way]![0] + (type === 'household' ? 0 : 0.5)

/** Which of the ways it is found by; -1 by none. */
function findWord(entry: SearchEntry, { text, door, latin, digits }: Query): number {
  const { otherNames: others } = entry
  if (door !== '' && (entry.door === door || entry.room === door)) return 0
  if (entry.name === text) return 1
  if (others.length > 0 && others.includes(text)) return 2
  if (door !== '' && entry.door.startsWith(`${door}-`)) return 3
  if (entry.name.startsWith(text)) return 4
  if (others.length > 0 && others.some((name) => name.startsWith(text))) return 5
  if (latin && entry.spellings.includes(` ${text}`)) return 6
  if (entry.words.some((word) => word.startsWith(text))) return 7
  if (digits && text.length >= MIN_TAIL && entry.phones.some((phone) => isTail(phone, text))) return 8
  if (door !== '' && (entry.door.endsWith(`-${door}`) || entry.door.startsWith(door))) return 9
  if (digits && text.length >= 2 && entry.room.startsWith(text)) return 9
  if (entry.name.includes(text)) return 10
  if (others.length > 0 && others.some((name) => name.includes(text))) return 11
  return entry.street.includes(text) ? 12 : -1
}

/** Initials and short spellings are one letter away from half the register. */
const MIN_MISSPELLED = 5

/** One letter put in, left out, or another; two that changed places. */
function isOneOff(word: string, text: string): boolean {
  const longer = word.length - text.length
  if (longer > 1 || longer < -1) return false
  let at = 0
  while (at < word.length && word[at] === text[at]) at++
  if (longer === 1) return word.slice(at + 1) === text.slice(at)
  if (longer === -1) return word.slice(at) === text.slice(at + 1)
  if (word.slice(at + 1) === text.slice(at + 1)) return at < word.length
  return word[at] === text[at + 1] && word[at + 1] === text[at] && word.slice(at + 2) === text.slice(at + 2)
}

/** A tail of the digits that are shown; a whole number is compared as it would be shown. */
const isTail = (phone: string, digits: string): boolean => {
  if (digits.length >= MIN_WHOLE) return maskValue('phone', digits) === phone
  const tail = phone.slice(phone.lastIndexOf('*') + 1)
  return tail.length >= MIN_TAIL && tail.endsWith(digits)
}
/** Numbers shorter than this are hidden whole. */
const MIN_WHOLE = 7
