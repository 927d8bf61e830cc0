/** What the frames of DL/T 645 and CJ/T 188 share: up to four FE that wake the line, and a sum at the end. */
import type { Frame } from './contract.ts'
import type { Scan } from './incremental-parser.ts'

export const PREAMBLE = 0xfe
export const PREAMBLE_MAX = 4

export const checksum = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0)

/** One step of a parser: a preamble counts as part of the frame behind it, else as noise. */
export const scanBehindPreamble =
  <F extends Frame>(start: number, candidate: Scan<F>): Scan<F> =>
  (bytes, at, ended) => {
    let begin = at
    while (begin < bytes.length && bytes[begin] === PREAMBLE) begin += 1
    const preamble = begin - at
    if (preamble > PREAMBLE_MAX) return { type: 'noise', length: preamble - PREAMBLE_MAX, reason: 'stray' }
    if (begin === bytes.length)
      return ended ? { type: 'noise', length: preamble, reason: 'stray' } : { type: 'wait' }
    if (bytes[begin] !== start) return { type: 'noise', length: preamble + 1, reason: 'stray' }
    const step = candidate(bytes, begin, ended)
    return step.type === 'wait' ? step : { ...step, length: step.length + preamble }
  }
