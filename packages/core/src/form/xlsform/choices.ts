/** The sheet `choices`: lists by name, and each as an instance of the form. */
import { isYes, MEDIA } from './columns.ts'
import { type Child, type Element, el } from './element.ts'
import type { Faults } from './fault.ts'
import type { Itext } from './itext.ts'
import { hasReference } from './references.ts'
import { NAME } from './survey.ts'
import type { Row, Table, Texts } from './table.ts'

export type ChoiceList = {
  readonly name: string
  readonly rows: readonly Row[]
  /** Names of the columns beside name and label, to filter by. */
  readonly extra: readonly string[]
  /** Whether its labels are in several languages, or have pictures or answers in them. */
  readonly isTranslated: boolean
}

const OWN = new Set(['list_name', 'name', 'label', ...MEDIA])
export const OTHER = 'other'

export function readLists(table: Table, mayRepeat: boolean, faults: Faults): Map<string, ChoiceList> {
  const extra = extraColumns(table, faults)
  const rows = new Map<string, Row[]>()
  for (const row of table.rows) {
    const list = row.get('list_name')
    if (list === '') {
      if (row.get('name') !== '') faults.add('list-not-named', row.place('list_name'), row.get('name'))
      continue
    }
    if (isYes(row.get('disabled'))) continue
    const name = row.get('name')
    const before = rows.get(list) ?? []
    rows.set(list, before)
    if (name === '') {
      faults.add('choice-not-named', row.place('name'), list)
      continue
    }
    const twin = before.find((one) => one.get('name') === name)
    if (twin && !mayRepeat) faults.add('choice-twice', row.place('name'), name, [String(twin.number)])
    if (row.texts('label').size === 0 && !MEDIA.some((kind) => row.texts(kind).size > 0))
      faults.add('label-missing', row.place('label'), name)
    before.push(row)
  }
  return new Map(
    [...rows].map(([name, of]) => [name, { name, rows: of, extra, isTranslated: of.some(needsItext) }]),
  )
}

function extraColumns({ name: sheet, columns }: Table, faults: Faults): string[] {
  const names = columns.filter(({ key }) => !OWN.has(key)).map(({ key }) => key)
  for (const column of names)
    if (!NAME.test(column)) faults.add('choice-column-invalid', { sheet, row: 1, column }, column)
  return names.filter((column) => NAME.test(column))
}

const needsItext = (row: Row): boolean =>
  [...row.texts('label')].some(([language, text]) => language !== '' || hasReference(text)) ||
  MEDIA.some((kind) => row.texts(kind).size > 0)

/** Answers are kept as a list with spaces between, so no name of such a list may have one. */
export function checkNames(list: ChoiceList, faults: Faults): void {
  for (const row of list.rows)
    if (/\s/.test(row.get('name'))) faults.add('choice-has-space', row.place('name'), row.get('name'))
}

const OTHER_LABELS: readonly [RegExp, string][] = [
  [/zh|中文|汉语|漢語|chinese/i, '其他'],
  [/fr|français|french/i, 'Autre'],
  [/es|español|spanish/i, 'Otro'],
]
const otherLabel = (language: string): string =>
  OTHER_LABELS.find(([pattern]) => pattern.test(language))?.[1] ?? 'Other'

export function listInstance(
  list: ChoiceList,
  itext: Itext,
  { withOther, write }: { withOther: boolean; write: (text: string, row: Row) => readonly Child[] },
): Element {
  const items = list.rows.map((row, at) => {
    const fields = [
      el('name', {}, row.get('name')),
      ...list.extra.flatMap((column) => (row.get(column) === '' ? [] : [el(column, {}, row.get(column))])),
    ]
    if (!list.isTranslated)
      return el('item', {}, fields, el('label', {}, row.get('label') || row.get('name')))
    const id = `${list.name}-${at}`
    const labels: Texts =
      row.texts('label').size > 0 || MEDIA.some((kind) => row.texts(kind).size > 0)
        ? row.texts('label')
        : new Map([['', row.get('name')]])
    itext.put(id, [
      { form: null, texts: labels, write: (text) => write(text, row) },
      ...MEDIA.map((form) => ({ form, texts: row.texts(form), write: (text: string) => [text] })),
    ])
    return el('item', {}, el('itextId', {}, id), fields)
  })
  const has = list.rows.some((row) => row.get('name') === OTHER)
  return el(
    'instance',
    { id: list.name },
    el('root', {}, items, withOther && !has ? [other(list, itext)] : []),
  )
}

function other(list: ChoiceList, itext: Itext): Element {
  const name = el('name', {}, OTHER)
  if (!list.isTranslated) return el('item', {}, name, el('label', {}, otherLabel(labelled(list))))
  const id = `${list.name}-${OTHER}`
  const languages = new Set(list.rows.flatMap((row) => [...row.texts('label').keys()]))
  itext.put(id, [
    {
      form: null,
      texts: new Map([...languages].map((language) => [language, otherLabel(language)])),
      write: (text) => [text],
    },
  ])
  return el('item', {}, el('itextId', {}, id), name)
}

/** A list in Chinese gets a Chinese word, whether or not its column says so. */
const labelled = (list: ChoiceList): string =>
  list.rows.some((row) => /\p{Script=Han}/u.test(row.get('label'))) ? 'zh' : ''
