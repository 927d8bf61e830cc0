import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { type FormFile, fail, formById, ok, type Problem, type Result, readFormFile } from '@doorstep/core'

export type ReadForm = {
  /** Null when the workbook has faults that no form can be made with. */
  readonly xml: string | null
  /** Of a form that comes along; null for a file. */
  readonly id: string | null
  readonly workbook: FormFile['workbook']
  /** Lists that lie beside the form or were given with it, by file name. */
  readonly attachments: Readonly<Record<string, string>>
  /** Pictures and sounds, likewise. */
  readonly media: Readonly<Record<string, Uint8Array>>
}

export type ReadFormProblem = Problem & { readonly type: 'file-unreadable' }

/** What forms read lists from. */
const LISTS = ['.csv', '.geojson', '.xml']
const MEDIA = [
  '.png',
  '.jpg',
  '.jpeg',
  '.gif',
  '.webp',
  '.svg',
  '.mp3',
  '.m4a',
  '.ogg',
  '.wav',
  '.mp4',
  '.webm',
]
/** A list of a whole town's streets is a few MiB; what is larger is not a form's list. */
const MAX_ATTACHMENT_BYTES = 32 * 1024 * 1024

/** A form file with the files beside it that it mentions and those of `given`, or one that comes along by its id. */
export async function readForm(name: string, given: readonly string[] = []): Promise<Result<ReadForm>> {
  const builtin = formById(name)
  if (builtin) return ok({ xml: builtin.xml, id: builtin.id, workbook: null, attachments: {}, media: {} })
  let at = name
  try {
    const read = await readFormFile(readFileSync(name), basename(name, extname(name)))
    if (!read.ok) return fail({ ...read.problem, file: name })
    const { xml, workbook } = read.value
    const files = new Map<string, string>()
    for (const file of readdirSync(dirname(name)))
      if (file !== basename(name) && xml?.includes(file)) files.set(file, join(dirname(name), file))
    for (const path of given) files.set(basename(path), path)
    const attachments: Record<string, string> = {}
    const media: Record<string, Uint8Array> = {}
    for (const [file, path] of files) {
      at = path
      const ending = extname(file).toLowerCase()
      if (!statSync(path).isFile() || statSync(path).size > MAX_ATTACHMENT_BYTES) continue
      if (LISTS.includes(ending)) attachments[file] = readFileSync(path, 'utf8').replace(/^\ufeff/, '')
      else if (MEDIA.includes(ending)) media[file] = readFileSync(path)
    }
    return ok({ xml: xml?.replace(/^\ufeff/, '') ?? null, id: null, workbook, attachments, media })
  } catch (error) {
    return fail({ type: 'file-unreadable', file: at, code: (error as NodeJS.ErrnoException).code ?? '' })
  }
}
