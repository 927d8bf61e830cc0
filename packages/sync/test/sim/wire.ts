import { maxFrameBytes, type Wire, WireError } from '../../src/wire.ts'
import type { Timeline } from './timeline.ts'

export type Direction = 'ab' | 'ba'

/** `send` waits while more than this is under way one way. */
const HIGH_WATER_BYTES = 1_048_576

/**
 * A wire in virtual time. Order is kept and nothing is doubled or lost, unless it is cut; what was sent together comes
 * together, in one event, as frames do that lie in one packet. `delayMs` is drawn anew for every frame.
 */
export class SimWire {
  readonly a: Wire
  readonly b: Wire
  readonly #lanes: Record<Direction, Lane>
  readonly #listeners: ((reason: string) => void)[] = []
  readonly #timeline: Timeline
  #closed: string | null = null

  constructor(
    timeline: Timeline,
    keys: { readonly a: Uint8Array; readonly b: Uint8Array },
    delayMs: () => number,
  ) {
    this.#timeline = timeline
    this.#lanes = { ab: new Lane(timeline, delayMs), ba: new Lane(timeline, delayMs) }
    this.a = this.#end(keys.b, this.#lanes.ab, this.#lanes.ba)
    this.b = this.#end(keys.a, this.#lanes.ba, this.#lanes.ab)
  }

  /** From now on nothing arrives this way, or neither way, and nobody is told. */
  silence(direction: Direction | 'both'): void {
    for (const way of ['ab', 'ba'] as const)
      if (direction === way || direction === 'both') this.#lanes[way].isSilent = true
  }

  /** What is under way is lost, and both ends are told, each in an event of its own. */
  cut(reason = 'cut'): void {
    if (this.#closed !== null) return
    this.#closed = reason
    for (const lane of Object.values(this.#lanes)) lane.drop(reason)
    for (const listener of this.#listeners.splice(0)) this.#timeline.after(1, () => listener(reason))
  }

  #end(peerKey: Uint8Array, out: Lane, into: Lane): Wire {
    return {
      peerKey,
      via: 'memory',
      send: (frame) =>
        this.#closed === null ? out.send(frame) : Promise.reject(new WireError('wire-closed', this.#closed)),
      onFrame: (listener) => into.listen(listener),
      onClose: (listener) => {
        const reason = this.#closed
        if (reason === null) this.#listeners.push(listener)
        else this.#timeline.after(1, () => listener(reason))
      },
      close: (reason = 'closed') => this.cut(reason),
    }
  }
}

type Waiter = { readonly resolve: () => void; readonly reject: (error: WireError) => void }

class Lane {
  isSilent = false
  readonly #timeline: Timeline
  readonly #delayMs: () => number
  #queue: { readonly frame: Uint8Array; readonly due: number }[] = []
  #bytes = 0
  #waiting: Waiter[] = []
  #listener: ((frame: Uint8Array) => void) | null = null
  #isScheduled = false

  constructor(timeline: Timeline, delayMs: () => number) {
    this.#timeline = timeline
    this.#delayMs = delayMs
  }

  send(frame: Uint8Array): Promise<void> {
    if (frame.length > maxFrameBytes)
      return Promise.reject(new WireError('frame-too-large', `${frame.length} bytes`))
    const due = this.#timeline.now + this.#delayMs()
    // A late frame holds up those behind it.
    this.#queue.push({ frame: frame.slice(), due: Math.max(due, this.#queue.at(-1)?.due ?? 0) })
    this.#bytes += frame.length
    this.#schedule()
    if (this.#bytes <= HIGH_WATER_BYTES) return Promise.resolve()
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  listen(listener: (frame: Uint8Array) => void): void {
    this.#listener = listener
    this.#schedule()
  }

  drop(reason: string): void {
    this.#queue = []
    this.#bytes = 0
    for (const { reject } of this.#waiting.splice(0)) reject(new WireError('wire-closed', reason))
  }

  #schedule(): void {
    const [next] = this.#queue
    if (!next || !this.#listener || this.#isScheduled) return
    this.#isScheduled = true
    this.#timeline.after(next.due - this.#timeline.now, () => {
      this.#isScheduled = false
      if (!this.isSilent) this.#arrive()
    })
  }

  #arrive(): void {
    while (this.#queue[0] && this.#queue[0].due <= this.#timeline.now) {
      const { frame } = this.#queue.shift()!
      this.#bytes -= frame.length
      if (this.#bytes <= HIGH_WATER_BYTES) for (const { resolve } of this.#waiting.splice(0)) resolve()
      this.#listener!(frame)
    }
    this.#schedule()
  }
}
