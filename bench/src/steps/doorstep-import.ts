import { writeFileSync } from 'node:fs'
import { createCommunity, expectOk, importRegister, type Projection, parseMappingText } from '@doorstep/core'
import { SECRET } from '../community.ts'
import { BUILT_AT_MS } from '../generate.ts'
import { step } from '../step.ts'

export type Imported = {
  readonly ms: number
  readonly rows: number
  readonly records: number
  readonly grids: number
}

/** Imports a register into a fresh community, then (not timed) leaves the records as JSON lines for the other side. */
step<{
  home: string
  /** The CSV file, base64. */
  register: string
  /** The mapping file's text. */
  mapping: string
  where: Readonly<Record<string, string>> | null
  jsonLines: string
}>(async ({ home, register, mapping, where, jsonLines }): Promise<Imported> => {
  const station = expectOk(
    await createCommunity({
      home,
      secret: SECRET,
      community: '测试社区',
      member: '测试员甲',
      grids: [],
      timeZone: 'Asia/Singapore',
      now: () => BUILT_AT_MS,
    }),
  )
  const startedAt = performance.now()
  const report = expectOk(
    await importRegister(station, {
      file: Buffer.from(register, 'base64'),
      mapping: expectOk(parseMappingText(mapping)),
      split: 500,
      ...(where ? { where } : {}),
    }),
  )
  const ms = performance.now() - startedAt
  const records = [...station.records()].filter(({ type }) => IMPORTED.has(type))
  writeFileSync(jsonLines, records.map((record) => `${JSON.stringify(docOf(record))}\n`).join(''))
  await station.close()
  return { ms, rows: report.read, records: report.created, grids: report.grids.length }
})

const IMPORTED = new Set(['building', 'dwelling', 'household'])

const docOf = ({ id, type, space, fields }: Projection) => ({ _id: `${type}:${id}`, type, space, ...fields })
