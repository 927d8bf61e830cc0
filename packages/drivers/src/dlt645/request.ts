/** Questions to a meter, and how to tell the answer from everything else on the line. */
import { fail, ok, type Result } from '@doorstep/core'
import type { InvalidRequest, ReadRequest } from '../contract.ts'
import { functionOf, hasMore, is1997, isRefusal, isReply, type SendableControl } from './control.ts'
import { itemIdOf } from './decode.ts'
import { type Dlt645Frame, isAddress, sealFrame } from './frame.ts'

export const ANY_METER = 'AAAAAAAAAAAA'
const BROADCAST = '999999999999'
const SEQUENCE_MAX = 255

/**
 * Functions 11 (item), 12 (follow-up) and 13 (address), and 01 for an item of four digits, which is of the 1997
 * edition; nothing else can be asked for.
 */
export function encodeRequest(request: ReadRequest): Result<Uint8Array, InvalidRequest> {
  const invalid = (reason: string) => fail<InvalidRequest>({ type: 'invalid-request', reason })
  if (!isAddress(request.address)) return invalid('address')
  // A broadcast is never answered, so it is never a question.
  if (request.address === BROADCAST) return invalid('broadcast-address')
  const { type } = request
  if (type !== 'item' && type !== 'follow-up' && type !== 'address') return invalid('type')
  if (type === 'address') return ok(sealFrame(request.address, controlOf(request), new Uint8Array(0)))
  const edition = is1997Item(request.item) && type === 'item' ? 4 : 8
  if (request.item.length !== edition || !/^[0-9A-F]+$/.test(request.item)) return invalid('item')
  const di = request.item.match(/../g)!.map((pair) => Number.parseInt(pair, 16))
  const data = di.reverse()
  if (type === 'follow-up') {
    const { sequence } = request
    if (!Number.isInteger(sequence) || sequence < 1 || sequence > SEQUENCE_MAX) return invalid('sequence')
    data.push(sequence)
  }
  return ok(sealFrame(request.address, controlOf(request), Uint8Array.from(data)))
}

const is1997Item = (item: string): boolean => item.length === 4

function controlOf(request: Exclude<ReadRequest, { type: 'select' }>): SendableControl {
  if (request.type === 'item') return is1997Item(request.item) ? 0x01 : 0x11
  return request.type === 'follow-up' ? 0x12 : 0x13
}

/** A late reply to an earlier question differs in address, function, identifier or sequence. A refusal carries no identifier. */
export function isAnswer(request: ReadRequest, frame: Dlt645Frame): boolean {
  if (request.type === 'select' || !isReply(frame.control)) return false
  if (functionOf(frame.control) !== controlOf(request)) return false
  if (!matchesAddress(request.address, frame.address)) return false
  if (request.type === 'address' || isRefusal(frame.control)) return true
  if (itemIdOf(frame) !== request.item) return false
  return request.type === 'item' || (frame.data.length > 4 && frame.data.at(-1) === request.sequence)
}

/** Meters asked with wildcards answer with their own address; some old ones answer with the wildcards. */
export function matchesAddress(asked: string, answered: string): boolean {
  if (asked === answered) return true
  return asked
    .match(/../g)!
    .every((pair, index) => pair === 'AA' || pair === answered.slice(2 * index, 2 * index + 2))
}

export function followUp(request: ReadRequest, frame: Dlt645Frame): ReadRequest | null {
  // How an answer of 1997 goes on no source at hand says: it is shown as a part.
  if (request.type === 'address' || request.type === 'select') return null
  if (!hasMore(frame.control) || is1997(frame.control)) return null
  const sequence = request.type === 'follow-up' ? request.sequence + 1 : 1
  if (sequence > SEQUENCE_MAX) return null
  return { type: 'follow-up', address: frame.address, item: request.item, sequence }
}
