/** `${name}` in expressions and labels: where it leads. */
import type { Faults, Place } from './fault.ts'
import type { Group, Item } from './survey.ts'
import { itemsOf } from './survey.ts'

const REFERENCE = /\$\{([^{}]*)\}/g
const LAST_SAVED = 'last-saved#'

/** The question or group whose expression it is; null for those of the form itself. */
export type Context = Item | null

export class References {
  readonly #named = new Map<string, Item[]>()
  readonly #root: Group
  readonly #faults: Faults
  /** Whether some expression looks into the last submission. */
  usesLastSaved = false

  constructor(root: Group, faults: Faults) {
    this.#root = root
    this.#faults = faults
    for (const item of itemsOf(root)) {
      const same = this.#named.get(item.name)
      if (same) same.push(item)
      else this.#named.set(item.name, [item])
    }
  }

  /** The expression with paths for names: relative where both stand in one repeat, so that each keeps to its own. */
  resolve(expression: string, context: Context, place: Place): string {
    const depths = predicateDepths(expression)
    const resolved = expression.replaceAll(REFERENCE, (_, name: string, at: number) => {
      const path = this.pathTo(name.trim(), context, place)
      return ` ${depths[at]! > 0 && path.startsWith('..') ? `current()/${path}` : path} `
    })
    this.#checkRest(resolved, place)
    return resolved
  }

  /** A text in pieces, each either words or a path to be put out there. */
  pieces(text: string, context: Context, place: Place): readonly (string | { readonly path: string })[] {
    const pieces: (string | { path: string })[] = []
    let from = 0
    for (const match of text.matchAll(REFERENCE)) {
      if (match.index > from) pieces.push(text.slice(from, match.index))
      pieces.push({ path: this.pathTo(match[1]!.trim(), context, place) })
      from = match.index + match[0].length
    }
    if (from < text.length) pieces.push(text.slice(from))
    return pieces
  }

  pathTo(name: string, context: Context, place: Place): string {
    if (name.startsWith(LAST_SAVED)) {
      const target = this.find(name.slice(LAST_SAVED.length).trim(), place)
      this.usesLastSaved = true
      return `instance('__last-saved')${target?.path ?? '/unknown'}`
    }
    const target = this.find(name, place)
    return target ? pathFrom(context, target) : `/${this.#root.name}/unknown`
  }

  /** Null, and a fault, where there is none of that name or several. */
  find(name: string, place: Place): Item | null {
    const found = this.#named.get(name) ?? []
    if (found.length === 1) return found[0]!
    if (found.length === 0)
      this.#faults.add('reference-unknown', place, name, nearest(name, [...this.#named.keys()]))
    else
      this.#faults.add(
        'reference-ambiguous',
        place,
        name,
        found.map((one) => String(one.row?.number)),
      )
    return null
  }

  #checkRest(resolved: string, place: Place): void {
    if (/\$\{|\$\s*\{/.test(resolved)) this.#faults.add('reference-malformed', place, resolved)
  }
}

export const hasReference = (text: string): boolean => /\$\{[^{}]*\}/.test(text)
/** `${name}` and nothing else. */
export const loneReference = (text: string): string | null =>
  /^\$\{([^{}]+)\}$/.exec(text.trim())?.[1]?.trim() ?? null

function pathFrom(context: Context, target: Item): string {
  const up = context && (context.is === 'question' ? context.parent : context)
  const shared = up && repeatAround(up, target)
  if (!context || !shared) return target.path
  const from = context.path.split('/')
  const to = target.path.split('/')
  let same = 0
  // A target that the context stands in is named from outside: all of its kind are meant, not the one around.
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same++
  return [...Array<string>(from.length - same).fill('..'), ...to.slice(same)].join('/')
}

/** The innermost repeat that both stand in. */
function repeatAround(group: Group, target: Item): Group | null {
  const around = new Set<Group>()
  for (let one = target.parent; one; one = one.parent) around.add(one)
  if (target.is === 'repeat') around.add(target)
  for (let one: Group | null = group; one; one = one.parent)
    if (one.is === 'repeat' && around.has(one)) return one
  return null
}

/** For each place of an expression, how many `[` are open there; what stands in quotes opens none. */
function predicateDepths(expression: string): number[] {
  const depths: number[] = []
  let depth = 0
  let quote = ''
  for (const sign of expression) {
    if (quote) quote = sign === quote ? '' : quote
    else if (sign === "'" || sign === '"') quote = sign
    else if (sign === '[') depth++
    else if (sign === ']') depth = Math.max(0, depth - 1)
    for (let unit = 0; unit < sign.length; unit++) depths.push(depth)
  }
  return depths
}

/** Names that may have been meant: those that differ in a sign or two. */
export function nearest(name: string, names: readonly string[]): readonly string[] {
  return names
    .map((one) => ({ one, far: distance(name.toLowerCase(), one.toLowerCase()) }))
    .filter(({ far }) => far <= 2)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ one }) => one)
}

/** Edits of a sign from one to the other, counted up to three. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}
