/**
 * What is shown to whom until it is revealed with a reason. Shapes: name 姓*, identity number 6+****+4,
 * phone 138****1234, text hidden (PIPL 51; GB/T 35273-2020 §6.2, 7.1, 7.2).
 */
import type { Role } from '../membership/roles.ts'
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { definitionOf } from '../records/registry.ts'

export type MaskKind = 'name' | 'id-number' | 'phone' | 'text' | 'category' | 'note'

/** A worker, and the chief, know their doors by name; what identifies beyond that needs a reason each time. */
export const maskedFor: Readonly<Record<Role, Readonly<Record<MaskKind, boolean>>>> = {
  chief: { name: false, 'id-number': true, phone: true, text: true, category: false, note: false },
  worker: { name: false, 'id-number': true, phone: true, text: true, category: false, note: false },
  steward: { name: true, 'id-number': true, phone: true, text: true, category: true, note: true },
  partner: { name: true, 'id-number': true, phone: true, text: true, category: true, note: true },
  volunteer: { name: true, 'id-number': true, phone: true, text: true, category: true, note: true },
  relay: { name: true, 'id-number': true, phone: true, text: true, category: true, note: true },
  auditor: { name: true, 'id-number': true, phone: true, text: true, category: true, note: true },
}

/** Beyond what record definitions mark themselves. */
const KINDS: Readonly<Record<string, MaskKind>> = {
  'household.name': 'name',
  'household.emergencyContact': 'name',
  'household.mind': 'note',
  'household.minds': 'note',
  'household.promise': 'note',
  'household.note': 'note',
  'household.categories': 'category',
  'household.tags': 'category',
  'person.name': 'name',
  'person.birthDate': 'note',
  'person.registeredAddress': 'note',
  'person.categories': 'category',
  'residence.destination': 'note',
  'residence.withdrawn': 'note',
  'visit.note': 'note',
  'visit.answers': 'note',
  'visit.submission': 'note',
  'visit.withdrawn': 'note',
  'case.note': 'note',
  'diary.text': 'note',
  'errand.kind': 'category',
  'errand.what': 'note',
  'errand.note': 'note',
  'sweep.tag': 'category',
  'attachment.caption': 'note',
  'consent.guardian': 'name',
  'consent.note': 'note',
  'leave.note': 'note',
  'leave.withdrawn': 'note',
  'export.reason': 'note',
}

/** For a station that belongs to no member: as little as any role sees. */
export const STRICTEST: Role = 'auditor'

const HIDDEN = '****'

/** What a newer version wrote and this one does not know is hidden from everybody. */
export function maskKindOf(type: string, field: string): MaskKind | null {
  const kind = KINDS[`${type}.${field}`]
  if (kind) return kind
  const definition = definitionOf(type)
  if (!definition) return 'text'
  if (Object.hasOwn(definition.fields, field)) return definition.fields[field]!.mask ?? null
  return Object.hasOwn(definition.sets ?? {}, field) ? null : 'text'
}

export const isMasked = (type: string, field: string, viewer: Role): boolean => {
  const kind = maskKindOf(type, field)
  return kind !== null && maskedFor[viewer][kind]
}

/** One value as this viewer sees it. Empty stays empty: that there is nothing is no secret. */
export function shown(type: string, field: string, value: Value | undefined, viewer: Role): Value {
  if (value === undefined || value === null || value === '') return null
  const kind = maskKindOf(type, field)
  return kind === null || !maskedFor[viewer][kind] ? value : maskValue(kind, value)
}

/** All fields of a record as this viewer sees them. */
export const shownFields = (record: Projection, viewer: Role): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(record.fields).map(([name, value]) => [name, shown(record.type, name, value, viewer)]),
  )

/** A set of a record: whole, or not at all. */
export const shownSet = (record: Projection, name: string, viewer: Role): readonly string[] =>
  isMasked(record.type, name, viewer) ? [] : [...(record.sets[name] ?? [])].sort()

/** Masking what is masked already changes nothing. */
export function maskValue(kind: MaskKind, value: Value): Value {
  if (typeof value !== 'string' || value === HIDDEN) return HIDDEN
  switch (kind) {
    case 'name':
      return maskName(value)
    case 'id-number':
      if (/^[\dXx]{6}\*{4}[\dXx]{4}$/.test(value)) return value
      return value.length >= 15 ? `${value.slice(0, 6)}****${value.slice(-4)}` : HIDDEN
    case 'phone':
      return maskPhone(value)
    case 'text':
    case 'category':
    case 'note':
      return HIDDEN
  }
}

/** The commonest surnames of two characters: of 欧阳修 one shows 欧阳. */
const LONG_SURNAMES = [
  '欧阳',
  '司马',
  '上官',
  '诸葛',
  '司徒',
  '东方',
  '皇甫',
  '尉迟',
  '公孙',
  '慕容',
  '令狐',
  '夏侯',
  '端木',
  '南宫',
  '独孤',
  '轩辕',
  '长孙',
  '宇文',
]

function maskName(name: string): string {
  const long = LONG_SURNAMES.find((surname) => name.startsWith(surname) && name.length > surname.length)
  return `${long ?? [...name][0] ?? ''}*`
}

/** At least four digits stay hidden; short numbers are hidden whole. */
function maskPhone(phone: string): string {
  if (/^(?:\d{3}\*{4}\d{4}|\*{4}\d{0,3})$/.test(phone)) return phone
  const digits = phone.replace(/\D/g, '')
  if (digits.length >= 11) return `${digits.slice(0, 3)}****${digits.slice(-4)}`
  return digits.length >= 7 ? `****${digits.slice(-3)}` : HIDDEN
}

/** Whether somebody is about to write a mask over what it hides. */
export function looksMasked(type: string, field: string, value: Value): boolean {
  const kind = maskKindOf(type, field)
  if (typeof value !== 'string' || kind === null) return false
  if (kind === 'name') return value.endsWith('*')
  return kind === 'phone' || kind === 'id-number' ? value.includes('***') : value === HIDDEN
}
