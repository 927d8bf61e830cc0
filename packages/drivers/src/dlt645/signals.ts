/** What the items of an electricity meter say in the vocabulary of the gateway. */
import type { DecodedItem, Meaning } from '../contract.ts'

const MEANINGS: Readonly<Record<string, Meaning>> = {
  // Forward energy, all tariffs: what the home took from the grid. Of the 2007 and of the 1997 edition.
  '00010000': { signal: 'electricity' },
  '9010': { signal: 'electricity' },
  '02030000': { signal: 'power' },
  B630: { signal: 'power' },
  // Homes have one phase, which is A.
  '02010100': { signal: 'voltage' },
  B611: { signal: 'voltage' },
  '02020100': { signal: 'current' },
  B621: { signal: 'current' },
  '04000501.clock-battery': { signal: 'battery-low', toNumber: (word) => (word === 'low' ? 1 : 0) },
}

export function signalsOf(item: string, _answer: readonly DecodedItem[]): readonly Meaning[] {
  const meaning = MEANINGS[item]
  return meaning ? [meaning] : []
}
