/** Templates as the community keeps them: added, listed, found, taken down. */
import { createHash } from 'node:crypto'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { cleanText, type EntryPlace, withEntries } from '../work/command.ts'
import { readTemplate, type TemplateFault } from './read-template.ts'

/** A department's form is some tens of kilobytes; every station of the community keeps it. */
export const MAX_TEMPLATE_BYTES = 200_000
/** In base64; one part of an entry takes 48 KiB (log/limits.ts). */
const CHUNK_CHARACTERS = 36_000

export type TemplateProblem = Problem & {
  type: 'template-too-large' | 'template-faults' | 'no-such-template' | 'role-may-not' | 'no-key'
}
export type TemplateRow = {
  readonly id: string
  readonly name: string
  readonly bytes: number
  readonly addedAtMs: number
  readonly by: string
  /** All of it is here. */
  readonly whole: boolean
}

/** A sound template becomes the community's. What was added under the same name before is not used any more. */
export async function addTemplate(
  station: Station,
  name: string,
  bytes: Uint8Array,
): Promise<
  Result<{ readonly template: string; readonly entries: readonly EntryPlace[] }, TemplateProblem | Problem>
> {
  const called = cleanText('template', 'name', name, 80)
  if (!called.ok) return called
  const community = station.communitySpace()
  if (!community) return fail({ type: 'no-key', space: '' })
  if (bytes.length > MAX_TEMPLATE_BYTES)
    return fail({ type: 'template-too-large', bytes: bytes.length, maxBytes: MAX_TEMPLATE_BYTES })
  const read = await readTemplate(bytes)
  if (!read.ok) return read
  if (read.value.faults.length > 0) return fail({ type: 'template-faults', faults: read.value.faults })
  const text = Buffer.from(bytes).toString('base64')
  const chunks = Array.from({ length: Math.ceil(text.length / CHUNK_CHARACTERS) }, (_, at) =>
    text.slice(at * CHUNK_CHARACTERS, (at + 1) * CHUNK_CHARACTERS),
  )
  const hash = createHash('sha256').update(bytes).digest('hex')
  const set = { name: called.value, bytes: bytes.length, chunks: chunks.length, hash }
  const entries: EntryPlace[] = []
  let template: string | null = null
  // A write each: killed in between, what is there is not whole, and what was there before goes on being used.
  for (const [at, chunk] of chunks.entries()) {
    const append = { content: [{ at, text: chunk }] }
    const written = withEntries(
      await station.write('template.add', (book) => {
        const done =
          template === null
            ? book.create('template', community, { set, append })
            : book.edit(template, { append })
        return done.ok ? ok({ id: template ?? String(done.value) }) : done
      }),
    )
    if (!written.ok) return written
    template = written.value.id
    entries.push(...written.value.entries)
  }
  return ok({ template: template!, entries })
}

/** Of each name the latest that is whole, else the latest; by name. */
export function listTemplates(station: Station): readonly TemplateRow[] {
  const byName = new Map<string, Projection>()
  for (const one of [...station.records({ type: 'template' })].sort(byAge)) {
    const name = String(one.fields.name)
    if (one.fields.dropped === true) continue
    const before = byName.get(name)
    if (!before || bytesOf(one) !== null || bytesOf(before) === null) byName.set(name, one)
  }
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, one]) => ({
      id: one.id,
      name,
      bytes: Number(one.fields.bytes),
      addedAtMs: one.createdAt,
      by: one.createdBy,
      whole: bytesOf(one) !== null,
    }))
}

/** The workbook of a name or an id. */
export function findTemplate(
  station: Station,
  text: string,
): Result<{ name: string; bytes: Uint8Array }, TemplateProblem> {
  const rows = listTemplates(station)
  const row = rows.find(({ name, id }) => name === text || id === text)
  const bytes = row ? bytesOf(station.get(row.id)!) : null
  if (!row || !bytes)
    return fail({ type: 'no-such-template', template: text, templates: rows.map(({ name }) => name) })
  return ok({ name: row.name, bytes })
}

/** Taken down with all that were added under its name; stations that have not heard yet still use it. */
export async function dropTemplate(
  station: Station,
  text: string,
): Promise<
  Result<{ readonly dropped: number; readonly entries: readonly EntryPlace[] }, TemplateProblem | Problem>
> {
  const rows = listTemplates(station)
  const row = rows.find(({ name, id }) => name === text || id === text)
  if (!row) return fail({ type: 'no-such-template', template: text, templates: rows.map(({ name }) => name) })
  return withEntries(
    await station.write('template.add', (book) => {
      const all = [...book.records({ type: 'template' })].filter(({ fields }) => fields.name === row.name)
      for (const { id } of all) {
        const done = book.edit(id, { set: { dropped: true } })
        if (!done.ok) return done
      }
      return ok({ dropped: all.length })
    }),
  )
}

/** By when it was added, as its author's clock said; of one moment by id. */
const byAge = (a: Projection, b: Projection): number => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)

/** Null while a part is missing or differs from what was added. */
function bytesOf(record: Projection): Uint8Array | null {
  const parts: string[] = []
  for (const { value } of record.timelines.content ?? []) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue
    if (typeof value.at === 'number' && typeof value.text === 'string') parts[value.at] = value.text
  }
  const bytes = Buffer.from(parts.join(''), 'base64')
  return createHash('sha256').update(bytes).digest('hex') === record.fields.hash
    ? new Uint8Array(bytes)
    : null
}

export type { TemplateFault }
