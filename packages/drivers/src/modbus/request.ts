/** Questions to a Modbus device, and how to tell the answer from everything else on the line. */
import { fail, ok, type Result } from '@doorstep/core'
import type { InvalidRequest, ReadRequest } from '../contract.ts'
import { isUnit, type ModbusFrame, sealQuestion } from './frame.ts'
import { countOf, dataBytes, parseRegister, type Register } from './register.ts'

/** There is no question for the address in Modbus: that a unit answers or refuses anything says that it is there. */
const ANYTHING = '3:0000'

export function registerAsked(request: ReadRequest): Register | null {
  if (request.type === 'follow-up' || request.type === 'select') return null
  return parseRegister(request.type === 'address' ? ANYTHING : request.item)
}

export function encodeRequest(request: ReadRequest): Result<Uint8Array, InvalidRequest> {
  const invalid = (reason: string) => fail<InvalidRequest>({ type: 'invalid-request', reason })
  const unit = /^\d{1,3}$/.test(request.address) ? Number(request.address) : Number.NaN
  if (!isUnit(unit)) return invalid('address')
  const { type } = request
  if (type !== 'item' && type !== 'address') return invalid('type')
  const register = registerAsked(request)
  if (register === null) return invalid('item')
  return ok(sealQuestion(unit, register.function, register.first, countOf(register)))
}

/**
 * Unit, function and length must agree; more an answer does not say. A late answer to another question of the same
 * length passes: the bus lets a line fall silent before it asks again.
 */
export function isAnswer(request: ReadRequest, frame: ModbusFrame): boolean {
  const register = registerAsked(request)
  if (register === null || frame.address !== String(Number(request.address))) return false
  if (frame.function !== register.function) return false
  return frame.kind === 'refusal' || (frame.kind === 'answer' && frame.data[0] === dataBytes(register))
}
