/**
 * What a clerk writes between `{{` and `}}` in a cell: names of measures and values, in either language, and nothing
 * that runs. `count visits where month=this, outcome=met` · `探访次数 条件 月=本月, 结果=见到本人`.
 */
import type { Fault } from '../import/json-check.ts'
import { type Dimension, dimensionOf } from '../report/dimensions.ts'
import { type MeasureName, measures, type RatioName, ratios } from '../report/measures.ts'

export type Filter = { readonly name: FilterName; readonly values: readonly string[] }
export type FilterName = Dimension | 'month' | 'from' | 'until'
export type Count = { readonly measure: MeasureName; readonly filters: readonly Filter[] }
export type Expression =
  | { readonly type: 'word'; readonly word: Word }
  | { readonly type: 'each'; readonly dimension: Dimension; readonly filters: readonly Filter[] }
  | { readonly type: 'count'; readonly count: Count }
  | { readonly type: 'percent'; readonly part: Count; readonly whole: Count }

/** What stands for itself: of the report, or of the row. */
export const words = {
  community: ['社区', 'community'],
  month: ['月份', 'month'],
  from: ['开始日期', 'from'],
  until: ['结束日期', 'until'],
  today: ['制表日期', 'today'],
  maker: ['制表人', 'maker'],
} as const
export type Word = keyof typeof words

const KEYWORDS = {
  each: ['each', '每个'],
  count: ['count', '计数'],
  percent: ['percent', '百分比'],
  of: ['of', '占'],
  where: ['where', '条件'],
} as const
type Keyword = keyof typeof KEYWORDS
const FILTER_WORDS: Readonly<Record<string, FilterName>> = {
  month: 'month',
  月: 'month',
  月份: 'month',
  from: 'from',
  起: 'from',
  until: 'until',
  止: 'until',
}

export type ExpressionFault = Fault
export type ParsedExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly fault: Omit<Fault, 'path'> }

class Wrong extends Error {
  readonly fault: Omit<Fault, 'path'>
  constructor(rule: string, detail: Record<string, unknown> = {}) {
    super(rule)
    this.fault = { rule, ...detail }
  }
}

export function parseExpression(text: string): ParsedExpression {
  try {
    const reader = new Reader(tokensOf(text.normalize('NFKC')))
    const expression = reader.expression()
    reader.end()
    return { ok: true, expression }
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, fault: error.fault }
    throw error
  }
}

type Token = { readonly text: string; readonly quoted: boolean }

/** Words, and the signs `=` `,` `|`; what stands in quotes is one word. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  for (const match of text.matchAll(/"([^"]*)"|“([^”]*)”|([=,|、])|([^\s=,|、"“”]+)|(["“”])/g)) {
    const [, straight, curly, sign, word, stray] = match
    if (stray !== undefined) throw new Wrong('quote-not-closed')
    const quoted = straight ?? curly
    tokens.push(
      quoted !== undefined
        ? { text: quoted, quoted: true }
        : { text: sign === '、' ? '|' : (sign ?? word!), quoted: false },
    )
  }
  return tokens
}

class Reader {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  expression(): Expression {
    if (this.#tokens.length === 0) throw new Wrong('empty-expression')
    if (this.#takes('each')) return this.#each()
    if (this.#takes('percent')) {
      const part = this.#count()
      if (!this.#takes('of')) throw new Wrong('of-missing')
      return { type: 'percent', part, whole: this.#count() }
    }
    const counted = this.#takes('count')
    const word = counted || this.#tokens.length > 1 ? null : named(words, this.#peek()!.text)
    if (word) {
      this.#at++
      return { type: 'word', word }
    }
    const ratio = counted ? null : named(wordsOf(ratios), this.#peek()!.text)
    if (ratio) {
      this.#at++
      return this.#ratio(ratio)
    }
    return { type: 'count', count: this.#count() }
  }

  end(): void {
    const left = this.#peek()
    if (left) throw new Wrong('not-understood', { found: left.text })
  }

  #each(): Expression {
    const { text } = this.#word('dimension-missing')
    const dimension = dimensionOf(text)
    if (!dimension) throw new Wrong('no-such-dimension', { found: text })
    return { type: 'each', dimension, filters: this.#filters() }
  }

  #ratio(name: RatioName): Expression {
    const { part, whole } = ratios[name]
    const filters = this.#filters()
    const count = ({ measure, where }: typeof part | typeof whole): Count => ({
      measure,
      filters: [
        ...Object.entries(where).map(([dimension, values]) => ({
          name: dimension as Dimension,
          values: values as readonly string[],
        })),
        ...filters.filter((one) => knows(measure, one.name)),
      ],
    })
    for (const one of filters)
      if (!knows(part.measure, one.name))
        throw new Wrong('no-such-filter', { found: one.name, allowed: filtersOf(part.measure) })
    return { type: 'percent', part: count(part), whole: count(whole) }
  }

  #count(): Count {
    const { text } = this.#word('measure-missing')
    const measure = named(wordsOf(measures), text)
    if (!measure) throw new Wrong('no-such-measure', { found: text })
    const filters = this.#filters()
    for (const { name } of filters)
      if (!knows(measure, name))
        throw new Wrong('no-such-filter', { found: name, allowed: filtersOf(measure) })
    return { measure, filters }
  }

  #filters(): Filter[] {
    if (!this.#takes('where')) return []
    const filters: Filter[] = []
    do {
      const { text } = this.#word('filter-missing')
      const name = FILTER_WORDS[text.toLowerCase()] ?? dimensionOf(text)
      if (!name) throw new Wrong('no-such-filter', { found: text })
      if (filters.some((one) => one.name === name)) throw new Wrong('filter-twice', { found: text })
      if (!this.#sign('=')) throw new Wrong('equals-missing', { found: text })
      const values = [this.#value(text)]
      while (this.#sign('|')) values.push(this.#value(text))
      filters.push({ name, values })
    } while (this.#sign(','))
    return filters
  }

  /** Words up to the next sign or keyword are one value: `Grid 1`. */
  #value(of: string): string {
    const first = this.#peek()
    if (!first || isSign(first)) throw new Wrong('value-missing', { found: of })
    this.#at++
    if (first.quoted) return first.text
    const parts = [first.text]
    for (
      let next = this.#peek();
      next && !isSign(next) && !next.quoted && !isKeyword(next, 'of');
      next = this.#peek()
    ) {
      parts.push(next.text)
      this.#at++
    }
    return parts.join(' ')
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at]
  }
  #word(missing: string): Token {
    const token = this.#peek()
    if (!token || isSign(token)) throw new Wrong(missing)
    this.#at++
    return token
  }
  #sign(sign: string): boolean {
    const token = this.#peek()
    if (!token || token.quoted || token.text !== sign) return false
    this.#at++
    return true
  }
  #takes(keyword: Keyword): boolean {
    const token = this.#peek()
    if (!token || !isKeyword(token, keyword)) return false
    this.#at++
    return true
  }
}

const isSign = ({ text, quoted }: Token): boolean => !quoted && /^[=,|]$/.test(text)
const isKeyword = ({ text, quoted }: Token, keyword: Keyword): boolean =>
  !quoted && (KEYWORDS[keyword] as readonly string[]).includes(text.toLowerCase())

const filtersOf = (measure: MeasureName): readonly string[] => [
  ...measures[measure].filters,
  'month',
  'from',
  'until',
]
const knows = (measure: MeasureName, name: FilterName): boolean => filtersOf(measure).includes(name)

const wordsOf = <N extends string>(
  of: Readonly<Record<N, { readonly words: readonly [string, string] }>>,
): Readonly<Record<N, readonly [string, string]>> =>
  Object.fromEntries(
    Object.entries(of).map(([name, one]) => [name, (one as { words: [string, string] }).words]),
  ) as never

/** A name, or one of its words. */
const named = <N extends string>(of: Readonly<Record<N, readonly string[]>>, text: string): N | null =>
  (Object.keys(of) as N[]).find((name) => name === text.toLowerCase() || of[name].includes(text)) ?? null
