/**
 * The part of Home Assistant's value templates that devices announce in practice: one expression that picks a value out
 * of the payload and may send it through named filters. No statements, loops, calls or attribute tricks, so it ends at
 * once whatever a stranger announces; anything else is refused with its reason. (A whole Jinja engine would run
 * `{% for %}` over as many turns as the announcer likes.)
 */
import { fail, ok, type Result } from '@doorstep/core'
import { isObject, own, parseJson } from './payload.ts'

export type Plain = string | number | boolean | null
export type Template = (payload: string) => Plain

export type TemplateRefused = { readonly type: 'template-refused'; readonly reason: string }

const FILTERS = new Set([
  'int',
  'float',
  'round',
  'abs',
  'lower',
  'upper',
  'trim',
  'default',
  'is_defined',
  'string',
])
const MAX_LENGTH = 500

type Token = { readonly kind: 'name' | 'number' | 'text' | 'mark'; readonly text: string }
type Step = (value: unknown) => unknown
type Expression = (json: () => unknown, payload: string) => unknown

/** `{{ value_json.x.y }}`, `{{ value_json['x'][0] | float(0) / 10 }}`, `{{ 'ON' if value_json.x == 1 else 'OFF' }}` */
export function parseTemplate(text: string): Result<Template, TemplateRefused> {
  const refused = (reason: string) => fail<TemplateRefused>({ type: 'template-refused', reason })
  if (text.length > MAX_LENGTH) return refused('too long')
  if (text.includes('{%')) return refused('statements {% %} are not supported')
  const inner = /^\s*\{\{-?((?:(?!\}\}|\{\{)[\s\S])*?)-?\}\}\s*$/.exec(text)?.[1]
  if (inner === undefined) return refused('not one {{ expression }}')
  try {
    const parser = new ExpressionParser(tokensOf(inner))
    const expression = parser.whole()
    return ok((payload) => {
      let parsed: unknown
      let done = false
      const json = () => {
        if (!done) {
          const read = parseJson(payload)
          parsed = read.ok ? read.value : undefined
          done = true
        }
        return parsed
      }
      return plainOf(expression(json, payload))
    })
  } catch (error) {
    if (error instanceof NotSupported) return refused(error.message)
    throw error
  }
}

class NotSupported extends Error {}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const pattern =
    /\s*(?:([A-Za-z_]\w*)|(\d+(?:\.\d+)?)|'([^'\\]*)'|"([^"\\]*)"|(==|!=|>=|<=|[.[\]()|*/+\-<>,]))/y
  const end = text.trimEnd().length
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex
    const found = pattern.exec(text)
    if (found === null) throw new NotSupported(`cannot read “${text.slice(at, at + 12).trim()}”`)
    const [, name, number, single, double, mark] = found
    if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark })
    else tokens.push({ kind: 'text', text: single ?? double ?? '' })
  }
  return tokens
}

/** choice ← compare [if compare else choice] · compare ← sum [== sum] · sum ← product (± product)* · product ← piped (*\/ piped)* */
class ExpressionParser {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Expression {
    const expression = this.#choice()
    const left = this.#tokens[this.#at]
    if (left !== undefined) throw new NotSupported(`cannot read “${left.text}” here`)
    return expression
  }

  #choice(): Expression {
    this.#depth += 1
    if (this.#depth > 8) throw new NotSupported('too deep')
    const first = this.#compare()
    if (!this.#takes('name', 'if')) {
      this.#depth -= 1
      return first
    }
    const condition = this.#compare()
    if (!this.#takes('name', 'else')) throw new NotSupported('if without else')
    const otherwise = this.#choice()
    this.#depth -= 1
    return (json, payload) => (isTrue(condition(json, payload)) ? first : otherwise)(json, payload)
  }

  #compare(): Expression {
    const left = this.#sum()
    for (const mark of ['==', '!=', '>=', '<=', '>', '<']) {
      if (!this.#takes('mark', mark)) continue
      const right = this.#sum()
      return (json, payload) => compare(mark, left(json, payload), right(json, payload))
    }
    return left
  }

  #sum(): Expression {
    return this.#chain(['+', '-'], () => this.#product())
  }

  #product(): Expression {
    return this.#chain(['*', '/'], () => this.#piped())
  }

  #chain(marks: readonly string[], next: () => Expression): Expression {
    let left = next()
    for (;;) {
      const mark = marks.find((one) => this.#takes('mark', one))
      if (mark === undefined) return left
      const before = left
      const right = next()
      left = (json, payload) => calculate(mark, before(json, payload), right(json, payload))
    }
  }

  #piped(): Expression {
    let value = this.#value()
    while (this.#takes('mark', '|')) {
      const before = value
      const filter = this.#filter()
      value = (json, payload) => filter(before(json, payload))
    }
    return value
  }

  #value(): Expression {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new NotSupported('it ends too early')
    if (token.kind === 'number') return () => Number(token.text)
    if (token.kind === 'text') return () => token.text
    if (token.text === '(') {
      const inner = this.#choice()
      if (!this.#takes('mark', ')')) throw new NotSupported('a ( without )')
      return inner
    }
    if (token.kind === 'mark' && token.text === '-') {
      const inner = this.#value()
      return (json, payload) => calculate('-', 0, inner(json, payload))
    }
    if (/^(?:true|false)$/i.test(token.text)) return () => token.text.toLowerCase() === 'true'
    if (token.text === 'value') return (_json, payload) => payload
    if (token.text !== 'value_json') throw new NotSupported(`“${token.text}” is not supported`)
    const path = this.#path()
    return (json) => path.reduce<unknown>((value, key) => step(value, key), json())
  }

  #path(): readonly (string | number)[] {
    const path: (string | number)[] = []
    for (;;) {
      if (this.#takes('mark', '.')) {
        const key = this.#tokens[this.#at++]
        if (key?.kind !== 'name') throw new NotSupported('a name must follow the dot')
        if (this.#tokens[this.#at]?.text === '(')
          throw new NotSupported(`the call ${key.text}() is not supported`)
        path.push(key.text)
      } else if (this.#takes('mark', '[')) {
        const key = this.#tokens[this.#at++]
        if (key === undefined || (key.kind !== 'text' && key.kind !== 'number') || !this.#takes('mark', ']'))
          throw new NotSupported('[ ] takes a text or a number')
        path.push(key.kind === 'number' ? Number(key.text) : key.text)
      } else return path
    }
  }

  #filter(): Step {
    const name = this.#tokens[this.#at++]?.text ?? ''
    if (!FILTERS.has(name)) throw new NotSupported(`the filter ${name} is not supported`)
    const argument = this.#argument(name)
    return (value) => applyFilter(name, value, argument)
  }

  #argument(filter: string): Plain | undefined {
    if (!this.#takes('mark', '(')) return undefined
    if (this.#takes('mark', ')')) return undefined
    const negative = this.#takes('mark', '-')
    const token = this.#tokens[this.#at++]
    if (token === undefined || token.kind === 'mark' || !this.#takes('mark', ')'))
      throw new NotSupported(`${filter} takes one plain value`)
    if (token.kind === 'number') return negative ? -Number(token.text) : Number(token.text)
    if (token.kind === 'name' && !/^(?:true|false|none)$/i.test(token.text))
      throw new NotSupported(`${filter} takes one plain value`)
    if (token.kind === 'text') return token.text
    return /^none$/i.test(token.text) ? null : token.text.toLowerCase() === 'true'
  }

  #takes(kind: Token['kind'], text: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== kind || token.text !== text) return false
    this.#at += 1
    return true
  }
}

function step(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined
  return isObject(value) ? own(value, String(key)) : undefined
}

function applyFilter(name: string, value: unknown, argument: Plain | undefined): unknown {
  switch (name) {
    case 'int':
    case 'float': {
      const number = numberOf(value)
      if (number === null) return argument === undefined ? null : argument
      return name === 'int' ? Math.trunc(number) : number
    }
    case 'round': {
      const number = numberOf(value)
      const factor = 10 ** Math.min(Math.max(Number(argument ?? 0), 0), 12)
      return number === null ? null : Math.round(number * factor) / factor
    }
    case 'abs': {
      const number = numberOf(value)
      return number === null ? null : Math.abs(number)
    }
    case 'default':
      return value === undefined ? (argument ?? '') : value
    case 'is_defined':
      return value
    default: {
      const text = textOf(value)
      if (text === null) return null
      return name === 'lower'
        ? text.toLowerCase()
        : name === 'upper'
          ? text.toUpperCase()
          : name === 'trim'
            ? text.trim()
            : text
    }
  }
}

function calculate(mark: string, left: unknown, right: unknown): number | null {
  const [a, b] = [numberOf(left), numberOf(right)]
  if (a === null || b === null) return null
  const result = mark === '*' ? a * b : mark === '/' ? a / b : mark === '+' ? a + b : a - b
  return Number.isFinite(result) ? result : null
}

function compare(mark: string, left: unknown, right: unknown): boolean {
  if (mark === '==') return plainOf(left) === plainOf(right)
  if (mark === '!=') return plainOf(left) !== plainOf(right)
  const [a, b] = [numberOf(left), numberOf(right)]
  if (a === null || b === null) return false
  return mark === '>=' ? a >= b : mark === '<=' ? a <= b : mark === '>' ? a > b : a < b
}

/** As in Python: zero, the empty text and nothing are false, and "false" is a text. */
const isTrue = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && value !== 0 && value !== ''

function numberOf(value: unknown): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || value.trim() === '' || value.length > 40) return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string'
    ? value
    : typeof value === 'number'
      ? String(value)
      : typeof value === 'boolean'
        ? value
          ? 'True'
          : 'False'
        : null

/** Objects and lists are no values of a signal. */
const plainOf = (value: unknown): Plain =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
