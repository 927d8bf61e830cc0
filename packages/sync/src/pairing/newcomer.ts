import { randomBytes } from 'node:crypto'
import {
  fail,
  type Invite,
  ok,
  type PassphraseCost,
  type Problem,
  parseJoinFile,
  type Result,
  sameBytes,
} from '@doorstep/core'
import type { Clock } from '../session/clock.ts'
import type { Wire } from '../wire.ts'
import type { PairingCode } from './pairing-code.ts'
import {
  encodePairing,
  NONCE_BYTES,
  type PairingMessage,
  parsePairing,
  type Refusal,
} from './pairing-message.ts'
import { isSameProof, type PairingBinding, proofOf, stretchCode } from './pairing-proof.ts'

const ANSWER_MS = 15_000

export type PairingProblem = Problem & { type: Refusal | 'not-inviting' | 'pairing-cut' }

export type Paired = {
  readonly wire: Wire
  readonly invite: Invite
  /** Says that the home is there. Whoever takes the wire now must do so in the same turn. */
  ready(): void
}

/**
 * The newcomer's side: proves the code over a wire whose two keys TLS has proved, and believes what comes back only
 * if the other end proves it too.
 */
export async function proveToInviter(
  wire: Wire,
  ownKey: Uint8Array,
  code: PairingCode,
  options: { clock: Clock; cost?: PassphraseCost },
): Promise<Result<Paired, PairingProblem>> {
  const answers = createAnswers(wire, options.clock)
  const newcomerNonce = new Uint8Array(randomBytes(NONCE_BYTES))
  const ask = async (message: PairingMessage): Promise<Result<PairingMessage, PairingProblem>> => {
    wire.send(encodePairing(message)).catch(() => undefined)
    const answer = await answers.next()
    if (answer.ok && answer.value.type === 'refused') return fail({ type: answer.value.reason })
    return answer
  }
  const giveUp = <T>(result: Result<T, PairingProblem>) => {
    wire.close('pairing ended')
    return result as Result<never, PairingProblem>
  }
  const stranger = () => giveUp(fail<PairingProblem>({ type: 'not-inviting' }))

  const challenge = await ask({ type: 'start', rendezvous: code.rendezvous, nonce: newcomerNonce })
  if (!challenge.ok) return giveUp(challenge)
  if (challenge.value.type !== 'challenge') return stranger()
  const inviterNonce = challenge.value.nonce
  const binding: PairingBinding = {
    inviterKey: wire.peerKey,
    newcomerKey: ownKey,
    inviterNonce,
    newcomerNonce,
  }
  const stretched = stretchCode(code, wire.peerKey, options.cost)
  const welcome = await ask({ type: 'proof', proof: proofOf(stretched, 'newcomer', binding) })
  if (!welcome.ok) return giveUp(welcome)
  if (welcome.value.type !== 'welcome') return stranger()
  const { proof, invite } = welcome.value
  if (!isSameProof(proof, proofOf(stretched, 'inviter', binding, invite))) return stranger()
  const file = parseJoinFile(invite)
  if (!file.ok || file.value.doorstep !== 'invite/1') return stranger()
  if (!sameBytes(new Uint8Array(Buffer.from(file.value.inviter.key, 'base64')), wire.peerKey))
    return stranger()
  answers.stop()
  return ok({
    wire,
    invite: file.value,
    ready: () => void wire.send(encodePairing({ type: 'ready' })).catch(() => undefined),
  })
}

/** What the inviter says, one message at a time: what was not asked for ends the pairing. */
function createAnswers(wire: Wire, clock: Clock) {
  type Answer = Result<PairingMessage, PairingProblem>
  let waiting: ((answer: Answer) => void) | null = null
  let ended: Answer | null = null
  const give = (answer: Answer) => {
    if (!answer.ok) ended ??= answer
    waiting?.(answer)
    waiting = null
  }
  wire.onClose((reason) => give(fail({ type: 'pairing-cut', detail: reason })))
  wire.onFrame((frame) => {
    const message = parsePairing(frame, 'inviter')
    if (!waiting || !message) {
      give(fail({ type: 'not-inviting' }))
      wire.close('pairing ended')
    } else give(ok(message))
  })
  return {
    async next(): Promise<Answer> {
      if (ended) return ended
      const answer = Promise.withResolvers<Answer>()
      waiting = answer.resolve
      const late = clock.after(ANSWER_MS, () => give(fail({ type: 'pairing-cut', detail: 'silent' })))
      const given = await answer.promise
      late()
      return given
    },
    /** Until a session takes the wire nothing is expected; what comes nevertheless is dropped. */
    stop: () => wire.onFrame(() => undefined),
  }
}
