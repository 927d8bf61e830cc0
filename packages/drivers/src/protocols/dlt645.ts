/** DL/T 645-2007 and -1997: the meters of nearly every Chinese home. */
import type { Driver } from '../contract.ts'
import { decodeFrame } from '../dlt645/decode.ts'
import { type Dlt645Frame, MAX_PENDING_BYTES, scanFrame } from '../dlt645/frame.ts'
import { findItem } from '../dlt645/items.ts'
import { ANY_METER, encodeRequest, followUp, isAnswer } from '../dlt645/request.ts'
import { signalsOf } from '../dlt645/signals.ts'
import { createParser } from '../incremental-parser.ts'

export const driver: Driver<Dlt645Frame> = {
  protocol: 'dlt645',
  title: { zh: 'DL/T 645-2007/1997 多功能电能表', en: 'DL/T 645-2007/1997 electricity meter' },
  // The standard asks for none: one for adapters that are slow to turn from hearing to speaking.
  pauseCharacters: 1,
  maxPendingBytes: MAX_PENDING_BYTES,
  anyAddress: ANY_METER,
  createParser: () => createParser(scanFrame),
  encodeRead: encodeRequest,
  isAnswer,
  followUp,
  describeItem(id) {
    const item = findItem(id)
    return item === null ? null : { name: item.name, unit: item.unit }
  },
  decode: decodeFrame,
  signalsOf,
}
