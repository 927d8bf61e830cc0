import { sha256 } from '../crypto/hash.ts'
import { isId, toBase32 } from '../ids.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { MAX_RESCUE_BOXES } from './rescue.ts'

/** What is carried to a chief. It opens nothing: the boxes are the chiefs', the key is public. */
export type RescueRequest = {
  readonly doorstep: 'rescue-request/1'
  readonly community: string
  readonly station: string
  /** The rescue key boxed for each chief's station: base64. */
  readonly boxes: readonly (readonly [chief: string, boxed: string])[]
  /** Base64 of the X25519 public key that the answer is boxed for. */
  readonly key: string
  /** ISO 8601; the chief judges how old it is. */
  readonly madeAt: string
  /** Of all of the above; compared by voice. */
  readonly fingerprint: string
}

/** What is carried back. It opens nothing without the laptop and its new passphrase. */
export type RescueGrant = {
  readonly doorstep: 'rescue-grant/1'
  readonly community: string
  readonly station: string
  /** As in the request. */
  readonly key: string
  /** Base64: the rescue key, boxed for that key. */
  readonly boxed: string
}

/** Sixty bits: nobody finds a second key with the same one while a request is valid. */
export function fingerprintOf(request: Omit<RescueRequest, 'fingerprint'>): string {
  const { community, station, boxes, key, madeAt } = request
  const hash = sha256('doorstep/rescue-request/1', community, station, key, madeAt, ...boxes.flat())
  const text = toBase32(hash).slice(0, 12).toUpperCase()
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`
}

/** What the answer is tied to. */
export const grantContext = (grant: Pick<RescueGrant, 'community' | 'station' | 'key'>): Uint8Array =>
  sha256('doorstep/rescue-grant/1', grant.community, grant.station, grant.key)

export type RescueFileProblem = Problem & { type: 'not-a-rescue-file' }

/** Files are a few kB; more is none of ours. */
const MAX_CHARACTERS = MAX_RESCUE_BOXES * 400

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const isBase64 = (value: unknown, bytes?: number): value is string =>
  typeof value === 'string' &&
  BASE64.test(value) &&
  (bytes === undefined || Buffer.from(value, 'base64').length === bytes)

export function parseRescueFile(text: string): Result<RescueRequest | RescueGrant, RescueFileProblem> {
  const none = fail<RescueFileProblem>({ type: 'not-a-rescue-file' })
  if (text.length > MAX_CHARACTERS) return none
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return none
  }
  if (typeof value !== 'object' || value === null) return none
  const file = value as Record<string, unknown>
  if (!isId(file.community) || !isId(file.station) || !isBase64(file.key, 32)) return none
  const { community, station, key } = file
  if (file.doorstep === 'rescue-grant/1')
    return isBase64(file.boxed)
      ? ok({ doorstep: file.doorstep, community, station, key, boxed: file.boxed })
      : none
  const { boxes, madeAt } = file
  if (
    file.doorstep !== 'rescue-request/1' ||
    !Array.isArray(boxes) ||
    boxes.length > MAX_RESCUE_BOXES ||
    !boxes.every((item) => Array.isArray(item) && item.length === 2 && isId(item[0]) && isBase64(item[1])) ||
    typeof madeAt !== 'string' ||
    Number.isNaN(Date.parse(madeAt))
  )
    return none
  const request = { doorstep: file.doorstep, community, station, boxes, key, madeAt } as const
  // Never as the file says it: it is what people compare.
  return ok({ ...request, fingerprint: fingerprintOf(request) })
}
