import PouchDB, { type Doc } from 'pouchdb'
import type { PlainRecord } from '../src/generate.ts'

/** One JSON document a record. */
export const docOf = ({ type, id, grid, set, categories, steps }: PlainRecord): Doc => ({
  _id: `${type}:${id}`,
  type,
  grid,
  ...set,
  ...(categories ? { categories } : {}),
  ...(steps ? { steps } : {}),
})

export function recordOf({ _id, _rev, type, grid, categories, steps, ...set }: Doc): PlainRecord {
  return {
    id: _id.slice(_id.indexOf(':') + 1),
    type,
    grid,
    set,
    ...(categories ? { categories } : {}),
    ...(steps ? { steps } : {}),
  } as PlainRecord
}

const DOCS_A_WRITE = 500

export async function fill(folder: string, docs: readonly Doc[]): Promise<void> {
  const db = new PouchDB(folder)
  for (let at = 0; at < docs.length; at += DOCS_A_WRITE) {
    const answers = await db.bulkDocs(docs.slice(at, at + DOCS_A_WRITE))
    if (answers.some((answer) => !('ok' in answer))) throw new Error('PouchDB did not take a document')
  }
  await db.close()
}
