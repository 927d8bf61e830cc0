/** From what a meter answered to what it says in the one vocabulary of the gateway. Pure. */
import { signals } from '@doorstep/core'
import type { Driver, Frame, Meaning, Missing, Reading } from './contract.ts'
import { convertUnit } from './convert-unit.ts'
import type { Heard } from './heard.ts'

/**
 * An item that says nothing in the vocabulary. `no-signal`: it was never meant to (a clock, a serial number). `again`:
 * the answer said this signal already. `unit`: it is told in a unit that cannot become the signal's. `no-number`: not a
 * number at all. Else why the driver has no value.
 */
export type Unheard = {
  readonly protocol: string
  readonly address: string
  readonly item: string
  readonly reason: Missing | 'no-signal' | 'again' | 'unit' | 'no-number'
}

export type AnswerHeard = { readonly heard: readonly Heard[]; readonly unheard: readonly Unheard[] }

/**
 * @param answer all readings of one answer: what kind of meter it is stands beside the value
 * @returns for each signal the first value that is one; what the driver refused is never heard
 */
export function hearAnswer<F extends Frame>(driver: Driver<F>, answer: readonly Reading[]): AnswerHeard {
  const heard: Heard[] = []
  const unheard: Unheard[] = []
  for (const reading of answer) {
    const { protocol, address, id: item } = reading
    const meanings = driver.signalsOf(item, answer)
    const refuse = (reason: Unheard['reason']) => unheard.push({ protocol, address, item, reason })
    if (meanings.length === 0) refuse('no-signal')
    for (const meaning of meanings) {
      const { signal } = meaning
      const value = numberOf(reading, meaning)
      if (typeof value === 'string') refuse(value)
      else if (heard.some((earlier) => earlier.signal === signal)) refuse('again')
      else heard.push({ protocol, address, signal, atMs: Date.parse(reading.at), value })
    }
  }
  return { heard, unheard }
}

function numberOf(reading: Reading, { signal, toNumber }: Meaning): number | Unheard['reason'] {
  if (reading.missing !== null) return reading.missing
  if (toNumber) return toNumber(reading.value) ?? 'no-number'
  if (typeof reading.value !== 'number' || !Number.isFinite(reading.value)) return 'no-number'
  return convertUnit(reading.value, reading.unit, signals[signal].unit) ?? 'unit'
}
