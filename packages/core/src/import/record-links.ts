import type { RecordType } from '../records/registry.ts'
import { recordTypes } from '../records/registry.ts'

/** The record types that a register can fill, each after those it may name. */
export const importableTypes = [
  'building',
  'dwelling',
  'household',
  'person',
  'residence',
] as const satisfies readonly RecordType[]
export type ImportableType = (typeof importableTypes)[number]

export type RecordLink = {
  readonly field: string
  readonly target: ImportableType
  /** A record's natural key stands within those of the records it must name. */
  readonly required: boolean
}

/** Which fields of a type name records of the others, by the types' own definitions. */
export const recordLinks = Object.fromEntries(
  importableTypes.map((type) => [type, linksOf(type)]),
) as unknown as Readonly<Record<ImportableType, readonly RecordLink[]>>

function linksOf(type: ImportableType): RecordLink[] {
  const links: RecordLink[] = []
  for (const [field, definition] of Object.entries(recordTypes[type].fields)) {
    const prefixes: readonly string[] = 'of' in definition ? definition.of : []
    const target = importableTypes.find((other) => prefixes.includes(recordTypes[other].prefix))
    if (target)
      links.push({ field, target, required: 'required' in definition && definition.required === true })
  }
  return links
}
