import { dueList, type Projection, RecordSet, type RecordType, type Value } from '@doorstep/core'
import PouchDB, { type Doc } from 'pouchdb'
import { BUILT_AT_MS, TODAY } from '../src/generate.ts'
import { step, usage } from '../src/step.ts'
import type { Opened } from '../src/steps/doorstep-open.ts'

/** All documents, put into the same record set and asked for the same due list; `policies` stands in for the community's. */
step<{ database: string; policies: readonly Projection[] }>(
  async ({ database, policies }): Promise<Opened> => {
    const { rssBytes } = usage()
    const startedAt = performance.now()
    const db = new PouchDB(database)
    const { rows } = await db.allDocs({ include_docs: true })
    const records = new RecordSet([...policies, ...rows.map(({ doc }) => asProjection(doc))])
    const due = dueList(records, { on: TODAY })
    const ms = performance.now() - startedAt
    return { ms, records: records.size, due: due.length, rssBeforeBytes: rssBytes }
  },
)

function asProjection({ _id, _rev, type, grid, categories, ...fields }: Doc): Projection {
  return {
    id: _id.slice(_id.indexOf(':') + 1),
    type: type as RecordType,
    space: `sp-${String(grid)}`,
    fields: fields as Record<string, Value>,
    sets: categories ? { categories: categories as string[] } : {},
    timelines: {},
    conflicts: {},
    createdAt: BUILT_AT_MS,
    createdBy: '',
    changedAt: BUILT_AT_MS,
  }
}
