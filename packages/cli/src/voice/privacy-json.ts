import {
  type AuditRow,
  type AuditTrail,
  type ConsentRow,
  daysBetween,
  type ErasureDue,
  erasureTitle,
  type PersonCopy,
  type RecordSet,
} from '@doorstep/core'
import type { Language } from './language.ts'
import { isoTime, isoTimeOrNull } from './time.ts'

const aboutCodes = (about: AuditRow['about']): string =>
  about.map(({ name, role }) => (role ? `${name} ${role}` : name)).join(', ')

export const auditJson = ({ rows, total, unreadable }: AuditTrail) => ({
  entries: rows.map((row) => ({
    ...row,
    about: row.about.length > 0 ? aboutCodes(row.about) : null,
    at: isoTimeOrNull(row.at),
    arrivedAt: isoTime(row.arrivedAt),
  })),
  total,
  unreadable,
})

export const consentJson = ({ by, atMs, ...row }: ConsentRow) => ({
  ...row,
  member: by.member,
  memberName: by.name,
  time: isoTime(atMs),
})

export const erasureJson = (set: RecordSet, row: ErasureDue, on: string, language: Language) => ({
  ...row,
  title: erasureTitle(set, row, language),
  overdueDays: daysBetween(row.dueOn, on),
})

export const copyJson = ({ person, records, entry }: PersonCopy) => ({
  person,
  entry,
  records: records.map(({ createdAt, changedAt, conflicts, timelines, ...record }) => ({
    ...record,
    conflicts: Object.fromEntries(
      Object.entries(conflicts).map(([field, values]) => [field, values.map(({ value }) => value)]),
    ),
    timelines: Object.fromEntries(
      Object.entries(timelines).map(([name, items]) => [
        name,
        items.map(({ by, at, value }) => ({ by, at: isoTime(at), value })),
      ]),
    ),
    createdAt: isoTime(createdAt),
    changedAt: isoTime(changedAt),
  })),
})
