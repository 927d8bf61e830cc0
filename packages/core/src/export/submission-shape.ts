/** What a form's submissions hold, read from the XForm: columns, repeats, and which answers are in somebody's own words. */

export type Leaf = {
  /** Names from below the root, `['health', 'pressure']`. */
  readonly path: readonly string[]
  /** Of a number, so that a table may keep it one. */
  readonly isNumber: boolean
  /** Words, names, places, files: what a masked export hides. */
  readonly isOwnWords: boolean
  /** Of a question with several answers, what may be chosen. */
  readonly choices: readonly string[] | null
}
export type Shape = { readonly leaves: readonly Leaf[]; readonly repeats: ReadonlySet<string> }

export const keyOf = (path: readonly string[]): string => path.join('/')

const NUMBERS = new Set(['int', 'decimal'])
const PLAIN = new Set(['int', 'decimal', 'date', 'time', 'dateTime', 'boolean'])

/** `document`: of an XForm that opens. */
export function shapeOf(document: Document): Shape {
  const named = (name: string) => [...document.getElementsByTagNameNS('*', name)]
  const instances = named('instance').filter((one) => one.parentElement?.localName === 'model')
  const root = instances[0]!.firstElementChild!
  const below = (path: string | null) => (path ?? '').split('/').slice(2).map(bare)
  const types = new Map(
    named('bind').map((bind) => [
      keyOf(below(bind.getAttribute('nodeset'))),
      bind.getAttribute('type') ?? 'string',
    ]),
  )
  const controls = new Map<string, Element>()
  for (const name of ['select', 'select1', 'rank', 'range', 'trigger'])
    for (const control of named(name)) controls.set(keyOf(below(control.getAttribute('ref'))), control)
  const repeats = new Set(named('repeat').map((one) => keyOf(below(one.getAttribute('nodeset')))))
  const leaves: Leaf[] = []
  const walk = (element: Element, path: readonly string[]) => {
    const seen = new Set<string>()
    for (const child of element.children) {
      const own = [...path, child.localName]
      if (seen.has(child.localName)) continue
      seen.add(child.localName)
      if (child.children.length > 0) walk(child, own)
      else leaves.push(leafOf(own, types.get(keyOf(own)) ?? 'string', controls.get(keyOf(own)), document))
    }
  }
  walk(root, [])
  return { leaves, repeats }
}

const bare = (step: string): string => step.trim().replace(/^[\w-]+:/, '')

function leafOf(
  path: readonly string[],
  type: string,
  control: Element | undefined,
  document: Document,
): Leaf {
  const key = keyOf(path)
  const source = control?.getElementsByTagNameNS('*', 'itemset')[0]?.getAttribute('nodeset') ?? null
  // What is chosen among earlier answers is somebody's own words too.
  const fromAnswers = source !== null && !/\binstance\s*\(/.test(source)
  return {
    path,
    isNumber: NUMBERS.has(type),
    isOwnWords: key !== 'meta/instanceID' && (control === undefined ? !PLAIN.has(type) : fromAnswers),
    choices:
      control?.localName === 'select' || control?.localName === 'rank'
        ? choicesOf(control, source, document)
        : null,
  }
}

function choicesOf(control: Element, source: string | null, document: Document): string[] {
  const inline = [...control.children].filter((one) => one.localName === 'item')
  const [, id] = /\binstance\s*\(\s*['"]([^'"]+)['"]/.exec(source ?? '') ?? []
  const listed =
    id === undefined
      ? []
      : [...document.getElementsByTagNameNS('*', 'instance')].find((one) => one.getAttribute('id') === id)
          ?.firstElementChild?.children
  const value = control.getElementsByTagNameNS('*', 'itemset')[0]?.getElementsByTagNameNS('*', 'value')[0]
  const names = [
    ...inline.map((item) => textAt(item, 'value')),
    ...[...(listed ?? [])].map((item) => textAt(item, value?.getAttribute('ref') ?? 'name')),
  ]
  return [...new Set(names.filter((name) => name !== ''))]
}

const textAt = (element: Element, name: string): string =>
  [...element.children].find((one) => one.localName === name)?.textContent?.trim() ?? ''

/** Of several versions: what any of them has, each new column after the one it follows in its version. */
export function mergeShapes(shapes: readonly Shape[]): Shape {
  const leaves: Leaf[] = []
  for (const shape of shapes) {
    let at = 0
    for (const leaf of shape.leaves) {
      const known = leaves.findIndex((one) => keyOf(one.path) === keyOf(leaf.path))
      if (known < 0) leaves.splice(at++, 0, leaf)
      else {
        leaves[known] = merged(leaves[known]!, leaf)
        at = known + 1
      }
    }
  }
  return { leaves, repeats: new Set(shapes.flatMap(({ repeats }) => [...repeats])) }
}

const merged = (a: Leaf, b: Leaf): Leaf => ({
  path: a.path,
  isNumber: a.isNumber && b.isNumber,
  isOwnWords: a.isOwnWords || b.isOwnWords,
  choices: a.choices && b.choices ? [...new Set([...a.choices, ...b.choices])] : (a.choices ?? b.choices),
})
