/** The data channel that simple-peer sees: it opens when both stations are proved and carries whole messages. */
export function channelFacade(behind: {
  readonly send: (message: Uint8Array) => void
  readonly close: () => void
  readonly bufferedAmount: () => number
}) {
  let readyState: 'connecting' | 'open' | 'closed' = 'connecting'
  const facade = {
    label: 'room/1',
    binaryType: 'arraybuffer',
    bufferedAmountLowThreshold: 0,
    onopen: null as (() => void) | null,
    onmessage: null as ((event: { data: ArrayBuffer }) => void) | null,
    onclose: null as (() => void) | null,
    onerror: null as ((event: unknown) => void) | null,
    onbufferedamountlow: null as (() => void) | null,
    get readyState() {
      return readyState
    },
    get bufferedAmount() {
      return behind.bufferedAmount()
    },
    send: (message: Uint8Array) => behind.send(message),
    close: () => behind.close(),
  }
  return {
    facade,
    opened() {
      readyState = 'open'
      facade.onopen?.()
    },
    received(message: Uint8Array) {
      const copy = new Uint8Array(message)
      facade.onmessage?.({ data: copy.buffer })
    },
    ended() {
      if (readyState === 'closed') return
      readyState = 'closed'
      // In a task of its own: simple-peer may be inside a call of ours.
      queueMicrotask(() => facade.onclose?.())
    },
  }
}
