import type { Attempt, MeetingAttempts } from '@doorstep/sync'
import { meetingUri, parseMeetingUri, typedCandidates } from '@doorstep/sync'
import { expect, test } from 'vitest'
import { attemptLines, attemptWords, nextCommands } from './attempt-text.ts'
import { qrLines } from './qr.ts'

const attempt = (more: Partial<Attempt>): Attempt => ({
  address: '10.0.0.2:7345',
  how: 'typed',
  station: null,
  problem: 'unreachable',
  code: 'ECONNREFUSED',
  ...more,
})
const attempts = (more: Partial<MeetingAttempts>): MeetingAttempts => ({
  multicast: { state: 'silent', machines: 0, detail: '' },
  interfaces: [{ name: 'wlan0', address: '10.0.0.1' }],
  tried: [],
  ...more,
})

test('each address is told with how it was known and what happened, in both languages, and no code is shown bare', () => {
  for (const code of ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'timed out', 'no proof', 'EAI_AGAIN'])
    for (const words of attemptWords(attempt({ code }))) expect(words).not.toContain(code)
  expect(attemptWords(attempt({ code: 'EPROTO' }))[1]).toContain('(EPROTO)')
  expect(attemptWords(attempt({ how: 'last-known', problem: 'own-address' }))).toEqual([
    '10.0.0.2:7345(上次在那里):这就是本机',
    '10.0.0.2:7345 (met there before): this very machine',
  ])
})

test('nothing found: whether anything was heard, where this machine is, and what to type; without a network only a stick helps', () => {
  expect(attemptLines(attempts({})).map(([, en]) => en)).toEqual([
    'No address to try.',
    expect.stringContaining('heard nothing at all'),
    'This machine: 10.0.0.1 (wlan0)',
  ])
  const alone = { state: 'heard', machines: 0, detail: '' } as const
  expect(attemptLines(attempts({ multicast: alone }))[1]![1]).toContain('nobody but this machine')
  expect(nextCommands(attempts({}))).toEqual([
    'doorstep sync serve --qr',
    'doorstep sync now --peer HOST:PORT',
    'doorstep bundle write FILE',
  ])
  const off = attempts({ interfaces: [], tried: [attempt({ code: 'ENETUNREACH' })] })
  expect(attemptLines(off).map(([zh]) => zh)).toEqual([
    '10.0.0.2:7345(给的地址):这台机器没有通往那里的网络',
    '本机没有连上任何网络。',
  ])
  expect(nextCommands(off)).toEqual(['doorstep bundle write FILE'])
  expect(nextCommands(attempts({ tried: [attempt({ problem: null })] }))[0]).toBe(
    'doorstep sync now --timeout 120',
  )
})

test('the text of a QR code says who waits where, fits a terminal of 80 by 24, and is read however it is typed', () => {
  const station = 'st-0123456789abcdefghjkmnpq'
  const addresses = ['192.168.123.123:7345', '10.20.30.40:51234', '172.16.100.100:7345', '9.9.9.9:1']
  const uri = meetingUri({ station, addresses })
  expect(uri).toMatch(/^[A-Z0-9:/.-]+$/)
  const known = { station, addresses: ['192.168.123.123', '10.20.30.40:51234', '172.16.100.100'] }
  for (const text of [uri, uri.toLowerCase(), ` ${uri}\n`]) expect(parseMeetingUri(text)).toEqual(known)
  expect(typedCandidates([uri, '10.0.0.9']).map(({ how, address }) => `${how} ${address}`)).toEqual([
    'scanned 192.168.123.123',
    'scanned 10.20.30.40:51234',
    'scanned 172.16.100.100',
    'typed 10.0.0.9',
  ])
  const lines = qrLines(uri, false)
  expect(lines.length).toBeLessThanOrEqual(21)
  expect(lines[0]!.length).toBeLessThanOrEqual(80)
  for (const text of ['192.168.1.2', 'DOORSTEP:MEET/', 'DOORSTEP:MEET/X/1.2.3.4', 'DOORSTEP:JOIN/ABC'])
    expect(parseMeetingUri(text)).toBeNull()
})
