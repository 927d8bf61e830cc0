import { mkdirSync } from 'node:fs'
import PouchDB, { type Doc } from 'pouchdb'
import { generate, recordsOf, type Size } from '../generate.ts'
import { docOf } from '../pouch-docs.ts'
import { step } from '../step.ts'

const DOCS_A_WRITE = 500

/** Makes a database of everything and one of the first grid, each with one revision a document. */
step<{ folder: string; size: Size }>(async ({ folder, size }) => {
  mkdirSync(folder)
  const docs = [...generate(size)].flatMap(recordsOf).map(docOf)
  await fill(`${folder}/whole`, docs)
  await fill(
    `${folder}/grid`,
    docs.filter((doc) => doc.grid === 0),
  )
  return {
    docs: docs.length,
    jsonBytes: docs.reduce((sum, doc) => sum + Buffer.byteLength(JSON.stringify(doc)), 0),
  }
})

async function fill(folder: string, docs: readonly Doc[]): Promise<void> {
  const db = new PouchDB(folder)
  for (let at = 0; at < docs.length; at += DOCS_A_WRITE) {
    const answers = await db.bulkDocs(docs.slice(at, at + DOCS_A_WRITE))
    if (answers.some((answer) => !('ok' in answer))) throw new Error('PouchDB did not take a document')
  }
  await db.close()
}
