/** The form's data: its nodes as they are at first, what holds for each, and what happens when it opens. */

import { isNo, isYes } from './columns.ts'
import { type Compilation, expression, written } from './compilation.ts'
import { isDynamic } from './default-value.ts'
import { type Child, type Element, el } from './element.ts'
import { Faults } from './fault.ts'
import { rangeOf, readParameters } from './parameters.ts'
import { hasReference, loneReference } from './references.ts'
import { type Group, type Item, itemsOf, type Question } from './survey.ts'
import type { Row } from './table.ts'

export type Model = {
  readonly instance: Element
  readonly binds: readonly Element[]
  readonly actions: readonly Element[]
}

export function modelOf(form: Compilation): Model {
  const { root, settings } = form
  const binds: Element[] = []
  const actions: Element[] = []
  for (const item of itemsOf(root)) {
    if (!item.row) continue
    if (item.is === 'repeat') binds.push(...countBind(form, item))
    const bind = bindOf(form, item, item.row)
    if (bind) binds.push(bind)
    if (item.is !== 'question') continue
    if (item.type.is === 'plain' && item.type.type === 'start-geopoint')
      actions.push(el('odk:setgeopoint', { event: 'odk-instance-first-load', ref: item.path }))
    if (!insideRepeat(item)) actions.push(...firstValue(form, item, 'odk-instance-first-load'))
  }
  const meta = metaOf(form)
  binds.push(...meta.binds)
  const instance = el(
    'instance',
    {},
    el(
      root.name,
      { id: settings.id, version: settings.version || null, ...Object.fromEntries(settings.attributes) },
      withMeta(nodesOf(form, root), meta.nodes),
    ),
  )
  return { instance, binds, actions }
}

/** Some authors have a group `meta` of their own, and there can be one of them only. */
function withMeta(nodes: readonly Element[], meta: readonly Element[]): Element[] {
  const own = nodes.find(({ name }) => name === 'meta')
  if (!own) return [...nodes, el('meta', {}, meta)]
  const names = new Set(own.children.map((child) => (typeof child === 'string' ? '' : child.name)))
  const rest = meta.filter(({ name }) => !names.has(name))
  return nodes.map((one) => (one === own ? { ...own, children: [...own.children, ...rest] } : one))
}

function nodesOf(form: Compilation, group: Group): Element[] {
  return group.items.flatMap((item) => {
    if (item.is === 'question') {
      if (item.type.is === 'plain' && item.type.of.meta) return []
      const text = item.row.get('default')
      const value = text === '' || isDynamic(text, bindTypeOf(item)) ? [] : [firstText(item, text)]
      return [el(item.name, ownAttributes(form, item.row), value)]
    }
    const children = nodesOf(form, item)
    const own = item.row ? ownAttributes(form, item.row) : {}
    if (item.is === 'group') return [el(item.name, own, children)]
    const { isOwn, name } = countOf(item)
    return [
      ...(isOwn ? [el(name)] : []),
      el(item.name, { ...own, 'jr:template': '' }, children),
      el(item.name, own, children),
    ]
  })
}

const ownAttributes = (form: Compilation, row: Row) =>
  Object.fromEntries(row.under('instance').filter(([name]) => isKnownPrefix(form, name, row)))

const firstText = (item: Question, text: string): Child =>
  item.type.is === 'plain' && item.type.type === 'image' && !text.startsWith('jr://')
    ? `jr://images/${text}`
    : text

/** An expression for the first value: when the form opens, and in a repeat when one is added. */
export function firstValue(form: Compilation, item: Question, event: string): Element[] {
  const text = item.row.expression('default')
  if (!isDynamic(text, bindTypeOf(item))) return []
  const value = expression(form, text, item, item.row.place('default'))
  return [el('setvalue', { event, ref: item.path, value })]
}

const insideRepeat = (item: Item): boolean => {
  for (let one: Group | null = item.parent; one; one = one.parent) if (one.is === 'repeat') return true
  return false
}

/** How many there are: a path as it stands, or a node of its own that works it out. */
export function countOf(repeat: Group): {
  readonly isOwn: boolean
  readonly name: string
  readonly text: string
} {
  const text = repeat.row?.expression('repeat_count') ?? ''
  return { isOwn: text !== '' && loneReference(text) === null, name: `${repeat.name}_count`, text }
}

function countBind(form: Compilation, repeat: Group): Element[] {
  const { isOwn, name, text } = countOf(repeat)
  if (!isOwn || !repeat.parent || !repeat.row) return []
  const calculate = expression(form, text, repeat, repeat.row.place('repeat_count'))
  return [
    el('bind', { nodeset: `${repeat.parent.path}/${name}`, type: 'string', readonly: 'true()', calculate }),
  ]
}

export function bindTypeOf(item: Question): string {
  if (item.type.is === 'select') return item.type.control === 'odk:rank' ? 'odk:rank' : 'string'
  if (item.type.type !== 'range') return item.type.of.bind.type ?? ''
  const { isWhole } = rangeOf(item.row, readParameters(item.row, RANGE_PARAMETERS, silent), silent)
  return isWhole ? 'int' : 'decimal'
}

/** What is wrong with parameters is told where the control is written. */
const silent = new Faults()

export const RANGE_PARAMETERS = ['start', 'end', 'step', 'tick_interval', 'placeholder', 'tick_labelset']
function bindOf(form: Compilation, item: Item, row: Row): Element | null {
  const is = item.is === 'question' ? item.type : null
  const fixed: Record<string, string> = is?.is === 'plain' ? { ...is.of.bind } : {}
  if (item.is === 'question') {
    const type = bindTypeOf(item)
    if (type) fixed.type = type
    if (is?.is === 'plain' && is.of.meta)
      return el('bind', { nodeset: `/${form.root.name}/meta/${is.type}`, ...fixed })
  }
  const put = (attribute: string, value: string | null) => {
    if (value !== null) fixed[attribute] = value
  }
  put('relevant', asCondition(form, item, row, 'relevant'))
  put('required', asCondition(form, item, row, 'required'))
  put('readonly', asCondition(form, item, row, 'read_only'))
  put('constraint', asCondition(form, item, row, 'constraint'))
  put('calculate', calculationOf(form, item, row))
  put('jr:constraintMsg', message(form, item, row, 'constraint_message', 'jr:constraintMsg'))
  put('jr:requiredMsg', message(form, item, row, 'required_message', 'jr:requiredMsg'))
  for (const [name, text] of row.under('bind'))
    if (isKnownPrefix(form, name, row)) put(name, expression(form, text, item, row.place(`bind::${name}`)))
  if (is?.is === 'plain') Object.assign(fixed, parameterBinds(is.type, row))
  return Object.keys(fixed).length === 0 ? null : el('bind', { nodeset: item.path, ...fixed })
}

function asCondition(form: Compilation, item: Item, row: Row, column: string): string | null {
  const text = row.expression(column)
  if (text === '') return null
  if (isYes(text)) return 'true()'
  if (isNo(text)) return column === 'relevant' ? 'false()' : null
  return expression(form, text, item, row.place(column))
}

function calculationOf(form: Compilation, item: Item, row: Row): string | null {
  const text = row.expression('calculation')
  const isTriggered = row.get('trigger') !== ''
  if (text !== '' && !isTriggered) return expression(form, text, item, row.place('calculation'))
  if (text === '' && !isTriggered && item.is === 'question' && item.type.is === 'plain')
    if (item.type.type === 'calculate' && !isDynamic(row.get('default'), 'string'))
      form.faults.add('calculation-missing', row.place('calculation'), item.name)
  return null
}

function message(form: Compilation, item: Item, row: Row, column: string, name: string): string | null {
  const texts = row.texts(column)
  if (texts.size === 0) return null
  const [[language, only]] = [...texts] as [[string, string]]
  if (texts.size === 1 && language === '' && !hasReference(only)) return only
  return form.itext.put(`${item.path}:${name}`, [
    { form: null, texts, write: (text) => written(form, text, item, row.place(column)) },
  ])
}

function parameterBinds(type: string, row: Row): Record<string, string> {
  const known: Record<string, readonly [parameter: string, attribute: string][]> = {
    image: [['max-pixels', 'orx:max-pixels']],
    audio: [['quality', 'odk:quality']],
    geopoint: [['allow-mock-accuracy', 'odk:allow-mock-accuracy']],
  }
  const rows = known[type] ?? []
  if (rows.length === 0) return {}
  const given = readParameters(
    row,
    rows.map(([name]) => name),
    silent,
  )
  return Object.fromEntries(
    rows.flatMap(([name, attribute]) => (given[name] ? [[attribute, given[name]]] : [])),
  )
}

const PREFIXES = ['jr', 'odk', 'orx', 'ev', 'xsd', 'h', 'xml']
/** An attribute with a prefix that nobody declared would be no XML. */
export function isKnownPrefix(form: Compilation, name: string, row: Row): boolean {
  const [prefix, rest] = name.split(':') as [string, string | undefined]
  if (rest === undefined || PREFIXES.includes(prefix) || Object.hasOwn(form.settings.namespaces, prefix))
    return true
  form.faults.add('namespace-unknown', row.place(name), prefix)
  return false
}

function metaOf(form: Compilation): { nodes: Element[]; binds: Element[] } {
  const { root, settings } = form
  const path = `/${root.name}/meta`
  const isAudited = [...itemsOf(root)].some(
    (item) => item.is === 'question' && item.type.is === 'plain' && item.type.type === 'audit',
  )
  const nodes = [...(isAudited ? [el('audit')] : []), el('instanceID')]
  const binds = [
    el('bind', { nodeset: `${path}/instanceID`, type: 'string', readonly: 'true()', 'jr:preload': 'uid' }),
  ]
  if (settings.instanceName !== '' && settings.row) {
    nodes.push(el('instanceName'))
    const calculate = expression(form, settings.instanceName, null, settings.row.place('instance_name'))
    binds.push(el('bind', { nodeset: `${path}/instanceName`, type: 'string', calculate }))
  }
  return { nodes, binds }
}
