/** CJ/T 188-2004: water, gas and heat meters. The secure frames of the 2018 edition need keys and are not supported. */
import { decodeFrame, describeItem } from '../cjt188/decode.ts'
import { type Cjt188Frame, MAX_PENDING_BYTES, scanFrame } from '../cjt188/frame.ts'
import { ANY_METER, encodeRequest, isAnswer } from '../cjt188/request.ts'
import { signalsOf } from '../cjt188/signals.ts'
import type { Driver } from '../contract.ts'
import { createParser } from '../incremental-parser.ts'

export const driver: Driver<Cjt188Frame> = {
  protocol: 'cjt188',
  title: { zh: 'CJ/T 188-2004 水表、燃气表、热量表', en: 'CJ/T 188-2004 water, gas and heat meters' },
  // The standard asks for none: one for adapters that are slow to turn from hearing to speaking.
  pauseCharacters: 1,
  maxPendingBytes: MAX_PENDING_BYTES,
  anyAddress: ANY_METER,
  createParser: () => createParser(scanFrame),
  encodeRead: encodeRequest,
  isAnswer,
  // An answer of this protocol is always one frame.
  followUp: () => null,
  describeItem,
  decode: decodeFrame,
  signalsOf,
}
