import { definitionOf, factsOfIdNumber, isDate, phoneKind, type Value } from '@doorstep/core'

export type TypedResident = {
  readonly fields: Readonly<Record<string, Value>>
  readonly relation?: string
  readonly kind?: string
  readonly state?: string
  /** Eighteen characters that are no identity number: a digit is wrong. */
  readonly badId: boolean
}

/**
 * One line as it is said at the door: `张三 配偶 13800001234 990000194508150024 租住`. What is a number, a day or a word
 * that the register knows is taken as such; what is left is the name.
 */
export function typedResident(text: string): TypedResident {
  const fields: Record<string, Value> = {}
  const details: { relation?: string; kind?: string; state?: string } = {}
  const names: string[] = []
  let badId = false
  for (const word of text.trim().split(/\s+/).filter(Boolean)) {
    const plain = word.normalize('NFKC')
    const [field, value] = known(plain) ?? []
    if (/^\d{17}[\dXx]$/.test(plain)) {
      if (factsOfIdNumber(plain)) fields.idNumber = plain.toUpperCase()
      else badId = true
    } else if (isDate(plain)) fields.birthDate = plain
    else if (field === 'relation' || field === 'kind' || field === 'state') details[field] = value!
    else if (field) fields[field] = value!
    else if (/\d{3}/.test(plain) && (phoneKind(plain) !== null || /^[\d+()-]+$/.test(plain)))
      fields.phone = plain
    else names.push(word)
  }
  if (names.length > 0) fields.name = names.join(' ')
  return { fields, ...details, badId }
}

/** A word that is a choice of the register, in either language. */
function known(word: string): readonly [field: string, value: string] | null {
  const asked = word.toLowerCase()
  for (const [type, names] of [
    ['residence', ['relation', 'kind', 'state']],
    ['person', ['gender', 'population']],
  ] as const)
    for (const name of names)
      for (const [value, labels] of Object.entries(definitionOf(type)?.fields[name]?.choices ?? {}))
        if (labels.some((label) => label.toLowerCase() === asked)) return [name, value]
  return null
}
