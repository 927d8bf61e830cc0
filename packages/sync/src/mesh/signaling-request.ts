/** What a client of a signaling server asks, in y-webrtc's protocol. `data` is passed on unread; stations seal it to text. */
export type SignalingRequest =
  | { readonly type: 'subscribe'; readonly topics: readonly string[] }
  | { readonly type: 'unsubscribe'; readonly topics: readonly string[] }
  | { readonly type: 'publish'; readonly topic: string; readonly data: string }
  | { readonly type: 'ping' }

const topicLimit = 128
const topicsLimit = 32

/** Undefined for anything else. */
export function parseSignalingRequest(text: string): SignalingRequest | undefined {
  const value = parseObject(text)
  switch (value?.type) {
    case 'ping':
      return { type: 'ping' }
    case 'subscribe':
    case 'unsubscribe': {
      const { type, topics } = value
      if (!Array.isArray(topics) || topics.length > topicsLimit || !topics.every(isTopic)) return undefined
      return { type, topics }
    }
    case 'publish':
      return isTopic(value.topic) && typeof value.data === 'string'
        ? { type: 'publish', topic: value.topic, data: value.data }
        : undefined
    default:
      return undefined
  }
}

const isTopic = (value: unknown): value is string => typeof value === 'string' && value.length <= topicLimit

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined // not JSON
  }
}
