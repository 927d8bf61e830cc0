/** Every data identifier this driver can name. */

import type { Item } from '../item.ts'
import { energyItem } from './energy-items.ts'
import { freezeItem } from './freeze-items.ts'
import { INSTANT_ITEMS } from './instant-items.ts'
import { findItem1997 } from './items-1997.ts'
import { PARAMETER_ITEMS } from './parameter-items.ts'

/** Items of fixed identifier; energies, demands and freezes are families and found by rule. */
export const LISTED_ITEMS: readonly Item[] = [...INSTANT_ITEMS, ...PARAMETER_ITEMS]

const byId = new Map(LISTED_ITEMS.map((item) => [item.id, item]))

/** @param id hex digits in upper case, the highest first: eight of the 2007 edition, four of 1997 */
export function findItem(id: string): Item | null {
  if (id.length === 4) return findItem1997(id)
  const di = id.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? []
  return byId.get(id) ?? energyItem(di) ?? freezeItem(di)
}
