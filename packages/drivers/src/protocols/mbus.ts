/** Wired M-Bus, EN 13757-2 and -3: the subset that meters of homes use, by primary or secondary address. */
import type { Driver } from '../contract.ts'
import { createParser } from '../incremental-parser.ts'
import { ALL_DATA, allDataName, decodeFrame } from '../mbus/decode.ts'
import { ANY_METER, MAX_PENDING_BYTES, type MbusFrame, scanFrame } from '../mbus/frame.ts'
import { encodeRequest, followUp, isAnswer, selection } from '../mbus/request.ts'
import { signalsOf } from '../mbus/signals.ts'

export const driver: Driver<MbusFrame> = {
  protocol: 'mbus',
  title: { zh: '有线 M-Bus(EN 13757)', en: 'wired M-Bus (EN 13757)' },
  maxPendingBytes: MAX_PENDING_BYTES,
  // Bytes of a frame follow each other without a gap; what is left is for converters and networks.
  gapMs: 150,
  anyAddress: String(ANY_METER),
  createParser: () => createParser(scanFrame),
  encodeRead: encodeRequest,
  isAnswer,
  selection,
  followUp,
  describeItem: (item) => (item === ALL_DATA ? { name: allDataName, unit: '' } : null),
  decode: decodeFrame,
  signalsOf,
}
