/** What is asked, in order: controls and groups with their labels. */
import { MEDIA } from './columns.ts'
import { type Compilation, expression, written } from './compilation.ts'
import { type Element, el } from './element.ts'
import { itemset } from './itemset.ts'
import { countOf, firstValue, isKnownPrefix, RANGE_PARAMETERS } from './model.ts'
import { rangeOf, readParameters } from './parameters.ts'
import { hasReference, loneReference } from './references.ts'
import { type Group, type Item, itemsOf, type Question } from './survey.ts'
import type { Row, Texts } from './table.ts'

export function bodyOf(form: Compilation): Element[] {
  const triggered = triggersOf(form)
  return form.root.items.flatMap((item) => controlOf(form, item, triggered))
}

type Triggered = ReadonlyMap<Item, readonly Element[]>

function controlOf(form: Compilation, item: Item, triggered: Triggered): Element[] {
  if (item.is === 'question') return questionOf(form, item, triggered)
  const row = item.row!
  const label = labelsOf(form, item, row)
  const attributes = { ...controlAttributes(form, row), intent: row.get('intent') || null }
  const children = item.items.flatMap((one) => controlOf(form, one, triggered))
  if (item.is === 'group') return [el('group', { ref: item.path, ...attributes }, label, children)]
  const first = [...itemsOf(item)].flatMap((one) =>
    one.is === 'question' && innermostRepeat(one) === item
      ? firstValue(form, one, 'odk-instance-first-load odk-new-repeat')
      : [],
  )
  const repeat = el(
    'repeat',
    { nodeset: item.path, 'jr:count': countPath(form, item), ...attributes },
    children,
    first,
  )
  return [el('group', { ref: item.path }, label, repeat)]
}

function innermostRepeat(item: Item): Group | null {
  for (let one: Group | null = item.parent; one; one = one.parent) if (one.is === 'repeat') return one
  return null
}

function countPath(form: Compilation, repeat: Group): string | null {
  const { text, isOwn, name } = countOf(repeat)
  if (text === '') return null
  if (isOwn) return ` ${repeat.parent!.path}/${name} `
  return ` ${form.references.pathTo(loneReference(text)!, repeat, repeat.row!.place('repeat_count'))} `
}

function questionOf(form: Compilation, item: Question, triggered: Triggered): Element[] {
  const { row, type, path } = item
  const actions = triggered.get(item) ?? []
  if (type.is === 'plain' && type.of.silent) {
    if (actions.length > 0) form.faults.add('trigger-invalid', row.place('type'), item.name)
    return []
  }
  const labels = labelsOf(form, item, row)
  const isCalculated = row.get('calculation') !== '' || row.get('trigger') !== ''
  if (labels.length === 0 && isCalculated && type.is === 'plain') return []
  if (!labels.some((one) => one.name === 'label'))
    form.faults.add('label-missing', row.place('label'), item.name)
  const attributes = { ref: path, ...controlAttributes(form, row), ...typeAttributes(form, item) }
  const choices = type.is === 'select' ? itemset(form, item, type) : []
  const name = type.is === 'select' ? type.control : type.of.control
  return [el(name, attributes, labels, choices, actions)]
}

function typeAttributes(form: Compilation, { row, type }: Question): Record<string, string | null> {
  if (type.is === 'select') return {}
  const { of, type: name } = type
  if (of.control === 'upload') {
    readParameters(row, ['max-pixels', 'app', 'quality'], form.faults)
    return { mediatype: of.mediatype }
  }
  if (of.control === 'range') {
    const { start, end, step } = rangeOf(row, readParameters(row, RANGE_PARAMETERS, form.faults), form.faults)
    return { start, end, step }
  }
  if (name === 'geopoint') {
    const given = readParameters(
      row,
      ['capture-accuracy', 'warning-accuracy', 'allow-mock-accuracy'],
      form.faults,
    )
    return {
      accuracyThreshold:
        given['capture-accuracy'] ??
        row.under('body').find(([key]) => key === 'accuracyThreshold')?.[1] ??
        null,
      unacceptableAccuracyThreshold: given['warning-accuracy'] ?? null,
    }
  }
  if (name === 'text')
    return { rows: readParameters(row, ['rows'], form.faults).rows ?? (row.get('rows') || null) }
  if (name === 'geotrace' || name === 'geoshape')
    return {
      incremental: readParameters(row, ['incremental', 'capture-accuracy'], form.faults).incremental ?? null,
    }
  readParameters(row, [], form.faults)
  return {}
}

/** `table-list` lays a group out as a table on a phone; here its questions are asked as any others. */
function controlAttributes(form: Compilation, row: Row): Record<string, string | null> {
  const appearance = row
    .get('appearance')
    .replaceAll(/\btable-list\b/g, 'field-list')
    .replaceAll(/\s+/g, ' ')
  if (/^search\s*\(/.test(appearance))
    form.faults.add('appearance-not-supported', row.place('appearance'), appearance)
  return {
    appearance: hasReference(appearance)
      ? expression(form, appearance, null, row.place('appearance'))
      : appearance || null,
    autoplay: row.get('autoplay') || null,
    ...Object.fromEntries(row.under('body').filter(([name]) => isKnownPrefix(form, name, row))),
  }
}

function labelsOf(form: Compilation, item: Item, row: Row): Element[] {
  const media = MEDIA.map((kind) => ({ form: kind, texts: row.texts(kind), write: (text: string) => [text] }))
  const label = textOf(
    form,
    item,
    row,
    'label',
    'label',
    media.filter(({ texts }) => texts.size > 0),
  )
  const guidance = row.texts('guidance_hint')
  const guides =
    guidance.size === 0
      ? []
      : [
          {
            form: 'guidance',
            texts: guidance,
            write: (text: string) => written(form, text, item, row.place('guidance_hint')),
          },
        ]
  const hint = textOf(form, item, row, 'hint', 'hint', guides)
  return [label, hint].filter((one) => one !== null)
}

type Beside = {
  readonly form: string
  readonly texts: Texts
  readonly write: (text: string) => readonly (Element | string)[]
}

function textOf(
  form: Compilation,
  item: Item,
  row: Row,
  column: string,
  name: 'label' | 'hint',
  beside: readonly Beside[],
): Element | null {
  const texts = row.texts(column)
  if (texts.size === 0 && beside.length === 0) return null
  const write = (text: string) => written(form, text, item, row.place(column))
  const isPlain = beside.length === 0 && [...texts.keys()].every((language) => language === '')
  if (isPlain) return el(name, {}, write(texts.get('')!))
  return el(name, { ref: form.itext.put(`${item.path}:${name}`, [{ form: null, texts, write }, ...beside]) })
}

/** What is set when another question is answered: by the question that sets it off. */
function triggersOf(form: Compilation): Triggered {
  const triggered = new Map<Item, Element[]>()
  for (const item of itemsOf(form.root)) {
    const text = item.row?.expression('trigger') ?? ''
    if (text === '' || !item.row || item.is !== 'question') continue
    const place = item.row.place('trigger')
    const names = [...text.matchAll(/\$\{([^{}]+)\}/g)].map(([, name]) => name!.trim())
    if (names.length === 0) form.faults.add('trigger-invalid', place, text)
    const calculation = item.row.expression('calculation')
    const value =
      calculation === '' ? null : expression(form, calculation, item, item.row.place('calculation'))
    for (const name of names) {
      const source = form.references.find(name, place)
      if (!source) continue
      if (source.is !== 'question') form.faults.add('trigger-invalid', place, name)
      const action = el('setvalue', { event: 'xforms-value-changed', ref: item.path, value })
      triggered.set(source, [...(triggered.get(source) ?? []), action])
    }
  }
  return triggered
}
