/** The one question there is on wired M-Bus, whom it means, and how to tell its answer. */
import { fail, ok, type Result } from '@doorstep/core'
import type { InvalidRequest, ReadRequest } from '../contract.ts'
import { ALL_DATA, hasMore, isAnswerFrame, numberOf } from './decode.ts'
import {
  ANY_METER,
  isAskable,
  isSecondary,
  type MbusFrame,
  SELECTED,
  sealRequest,
  sealSelection,
} from './frame.ts'

/** An answer is told in at most so many frames. */
const FRAMES_MAX = 32

/**
 * REQ_UD2 to a primary address (decimal, 0 … 250, or 254 for whoever is alone on the line). Each further part is asked
 * for with the frame count bit turned over. Eight digits are a secondary address, the meter's number: it is selected
 * first, then asked at 253.
 */
export function encodeRequest(request: ReadRequest): Result<Uint8Array, InvalidRequest> {
  const invalid = (reason: string) => fail<InvalidRequest>({ type: 'invalid-request', reason })
  const { type } = request
  const isBySecondary = isSecondary(request.address)
  if (type === 'select') return isBySecondary ? ok(sealSelection(request.address)) : invalid('address')
  const primary = /^\d{1,3}$/.test(request.address) ? Number(request.address) : Number.NaN
  if (!isBySecondary && (!isAskable(primary) || primary === SELECTED)) return invalid('address')
  const address = isBySecondary ? SELECTED : primary
  if (type !== 'item' && type !== 'follow-up' && type !== 'address') return invalid('type')
  if (type !== 'address' && request.item !== ALL_DATA) return invalid('item')
  if (type !== 'follow-up') return ok(sealRequest(address, 0x7b))
  const { sequence } = request
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > FRAMES_MAX) return invalid('sequence')
  return ok(sealRequest(address, sequence % 2 === 1 ? 0x5b : 0x7b))
}

/** Parts that follow come from the meter that is selected already: selecting it again would begin anew. */
export const selection = (request: ReadRequest): ReadRequest | null =>
  isSecondary(request.address) && (request.type === 'item' || request.type === 'address')
    ? { type: 'select', address: request.address }
    : null

export function isAnswer(request: ReadRequest, frame: MbusFrame): boolean {
  if (request.type === 'select') return frame.control === null
  if (!isAnswerFrame(frame)) return false
  if (isSecondary(request.address)) return fits(request.address, numberOf(frame))
  return Number(request.address) === ANY_METER || Number(request.address) === Number(frame.address)
}

/** Who was selected answers from a primary address of its own. An answer that names nobody can only be its. */
const fits = (secondary: string, number: string | null): boolean =>
  number === null || [...secondary].every((digit, at) => digit === 'F' || digit === number[at])

export function followUp(request: ReadRequest, frame: MbusFrame): ReadRequest | null {
  if (request.type === 'address' || request.type === 'select' || !hasMore(frame)) return null
  const sequence = request.type === 'follow-up' ? request.sequence + 1 : 1
  if (sequence > FRAMES_MAX) return null
  const address = isSecondary(request.address) ? request.address : frame.address
  return { type: 'follow-up', address, item: ALL_DATA, sequence }
}
