import type { Doc } from 'pouchdb'
import type { PlainRecord } from './generate.ts'

/** One JSON document a record. */
export const docOf = ({ type, id, grid, set, categories, steps }: PlainRecord): Doc => ({
  _id: `${type}:${id}`,
  type,
  grid,
  ...set,
  ...(categories ? { categories } : {}),
  ...(steps ? { steps } : {}),
})
