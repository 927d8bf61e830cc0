import type { MetersFacts } from '../facts.ts'

/** Every part that a sheet may have, with gaps and long words. */
export const sampleMeters = (household: string, long: string): MetersFacts => ({
  household,
  door: '1-2-301',
  parts: [
    { type: 'notice', text: `! ${long}` },
    { type: 'heading', text: '水' },
    { type: 'text', text: '昨天用了 145 升。' },
    {
      type: 'days',
      unit: '升',
      days: Array.from({ length: 30 }, (_, at) => ({
        on: `2026-11-${String(at + 1).padStart(2, '0')}`,
        value: at % 7 === 3 ? null : at * 11,
      })),
    },
    { type: 'band', low: 120, middle: 180, high: 260, own: 410, unit: '升' },
    { type: 'quiet', text: long },
  ],
})
