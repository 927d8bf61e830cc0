import type { Projection } from '../record/project.ts'
import type { Language } from './language.ts'
import { naturalKey } from './natural-key.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type Address = {
  readonly building: string | null
  readonly unit: string | null
  readonly floor: number | null
  readonly room: string | null
  readonly street: string | null
}

const NOWHERE: Address = { building: null, unit: null, floor: null, room: null, street: null }

/** Of a household, a dwelling or a building record; of anything else nothing is known. */
export function addressOf(set: RecordSet, record: Projection | null): Address {
  if (record?.type === 'building')
    return { ...NOWHERE, building: textOf(record, 'name'), street: textOf(record, 'street') }
  const dwelling =
    record?.type === 'household' ? set.getA('dwelling', record.fields.dwelling, record.space) : record
  if (dwelling?.type !== 'dwelling') return NOWHERE
  const building = set.getA('building', dwelling.fields.building, dwelling.space)
  const floor = dwelling.fields.floor
  const room = textOf(dwelling, 'room')
  return {
    building: textOf(building, 'name'),
    unit: textOf(dwelling, 'unit'),
    floor: typeof floor === 'number' ? floor : floorOfRoom(room),
    room,
    street: textOf(building, 'street'),
  }
}

/** Room 1203 is on the twelfth floor, where nobody wrote the floor down. */
const floorOfRoom = (room: string | null): number | null => {
  const number = /\d{3,4}/.exec(room ?? '')?.[0]
  return number ? Math.floor(Number(number) / 100) : null
}

/** `1幢2单元301室`, `Building 1, Unit 2, Room 301`; what already bears its word is left as it is. */
export function addressText(address: Address, language: Language = 'zh'): string {
  return [...stairParts(address, language), ...worded(address.room, 'room', language)].join(
    language === 'zh' ? '' : ', ',
  )
}

/** The heading of a stair on a walking list: `1幢2单元`. */
export const stairText = (address: Address, language: Language = 'zh'): string =>
  stairParts(address, language).join(language === 'zh' ? '' : ', ')

/** `1-2-301`, as workers say and type it. */
export const shortAddress = (address: Address): string =>
  [address.building, address.unit, address.room]
    .flatMap((part) => (part === null ? [] : [bare(part)]))
    .join('-')

const stairParts = (address: Address, language: Language): string[] => [
  ...worded(address.building, 'building', language),
  ...worded(address.unit, 'unit', language),
]

const WORDS = {
  building: { zh: '幢', en: 'Building' },
  unit: { zh: '单元', en: 'Unit' },
  room: { zh: '室', en: 'Room' },
} as const

/** A number, a letter, or both: 3, 12A, B2, 1-301, 十二. A name says by itself what it is: 阳光小区, Rose House. */
const NUMBER_LIKE = /^([a-z]?[\d-]+[a-z]?|[a-z]|[一二三四五六七八九十]+)$/iu

function worded(part: string | null, kind: keyof typeof WORDS, language: Language): string[] {
  if (part === null) return []
  const number = bare(part)
  if (!NUMBER_LIKE.test(number)) return [part]
  if (language === 'en') return [`${WORDS[kind].en} ${number}`]
  return [number === part ? part + WORDS[kind].zh : part]
}

/** Without the words for building, unit and room, so that 1栋, 1 幢 and 1号楼 are one. */
export const bare = (part: string): string => part.replace(/\s*(号楼|幢|栋|座|单元|室)$/u, '').trim() || part

/**
 * Sorts as one walks: street, building, unit, floor, room, with 2 before 10. Comparing two keys with `<` is all;
 * every station computes the same, whatever its language settings.
 */
export function walkingKey(set: RecordSet, household: Projection): string {
  const dwelling = set.getA('dwelling', household.fields.dwelling, household.space)
  const { street, building, unit, floor, room } = addressOf(set, household)
  const storey = floor === null ? '' : String(floor + 1000).padStart(5, '0')
  return [
    naturalKey(street ?? ''),
    naturalKey(building ?? ''),
    textOf(dwelling, 'building') ?? '',
    naturalKey(unit ?? ''),
    storey,
    naturalKey(room ?? ''),
    household.id,
  ].join('\u0000')
}
