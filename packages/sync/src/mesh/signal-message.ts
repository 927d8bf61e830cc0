/** What stations say to each other through a signaling server, once unsealed. `from` and `to` are y-webrtc's peer ids. */
export type SignalMessage = { readonly from: string; readonly key: Uint8Array } & (
  | { readonly type: 'announce' }
  /** Ours, not y-webrtc's: an offer was not taken, and when it is worth another try. */
  | { readonly type: 'busy'; readonly to: string; readonly waitMs: number }
  | {
      readonly type: 'signal'
      readonly to: string
      readonly token: number | undefined
      readonly signal: Signal
    }
)

export type Signal =
  | { readonly type: 'offer' | 'answer'; readonly sdp: string }
  | { readonly type: 'candidate'; readonly candidate: IceCandidate }

export type IceCandidate = {
  readonly candidate: string
  readonly sdpMLineIndex: number | null
  readonly sdpMid: string | null
}

const sdpLimit = 16_384
const candidateLimit = 1_024

/** Undefined for anything that is not wholly one of these; renegotiation and media requests are not used here. */
export function parseSignalMessage(value: unknown): SignalMessage | undefined {
  if (!isObject(value) || !isId(value.from) || typeof value.key !== 'string') return undefined
  const key = new Uint8Array(Buffer.from(value.key, 'base64url'))
  if (key.length !== 32) return undefined
  const { from } = value
  if (value.type === 'announce') return { type: 'announce', from, key }
  if (!isId(value.to)) return undefined
  if (value.type === 'busy')
    return typeof value.waitMs === 'number' && value.waitMs >= 0 && value.waitMs <= 120_000
      ? { type: 'busy', from, key, to: value.to, waitMs: value.waitMs }
      : undefined
  if (value.type !== 'signal') return undefined
  if (value.token !== undefined && typeof value.token !== 'number') return undefined
  const signal = parseSignal(value.signal)
  return signal && { type: 'signal', from, key, to: value.to, token: value.token, signal }
}

function parseSignal(value: unknown): Signal | undefined {
  if (!isObject(value)) return undefined
  const { type } = value
  if (type === 'offer' || type === 'answer')
    return isText(value.sdp, sdpLimit) ? { type, sdp: value.sdp } : undefined
  if (type !== 'candidate' || !isObject(value.candidate)) return undefined
  const { candidate, sdpMLineIndex = null, sdpMid = null } = value.candidate
  if (!isText(candidate, candidateLimit)) return undefined
  if (sdpMLineIndex !== null && typeof sdpMLineIndex !== 'number') return undefined
  if (sdpMid !== null && !isText(sdpMid, 64)) return undefined
  return { type, candidate: { candidate, sdpMLineIndex, sdpMid } }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown, limit: number): value is string =>
  typeof value === 'string' && value.length <= limit
const isId = (value: unknown): value is string => isText(value, 64) && value.length > 0
