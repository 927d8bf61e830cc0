/** The one question there is on wired M-Bus, and how to tell its answer. */
import { fail, ok, type Result } from '@doorstep/core'
import type { InvalidRequest, ReadRequest } from '../contract.ts'
import { ALL_DATA, hasMore, isAnswerFrame } from './decode.ts'
import { ANY_METER, isAskable, type MbusFrame, sealRequest } from './frame.ts'

/** An answer is told in at most so many frames. */
const FRAMES_MAX = 32

/**
 * REQ_UD2 to a primary address (decimal, 0 … 250, or 254 for whoever is alone on the line). Each further part is asked
 * for with the frame count bit turned over. Secondary addresses would have to be selected by a frame that is no
 * question, so they are not supported: give each meter a primary address.
 */
export function encodeRequest(request: ReadRequest): Result<Uint8Array, InvalidRequest> {
  const invalid = (reason: string) => fail<InvalidRequest>({ type: 'invalid-request', reason })
  const address = /^\d{1,3}$/.test(request.address) ? Number(request.address) : Number.NaN
  if (!isAskable(address)) return invalid('address')
  const { type } = request
  if (type !== 'item' && type !== 'follow-up' && type !== 'address') return invalid('type')
  if (type !== 'address' && request.item !== ALL_DATA) return invalid('item')
  if (type !== 'follow-up') return ok(sealRequest(address, 0x7b))
  const { sequence } = request
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > FRAMES_MAX) return invalid('sequence')
  return ok(sealRequest(address, sequence % 2 === 1 ? 0x5b : 0x7b))
}

export const isAnswer = (request: ReadRequest, frame: MbusFrame): boolean =>
  isAnswerFrame(frame) &&
  (Number(request.address) === ANY_METER || Number(request.address) === Number(frame.address))

export function followUp(request: ReadRequest, frame: MbusFrame): ReadRequest | null {
  if (request.type === 'address' || !hasMore(frame)) return null
  const sequence = request.type === 'follow-up' ? request.sequence + 1 : 1
  if (sequence > FRAMES_MAX) return null
  return { type: 'follow-up', address: frame.address, item: ALL_DATA, sequence }
}
