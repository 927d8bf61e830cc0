/** What a data identifier (DI3 DI2 DI1 DI0, eight hex digits) stands for: a name and a layout of parts. */
import type { Text } from './contract.ts'
import type { Format } from './value.ts'

/** One value inside an item. In blocks `id` is the identifier under which the value can be read alone. */
export type Part = {
  readonly id: string
  readonly name: Text
  readonly unit: string
  readonly format: Format
  /** Named bits of a status word: each becomes a value of its own, `id.flag`. */
  readonly flags?: readonly Flag[]
}

/** `words[0]` when the bits are 0, and so on. */
export type Flag = {
  readonly id: string
  readonly name: Text
  readonly bit: number
  readonly width: number
  readonly words: readonly string[]
}

/** Some layouts depend on what came: a block has as many tariffs as the meter is set to. */
export type Item = {
  readonly id: string
  readonly name: Text
  readonly unit: string
  partsOf(data: Uint8Array): readonly Part[]
}

export const both = (zh: string, en: string): Text => ({ zh, en })

/** An item with a single value. */
export function single(
  id: string,
  zh: string,
  en: string,
  unit: string,
  format: Format,
  flags: readonly Flag[] = [],
): Item {
  const part: Part = { id, name: both(zh, en), unit, format, flags }
  return { id, name: part.name, unit, partsOf: () => [part] }
}

/** How often a group of `bytes` repeats in the data: as often as it goes, from once to `max` times. */
export function repeats(data: Uint8Array, bytes: number, max: number): number[] {
  return Array.from(
    { length: Math.min(max, Math.max(1, Math.floor(data.length / bytes))) },
    (_, index) => index,
  )
}

export const hexPair = (number: number): string => number.toString(16).toUpperCase().padStart(2, '0')
