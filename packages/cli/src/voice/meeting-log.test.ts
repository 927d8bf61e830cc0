import type { SessionState } from '@doorstep/sync'
import { expect, test } from 'vitest'
import { MeetingLog } from './meeting-log.ts'

const state = (more: Partial<SessionState>): SessionState => ({
  station: 'st-1',
  name: '乙的笔记本',
  via: 'lan',
  sent: 0,
  sentBytes: 0,
  received: 0,
  receivedBytes: 0,
  takenBytes: 0,
  fetchedBytes: 0,
  toFetchBytes: 0,
  refused: 0,
  held: 0,
  given: 0,
  takenToCarry: 0,
  blobs: {
    received: 0,
    receivedBytes: 0,
    sentBytes: 0,
    toReceive: 0,
    toReceiveBytes: 0,
    falsePieces: 0,
    problem: null,
  },
  toSend: 0,
  toReceive: 0,
  toSendBytes: 0,
  sized: true,
  busy: false,
  equal: false,
  spaces: [],
  closed: null,
  ...more,
})

test('a line when it was proved, at most one a minute while they stay, and one when it ends without proof', () => {
  const log = new MeetingLog('zh')
  expect(log.note([state({ toReceive: 12 })], 0)).toEqual([])
  expect(log.note([state({ received: 12, sent: 3, equal: true })], 1000)).toEqual([
    '乙的笔记本:发出 3 条,收到 12 条,已证明相同',
  ])
  expect(log.note([state({ received: 13, sent: 3, equal: true })], 2000)).toEqual([])
  expect(log.note([state({ received: 14, sent: 3 })], 50_000)).toEqual([])
  expect(log.note([state({ received: 14, sent: 3, equal: true })], 61_001)).toEqual([
    '乙的笔记本:发出 0 条,收到 2 条,已证明相同',
  ])
  expect(log.note([], 70_000), 'proved, and said so').toEqual([])
  expect(log.note([state({ toSend: 4, toReceive: 5 })], 80_000)).toEqual([])
  expect(log.note([state({ toSend: 4, toReceive: 5, closed: 'silent' })], 90_000)).toEqual([
    '乙的笔记本:断开了,没有证明相同(对方没有回音了,还差 9 条)',
  ])
  expect(log.note([], 90_001), 'once').toEqual([])
})

test('met again at once, under the same station: two meetings', () => {
  const log = new MeetingLog('en')
  expect(log.note([state({ received: 50, toReceive: 10 })], 0)).toEqual([])
  expect(log.note([state({ received: 0, equal: true })], 10)).toEqual([
    '乙的笔记本: gone, not proved equal (the connection ended, 10 to go)',
    '乙的笔记本: sent 0, received 0, proved equal',
  ])
})
