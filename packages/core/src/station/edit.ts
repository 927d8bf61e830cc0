import { randomId } from '../ids.ts'
import type { Role } from '../membership/roles.ts'
import type { Change, Unwrite, Value, Write } from '../record/change.ts'
import { checkField } from '../record/define.ts'
import { canonical, RecordDoc } from '../record/fold.ts'
import { shownCopy } from '../record/place.ts'
import type { Projection } from '../record/project.ts'
import { definitionOf, type RecordType, recordTypes } from '../records/registry.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Store } from '../store/store.ts'
import { maskedRecord } from '../work/masked-record.ts'

export type Edit = {
  readonly set?: Readonly<Record<string, Value>>
  readonly add?: Readonly<Record<string, readonly string[]>>
  readonly remove?: Readonly<Record<string, readonly string[]>>
  readonly append?: Readonly<Record<string, readonly Value[]>>
  /** Sets fields without taking back what is there: two values live, and a person decides. */
  readonly dispute?: Readonly<Record<string, Value>>
}

export type EditProblem = Problem & { type: 'no-such-record' | 'invalid-field' | 'ambiguous-id' }

/**
 * What a command may do, inside one store transaction: read records, and say what changes. The changes become
 * entries when the command has returned.
 */
export class Draftbook {
  readonly #store: Store
  readonly #viewer: Role
  readonly changes = new Map<string, Change[]>()

  /** What is read through it is masked for `viewer`, as everywhere. */
  constructor(store: Store, viewer: Role) {
    this.#store = store
    this.#viewer = viewer
  }

  /** Where it is kept now, of a record that was moved; its copy in `space` when it is kept there too. */
  get(id: string, space?: string): Projection | null {
    return shownCopy(this.copies(id), space)
  }

  /** Every copy of a record, in each space it was in. */
  copies(id: string): readonly Projection[] {
    return this.#store.recordsById(id).map((row) => maskedRecord(row.projection, this.#viewer))
  }

  /** What was moved away included. */
  *records(filter: { space?: string; type?: RecordType }): IterableIterator<Projection> {
    for (const record of this.#store.records(filter)) yield maskedRecord(record, this.#viewer)
  }

  create(
    type: RecordType,
    space: string,
    content: Edit,
    id: string = randomId(recordTypes[type].prefix),
  ): Result<string, EditProblem> {
    const definition = definitionOf(type)!
    for (const [name, field] of Object.entries(definition.fields))
      if (field.required && (content.set?.[name] ?? null) === null)
        return fail({ type: 'invalid-field', record: type, field: name, rule: 'required' })
    const set = Object.fromEntries(Object.entries(content.set ?? {}).filter(([, value]) => value !== null))
    const writes = writesOf(type, { ...content, set }, checkField)
    if (!writes.ok) return writes
    this.#put(space, { type, version: definition.version, id, writes: writes.value, unwrites: [] })
    return ok(id)
  }

  /** Taken back: exactly the writes this station has seen. What a colleague wrote meanwhile lives on beside it. */
  edit(id: string, edit: Edit, space = this.get(id)?.space): Result<void, EditProblem> {
    const row = space === undefined ? null : this.#store.record(space, id)
    if (!row) return fail({ type: 'no-such-record', id })
    return this.#change(row, edit, checkField)
  }

  /**
   * Writes what a copy in another space says, as it is: it was checked where it was written. Of a record that is not
   * in this space yet, it makes one.
   */
  bring(space: string, { id, type }: Pick<Projection, 'id' | 'type'>, edit: Edit): Result<void, EditProblem> {
    const row = this.#store.record(space, id) ?? { space, id, type, state: null }
    return this.#change(row, edit, (_definition, _name, value) => ok(value))
  }

  #change(
    row: {
      readonly space: string
      readonly id: string
      readonly type: string
      readonly state: Uint8Array | null
    },
    edit: Edit,
    check: typeof checkField,
  ): Result<void, EditProblem> {
    const { id } = row
    const definition = definitionOf(row.type)
    if (!definition) return fail({ type: 'no-such-record', id })
    const live = new RecordDoc(id, row.state).live()
    const unwrites: Unwrite[] = []
    const set: Record<string, Value> = {}
    for (const [name, value] of Object.entries(edit.set ?? {})) {
      const seen = live.fields.filter((write) => write.name === name)
      const same = seen.length > 0 && seen.every((write) => canonical(write.value) === canonical(value))
      if (same || (seen.length === 0 && value === null)) continue
      set[name] = value
      for (const write of seen) unwrites.push({ type: 'field', name, tag: write.stamp.tag })
    }
    const add: Record<string, string[]> = {}
    for (const [name, elements] of Object.entries(edit.add ?? {}))
      add[name] = elements.filter(
        (element) => !live.sets.some((write) => write.name === name && write.element === element),
      )
    for (const [name, elements] of Object.entries(edit.remove ?? {}))
      for (const write of live.sets)
        if (write.name === name && elements.includes(write.element))
          unwrites.push({ type: 'add', name, element: write.element, tag: write.stamp.tag })
    const writes = writesOf(
      row.type as RecordType,
      { set: { ...set, ...edit.dispute }, add, ...(edit.append ? { append: edit.append } : {}) },
      check,
    )
    if (!writes.ok) return writes
    if (writes.value.length === 0 && unwrites.length === 0) return ok(undefined)
    this.#put(row.space, { type: row.type, version: definition.version, id, writes: writes.value, unwrites })
    return ok(undefined)
  }

  #put(space: string, change: Change): void {
    const changes = this.changes.get(space)
    if (changes) changes.push(change)
    else this.changes.set(space, [change])
  }
}

function writesOf(type: RecordType, content: Edit, check: typeof checkField): Result<Write[], EditProblem> {
  const definition = definitionOf(type)!
  const writes: Write[] = []
  for (const [name, value] of Object.entries(content.set ?? {})) {
    const checked = check(definition, name, value)
    if (!checked.ok) return checked
    writes.push({ type: 'field', name, value: checked.value })
  }
  for (const [name, elements] of Object.entries(content.add ?? {})) {
    if (!Object.hasOwn(definition.sets ?? {}, name))
      return fail({ type: 'invalid-field', record: type, field: name, rule: 'unknown-field' })
    for (const element of elements) writes.push({ type: 'add', name, element })
  }
  for (const [name, values] of Object.entries(content.append ?? {})) {
    if (!Object.hasOwn(definition.timelines ?? {}, name))
      return fail({ type: 'invalid-field', record: type, field: name, rule: 'unknown-field' })
    for (const value of values) writes.push({ type: 'append', name, value })
  }
  return ok(writes)
}
