/** Every data identifier this driver can name. */

import type { Item } from '../item.ts'
import { energyItem } from './energy-items.ts'
import { freezeItem } from './freeze-items.ts'
import { INSTANT_ITEMS } from './instant-items.ts'
import { PARAMETER_ITEMS } from './parameter-items.ts'

/** Items of fixed identifier; energies, demands and freezes are families and found by rule. */
export const LISTED_ITEMS: readonly Item[] = [...INSTANT_ITEMS, ...PARAMETER_ITEMS]

const byId = new Map(LISTED_ITEMS.map((item) => [item.id, item]))

/** @param id eight hex digits, DI3 first, upper case */
export function findItem(id: string): Item | null {
  const di = id.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? []
  return byId.get(id) ?? energyItem(di) ?? freezeItem(di)
}
