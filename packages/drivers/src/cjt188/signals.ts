/** What a water, gas or heat meter says in the vocabulary of the gateway: it depends on the meter's type byte. */
import type { Signal } from '@doorstep/core'
import type { DecodedItem, Meaning } from '../contract.ts'
import { METER_READING, METER_TYPE_ITEM } from './decode.ts'

const REGISTERS: Readonly<Record<string, Signal>> = {
  'cold water': 'water',
  'hot water': 'water',
  'drinking water': 'water',
  'reclaimed water': 'water',
  water: 'water',
  gas: 'gas',
  heat: 'heat',
  electricity: 'electricity',
}

export function signalsOf(item: string, answer: readonly DecodedItem[]): readonly Meaning[] {
  if (item === `${METER_READING}.status.battery`)
    return [{ signal: 'battery-low', toNumber: (word) => (word === 'low' ? 1 : 0) }]
  if (item !== METER_READING) return []
  const signal = REGISTERS[String(answer.find(({ id }) => id === METER_TYPE_ITEM)?.value)]
  return signal ? [{ signal }] : []
}
