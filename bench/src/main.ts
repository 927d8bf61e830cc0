import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type BenchContext, createBenchContext } from './bench-context.ts'
import { type Group, type GroupResult, groups, isGroup, ratioOf } from './row.ts'
import { measureBundle } from './rows/bundle.ts'
import { measureFirstSync } from './rows/first-sync.ts'
import { measureImport } from './rows/import.ts'
import { measureOpen } from './rows/open.ts'
import { measureSave } from './rows/save.ts'
import { profileInto } from './run-step.ts'
import { toTable } from './table.ts'

const measures: Record<Group, (context: BenchContext) => Promise<GroupResult>> = {
  'first-sync': (context) => measureFirstSync(context, 'lived'),
  'imported-sync': (context) => measureFirstSync(context, 'imported'),
  bundle: measureBundle,
  save: measureSave,
  open: measureOpen,
  import: measureImport,
}

const USAGE = `pnpm bench [--quick] [--only ${groups.join('|')}] [--json]
           [--households N] [--repetitions N] [--seed N] [--folder DIR] [--profile DIR]
           [--register FILE [--town CODE]]`

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    households: { type: 'string' },
    repetitions: { type: 'string' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string' },
    profile: { type: 'string' },
    register: { type: 'string' },
    town: { type: 'string', default: 'TP' },
    help: { type: 'boolean', default: false },
  },
})

const wanted = values.only ?? [...groups]
if (values.help || !wanted.every(isGroup)) {
  process.stderr.write(`${USAGE}\n`)
  process.exit(values.help ? 0 : 2)
}
if (values.profile) profileInto(resolve(values.profile))

const options = {
  size: {
    households: wholeNumber(values.households, values.quick ? 300 : 3000),
    seed: wholeNumber(values.seed, 1),
  },
  repetitions: wholeNumber(values.repetitions, values.quick ? 1 : 3),
  saves: values.quick ? 200 : 1000,
  register: values.register ? resolve(values.register) : null,
  town: values.town,
}
const folder = mkdtempSync(join(values.folder ? resolve(values.folder) : tmpdir(), 'doorstep-bench-'))
const startedAt = performance.now()
const progress = (text: string) =>
  process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(5)} s  ${text}\n`)

try {
  const context = createBenchContext(options, folder, progress)
  const results: GroupResult[] = []
  for (const group of groups) if (wanted.includes(group)) results.push(await measures[group](context))
  const rows = results.flatMap((result) => result.rows)
  const notes = results.flatMap((result) => result.notes)
  const report = { machine: machine(), options, notes }
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ ...report, rows: rows.map((row) => ({ ...row, ratio: ratioOf(row) })) }, null, 2)}\n`,
    )
  else {
    const { model, cores, memoryGB, node, pouchdb } = report.machine
    process.stdout.write(
      `${cores} cores, ${model}, ${memoryGB} GB, node ${node}; PouchDB ${pouchdb} with leveldb\n`,
    )
    process.stdout.write(
      `${options.size.households} households, medians of ${options.repetitions}; ratio above 1: Doorstep is better\n\n`,
    )
    process.stdout.write(`${toTable(rows)}\n\n${notes.map((note) => `- ${note}`).join('\n')}\n`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function wholeNumber(text: string | undefined, otherwise: number): number {
  const number = text === undefined ? otherwise : Number(text)
  if (Number.isSafeInteger(number) && number > 0) return number
  process.stderr.write(`${USAGE}\n`)
  process.exit(2)
}

function machine() {
  const manifest = readFileSync(new URL('../node_modules/pouchdb/package.json', import.meta.url), 'utf8')
  return {
    cores: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown processor',
    memoryGB: Math.round(totalmem() / 1e9),
    node: process.versions.node,
    pouchdb: (JSON.parse(manifest) as { version: string }).version,
  }
}
