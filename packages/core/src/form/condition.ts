/** "Only if …" as data: the common shapes of an XPath expression of a form, read for people. */

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

/** `path`: as it stands in the expression; `.` is the question itself. */
export type Condition =
  | { readonly type: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly type: 'not'; readonly of: Condition }
  | {
      readonly type: 'compare'
      readonly path: string
      readonly op: Comparison
      readonly value: string | number
    }
  /** One of several choices is ticked. */
  | { readonly type: 'selected'; readonly path: string; readonly value: string }
  | { readonly type: 'answered'; readonly path: string }
  /** A day so many days from the day it is filled in. */
  | { readonly type: 'day'; readonly path: string; readonly op: Comparison; readonly days: number }
  /** Of another shape. */
  | { readonly type: 'other'; readonly expression: string }

type Token = { readonly kind: 'path' | 'text' | 'number' | 'call' | 'sign'; readonly text: string }

const TOKEN =
  /\s*(?:(?<text>'[^']*'|"[^"]*")|(?<number>\d+(?:\.\d+)?)|(?<word>and|or|div|mod)(?![\w-])|(?<call>[\w-]+)\s*\(\s*|(?<path>(?:\.{1,2}|\/[\w.:-]+)(?:\/(?:\.{1,2}|[\w.:-]+))*)|(?<sign>!=|<=|>=|[=<>(),+-]))/y

function tokensOf(expression: string): Token[] | null {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  const trimmed = expression.trim()
  while (TOKEN.lastIndex < trimmed.length) {
    const found = TOKEN.exec(trimmed)?.groups
    if (!found) return null
    if (found.text !== undefined) tokens.push({ kind: 'text', text: found.text.slice(1, -1) })
    else if (found.number !== undefined) tokens.push({ kind: 'number', text: found.number })
    else if (found.call !== undefined) tokens.push({ kind: 'call', text: found.call })
    else if (found.path !== undefined) tokens.push({ kind: 'path', text: found.path })
    else tokens.push({ kind: 'sign', text: (found.word ?? found.sign)! })
  }
  return tokens
}

const MOST_TOKENS = 400

/** What it cannot read becomes `other`, whole: half a condition would say something else. */
export function readCondition(expression: string): Condition {
  const other: Condition = { type: 'other', expression: expression.trim() }
  const tokens = tokensOf(expression)
  if (!tokens || tokens.length > MOST_TOKENS) return other
  const reader = new Reader(tokens)
  const read = reader.any()
  return read && reader.isAtEnd ? read : other
}

class Reader {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length
  }

  #take(kind: Token['kind'], ...texts: readonly string[]): string | null {
    const token = this.#tokens[this.#at]
    if (token?.kind !== kind || (texts.length > 0 && !texts.includes(token.text))) return null
    this.#at++
    return token.text
  }

  #list(word: 'or' | 'and', part: () => Condition | null, type: 'any' | 'all'): Condition | null {
    const of: Condition[] = []
    do {
      const one = part()
      if (!one) return null
      of.push(one)
    } while (this.#take('sign', word))
    return of.length === 1 ? of[0]! : { type, of }
  }

  any(): Condition | null {
    return this.#list('or', () => this.#all(), 'any')
  }
  #all(): Condition | null {
    return this.#list('and', () => this.#one(), 'all')
  }

  #one(): Condition | null {
    if (this.#take('sign', '(')) {
      const inner = this.any()
      return inner && this.#take('sign', ')') ? inner : null
    }
    if (this.#take('call', 'not')) {
      const inner = this.any()
      return inner && this.#take('sign', ')') ? { type: 'not', of: inner } : null
    }
    if (this.#take('call', 'selected')) {
      const path = this.#take('path')
      const comma = this.#take('sign', ',')
      const value = this.#take('text')
      return path && comma && value !== null && this.#take('sign', ')')
        ? { type: 'selected', path, value }
        : null
    }
    return this.#comparison()
  }

  #comparison(): Condition | null {
    const path = this.#take('path')
    const op =
      path === null ? null : (this.#take('sign', '=', '!=', '<', '<=', '>', '>=') as Comparison | null)
    if (path === null || op === null) return null
    const text = this.#take('text')
    if (text === '') return op === '!=' ? { type: 'answered', path } : negated(op, { type: 'answered', path })
    if (text !== null) return { type: 'compare', path, op, value: text }
    if (this.#take('call', 'today')) return this.#day(path, op)
    const minus = this.#take('sign', '-') ? -1 : 1
    const number = this.#take('number')
    return number === null ? null : { type: 'compare', path, op, value: minus * Number(number) }
  }

  #day(path: string, op: Comparison): Condition | null {
    if (!this.#take('sign', ')')) return null
    const sign = this.#take('sign', '+', '-')
    if (sign === null) return { type: 'day', path, op, days: 0 }
    const number = this.#take('number')
    return number === null ? null : { type: 'day', path, op, days: (sign === '-' ? -1 : 1) * Number(number) }
  }
}

const negated = (op: Comparison, of: Condition): Condition | null => (op === '=' ? { type: 'not', of } : null)
