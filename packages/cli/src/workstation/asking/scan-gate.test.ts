import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Press } from '../keys.ts'
import { ScanGate } from './scan-gate.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open(isGuarded = true) {
  const presses: Press[] = []
  const codes: string[] = []
  const gate = new ScanGate({
    isGuarded: () => isGuarded,
    press: (press) => presses.push(press),
    scanned: (code) => codes.push(code),
  })
  return { gate, presses, codes }
}

test('a code that a scanner types presses no key, its Enter neither', () => {
  const { gate, presses, codes } = open()
  for (const text of '6901234567892') {
    gate.take({ text })
    vi.advanceTimersByTime(8)
  }
  gate.take({ name: 'enter' })
  expect([presses, codes]).toEqual([[], ['6901234567892']])
  gate.take({ name: 'enter' })
  expect(presses).toEqual([{ name: 'enter' }])
})

test('keys pressed by hand go through, in their order', () => {
  const { gate, presses, codes } = open()
  gate.take({ text: '2' })
  vi.advanceTimersByTime(40)
  gate.take({ text: '1' })
  gate.take({ name: 'enter' })
  gate.take({ name: 'up' })
  expect([presses, codes]).toEqual([[{ text: '2' }, { text: '1' }, { name: 'enter' }, { name: 'up' }], []])
})

test('a code without an Enter ends with a pause; where nothing is guarded nothing waits', () => {
  const guarded = open()
  guarded.gate.take({ text: '690' })
  vi.advanceTimersByTime(30)
  expect(guarded.codes).toEqual(['690'])
  const free = open(false)
  free.gate.take({ text: '6' })
  expect(free.presses).toEqual([{ text: '6' }])
})
