import type { Projection } from '../record/project.ts'
import { addressOf, addressText, bare, shortAddress, walkingKey } from './address.ts'
import { categoryWords } from './categories.ts'
import { byId } from './lookups.ts'
import { isMasked, maskValue, shown, shownSet } from './mask.ts'
import type { Speller } from './pinyin.ts'
import { type RecordSet, textOf } from './record-set.ts'
import { isWithdrawnResidence } from './residents.ts'

/** What one household or person is found by. It lives in memory alone; a match never shows more than its viewer may see. */
export type SearchEntry = {
  readonly id: string
  readonly type: 'household' | 'person'
  /** `1-2-301`, lower case. */
  readonly door: string
  readonly room: string
  /** Street and address as written; a household's alone, its people are found by its door. */
  readonly street: string
  readonly name: string
  /** What those are called that were merged into it. */
  readonly otherNames: readonly string[]
  /** ` zhangsan zs`: each spelling after a space, so that ` zs` means: begins with. */
  readonly spellings: string
  readonly words: readonly string[]
  /** As they are shown: digits around a gap. A search tells no more than the mask does. */
  readonly phones: readonly string[]
  readonly walk: string
}

export const normalized = (text: string): string => text.normalize('NFKC').toLowerCase().trim()

/** `1栋2单元301室`, `1幢 2 单元 301`, `1－2－301` all come down to `1-2-301`. */
export const doorOf = (text: string): string =>
  normalized(text)
    .replace(/\s*(号楼|幢|栋|座|单元|室)\s*/gu, '-')
    .replace(/\s*[-－—–/,,、]+\s*/gu, '-')
    .replace(/^-|-$/g, '')

export function entryOf(set: RecordSet, record: Projection, spell: Speller): SearchEntry | null {
  if (record.type !== 'household' && record.type !== 'person') return null
  const home = record.type === 'household' ? record : homeOf(set, record)
  const address = addressOf(set, home)
  const nameOf = ({ type, fields }: Projection) => {
    const name = shown(type, 'name', fields.name, set.viewer)
    return typeof name === 'string' ? normalized(name) : ''
  }
  const text = nameOf(record)
  const others = set.members(record.id).map(nameOf)
  const otherNames = [...new Set(others)].filter((name) => name !== text && name !== '')
  return {
    id: record.id,
    type: record.type,
    door: normalized(shortAddress(address)),
    room: normalized(bare(address.room ?? '')),
    street: record.type === 'household' ? normalized(`${address.street ?? ''} ${addressText(address)}`) : '',
    name: text,
    otherNames,
    spellings: [text, ...otherNames]
      .flatMap((name) => spell(name))
      .map(({ full, initials }) => ` ${full} ${initials}`)
      .join(''),
    words: wordsOf(record, set),
    // Who may not know names may not find them by trying numbers.
    phones: isMasked(record.type, 'name', set.viewer)
      ? []
      : ['phone', 'emergencyPhone'].flatMap((field) => shownPhone(textOf(record, field))),
    // A person stands after the household of the same door.
    walk: `${home ? walkingKey(set, home) : '\uffff'}\u0000${record.id}`,
  }
}

/** Where somebody lives: the household their residence names, else its dwelling; where they live now goes before the past. */
export function homeOf(set: RecordSet, person: Projection): Projection | null {
  const homes = [...set.referring('residence', 'person', person.id)]
    .filter((residence) => !isWithdrawnResidence(residence))
    .sort(byId)
  const home = homes.find((residence) => textOf(residence, 'to') === null) ?? homes[0]
  return set.getA('household', home?.fields.household) ?? set.getA('dwelling', home?.fields.dwelling)
}

const wordsOf = (record: Projection, set: RecordSet): readonly string[] =>
  [
    ...shownSet(record, 'tags', set.viewer),
    ...shownSet(record, 'categories', set.viewer).flatMap((category) => categoryWords(category)),
  ].map(normalized)

const shownPhone = (phone: string | null): string[] =>
  phone === null ? [] : [String(maskValue('phone', phone))]
