/**
 * Frames on the two data channels. The first byte says what it is.
 *
 *   room channel (id 101)                     lane (id 100)
 *   0 hello     version nonce key             3 piece      bytes, more to come
 *   1 proof     signature                     4 last piece bytes
 *   2 accepted  (your proof holds)            7 credit     uint32 bytes consumed
 *   3 piece     bytes, more to come
 *   4 last piece
 *   5 keepalive
 *   6 goodbye   reason code
 */
export const frameType = {
  hello: 0,
  proof: 1,
  accepted: 2,
  piece: 3,
  lastPiece: 4,
  keepalive: 5,
  goodbye: 6,
  credit: 7,
} as const

/** Why a station ends a connection, as it tells the other: the index is the code on the wire. */
export const goodbyeReasons = ['leaving', 'refused', 'duplicate', 'full', 'protocol', 'wire-closed'] as const
export type GoodbyeReason = (typeof goodbyeReasons)[number]

export function encodeFrame(type: number, body: Uint8Array = new Uint8Array(0)): Uint8Array {
  const frame = new Uint8Array(1 + body.length)
  frame[0] = type
  frame.set(body, 1)
  return frame
}

/** Cuts a message into frames of at most `frameBytes`, the type byte included. An empty message is one empty last piece. */
export function* cutMessage(message: Uint8Array, frameBytes: number): Generator<Uint8Array> {
  const pieceBytes = frameBytes - 1
  let from = 0
  do {
    const to = Math.min(from + pieceBytes, message.length)
    yield encodeFrame(
      to === message.length ? frameType.lastPiece : frameType.piece,
      message.subarray(from, to),
    )
    from = to
  } while (from < message.length)
}

export type Reassembly =
  | { readonly type: 'more' }
  | { readonly type: 'whole'; readonly message: Uint8Array }
  | { readonly type: 'too-large' }

/** Puts pieces together; never holds more than `limitBytes`. After 'too-large' it is of no more use. */
export function createReassembler(limitBytes: number) {
  let pieces: Uint8Array[] = []
  let heldBytes = 0
  return {
    push(piece: Uint8Array, isLast: boolean): Reassembly {
      heldBytes += piece.length
      // An empty piece that is not the last carries nothing and would be held for nothing.
      if (heldBytes > limitBytes || (!isLast && piece.length === 0)) {
        pieces = []
        return { type: 'too-large' }
      }
      if (!isLast) {
        pieces.push(piece)
        return { type: 'more' }
      }
      const message = new Uint8Array(heldBytes)
      let at = 0
      for (const part of [...pieces, piece]) {
        message.set(part, at)
        at += part.length
      }
      pieces = []
      heldBytes = 0
      return { type: 'whole', message }
    },
  }
}
