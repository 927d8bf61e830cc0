import { readFileSync } from 'node:fs'
import PouchDB, { type Doc } from 'pouchdb'
import { step } from '../src/step.ts'

/** As many as one write of Doorstep's import holds. */
const DOCS_A_WRITE = 500

step<{ database: string; jsonLines: string }>(
  async ({ database, jsonLines }): Promise<{ ms: number; records: number }> => {
    const docs = readFileSync(jsonLines, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Doc)
    const startedAt = performance.now()
    const db = new PouchDB(database)
    for (let at = 0; at < docs.length; at += DOCS_A_WRITE) {
      const answers = await db.bulkDocs(docs.slice(at, at + DOCS_A_WRITE))
      if (answers.some((answer) => !('ok' in answer))) throw new Error('PouchDB did not take a document')
    }
    const ms = performance.now() - startedAt
    await db.close()
    return { ms, records: docs.length }
  },
)
