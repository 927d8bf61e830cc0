import type { Neighbour } from './neighbour.ts'
import type { RtcConnection } from './rtc.ts'

/**
 * The peer connection that simple-peer sees. A Proxy, since the library's handlers are own, non-configurable
 * properties that a subclass cannot replace. Descriptions are set once: a second one could change the certificate
 * that the stations have signed.
 */
export function guardedConnection(
  base: RtcConnection,
  neighbour: Neighbour,
): { readonly connection: RtcConnection; readonly hasRemote: () => boolean } {
  const { facade } = neighbour.channel
  let hasRemote = false

  const replaced: Record<PropertyKey, unknown> = {
    createDataChannel: () => facade,
    close: () => neighbour.end('closed-here'),
    setRemoteDescription: (description: unknown) => {
      if (hasRemote) return Promise.reject(new Error('the remote description is set once'))
      hasRemote = true
      return base.setRemoteDescription(description)
    },
  }

  const connection = new Proxy(base, {
    get(target, property) {
      if (Object.hasOwn(replaced, property)) return replaced[property]
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
    set(target, property, value) {
      if (property !== 'ondatachannel') return Reflect.set(target, property, value, target)
      // The answering side waits for a channel; ours is negotiated and there from the start.
      if (typeof value === 'function') queueMicrotask(() => value({ channel: facade }))
      return true
    },
  })
  return { connection, hasRemote: () => hasRemote }
}
