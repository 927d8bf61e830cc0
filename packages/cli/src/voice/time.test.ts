import { describe, expect, it } from 'vitest'
import { instantWords, isoTime, lateWords } from './time.ts'

const now = { today: '2026-11-24', timeZone: 'Asia/Shanghai', language: 'zh' } as const
const english = { ...now, language: 'en' } as const

describe('times in words', () => {
  it('are said as the community counts days, not as this machine does', () => {
    // 2026-11-23 17:30 UTC is half past one in the night of the 24th in Shanghai.
    expect(instantWords(Date.UTC(2026, 10, 23, 17, 30), now)).toBe('今天 01:30')
    expect(instantWords(Date.UTC(2026, 10, 23, 8, 20), english)).toBe('yesterday 16:20')
    expect(instantWords(Date.UTC(2026, 10, 17, 0, 5), now)).toBe('11-17 08:05')
    expect(instantWords(Date.UTC(2025, 10, 17, 0, 5), now)).toBe('2025-11-17')
  })

  it('say how late or how far ahead', () => {
    expect([2, 0, -3].map((days) => lateWords(days, 'zh'))).toEqual(['逾期 2 天', '今天', '还有 3 天'])
    expect([1, 2, 0, -1].map((days) => lateWords(days, 'en'))).toEqual([
      '1 day late',
      '2 days late',
      'today',
      'in 1 day',
    ])
  })

  it('are ISO 8601 in UTC in JSON', () => {
    expect(isoTime(Date.UTC(2026, 10, 24, 1, 14))).toBe('2026-11-24T01:14:00.000Z')
  })
})
