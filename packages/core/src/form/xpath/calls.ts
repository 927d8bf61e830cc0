/** Function calls in XPath expressions, found without knowing the rest of the language. */

export type Call = { readonly name: string; readonly arguments: readonly string[] }

const NAME_START = /[\p{L}_]/u
const NAME_PART = /[\p{L}\p{N}_.:-]/u
/** Names before a parenthesis that call nothing. */
const NOT_CALLS = new Set(['node', 'text', 'comment', 'processing-instruction', 'and', 'or', 'div', 'mod'])

/** Every call, those in its arguments before it. */
export function callsIn(expression: string): readonly Call[] {
  const calls: Call[] = []
  replaceCalls(expression, (call) => {
    calls.push(call)
    return null
  })
  return calls
}

/** The expression with what `replace` gives for a call in its place, arguments first; null leaves it. */
export function replaceCalls(expression: string, replace: (call: Call) => string | null): string {
  let out = ''
  let at = 0
  while (at < expression.length) {
    const sign = expression[at]!
    if (sign === "'" || sign === '"') {
      const end = endOfText(expression, at)
      out += expression.slice(at, end)
      at = end
    } else if (NAME_START.test(sign)) {
      const end = endOfName(expression, at)
      const name = expression.slice(at, end)
      const open = skipSpace(expression, end)
      const close =
        expression[open] === '(' && !NOT_CALLS.has(name.split('::').at(-1)!) ? closing(expression, open) : -1
      if (close < 0) {
        out += name
        at = end
        continue
      }
      const given = splitArguments(expression.slice(open + 1, close))
      const call = { name, arguments: given.map((one) => one.trim()) }
      const inner = given.map((one) => replaceCalls(one, replace))
      out += replace({ ...call, arguments: inner.map((one) => one.trim()) }) ?? `${name}(${inner.join(',')})`
      at = close + 1
    } else {
      out += sign
      at++
    }
  }
  return out
}

function endOfName(expression: string, from: number): number {
  let at = from
  while (at < expression.length && NAME_PART.test(expression[at]!)) {
    // An axis: `child::name`.
    if (expression.startsWith('::', at)) at += 2
    else at++
  }
  return at
}

function endOfText(expression: string, from: number): number {
  const end = expression.indexOf(expression[from]!, from + 1)
  return end < 0 ? expression.length : end + 1
}

function skipSpace(expression: string, from: number): number {
  let at = from
  while (/\s/.test(expression[at] ?? '')) at++
  return at
}

/** Where the bracket at `open` is closed; -1 when it is not. */
function closing(expression: string, open: number): number {
  let depth = 0
  for (let at = open; at < expression.length; ) {
    const sign = expression[at]!
    if (sign === "'" || sign === '"') {
      at = endOfText(expression, at)
      continue
    }
    if (sign === '(') depth++
    else if (sign === ')' && --depth === 0) return at
    at++
  }
  return -1
}

function splitArguments(text: string): string[] {
  if (text.trim() === '') return []
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < text.length; ) {
    const sign = text[at]!
    if (sign === "'" || sign === '"') {
      at = endOfText(text, at)
      continue
    }
    if (sign === '(' || sign === '[') depth++
    else if (sign === ')' || sign === ']') depth--
    else if (sign === ',' && depth === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
    at++
  }
  parts.push(text.slice(from))
  return parts
}
