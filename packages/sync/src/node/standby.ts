import type { Clock } from '../session/clock.ts'
import { encodeMessage, parseMessage } from '../session/message.ts'
import { PING_MS, Pulse } from '../session/pulse.ts'
import type { Wire } from '../wire.ts'

/**
 * A second wire to a peer that is met over a better one. Both ends say `rest` as their last word on it, then only
 * pings; so nothing of an earlier meeting is left in it when one of them takes it up again with a `hello` that resumes.
 */
export class Standby {
  readonly wire: Wire
  readonly #clock: Clock
  #theyRest: boolean
  readonly #pulse: Pulse
  #taken = false
  #stop = () => {}

  constructor(options: {
    readonly wire: Wire
    readonly clock: Clock
    /** The peer has said its last word on it already. */
    readonly theyRest: boolean
    /** The peer takes it up: its other wire to us is gone. */
    readonly onResume: (hello: Uint8Array) => void
    readonly onEnd: () => void
  }) {
    const { wire, clock, onResume, onEnd } = options
    this.wire = wire
    this.#clock = clock
    this.#theyRest = options.theyRest
    this.#pulse = new Pulse(clock.now())
    wire.send(encodeMessage({ type: 'rest' })).catch(() => undefined)
    wire.onFrame((frame) => this.#receive(frame, onResume))
    wire.onClose(() => {
      this.#stop()
      if (!this.#taken) onEnd()
    })
    this.#ping()
    this.#beat()
  }

  /** Whether a meeting may go on over it. */
  isReady(): boolean {
    return this.#theyRest
  }
  isLively(): boolean {
    return this.#theyRest && this.#pulse.isLively(this.#clock.now())
  }

  /** It is used from here on. */
  take(): Wire {
    this.#taken = true
    this.#stop()
    return this.wire
  }

  close(reason: string): void {
    this.#taken = true
    this.#stop()
    this.wire.close(reason)
  }

  #receive(frame: Uint8Array, onResume: (hello: Uint8Array) => void): void {
    if (this.#taken) return
    const now = this.#clock.now()
    this.#pulse.heard(now, this.wire.bytesHeard?.())
    const message = parseMessage(frame)
    if (!message.ok) return this.wire.close('cannot read the peer')
    if (message.value.type === 'ping') {
      if (this.#pulse.heardPing(message.value, now)) this.#ping()
    } else if (message.value.type === 'rest') this.#theyRest = true
    else if (message.value.type === 'bye') this.wire.close(message.value.reason)
    else if (message.value.type === 'hello' && message.value.resumes) onResume(frame)
  }

  #beat(): void {
    this.#stop = this.#clock.after(PING_MS, () => {
      if (!this.#pulse.beat(this.#clock.now(), this.wire.bytesHeard?.())) return this.wire.close('silent')
      this.#ping()
      this.#beat()
    })
  }

  #ping(): void {
    const ping = { type: 'ping', ...this.#pulse.ping(this.#clock.now()) } as const
    this.wire.send(encodeMessage(ping)).catch(() => undefined)
  }
}
