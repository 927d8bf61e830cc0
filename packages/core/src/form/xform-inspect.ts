/** What an XForm names and has not: functions, nodes, lists, texts, files. Found in the document, before it is opened. */
import { callsIn } from './xpath/calls.ts'
import { isKnownFunction } from './xpath/known-functions.ts'

export type XFormFlaw = {
  readonly type:
    | 'function-unknown'
    | 'path-missing'
    | 'node-missing'
    | 'node-twice'
    | 'instance-missing'
    | 'instance-unused'
    | 'text-missing'
    | 'media-missing'
  readonly blocking: boolean
  readonly where: string
  readonly reason: string
  readonly about: string
}

/** `files`: names of what comes with the form. */
export function inspectXForm(document: Document, files: ReadonlySet<string>): XFormFlaw[] {
  const form = anatomy(document)
  const flaws = [...twins(form), ...unheld(form)]
  const instances = new Set(form.instances.map(({ id }) => id))
  for (const { where, text } of form.expressions) {
    flaws.push(...unknownCalls(where, text, instances, form))
    for (const path of absolutePaths(text, form.rootName))
      if (!form.hasPath(path))
        flaws.push(
          flaw('path-missing', false, where, path, `${path} does not exist, so this is always empty`),
        )
  }
  const mentioned = form.expressions.map(({ text }) => text).join('\n')
  for (const { id, src } of form.instances) {
    const file = src === null ? null : fileOf(src)
    if (file !== null && !files.has(file))
      flaws.push(
        flaw('media-missing', true, `instance ${id}`, file, `the file ${file} did not come with the form`),
      )
    if (src === null && id && !new RegExp(`['"]${escaped(id)}['"]`).test(mentioned))
      flaws.push(flaw('instance-unused', false, `instance ${id}`, id, `nothing chooses from the list ${id}`))
  }
  for (const { id, file } of form.media)
    if (!files.has(file))
      flaws.push(flaw('media-missing', false, id, file, `the file ${file} did not come with the form`))
  return unique(flaws)
}

const flaw = (
  type: XFormFlaw['type'],
  blocking: boolean,
  where: string,
  about: string,
  reason: string,
): XFormFlaw => ({ type, blocking, where, reason, about })

function unique(flaws: readonly XFormFlaw[]): XFormFlaw[] {
  const seen = new Set<string>()
  return flaws.filter(({ type, where, about }) => {
    const key = `${type} ${where} ${about}`
    return !seen.has(key) && seen.add(key)
  })
}

type Anatomy = {
  readonly rootName: string
  readonly root: Element
  readonly expressions: readonly { readonly where: string; readonly text: string }[]
  readonly instances: readonly { readonly id: string; readonly src: string | null }[]
  readonly media: readonly { readonly id: string; readonly file: string }[]
  readonly textIds: ReadonlySet<string>
  readonly repeats: ReadonlySet<string>
  /** Nodes that a bind or a control is about. */
  readonly held: readonly { readonly path: string; readonly by: string }[]
  hasPath(path: string): boolean
}

const EXPRESSIONS: Readonly<Record<string, readonly string[]>> = {
  bind: ['relevant', 'required', 'readonly', 'constraint', 'calculate', 'jr:constraintMsg', 'jr:requiredMsg'],
  setvalue: ['value'],
  itemset: ['nodeset'],
  output: ['value', 'ref'],
  repeat: ['jr:count'],
  label: ['ref'],
  hint: ['ref'],
}

function anatomy(document: Document): Anatomy {
  const named = (name: string) => [...document.getElementsByTagNameNS('*', name)]
  const instances = named('instance').filter((one) => one.parentElement?.localName === 'model')
  const root = instances[0]!.firstElementChild!
  const paths = new Set<string>()
  collectPaths(root, `/${root.localName}`, paths)
  const expressions: { where: string; text: string }[] = []
  for (const [name, attributes] of Object.entries(EXPRESSIONS))
    for (const element of named(name))
      for (const attribute of attributes) {
        const text = element.getAttribute(attribute)
        if (text) expressions.push({ where: placeOf(element), text })
      }
  const held: { path: string; by: string }[] = []
  for (const element of document.querySelectorAll('[nodeset], [ref]')) {
    const path = element.getAttribute('nodeset') ?? element.getAttribute('ref')!
    if (/^\/[^()[\]'"*]+$/.test(path) && element.localName !== 'itemset' && element.localName !== 'output')
      held.push({ path: path.trim(), by: element.localName })
  }
  return {
    rootName: root.localName,
    root,
    expressions,
    instances: instances
      .slice(1)
      .map((one) => ({ id: one.getAttribute('id') ?? '', src: one.getAttribute('src') })),
    media: named('value').flatMap((one) => {
      const file = fileOf(one.textContent?.trim() ?? '')
      return file === null || !one.getAttribute('form') ? [] : [{ id: one.parentElement?.id ?? '', file }]
    }),
    textIds: new Set(named('text').map((one) => one.getAttribute('id') ?? '')),
    repeats: new Set(named('repeat').map((one) => one.getAttribute('nodeset') ?? '')),
    held,
    hasPath: (path) => paths.has(path),
  }
}

function collectPaths(element: Element, path: string, into: Set<string>): void {
  into.add(path)
  for (const child of element.children) collectPaths(child, `${path}/${child.localName}`, into)
}

/** The node that an element of the form is about, or that what it stands in is about. */
function placeOf(element: Element): string {
  for (let one: Element | null = element; one; one = one.parentElement) {
    const path = one.getAttribute('nodeset') ?? one.getAttribute('ref')
    if (path?.startsWith('/')) return path.trim()
    if (one.localName === 'text' && one.id) return one.id
  }
  return 'form'
}

const fileOf = (uri: string): string | null => {
  const [, name] = /^jr:\/\/(?!instance\/)[\w-]+\/(.+)$/.exec(uri) ?? []
  return name === undefined ? null : decodeURIComponent(name.split('/').at(-1)!)
}

function unknownCalls(
  where: string,
  text: string,
  instances: ReadonlySet<string>,
  form: Anatomy,
): XFormFlaw[] {
  const flaws: XFormFlaw[] = []
  for (const { name, arguments: given } of callsIn(text)) {
    const first = /^'([^']*)'$|^"([^"]*)"$/.exec(given[0] ?? '')
    const quoted = first ? (first[1] ?? first[2] ?? '') : null
    if (name === 'jr:itext' && quoted !== null && !form.textIds.has(quoted))
      flaws.push(flaw('text-missing', false, where, quoted, `there is no text ${quoted}`))
    if (name === 'instance' && quoted !== null && !instances.has(quoted))
      flaws.push(flaw('instance-missing', true, where, quoted, `there is no list or file called ${quoted}`))
    if (!isKnownFunction(name))
      flaws.push(flaw('function-unknown', true, where, name, `the function ${name} is not known here`))
  }
  return flaws
}

/** Of binds and controls about what is not there; the engine leaves them out without a word. */
const unheld = (form: Anatomy): XFormFlaw[] =>
  form.held
    .filter(({ path }) => path.startsWith(`/${form.rootName}`) && !form.hasPath(withoutPrefixes(path)))
    .map(({ path, by }) =>
      flaw('node-missing', by !== 'bind', path, path, `<${by}> is about ${path}, which does not exist`),
    )

function twins(form: Anatomy): XFormFlaw[] {
  const flaws: XFormFlaw[] = []
  const look = (element: Element, path: string) => {
    const names = new Set<string>()
    for (const child of element.children) {
      const own = `${path}/${child.localName}`
      if (names.has(child.localName) && !form.repeats.has(own))
        flaws.push(flaw('node-twice', true, own, child.localName, `${own} exists twice, and is no repeat`))
      names.add(child.localName)
      look(child, own)
    }
  }
  look(form.root, `/${form.rootName}`)
  return flaws
}

/** Paths from the root that have plain steps only; what stands in quotes is text, but for names of questions. */
export function absolutePaths(expression: string, rootName: string): string[] {
  const bare = expression.replaceAll(/'[^']*'|"[^"]*"/g, "''")
  const path = new RegExp(
    `(?<![\\w.\\])/*])/${escaped(rootName)}(?:/[\\p{L}_][\\p{L}\\p{N}_.:-]*)*(?![\\p{L}\\p{N}_.:/(-])`,
    'gu',
  )
  return [...bare.matchAll(path)].map(([found]) => withoutPrefixes(found))
}

const withoutPrefixes = (path: string): string => path.replaceAll(/\/[\w-]+:/g, '/')
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
