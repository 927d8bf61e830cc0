import { decodeCbor, encodeCbor, expectOk } from '@doorstep/core'
import { FEATURES, MAX_MESSAGE_BYTES, PROTOCOL, type ProtocolRange } from '../../src/session/message.ts'
import type { Wire } from '../../src/wire.ts'

/** What another version of the program speaks and understands, as far as it differs from this one. */
export type Program = ProtocolRange & { readonly features: readonly string[] }

export const PROGRAMS = {
  /** Nothing in common: the meeting ends, and says why. */
  'other version': [
    { oldest: 0, newest: 0, features: FEATURES },
    { oldest: PROTOCOL.newest + 1, newest: PROTOCOL.newest + 2, features: FEATURES },
  ],
  /** The first form of the protocol, and little or nothing beyond. */
  'older program': [
    { ...PROTOCOL, features: [] },
    { ...PROTOCOL, features: ['carry'] },
  ],
  /** It speaks our version too, puts more behind what it says, and says what nobody here has heard of. */
  'later program': [
    { oldest: PROTOCOL.oldest, newest: PROTOCOL.newest + 3, features: [...FEATURES, 'later'] },
  ],
} satisfies Record<string, readonly Program[]>

const HELLO = 0
/** A kind of message that no version has. */
const UNHEARD_OF = 900

/** The wire of a machine that runs another version. A feature that its program does not know it does not hear of. */
export function speaking(wire: Wire, program: Program): Wire {
  const isLater = program.newest > PROTOCOL.newest
  return {
    ...wire,
    send(frame) {
      const message = fieldsOf(frame)
      if (message[0] !== HELLO) return wire.send(isLater ? encodeCbor([...message, 'later']) : frame)
      message[1] = [program.oldest, program.newest]
      message[6] = program.features
      const sent = wire.send(encodeCbor(isLater ? [...message, { later: true }] : message))
      if (isLater) void wire.send(encodeCbor([UNHEARD_OF, 'later'])).catch(() => undefined)
      return sent
    },
    onFrame: (listener) =>
      wire.onFrame((frame) => {
        const message = fieldsOf(frame)
        if (message[0] !== HELLO || isLater) return listener(frame)
        message[6] = (message[6] as string[]).filter((feature) => program.features.includes(feature))
        listener(encodeCbor(message))
      }),
  }
}

const fieldsOf = (frame: Uint8Array): unknown[] => expectOk(decodeCbor(frame, MAX_MESSAGE_BYTES)) as unknown[]
