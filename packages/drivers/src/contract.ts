/**
 * What every driver promises, and the little it needs from the machine. A driver reads: nothing in this
 * contract can carry a command to a device.
 */
import type { Problem, Result, Signal } from '@doorstep/core'

/** Words a person sees, in both languages. */
export type Text = { readonly zh: string; readonly en: string }

/** Time comes in, so that a test can hold it. `after` returns the way to call it off. */
export interface Clock {
  nowMs(): number
  after(delayMs: number, run: () => void): () => void
}

/** A line to one or more devices: serial-over-TCP converter, transparent DTU, or a simulated pair. */
export interface Port {
  readonly clock: Clock
  /** Resolves when the bytes have left this process. */
  write(bytes: Uint8Array): Promise<Result<void, PortClosed>>
  /** Bytes in arrival order, cut anywhere. Returns the way to stop listening. */
  onBytes(listener: (bytes: Uint8Array) => void): () => void
  /** Called once, at once if the port is closed already. */
  onClose(listener: () => void): () => void
  close(): Promise<void>
}

export type PortClosed = { readonly type: 'port-closed' }

/** One whole frame, checksum verified. `bytes` run from start to end byte, preamble left out. */
export interface Frame {
  readonly protocol: string
  readonly address: string
  readonly bytes: Uint8Array
}

/** Bytes that belong to no accepted frame. `stray` also covers what follows in the same run. */
export type Noise = { readonly bytes: Uint8Array; readonly reason: NoiseReason }
export type NoiseReason = 'stray' | 'length' | 'end' | 'checksum' | 'incomplete'

export type Parsed<F extends Frame> = { readonly frames: readonly F[]; readonly noise: readonly Noise[] }

/** Pure and incremental: needs no port, clock or logger. Every byte comes out as frame, preamble or noise. */
export interface Parser<F extends Frame> {
  push(bytes: Uint8Array): Parsed<F>
  /** The line fell silent: nothing pending can become whole any more, so a corrupt length never stalls. */
  flush(): Parsed<F>
  readonly pendingBytes: number
}

/**
 * A question. `item` is the protocol's own id (DL/T 645: eight hex digits DI3…DI0). A `follow-up` asks for part
 * `sequence` (1…255) of an answer that was too long for one frame; `address` asks who is on the line. `select` says whom
 * the next question means (M-Bus, secondary addresses); it changes nothing in a meter but who answers it.
 */
export type ReadRequest =
  | { readonly type: 'item'; readonly address: string; readonly item: string }
  | { readonly type: 'follow-up'; readonly address: string; readonly item: string; readonly sequence: number }
  | { readonly type: 'address'; readonly address: string }
  | { readonly type: 'select'; readonly address: string }

export type InvalidRequest = Problem & { readonly type: 'invalid-request'; readonly reason: string }

export type ItemValue = number | string | null

/** Why a value is null. `absent`: the device says it has none (all FF). `not-answered`: it is only asked for here. */
export type Missing =
  | 'absent'
  | 'invalid-bcd'
  | 'invalid-date'
  | 'invalid-text'
  | 'too-short'
  | 'wrong-length'
  | 'partial'
  | 'unknown-item'
  | 'refused'
  | 'not-answered'

/** `raw`: the value's bytes in wire order, protocol offset removed, hex. */
export type DecodedItem = {
  readonly id: string
  readonly name: Text
  readonly value: ItemValue
  readonly unit: string
  readonly raw: string
  readonly missing: Missing | null
}

export type FrameError =
  | {
      readonly type: 'device-refused'
      readonly message: Text
      readonly code: number
      readonly reasons: readonly string[]
    }
  | { readonly type: 'value-rejected'; readonly message: Text; readonly items: readonly RejectedItem[] }
  | { readonly type: 'unknown-item'; readonly message: Text; readonly item: string; readonly raw: string }
  | { readonly type: 'partial'; readonly message: Text; readonly item: string; readonly raw: string }
  | { readonly type: 'malformed'; readonly message: Text; readonly raw: string }

export type RejectedItem = { readonly id: string; readonly reason: Missing; readonly raw: string }

/** `function` is a stable English id. `extra`: bytes some makers append to a value, hex, '' if none. */
export type DecodedFrame = {
  readonly protocol: string
  readonly address: string
  readonly function: string
  readonly functionName: Text
  readonly items: readonly DecodedItem[]
  readonly error: FrameError | null
  readonly extra: string
}

/** One value of one device at one time (`at`: ISO 8601, UTC, when the answer arrived). `error`: of its frame. */
export type Reading = DecodedItem & {
  readonly protocol: string
  readonly address: string
  readonly at: string
  readonly error: FrameError | null
}

/** `toNumber`: where the value is a word or a bit; null when it says nothing. */
export type Meaning = {
  readonly signal: Signal
  readonly toNumber?: (value: ItemValue) => number | null
}

export interface Driver<F extends Frame = Frame> {
  readonly protocol: string
  readonly title: Text
  /** Whoever is alone on a line answers to it; '' where the protocol has no such address. */
  readonly anyAddress: string
  /** A gap this long ends a frame; left out: 500 ms, the longest that DL/T 645 allows between bytes. */
  readonly gapMs?: number
  /** Characters of quiet that the line needs before a question; left out: 3.5. */
  readonly pauseCharacters?: number
  /** No parser of this driver ever holds more than this many bytes. */
  readonly maxPendingBytes: number
  createParser(): Parser<F>
  /** The only way a driver makes bytes to send. */
  encodeRead(request: ReadRequest): Result<Uint8Array, InvalidRequest>
  isAnswer(request: ReadRequest, frame: F): boolean
  /** What must be said, and answered, right before this question, so that the right meter hears it; null: nothing. */
  selection?(request: ReadRequest): ReadRequest | null
  /** What to ask next when the answer goes on in another frame, else null. */
  followUp(request: ReadRequest, frame: F): ReadRequest | null
  /** Name and unit of an item, null when this driver does not know it (it can still be read, as hex). */
  describeItem(item: string): { readonly name: Text; readonly unit: string } | null
  /**
   * `rest`: the follow-up frames, in order, when the answer came in several. `asked`: the question, where it is known;
   * answers of Modbus do not repeat it. Never throws.
   */
  decode(frame: F, rest?: readonly F[], asked?: ReadRequest): DecodedFrame
  /** What an item says in the vocabulary of the gateway; `answer`: all that stood beside it. None: nothing. */
  signalsOf(item: string, answer: readonly DecodedItem[]): readonly Meaning[]
}
