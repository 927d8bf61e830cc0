import { maxFrameBytes, type Wire, WireError } from './wire.ts'

/** `ab` is what A sends to B. */
export type WireDirection = 'ab' | 'ba'

/** Two ends of a wire in one process, and the hand that holds it. */
export type WirePair = {
  readonly a: Wire
  readonly b: Wire
  /** From now on frames wait in flight (both ways, or one). */
  hold(direction?: WireDirection): void
  /** Hands over the next frame that is in flight this way, at once; false when there is none or nobody reads. */
  step(direction: WireDirection): boolean
  /** Lets everything flow again, beginning with what is in flight. */
  release(direction?: WireDirection): void
  /** Frames under way: sent, not yet handed over. */
  inFlight(direction: WireDirection): number
  /** The cable is pulled: what is in flight is lost and both ends see the close. */
  cut(reason?: string): void
}

/** `send` waits while more than this is in flight one way. */
const highWaterBytes = 1_048_576

/**
 * An in-memory wire between two stations. Order is kept and nothing is doubled or lost, unless it is cut.
 * Frames are handed over in a task of their own (`defer`, by default a microtask), never inside `send`.
 */
export function createWirePair(keys: {
  readonly keyA: Uint8Array
  readonly keyB: Uint8Array
  readonly defer?: (task: () => void) => void
  /** What it passes for. */
  readonly via?: Wire['via']
}): WirePair {
  const defer = keys.defer ?? queueMicrotask
  const lanes = { ab: createLane(defer), ba: createLane(defer) }
  const closeListeners: ((reason: string) => void)[] = []
  let closedBecause: string | undefined

  const close = (reason = 'closed') => {
    if (closedBecause !== undefined) return
    closedBecause = reason
    lanes.ab.drop(reason)
    lanes.ba.drop(reason)
    for (const listener of closeListeners.splice(0)) defer(() => listener(reason))
  }

  const end = (peerKey: Uint8Array, out: Lane, into: Lane): Wire => ({
    peerKey,
    via: keys.via ?? 'memory',
    send: (frame) =>
      closedBecause === undefined
        ? out.send(frame)
        : Promise.reject(new WireError('wire-closed', closedBecause)),
    onFrame: into.onFrame,
    onClose: (listener) => {
      const reason = closedBecause
      if (reason === undefined) closeListeners.push(listener)
      else defer(() => listener(reason))
    },
    close,
  })

  const setHeld = (held: boolean, direction?: WireDirection) => {
    for (const lane of direction ? [lanes[direction]] : [lanes.ab, lanes.ba]) lane.setHeld(held)
  }
  return {
    a: end(keys.keyB, lanes.ab, lanes.ba),
    b: end(keys.keyA, lanes.ba, lanes.ab),
    hold: (direction) => setHeld(true, direction),
    release: (direction) => setHeld(false, direction),
    step: (direction) => lanes[direction].step(),
    inFlight: (direction) => lanes[direction].inFlight(),
    cut: (reason = 'cut') => close(reason),
  }
}

type Lane = ReturnType<typeof createLane>
type Waiter = { readonly resolve: () => void; readonly reject: (error: WireError) => void }

/** One direction: a queue between a sender and at most one reader. */
function createLane(defer: (task: () => void) => void) {
  let queue: Uint8Array[] = []
  let queuedBytes = 0
  let waiting: Waiter[] = []
  let listener: ((frame: Uint8Array) => void) | undefined
  let held = false
  let scheduled = false

  const step = (): boolean => {
    if (!listener) return false
    const frame = queue.shift()
    if (!frame) return false
    queuedBytes -= frame.length
    if (queuedBytes <= highWaterBytes) for (const waiter of waiting.splice(0)) waiter.resolve()
    listener(frame)
    return true
  }

  const pump = () => {
    if (scheduled || held || !listener || queue.length === 0) return
    scheduled = true
    defer(() => {
      scheduled = false
      if (held) return
      step()
      pump()
    })
  }

  return {
    step,
    inFlight: () => queue.length,
    send(frame: Uint8Array): Promise<void> {
      if (frame.length > maxFrameBytes)
        return Promise.reject(new WireError('frame-too-large', `${frame.length} bytes`))
      queue.push(frame.slice())
      queuedBytes += frame.length
      pump()
      if (queuedBytes <= highWaterBytes) return Promise.resolve()
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    onFrame(next: (frame: Uint8Array) => void) {
      listener = next
      pump()
    },
    setHeld(value: boolean) {
      held = value
      pump()
    },
    drop(reason: string) {
      queue = []
      queuedBytes = 0
      for (const waiter of waiting) waiter.reject(new WireError('wire-closed', reason))
      waiting = []
    },
  }
}
