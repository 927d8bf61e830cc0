import { expect, test } from 'vitest'
import { Window } from './window.ts'

const YEARS_MS = 10 * 365 * 24 * 3600_000

test('S3 the window of a slow link shrinks also after a clock that ran ahead was set right', () => {
  const window = new Window()
  const openFor = () => {
    let bytes = 0
    while (window.isOpen(bytes)) bytes += 1024
    return bytes
  }
  let now = 1_000_000 + YEARS_MS
  const answer = (tookMs: number) => {
    now += tookMs
    window.answered(64 * 1024, now - tookMs, now, 100)
  }
  for (let n = 0; n < 10; n++) answer(10)
  answer(10_000)
  now -= YEARS_MS
  for (let n = 0; n < 200; n++) answer(10)
  const wide = openFor()
  answer(10_000)
  expect(openFor()).toBeLessThan(wide)
})
