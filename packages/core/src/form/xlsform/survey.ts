/** The sheet `survey` as a tree of groups, repeats and questions. */

import { isYes } from './columns.ts'
import type { Faults } from './fault.ts'
import { readType, type TypeWords } from './question-types.ts'
import type { Row, Table } from './table.ts'

export type Question = {
  readonly is: 'question'
  readonly name: string
  readonly row: Row
  readonly type: Extract<TypeWords, { is: 'plain' | 'select' }>
  readonly parent: Group
  /** Absolute, `/data/people/age`. */
  readonly path: string
}
export type Group = {
  readonly is: 'group' | 'repeat'
  readonly name: string
  /** Null for the form itself. */
  readonly row: Row | null
  readonly parent: Group | null
  readonly path: string
  readonly items: Item[]
}
export type Item = Question | Group

/** A file that is only declared, for expressions. */
export type External = { readonly name: string; readonly format: 'csv' | 'xml'; readonly row: Row }

export type Survey = { readonly root: Group; readonly externals: readonly External[] }

export const NAME = /^[\p{L}_][\p{L}\p{N}_.-]*$/u

export function readSurvey(table: Table, rootName: string, faults: Faults): Survey {
  const root: Group = {
    is: 'group',
    name: rootName,
    row: null,
    parent: null,
    path: `/${rootName}`,
    items: [],
  }
  const externals: External[] = []
  let open = root
  for (const row of table.rows) {
    if (isYes(row.get('disabled'))) continue
    const typed = row.get('type')
    if (typed === '') {
      // A line of remarks, or a heading between parts.
      if (row.get('name') !== '') faults.add('type-missing', row.place('type'), row.get('name'))
      continue
    }
    const type = readType(typed)
    if (type.is === 'unknown') faults.add('type-unknown', row.place('type'), typed)
    else if (type.is === 'not-supported') faults.add('type-not-supported', row.place('type'), typed)
    else if (type.is === 'end') open = close(open, type.what, row, faults)
    else if (type.is === 'external') {
      const name = row.get('name')
      if (name === '') faults.add('name-missing', row.place('name'), typed)
      else externals.push({ name, format: type.format, row })
    } else {
      const name = nameOf(row, type, open, faults)
      const path = `${open.path}/${name}`
      if (type.is === 'plain' || type.is === 'select')
        open.items.push({ is: 'question', name, row, type, parent: open, path })
      else {
        const group: Group = { is: type.what, name, row, parent: open, path, items: [] }
        open.items.push(group)
        open = group
      }
    }
  }
  for (; open.parent; open = open.parent)
    faults.add('group-not-closed', open.row!.place('type'), `${open.is} ${open.name}`)
  return { root, externals }
}

function close(open: Group, what: 'group' | 'repeat', row: Row, faults: Faults): Group {
  if (!open.parent) {
    faults.add('end-without-begin', row.place('type'), `end ${what}`)
    return open
  }
  if (open.is !== what)
    faults.add('end-of-another', row.place('type'), `end ${what}`, [`end ${open.is} (${open.name})`])
  if (open.is === 'repeat' && open.items.length === 0)
    faults.add('repeat-empty', open.row!.place('type'), open.name)
  return open.parent
}

function nameOf(row: Row, type: TypeWords, parent: Group, faults: Faults): string {
  const given = row.get('name')
  if (given === '') {
    if (type.is === 'plain' && type.type === 'note') return `generated_note_name_${row.number}`
    if (type.is === 'plain' && type.of.meta) return type.type
    if (type.is === 'begin' && type.what === 'group') return `generated_group_name_${row.number}`
    faults.add('name-missing', row.place('name'), row.get('type'))
    return `unnamed_${row.number}`
  }
  if (!NAME.test(given)) faults.add('name-invalid', row.place('name'), given)
  const twin = parent.items.find((item) => item.name === given)
  if (twin) faults.add('name-twice', row.place('name'), given, [String(twin.row?.number)])
  return given
}

/** Every group and question, each group before what is in it. */
export function* itemsOf(group: Group): Generator<Item> {
  for (const item of group.items) {
    yield item
    if (item.is !== 'question') yield* itemsOf(item)
  }
}
