/**
 * Reads a YAML text by a description of what may be in it. Everything that is wrong is said at once, each with its
 * line and column and what is allowed there; a key that nobody reads is an error, since it is a typing mistake.
 */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from 'yaml'

export type ConfigFault = {
  /** From 1. */
  readonly line: number
  readonly column: number
  /** `lines[0].every`; '' for the file. */
  readonly path: string
  readonly rule:
    | 'syntax'
    | 'unknown-key'
    | 'missing'
    | 'not-a-map'
    | 'not-a-list'
    | 'not-allowed'
    | 'twice'
    | 'one-of'
    | 'not-together'
  /** As it stands there; '' where nothing does. */
  readonly found: string
  /** What may stand there: choices, or an example of the form. */
  readonly allowed: readonly string[]
}

/** What a description reads with. `undefined`: it was wrong, and said. */
export type Reads<T> = (node: Node | null, at: At) => T | undefined

/** Where something stands, and how to say that it is wrong. */
export class At {
  readonly path: string
  readonly #faults: ConfigFault[]
  readonly #place: (node: Node | null) => { line: number; column: number }
  readonly #parent: Node | null

  constructor(faults: ConfigFault[], lines: LineCounter, path = '', parent: Node | null = null) {
    this.path = path
    this.#faults = faults
    this.#parent = parent
    this.#place = (node) => {
      const offset = (node ?? parent)?.range?.[0]
      const { line, col } = offset === undefined ? { line: 1, col: 1 } : lines.linePos(offset)
      return { line, column: col }
    }
    this.#lines = lines
  }
  readonly #lines: LineCounter

  inside(key: string | number, parent: Node | null = this.#parent): At {
    const path = typeof key === 'number' ? `${this.path}[${key}]` : this.path ? `${this.path}.${key}` : key
    return new At(this.#faults, this.#lines, path, parent)
  }
  wrong(node: Node | null, rule: ConfigFault['rule'], allowed: readonly string[] = [], found = textAt(node)) {
    this.#faults.push({ ...this.#place(node), path: this.path, rule, found, allowed })
    return undefined
  }
}

const textAt = (node: Node | null): string => (isScalar(node) ? String(node.source ?? node.value ?? '') : '')

export type YamlRead<T> =
  | { readonly value: T; readonly faults: readonly [] }
  | { readonly value: null; readonly faults: readonly ConfigFault[] }

/** `check` looks at what the parts say together; `nodeAt` finds where to say it. */
export function readYaml<T>(text: string, reads: Reads<T>): YamlRead<T> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false })
  const faults: ConfigFault[] = document.errors.map(({ pos, code, message }) => {
    const { line, col } = lines.linePos(pos[0])
    return { line, column: col, path: '', rule: 'syntax', found: code, allowed: [message] }
  })
  // What was made of a text that is no YAML says nothing about the rest.
  if (faults.length > 0) return { value: null, faults }
  const value = reads(document.contents as Node | null, new At(faults, lines))
  return value === undefined || faults.length > 0
    ? { value: null, faults: faults.sort((a, b) => a.line - b.line || a.column - b.column) }
    : { value, faults: [] }
}

type Shape = Readonly<Record<string, Reads<unknown>>>
type Read<R> = R extends Reads<infer T> ? T : never
export type MapOf<S extends Shape> = { readonly [K in keyof S]: Read<S[K]> }

/** A map with these keys and no others. `together`: what its values say to each other. */
export function map<S extends Shape>(
  shape: S,
  together?: (
    value: MapOf<S>,
    say: (key: keyof S & string) => (rule: ConfigFault['rule'], allowed: readonly string[]) => undefined,
  ) => void,
): Reads<MapOf<S>> {
  return (node, at) => {
    if (!isMap(node)) return at.wrong(node, 'not-a-map', Object.keys(shape))
    const values = new Map<string, Node | null>()
    for (const { key, value } of node.items) {
      const name = String((key as Scalar).value)
      if (!Object.hasOwn(shape, name))
        at.inside(name).wrong(key as Node, 'unknown-key', Object.keys(shape), name)
      else values.set(name, value as Node | null)
    }
    const read: Record<string, unknown> = {}
    let isWhole = true
    for (const [name, reads] of Object.entries(shape)) {
      read[name] = reads(values.get(name) ?? null, at.inside(name, node))
      // An optional part that is not there reads as null or its default; undefined is a fault.
      if (read[name] === undefined) isWhole = false
    }
    if (!isWhole) return undefined
    together?.(
      read as MapOf<S>,
      (key) => (rule, allowed) =>
        at
          .inside(key)
          .wrong(values.get(key) ?? node, rule, allowed, values.has(key) ? textAt(values.get(key)!) : ''),
    )
    return read as MapOf<S>
  }
}

const isNothing = (node: Node | null): boolean => node === null || (isScalar(node) && node.value === null)

/** Null where it is not said. */
export const optional =
  <T>(reads: Reads<T>): Reads<T | null> =>
  (node, at) =>
    isNothing(node) ? null : reads(node, at)

export const withDefault =
  <T>(reads: Reads<T>, value: T): Reads<T> =>
  (node, at) =>
    isNothing(node) ? value : reads(node, at)

/** A list, empty where it is not said. Elements that are one by `key` are said to be there twice. */
export function list<T>(reads: Reads<T>, key?: (value: T) => string): Reads<readonly T[]> {
  return (node, at) => {
    if (isNothing(node)) return []
    if (!isSeq(node)) return at.wrong(node, 'not-a-list', ['- …'])
    const seen = new Set<string>()
    const values: T[] = []
    for (const [index, item] of node.items.entries()) {
      const here = at.inside(index, node)
      const value = reads(item as Node, here)
      if (value === undefined) continue
      const name = key?.(value)
      if (name !== undefined && seen.has(name)) here.wrong(item as Node, 'twice', [], name)
      else values.push(value)
      if (name !== undefined) seen.add(name)
    }
    return values.length === node.items.length ? values : undefined
  }
}

/** A scalar that `parse` understands; `allowed` are examples, or the choices. */
export function scalar<T>(parse: (text: string) => T | null, allowed: readonly string[]): Reads<T> {
  return (node, at) => {
    if (isNothing(node)) return at.wrong(node, 'missing', allowed)
    const value = isScalar(node) ? parse(textAt(node).trim()) : null
    return value === null ? at.wrong(node, 'not-allowed', allowed) : value
  }
}
