import { describe, expect, it } from 'vitest'
import type { ReadRequest } from '../contract.ts'
import { expectOk } from '../expect-ok.ts'
import { formatHex, parseHex } from '../hex.ts'
import { createParser } from '../incremental-parser.ts'
import type { ReplyControl } from './control.ts'
import { scanFrame, sealFrame } from './frame.ts'
import { encodeRequest, followUp, isAnswer } from './request.ts'

const address = '123456789012'
const question: ReadRequest = { type: 'item', address, item: '00010000' }
const frameOf = (from: string, control: ReplyControl, data: string) =>
  createParser(scanFrame).push(sealFrame(from, control, expectOk(parseHex(data)))).frames[0]!

describe('questions to a meter', () => {
  it('are the published bytes', () => {
    const sent = (request: ReadRequest) => formatHex(expectOk(encodeRequest(request)))
    expect(sent({ type: 'item', address: 'AAAAAAAAAAAA', item: '00010000' })).toBe(
      'FEFEFEFE68AAAAAAAAAAAA68110433333433AE16',
    )
    expect(sent({ type: 'follow-up', address, item: '03300001', sequence: 1 })).toBe(
      'FEFEFEFE68129078563412681205343363' + '3634D116',
    )
    expect(sent({ type: 'address', address: 'AAAAAAAAAAAA' })).toBe('FEFEFEFE68AAAAAAAAAAAA681300DF16')
  })

  it('are answered by that meter about that item only', () => {
    expect(isAnswer(question, frameOf(address, 0x91, '00 00 01 00 56 34 12 00'))).toBe(true)
    expect(isAnswer(question, frameOf(address, 0xb1, '00 00 01 00 56'))).toBe(true)
    expect(isAnswer(question, frameOf(address, 0xd1, '02'))).toBe(true)
    expect(isAnswer(question, frameOf('123456789013', 0x91, '00 00 01 00 56 34 12 00'))).toBe(false)
    expect(isAnswer(question, frameOf(address, 0x91, '00 01 01 02 01 22'))).toBe(false)
    expect(isAnswer(question, frameOf(address, 0x92, '00 00 01 00 56 01'))).toBe(false)
    expect(isAnswer(question, frameOf(address, 0x91, '00 00'))).toBe(false)
  })

  it('with wildcards are answered with the true address, or with the wildcards by some old meters', () => {
    const any: ReadRequest = { ...question, address: 'AAAAAAAAAAAA' }
    const some: ReadRequest = { ...question, address: 'AAAAAA789012' }
    const data = '00 00 01 00 56 34 12 00'
    expect(isAnswer(any, frameOf(address, 0x91, data))).toBe(true)
    expect(isAnswer(any, frameOf('AAAAAAAAAAAA', 0x91, data))).toBe(true)
    expect(isAnswer(some, frameOf(address, 0x91, data))).toBe(true)
    expect(isAnswer(some, frameOf('123456789013', 0x91, data))).toBe(false)
  })

  it('go on where an answer says there is more, to the last number', () => {
    const more = (sequence: number): ReadRequest => ({
      type: 'follow-up',
      address,
      item: '00010000',
      sequence,
    })
    expect(followUp(question, frameOf(address, 0xb1, '00 00 01 00 56'))).toEqual(more(1))
    expect(followUp(more(1), frameOf(address, 0xb2, '00 00 01 00 56 01'))).toEqual(more(2))
    expect(followUp(more(255), frameOf(address, 0xb2, '00 00 01 00 56 FF'))).toBeNull()
    expect(followUp(more(1), frameOf(address, 0x92, '00 00 01 00 56 01'))).toBeNull()
    expect(isAnswer(more(2), frameOf(address, 0x92, '00 00 01 00 56 01'))).toBe(false)
  })
})
