import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Role, roles } from '../membership/roles.ts'
import { consent } from '../records/consent.ts'
import { recordTypes } from '../records/registry.ts'
import { type MaskKind, maskedFor, maskKindOf } from './mask.ts'
import { purposes } from './purposes.ts'
import { RecordSet } from './record-set.ts'
import { retentionTable } from './retention.ts'
import { revealReasons } from './reveal-reasons.ts'

const text = readFileSync(new URL('../../../../docs/privacy.md', import.meta.url), 'utf8')
const ROLES = Object.keys(roles) as Role[]

/** Column widths do not matter, words do. */
const rows = (lines: readonly (readonly string[])[]) => lines.map((cells) => `| ${cells.join(' | ')} |`)
const plain = text.split('\n').map((one) => one.replaceAll(/ +/g, ' ').trim())

test('docs/privacy.md says what is masked for whom as the table in mask.ts does', () => {
  const fields = new Map<MaskKind, string[]>()
  for (const [type, definition] of Object.entries(recordTypes))
    for (const name of [
      ...Object.keys(definition.fields),
      ...Object.keys('sets' in definition ? definition.sets : {}),
    ]) {
      const kind = maskKindOf(type, name)
      if (kind) fields.set(kind, [...(fields.get(kind) ?? []), `${type}.${name}`])
    }
  const expected = rows([
    ['kind', ...ROLES, 'fields'],
    ...(Object.keys(maskedFor.auditor) as MaskKind[]).map((kind) => [
      kind,
      ...ROLES.map((role) => (maskedFor[role][kind] ? 'masked' : 'shown')),
      (fields.get(kind) ?? []).sort().join(', '),
    ]),
  ])
  for (const row of expected) expect(plain).toContain(row)
})

test('it says how long what is kept, for what consent is asked, and the reasons to look', () => {
  for (const { class: name, days, source } of retentionTable(new RecordSet()))
    expect(
      plain.some((line) => line.startsWith(`| ${name} | ${days} |`) && line.endsWith(`| ${source[1]} |`)),
      name,
    ).toBe(true)
  for (const [purpose, { sensitive, unsaid }] of Object.entries(purposes))
    expect(plain).toContain(
      `| ${purpose} | ${consent.fields.purpose.choices[purpose as keyof typeof purposes][1]} | ${sensitive ? 'yes' : 'no'} | ${unsaid} |`,
    )
  for (const reason of Object.keys(revealReasons)) expect(text).toContain(`\`${reason}\``)
})
