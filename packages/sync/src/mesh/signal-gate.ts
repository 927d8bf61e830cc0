import type { SignalMessage } from './signal-message.ts'
import { createTokenBucket } from './token-bucket.ts'

/** A connection as far as signals concern it. */
export type SignalledConnection = {
  readonly isOpen: () => boolean
  readonly hasRemote: () => boolean
  readonly beganAtMs: number
  /** Gives way to another attempt with the same station. */
  readonly supersede: () => void
}

/** An offer of ours that is still unanswered after this is taken for lost. */
const ownOfferCountsForMs = 3_000
/** When we have no place: come again after this. */
const busyWaitMs = 10_000
/** Announces kept for stations that have to wait. */
const postponedAtMost = 64

type Passing = { readonly message: SignalMessage; readonly deliver: () => void }

/**
 * Decides which signals y-webrtc sees, and in which order: each peer connection gets one offer and one answer.
 * When two stations call each other at once, y-webrtc would roll one offer back and each side would wait on a channel
 * the other does not read; here the station with the lower key stays the caller and the other begins anew.
 */
export function createSignalGate(options: {
  readonly ownKey: Uint8Array
  readonly connectionTo: (peerId: string) => SignalledConnection | undefined
  readonly mayBegin: (message: SignalMessage) => boolean
  /** How long its sender has to wait yet; 0 when not at all. */
  readonly waitMs: (message: SignalMessage) => number
  readonly sayBusy: (to: string, waitMs: number) => void
  /** The other side did not take our offer. */
  readonly onBusy: (from: string, waitMs: number) => void
  readonly deliver: (passing: Passing) => void
}) {
  const held = new Map<string, Passing[]>()
  const postponed = new Map<string, Passing>()
  const busyRate = createTokenBucket({ burst: 20, perSecond: 5 })
  let dropped = 0

  const verdict = (message: Exclude<SignalMessage, { type: 'busy' }>): 'pass' | 'drop' | 'begin anew' => {
    const connection = options.connectionTo(message.from)
    const passIf = (may: boolean) => (may ? 'pass' : 'drop')
    if (message.type === 'announce') return passIf(!connection && options.mayBegin(message))
    if (message.signal.type === 'candidate') return passIf(connection !== undefined)
    if (message.signal.type === 'answer') return passIf(connection !== undefined && !connection.hasRemote())
    if (!connection) return passIf(options.mayBegin(message))
    if (connection.isOpen()) return 'drop'
    const isFreshCall =
      !connection.hasRemote() && performance.now() - connection.beganAtMs < ownOfferCountsForMs
    return isFreshCall && Buffer.compare(options.ownKey, message.key) < 0 ? 'drop' : 'begin anew'
  }

  const pass = (passing: Passing) => {
    const { message } = passing
    const queue = held.get(message.from)
    if (queue) {
      queue.push(passing)
      return
    }
    if (message.type === 'busy') return options.onBusy(message.from, message.waitMs)
    const decided = verdict(message)
    if (decided === 'pass') return options.deliver(passing)
    if (decided === 'begin anew') return beginAnew(passing)
    dropped++
    if (message.type === 'signal') return answerBusy(message)
    if (options.waitMs(message) === 0) return
    postponed.set(message.from, passing)
    if (postponed.size > postponedAtMost) postponed.delete(postponed.keys().next().value!)
  }

  /** Else the caller would wait for its time-out, and be deaf to our own calls until then. */
  const answerBusy = (message: Extract<SignalMessage, { type: 'signal' }>) => {
    if (message.signal.type !== 'offer' || options.connectionTo(message.from)) return
    if (!busyRate.take(performance.now())) return
    options.sayBusy(message.from, options.waitMs(message) || busyWaitMs)
  }

  /** y-webrtc forgets the old connection in microtasks; what the station sends until then waits its turn. */
  const beginAnew = (passing: Passing) => {
    const { from } = passing.message
    held.set(from, [passing])
    options.connectionTo(from)?.supersede()
    setImmediate(() => {
      const waiting = held.get(from) ?? []
      held.delete(from)
      for (const each of waiting) pass(each)
    })
  }

  return {
    pass: (message: SignalMessage, deliver: () => void) => pass({ message, deliver }),
    /** Takes up the announces of stations whose wait is over. */
    retry() {
      for (const [from, passing] of postponed) {
        if (options.waitMs(passing.message) > 0) continue
        postponed.delete(from)
        pass(passing)
      }
    },
    dropped: () => dropped,
  }
}
