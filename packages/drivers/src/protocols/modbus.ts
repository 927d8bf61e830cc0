/** Modbus RTU; over TCP its frames come and go through `modbus-tcp-port.ts`. Functions 1 to 4 alone. */
import type { Driver } from '../contract.ts'
import { createParser } from '../incremental-parser.ts'
import { decodeFrame, describeItem, signalsOf } from '../modbus/decode.ts'
import { MAX_PENDING_BYTES, type ModbusFrame, scanFrame } from '../modbus/frame.ts'
import { encodeRequest, isAnswer } from '../modbus/request.ts'

export const driver: Driver<ModbusFrame> = {
  protocol: 'modbus',
  title: { zh: 'Modbus RTU/TCP(只读)', en: 'Modbus RTU and TCP, reading only' },
  maxPendingBytes: MAX_PENDING_BYTES,
  // 1.5 characters by the standard; what is left is for converters and networks.
  gapMs: 150,
  anyAddress: '',
  createParser: () => createParser(scanFrame),
  encodeRead: encodeRequest,
  isAnswer,
  // An answer of this protocol is always one frame.
  followUp: () => null,
  describeItem,
  decode: decodeFrame,
  signalsOf,
}
