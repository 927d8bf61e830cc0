import { chanceFrom } from '../../src/testing/mutate.ts'

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

export function createDice(seed: number): Dice {
  const { below } = chanceFrom(seed)
  const next = () => below(2 ** 32) / 2 ** 32
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
