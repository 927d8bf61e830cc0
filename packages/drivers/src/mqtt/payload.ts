/** Payloads are whatever somebody's firmware sent: bytes, perhaps text, perhaps JSON, of any size and depth. */
import { fail, ok, type Result } from '@doorstep/core'

export type BadPayload = {
  readonly type: 'bad-payload'
  readonly reason: 'too-large' | 'not-utf8' | 'not-json' | 'too-deep'
}

/** Deeper than any device describes itself, shallower than anything that hurts to walk. */
const MAX_DEPTH = 24
const strict = new TextDecoder('utf-8', { fatal: true })

export function decodeText(payload: Uint8Array, maxBytes: number): Result<string, BadPayload> {
  if (payload.length > maxBytes) return fail({ type: 'bad-payload', reason: 'too-large' })
  try {
    return ok(strict.decode(payload))
  } catch {
    return fail({ type: 'bad-payload', reason: 'not-utf8' })
  }
}

export function decodeJson(payload: Uint8Array, maxBytes: number): Result<unknown, BadPayload> {
  const text = decodeText(payload, maxBytes)
  return text.ok ? parseJson(text.value) : text
}

export function parseJson(text: string): Result<unknown, BadPayload> {
  if (isTooDeep(text)) return fail({ type: 'bad-payload', reason: 'too-deep' })
  try {
    return ok(JSON.parse(text))
  } catch {
    return fail({ type: 'bad-payload', reason: 'not-json' })
  }
}

/** Counts brackets outside of strings, before anything is built. */
function isTooDeep(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (quoted) {
      if (code === 0x5c) index += 1
      else if (code === 0x22) quoted = false
    } else if (code === 0x22) quoted = true
    else if (code === 0x7b || code === 0x5b) {
      depth += 1
      if (depth > MAX_DEPTH) return true
    } else if (code === 0x7d || code === 0x5d) depth -= 1
  }
  return false
}

export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An own property: `__proto__` and `constructor` are names like any other, and inherited ones are absent. */
export const own = (object: JsonObject, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined
/** A text that is one, not empty, and not longer than a name may be. */
export const shortText = (value: unknown, max = 200): string | null =>
  typeof value === 'string' && value.length > 0 && value.length <= max ? value : null
