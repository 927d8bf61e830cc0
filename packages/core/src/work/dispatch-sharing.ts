/**
 * What may be told to somebody outside, as data: each row is a thing that is shared only when the worker names it,
 * with where it is read and where the dispatch keeps it. Identity numbers, health, hardship, who else lives there,
 * other cases and the household's id have no row: they are not shared at all.
 */
import type { Projection } from '../record/project.ts'
import { plainOf } from './masked-record.ts'

type ShareRow = {
  readonly label: readonly [zh: string, en: string]
  readonly of: 'household' | 'case'
  readonly field: string
  /** The field of the dispatch. */
  readonly as: string
}

export type ShareName = keyof typeof shares

export const shares = {
  /** Without it nobody finds the door: told always, and named here for those who ask. */
  address: { label: ['地址', 'Address'], of: 'household', field: 'dwelling', as: 'address' },
  name: { label: ['户名', 'Household name'], of: 'household', field: 'name', as: 'household' },
  phone: { label: ['联系电话', 'Phone'], of: 'household', field: 'phone', as: 'phone' },
  'emergency-contact': {
    label: ['紧急联系人', 'Emergency contact'],
    of: 'household',
    field: 'emergencyContact',
    as: 'emergencyContact',
  },
  'emergency-phone': {
    label: ['紧急联系电话', 'Emergency phone'],
    of: 'household',
    field: 'emergencyPhone',
    as: 'emergencyPhone',
  },
  mind: { label: ['当心', 'Mind'], of: 'household', field: 'mind', as: 'mind' },
  'case-note': { label: ['案件说明', 'Note of the case'], of: 'case', field: 'note', as: 'caseNote' },
} as const satisfies Record<string, ShareRow>

export const isShare = (text: string): text is ShareName => Object.hasOwn(shares, text)

/** The fields of a dispatch that a list of shares fills, of those that hold anything. */
export function sharedFields(
  named: readonly ShareName[],
  records: { readonly household: Projection | null; readonly case: Projection },
): { readonly set: Readonly<Record<string, string>>; readonly shared: readonly ShareName[] } {
  const set: Record<string, string> = {}
  const shared: ShareName[] = []
  for (const name of [...new Set(named)].sort()) {
    const { of, field, as }: ShareRow = shares[name]
    const record = records[of]
    const value = name === 'address' || !record ? undefined : plainOf(record).fields[field]
    if (typeof value !== 'string' || value === '') continue
    set[as] = value
    shared.push(name)
  }
  return { set, shared }
}
