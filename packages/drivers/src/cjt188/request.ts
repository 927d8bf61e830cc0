/** Questions to a water, gas or heat meter, and how to tell the answer from everything else on the line. */
import { fail, ok, type Result } from '@doorstep/core'
import type { InvalidRequest, ReadRequest } from '../contract.ts'
import { functionOf, isRefusal, isReply, READ_ADDRESS, READ_DATA } from './control.ts'
import { itemIdOf, READ_ADDRESS_ITEM } from './decode.ts'
import { type Cjt188Frame, isAddress, sealFrame } from './frame.ts'

export const ANY_METER = 'A'.repeat(14)
/** Meters answer to the wildcard type as to their own. */
const ANY_TYPE = 0xaa
/** The serial number of a question, which the answer repeats. */
const SERIAL = 0x01

/** Functions 01 (item) and 03 (address); nothing else can be asked for. */
export function encodeRequest(request: ReadRequest): Result<Uint8Array, InvalidRequest> {
  const invalid = (reason: string) => fail<InvalidRequest>({ type: 'invalid-request', reason })
  if (!isAddress(request.address)) return invalid('address')
  const { type } = request
  if (type !== 'item' && type !== 'address') return invalid('type')
  const item = type === 'address' ? READ_ADDRESS_ITEM : request.item
  if (!/^[0-9A-F]{4}$/.test(item)) return invalid('item')
  const di = item.match(/../g)!.map((pair) => Number.parseInt(pair, 16))
  const control = type === 'address' ? READ_ADDRESS : READ_DATA
  return ok(sealFrame(ANY_TYPE, request.address, control, Uint8Array.from([...di, SERIAL])))
}

/** A late reply to an earlier question differs in address, function or identifier. A refusal carries no identifier. */
export function isAnswer(request: ReadRequest, frame: Cjt188Frame): boolean {
  const asked = request.type === 'item' ? READ_DATA : request.type === 'address' ? READ_ADDRESS : null
  if (!isReply(frame.control) || functionOf(frame.control) !== asked) return false
  if (!matchesAddress(request.address, frame.address)) return false
  if (request.type !== 'item' || isRefusal(frame.control)) return true
  return itemIdOf(frame) === request.item && frame.data[2] === SERIAL
}

const matchesAddress = (asked: string, answered: string): boolean =>
  asked.match(/../g)!.every((pair, at) => pair === 'AA' || pair === answered.slice(2 * at, 2 * at + 2))
