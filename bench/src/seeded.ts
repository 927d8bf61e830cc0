export type Seeded = {
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number
  chance(share: number): boolean
  pick<T>(from: readonly T[]): T
  /** `length` characters of Crockford base32, as record ids have. */
  letters(length: number): string
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** mulberry32: the same seed gives the same community on every machine. */
export function createSeeded(seed: number): Seeded {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    chance: (share) => next() < share,
    pick: (from) => from[below(from.length)]!,
    letters: (length) => Array.from({ length }, () => ALPHABET[below(32)]).join(''),
  }
}
