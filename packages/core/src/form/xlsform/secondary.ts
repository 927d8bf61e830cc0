/** The lists a form chooses from and looks things up in: those of the workbook, and files beside it. */
import { listInstance } from './choices.ts'
import { type Compilation, written } from './compilation.ts'
import { type Element, el } from './element.ts'
import type { Place } from './fault.ts'
import { itemsOf } from './survey.ts'

export type Secondary = { readonly element: Element; readonly file: string | null }

const FORMATS: Readonly<Record<string, string>> = {
  csv: 'jr://file-csv/',
  xml: 'jr://file/',
  geojson: 'jr://file/',
}

/** `cities.csv` → id `cities`; null when the name does not end in a format that lists are read from. */
export function fileList(
  name: string,
): { readonly id: string; readonly format: string; readonly src: string } | null {
  const [, id, ending] = /^([^/\\]+)\.([A-Za-z]+)$/.exec(name) ?? []
  const format = ending?.toLowerCase() ?? ''
  const folder = FORMATS[format]
  return id && folder ? { id, format, src: folder + name } : null
}

const PULLDATA = /\bpulldata\s*\(\s*(?:'([^']+)'|"([^"]+)")/g
const INSTANCE = /\binstance\s*\(\s*(?:'([^']+)'|"([^"]+)")/g

export function secondaryInstances(form: Compilation): readonly Secondary[] {
  const { lists, faults, root } = form
  const found = new Map<string, Secondary>()
  const addFile = (id: string, src: string, file: string, place: Place | null) => {
    const known = found.get(id)
    if (known && known.element.attributes.src !== src && place) faults.add('name-twice', place, id)
    if (!known) found.set(id, { element: el('instance', { id, src }), file })
  }
  const used = new Map<string, boolean>()
  for (const item of itemsOf(root)) {
    if (item.is !== 'question' || item.type.is !== 'select') continue
    const { from, list, orOther } = item.type
    if (from === 'file') {
      const file = fileList(list)
      if (file) addFile(file.id, file.src, list, item.row.place('type'))
    } else if (from === 'list') used.set(list, (used.get(list) ?? false) || orOther)
  }
  for (const { name, format, row } of form.externals)
    addFile(name, `${FORMATS[format]}${name}.${format}`, `${name}.${format}`, row.place('name'))
  for (const text of form.expressions) {
    for (const [, single, double] of text.matchAll(INSTANCE)) {
      const id = (single ?? double)!
      if (lists.has(id)) used.set(id, used.get(id) ?? false)
    }
    for (const [, single, double] of text.matchAll(PULLDATA)) {
      const id = (single ?? double)!.replace(/\.csv$/i, '')
      if (!lists.has(id)) addFile(id, `${FORMATS.csv}${id}.csv`, `${id}.csv`, null)
      else used.set(id, used.get(id) ?? false)
    }
  }
  if (form.references.usesLastSaved)
    found.set('__last-saved', {
      element: el('instance', { id: '__last-saved', src: 'jr://instance/last-saved' }),
      file: null,
    })
  for (const [name, list] of lists) {
    const withOther = used.get(name)
    if (withOther === undefined) {
      faults.add('list-unused', list.rows[0]?.place('list_name') ?? { sheet: 'choices', row: null }, name)
      continue
    }
    const element = listInstance(list, form.itext, {
      withOther,
      write: (text, row) => written(form, text, null, row.place('label')),
    })
    found.set(name, { element, file: null })
  }
  return [...found.values()]
}
