/** Turns a driver's one-step scan into a parser that takes bytes in any cut and remembers its tail. */
import type { Frame, Noise, NoiseReason, Parsed, Parser } from './contract.ts'

/** What stands at one place of the bytes. `wait`: not decidable before more bytes or silence. */
export type Step<F> =
  | { readonly type: 'frame'; readonly frame: F; readonly length: number }
  | { readonly type: 'noise'; readonly length: number; readonly reason: NoiseReason }
  | { readonly type: 'wait' }

/** Must answer from the bytes alone, and never `wait` when `ended`. */
export type Scan<F> = (bytes: Uint8Array, at: number, ended: boolean) => Step<F>

export function createParser<F extends Frame>(scan: Scan<F>): Parser<F> {
  let tail: Uint8Array = new Uint8Array(0)

  function run(bytes: Uint8Array, ended: boolean): Parsed<F> {
    const frames: F[] = []
    const noise: { from: number; to: number; reason: NoiseReason }[] = []
    let at = 0
    while (at < bytes.length) {
      const step = scan(bytes, at, ended)
      if (step.type === 'wait') break
      if (step.type === 'frame') frames.push(step.frame)
      else extendNoise(noise, at, step.length, step.reason)
      at += step.length
    }
    tail = bytes.slice(at)
    return {
      frames,
      noise: noise.map(({ from, to, reason }): Noise => ({ bytes: bytes.slice(from, to), reason })),
    }
  }

  return {
    // A copy: what is pushed may be a Buffer, whose slices share memory with what they were cut from.
    push: (bytes) => run(joinBytes([tail, bytes]), false),
    flush: () => run(tail, true),
    get pendingBytes() {
      return tail.length
    },
  }
}

/** Stray bytes right behind a refused candidate are the rest of it. */
function extendNoise(
  runs: { from: number; to: number; reason: NoiseReason }[],
  at: number,
  length: number,
  reason: NoiseReason,
): void {
  const last = runs.at(-1)
  if (last !== undefined && last.to === at && (reason === 'stray' || reason === last.reason))
    last.to += length
  else runs.push({ from: at, to: at + length, reason })
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
