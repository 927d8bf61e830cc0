/** What a question lets choose from. */
import { checkNames } from './choices.ts'
import { type Compilation, expression } from './compilation.ts'
import { type Element, el } from './element.ts'
import { readParameters } from './parameters.ts'
import type { SelectType } from './question-types.ts'
import { loneReference, nearest } from './references.ts'
import { fileList } from './secondary.ts'
import type { Question } from './survey.ts'

export function itemset(form: Compilation, item: Question, type: SelectType): Element[] {
  const { row } = item
  const parameters = readParameters(row, ['randomize', 'seed', 'value', 'label'], form.faults)
  const source = sourceOf(form, item, type)
  if (!source) return []
  const filter = row.expression('choice_filter')
  const inner = filter === '' ? source.filter : `${source.filter ? `${source.filter} and ` : ''}${filter}`
  // As one expression, so that names in the filter are known to stand in a predicate.
  const filtered = expression(
    form,
    inner ? `${source.nodeset}[${inner}]` : source.nodeset,
    item,
    row.place('choice_filter'),
  )
  return [
    el(
      'itemset',
      { nodeset: randomized(form, item, filtered, parameters) },
      el('value', { ref: parameters.value ?? source.value }),
      el('label', { ref: parameters.label ?? source.label }),
    ),
  ]
}

type Source = {
  readonly nodeset: string
  readonly value: string
  readonly label: string
  readonly filter?: string
}

function sourceOf(form: Compilation, item: Question, { from, list, control }: SelectType): Source | null {
  const { row } = item
  if (from === 'repeat') {
    const target = form.references.find(loneReference(list)!, row.place('type'))
    if (!target?.parent) return null
    const repeat = form.references.pathTo(loneReference(list)!, item, row.place('type'))
    const nodeset = repeat.slice(0, repeat.lastIndexOf('/'))
    return { nodeset, value: target.name, label: target.name, filter: `./${target.name} != ''` }
  }
  if (from === 'file') {
    const file = fileList(list)
    if (!file) {
      form.faults.add('file-name-invalid', row.place('type'), list, ['.csv', '.geojson', '.xml'])
      return null
    }
    const nodeset = `instance('${file.id}')/root/item`
    return file.format === 'geojson'
      ? { nodeset, value: 'id', label: 'title' }
      : { nodeset, value: 'name', label: 'label' }
  }
  const found = form.lists.get(list)
  if (!found) {
    const names = [...form.lists.keys()]
    const near = nearest(list, names)
    form.faults.add('list-missing', row.place('type'), list, near.length > 0 ? near : names.slice(0, 8))
    return null
  }
  if (control !== 'select1') checkNames(found, form.faults)
  return {
    nodeset: `instance('${list}')/root/item`,
    value: 'name',
    label: found.isTranslated ? 'jr:itext(itextId)' : 'label',
  }
}

function randomized(
  form: Compilation,
  item: Question,
  nodeset: string,
  { randomize, seed }: { readonly randomize?: string; readonly seed?: string },
): string {
  if (randomize?.toLowerCase() !== 'true') return nodeset
  if (seed === undefined) return `randomize(${nodeset})`
  return `randomize(${nodeset}, ${expression(form, seed, item, item.row.place('parameters'))})`
}
