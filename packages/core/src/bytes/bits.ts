/** A set of small whole numbers, one bit each. Shorter arrays read as zeros beyond their end. */
export type Bits = Uint32Array

export const hasBit = (bits: Bits, n: number): boolean =>
  n >>> 5 < bits.length && ((bits[n >>> 5]! >>> (n & 31)) & 1) === 1

export const emptyBits = (size: number): Bits => new Uint32Array((size + 31) >>> 5)

export function setBit(bits: Bits, n: number): void {
  bits[n >>> 5]! |= 1 << (n & 31)
}

export function addBits(into: Bits, from: Bits): void {
  for (let at = 0; at < from.length; at++) into[at]! |= from[at]!
}

/** The members of the set, smallest first. */
export function* bitsOf(bits: Bits): IterableIterator<number> {
  for (let at = 0; at < bits.length; at++)
    for (let word = bits[at]!; word !== 0; word &= word - 1) yield at * 32 + 31 - Math.clz32(word & -word)
}

export function countBits(bits: Bits): number {
  let count = 0
  for (let word of bits) for (; word !== 0; word &= word - 1) count++
  return count
}

/** Whether everything in `inner` is in `outer` too. */
export function isWithin(inner: Bits, outer: Bits): boolean {
  for (let at = 0; at < inner.length; at++) if ((inner[at]! & ~(outer[at] ?? 0)) !== 0) return false
  return true
}
