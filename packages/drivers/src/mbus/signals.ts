/** What the records of an M-Bus meter say in the vocabulary of the gateway: it depends on what the meter counts. */
import type { DecodedItem, ItemValue, Meaning } from '../contract.ts'

/** Of today and of all tariffs: values of earlier days and single tariffs have longer ids. Hot and cold water are both water. */
const OF_MEDIUM: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  water: { volume: { signal: 'water' }, flow: { signal: 'flow' } },
  gas: { volume: { signal: 'gas' }, flow: { signal: 'flow' } },
  // The volume and flow of a heat meter are of the water that carries the heat: nobody used it up.
  heat: { energy: { signal: 'heat' } },
  electricity: {
    energy: { signal: 'electricity' },
    power: { signal: 'power' },
    voltage: { signal: 'voltage' },
    current: { signal: 'current' },
  },
}
const MEDIA: Readonly<Record<string, string>> = {
  water: 'water',
  'cold water': 'water',
  'hot water': 'water',
  gas: 'gas',
  'heat, return': 'heat',
  'heat, flow': 'heat',
  electricity: 'electricity',
}

/** Bits of the header's status byte, EN 13757-3: power low, permanent error. A temporary error passes by itself. */
const POWER_LOW = 0x04
const PERMANENT_ERROR = 0x08
const bit = (mask: number) => (value: ItemValue) =>
  typeof value === 'string' && /^[0-9A-F]{2}$/.test(value)
    ? Number((Number.parseInt(value, 16) & mask) !== 0)
    : null

export function signalsOf(item: string, answer: readonly DecodedItem[]): readonly Meaning[] {
  if (item === 'status')
    return [
      { signal: 'battery-low', toNumber: bit(POWER_LOW) },
      { signal: 'fault', toNumber: bit(PERMANENT_ERROR) },
    ]
  const medium = MEDIA[String(answer.find(({ id }) => id === 'medium')?.value)]
  const meaning = medium === undefined ? undefined : OF_MEDIUM[medium]?.[item]
  return meaning ? [meaning] : []
}
