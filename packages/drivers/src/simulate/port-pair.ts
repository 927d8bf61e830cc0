/** Two ends of one line inside this process, speaking through the same interface as hardware. */
import { fail, ok } from '@doorstep/core'
import type { Clock, Port } from '../contract.ts'

export function createPortPair(clock: Clock): [Port, Port] {
  const ends = [new Set<(bytes: Uint8Array) => void>(), new Set<(bytes: Uint8Array) => void>()] as const
  const onClose = new Set<() => void>()
  let closed = false

  const end = (mine: 0 | 1): Port => ({
    clock,
    async write(bytes) {
      if (closed) return fail({ type: 'port-closed' })
      const copy = bytes.slice()
      queueMicrotask(() => {
        for (const listener of ends[mine === 0 ? 1 : 0]) listener(copy)
      })
      return ok(undefined)
    },
    onBytes(listener) {
      ends[mine].add(listener)
      return () => void ends[mine].delete(listener)
    },
    onClose(listener) {
      if (closed) listener()
      else onClose.add(listener)
      return () => void onClose.delete(listener)
    },
    async close() {
      if (closed) return
      closed = true
      for (const listener of onClose) listener()
      onClose.clear()
    },
  })
  return [end(0), end(1)]
}
