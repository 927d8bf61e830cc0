import { setImmediate } from 'node:timers/promises'
import { mayAct } from '../membership/roles.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { plainOf } from '../work/masked-record.ts'
import { blindingKey, blindKeys } from './blind-keys.ts'
import { compareWithLastImport, type ImportEdit, isPlainlyUnchanged } from './compare.ts'
import { countRecords, type DesiredRecord, desiredRecords } from './desired-records.ts'
import type { GridChoice, PlannedGrid, PlanProblem } from './grid-plan.ts'
import { type GridProblem, heldGrids, openGrid, refuseSplit } from './held-grids.ts'
import { IMPORT_ACTION, ImportHistory, type LastImported } from './last-imported.ts'
import type { Mapping } from './mapping.ts'
import { planImport } from './plan-import.ts'
import { type RegisterProblem, type RowFilter, readRegisterRows } from './read-register.ts'
import type { Register, Rejection } from './register.ts'
import { openRows } from './row-source.ts'

export type ImportOptions = {
  /** A CSV, or a workbook of which one sheet is read. */
  readonly file: Uint8Array
  readonly sheet?: string
  /** Rows that are hidden in a workbook are taken too. */
  readonly hiddenRows?: boolean
  readonly mapping: Mapping
  /** A grid's name or space id, for all that is new. */
  readonly grid?: string
  /** Grids of at most so many households, made as they are needed. */
  readonly split?: number
  readonly where?: RowFilter
  /** Reads, plans and compares; writes nothing. */
  readonly dryRun?: boolean
  readonly onProgress?: (progress: ImportProgress) => void
  /** Heeded between writes: what is written stays, and importing again goes on from there. */
  readonly signal?: AbortSignal
}

/** In records; `grid` is the name of the one being filled. */
export type ImportProgress = { readonly done: number; readonly total: number; readonly grid: string }

export type ImportCounts = {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  /** Of the updated: where the file and a person both changed a value, so that both now stand side by side. */
  readonly conflicts: number
  /** Of people and homes that were erased (A19): a register that still has them does not bring them back. */
  readonly erased: number
}

export type ImportReport = ImportCounts &
  Pick<Register, 'read' | 'skipped' | 'encoding'> & {
    readonly rejected: readonly Rejection[]
    readonly grids: readonly { readonly space: string; readonly name: string; readonly households: number }[]
  }

export type ImportProblem =
  | RegisterProblem
  | PlanProblem
  | GridProblem
  | (Problem & { type: 'interrupted' | 'bad-split' | 'grid-and-split' })

/** Records in one write: one disk write, and about half a second at most between looks at the signal. */
const CHUNK_RECORDS = 500

/**
 * Brings a register into the community: many bounded writes, each of which stands when it is done. Importing the
 * same file again writes nothing, so an import that was cut off is simply repeated.
 */
export async function importRegister(
  station: Station,
  options: ImportOptions,
): Promise<Result<ImportReport, ImportProblem | Problem>> {
  const chosen = chooseGrids(station, options)
  if (!chosen.ok) return chosen
  const { mapping, where } = options
  const { sheet, hiddenRows = false } = options
  const source = await openRows(options.file, { ...mapping, ...(sheet === undefined ? {} : { sheet }) })
  if (!source.ok) return source
  const register = readRegisterRows(source.value, mapping, { hiddenRows, ...(where ? { where } : {}) })
  if (!register.ok) return register
  const blinding = blindingKey(station)
  if (!blinding) return fail({ type: 'no-key', space: station.communitySpace() ?? '' })
  const community = { id: station.identity.community, grids: heldGrids(station) }
  const plan = planImport(blindKeys(register.value, blinding), mapping, chosen.value, community)
  if (!plan.ok) return plan
  const counts = { created: 0, updated: 0, unchanged: 0, conflicts: 0, erased: 0 }
  const run = new ImportRun(station, options, plan.value.grids, counts)
  const failure = await run.all()
  if (failure) return fail({ ...failure, ...counts })
  return ok({
    encoding: register.value.encoding,
    read: register.value.read,
    ...counts,
    skipped: register.value.skipped,
    rejected: [...register.value.rejected, ...plan.value.rejected].sort((a, b) => a.row - b.row),
    grids: plan.value.grids.map(({ space, name, households }) => ({ space, name, households })),
  })
}

function chooseGrids(
  station: Station,
  { grid, split }: ImportOptions,
): Result<GridChoice, ImportProblem | Problem> {
  const role = station.member()?.role
  if (!role || !mayAct(role, IMPORT_ACTION))
    return fail({ type: 'role-may-not', role: role ?? null, action: IMPORT_ACTION })
  if (grid !== undefined && split !== undefined) return fail({ type: 'grid-and-split' })
  if (grid !== undefined) return ok({ type: 'grid', grid })
  if (split === undefined) {
    const [only, ...others] = heldGrids(station)
    return ok(only && others.length === 0 ? { type: 'grid', grid: only.space } : { type: 'known' })
  }
  if (!Number.isSafeInteger(split) || split < 1) return fail({ type: 'bad-split', split })
  const refusal = refuseSplit(station)
  return refusal ? fail(refusal) : ok({ type: 'split', maxHouseholds: split })
}

type Counts = { -readonly [K in keyof ImportCounts]: number }

/** One import under way: compares grid by grid, and writes what differs in chunks. */
class ImportRun {
  readonly #station: Station
  readonly #options: ImportOptions
  readonly #grids: readonly PlannedGrid[]
  readonly #counts: Counts
  readonly #history: ImportHistory
  readonly #total: number
  #done = 0

  constructor(station: Station, options: ImportOptions, grids: readonly PlannedGrid[], counts: Counts) {
    this.#station = station
    this.#options = options
    this.#grids = grids
    this.#counts = counts
    this.#history = new ImportHistory(station.trunk)
    this.#total = grids.flatMap((grid) => grid.buildings).reduce((sum, each) => sum + countRecords(each), 0)
  }

  async all(): Promise<Problem | null> {
    for (const grid of this.#grids) {
      const failure = await this.#grid(grid)
      if (failure) return failure
    }
    return null
  }

  async #grid(grid: PlannedGrid): Promise<Problem | null> {
    const { mapping, dryRun } = this.#options
    if (grid.isNew && !dryRun) {
      if (this.#options.signal?.aborted) return { type: 'interrupted' }
      const opened = await openGrid(this.#station, grid.space, grid.name)
      if (!opened.ok) return opened.problem
    }
    const current = new Map<string, Projection>()
    if (!grid.isNew)
      for (const projection of this.#station.records({ space: grid.space, moved: true }))
        current.set(projection.id, plainOf(projection))
    let chunk: DesiredRecord[] = []
    for (const desired of desiredRecords(grid.space, grid.buildings, mapping.layout)) {
      if (!this.#differs(grid.space, desired, current.get(desired.id))) continue
      chunk.push(desired)
      if (chunk.length < CHUNK_RECORDS) continue
      const failure = await this.#write(grid, chunk)
      if (failure) return failure
      chunk = []
    }
    return this.#write(grid, chunk)
  }

  #isErased(space: string, id: string): boolean {
    return this.#station.trunk.store.isErasedRecord(space, id)
  }

  /** Counts what needs no write, and says whether a record does. */
  #differs(space: string, desired: DesiredRecord, current: Projection | undefined): boolean {
    if (!current && this.#isErased(space, desired.id)) {
      this.#counts.erased++
      this.#done++
      return false
    }
    if (current && (isPlainlyUnchanged(current, desired) || !this.#editOf(space, current, desired))) {
      this.#counts.unchanged++
      this.#done++
      return false
    }
    return true
  }

  #editOf(space: string, current: Projection, desired: DesiredRecord): ImportEdit | null {
    return compareWithLastImport(current, desired, this.#lastImported(space, current))
  }

  /** Of what was moved, the register may have spoken both before and since. */
  #lastImported(space: string, { id, space: kept }: Projection): LastImported {
    const before = this.#history.lastImported(space, id)
    if (kept === space) return before
    const since = this.#history.lastImported(kept, id)
    return { fields: { ...before.fields, ...since.fields }, sets: { ...before.sets, ...since.sets } }
  }

  async #write(grid: PlannedGrid, chunk: readonly DesiredRecord[]): Promise<Problem | null> {
    const { dryRun, signal, onProgress } = this.#options
    if (signal?.aborted) return { type: 'interrupted' }
    if (chunk.length > 0) {
      const read = (book: Pick<Draftbook, 'get'>) => this.#decide(book, grid.space, chunk)
      if (dryRun) this.#count(read(this.#station))
      else {
        const written = await this.#station.write(IMPORT_ACTION, (book) => {
          const decided = read(book)
          for (const { desired, step } of decided) {
            if (step.type === 'unchanged' || step.type === 'erased') continue
            const { type, id, set, sets } = desired
            const done =
              step.type === 'create'
                ? book.create(type, grid.space, { set, add: sets }, id)
                : book.edit(id, step.edit, step.space)
            if (!done.ok) return done
          }
          return ok(decided)
        })
        if (!written.ok) return written.problem
        this.#count(written.value.value)
      }
    }
    this.#done += chunk.length
    onProgress?.({ done: this.#done, total: this.#total, grid: grid.name })
    // A long stretch without writes still lets others of this process have a turn.
    await setImmediate()
    return null
  }

  /** Inside the write's transaction: another process may have written since the records were compared. */
  #decide(book: Pick<Draftbook, 'get'>, space: string, chunk: readonly DesiredRecord[]): Decision[] {
    return chunk.map((desired) => {
      // What was moved is followed to where it is now.
      const current = book.get(desired.id, space)
      if (!current)
        return { desired, step: this.#isErased(space, desired.id) ? { type: 'erased' } : { type: 'create' } }
      const edit = this.#editOf(space, plainOf(current), desired)
      return {
        desired,
        step: edit ? { type: 'update', space: current.space, ...edit } : { type: 'unchanged' },
      }
    })
  }

  #count(decisions: readonly Decision[]): void {
    for (const { step } of decisions) {
      if (step.type === 'create') this.#counts.created++
      else if (step.type === 'unchanged') this.#counts.unchanged++
      else if (step.type === 'erased') this.#counts.erased++
      else {
        this.#counts.updated++
        if (step.isConflict) this.#counts.conflicts++
      }
    }
  }
}

type Decision = {
  readonly desired: DesiredRecord
  readonly step:
    | { readonly type: 'create' }
    | { readonly type: 'unchanged' }
    | { readonly type: 'erased' }
    | ({ readonly type: 'update'; readonly space: string } & ImportEdit)
}
