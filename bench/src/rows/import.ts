import { readFileSync } from 'node:fs'
import type { BenchContext } from '../bench-context.ts'
import { median } from '../median.ts'
import type { GroupResult } from '../row.ts'
import { runStep } from '../run-step.ts'
import type { Imported } from '../steps/doorstep-import.ts'
import { noteOf, openBoth, rowsOf } from './open.ts'

const REGISTERS = new URL('../../../examples/registers/', import.meta.url)

/** A register of buildings, every dwelling laid out; then, with a whole town, opening what came of it. */
export async function measureImport(context: BenchContext): Promise<GroupResult> {
  const { register: file, town, repetitions } = context.options
  const mapping = readFileSync(new URL('hdb-blocks.mapping.json', REGISTERS), 'utf8')
  const register = readFileSync(file ?? new URL('sample-blocks.csv', REGISTERS)).toString('base64')
  const where = file ? { bldg_contract_town: town } : null
  const ours: Imported[] = []
  const theirs: { ms: number; records: number }[] = []
  let made = { home: '', database: '' }
  for (let n = 1; n <= repetitions; n++) {
    context.progress(`import ${n}/${repetitions}`)
    const jsonLines = context.fresh('records')
    made = { home: context.fresh('town'), database: context.fresh('town-pouch') }
    const input = { home: made.home, register, mapping, where, jsonLines }
    ours.push((await runStep<Imported>('doorstep-import', input)).value)
    if (!context.options.sides.includes('pouchdb')) continue
    theirs.push(
      (await runStep<{ ms: number; records: number }>('pouch-import', { database: made.database, jsonLines }))
        .value,
    )
  }
  if (theirs.some(({ records }, n) => records !== ours[n]!.records))
    throw new Error('the two sides imported different records')
  const { rows, records, grids } = ours.at(-1)!
  const perSecond = (one: { ms: number; records: number }) => one.records / (one.ms / 1000)
  const imported = {
    group: 'import',
    what: file ? 'import a town · 导入一个镇' : 'import the sample register · 导入样本',
    unit: 'records/s',
    values: {
      doorstep: median(ours.map(perSecond)),
      ...(theirs.length > 0 ? { pouchdb: median(theirs.map(perSecond)) } : {}),
    },
  } as const
  const note = `import: ${rows} rows read, ${records} records in ${grids} grids; Doorstep reads the file, lays out doors and plans grids in this time, PouchDB only stores finished documents`
  if (!file)
    return {
      rows: [imported],
      notes: [note, 'open a whole town: skipped, because no register was given (--register FILE)'],
    }
  const both = await openBoth(context, made.home, theirs.length > 0 ? made.database : null, 'open: the town')
  return {
    rows: [imported, ...rowsOf('import', `town ${town}`, '全镇', both)],
    notes: [note, noteOf(`open town ${town}`, both)],
  }
}
