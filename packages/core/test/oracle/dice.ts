/** A repeatable source of chance: what follows comes from one number. */
export type Dice = {
  below(count: number): number
  chance(probability: number): boolean
  /** Undefined only from nothing. */
  pick<T>(from: readonly T[]): T | undefined
  /** Some of them, anywhere from none to all. */
  part<T>(from: Iterable<T>): T[]
  shuffled<T>(from: Iterable<T>): T[]
}

/** mulberry32 */
export function createDice(seed: number): Dice {
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (count: number) => Math.floor(next() * count)
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (from) => from[below(from.length)],
    part(from) {
      const share = next()
      return [...from].filter(() => next() < share)
    },
    shuffled(from) {
      const list = [...from]
      for (let i = list.length - 1; i > 0; i--) {
        const j = below(i + 1)
        const [a, b] = [list[i]!, list[j]!]
        list[i] = b
        list[j] = a
      }
      return list
    },
  }
}
