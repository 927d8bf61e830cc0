import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fail, formById, ok, type Problem, type Result } from '@doorstep/core'

export type ReadForm = {
  readonly xml: string
  /** Of a form that comes along; null for a file. */
  readonly id: string | null
  /** Lists that lie beside the form, by file name. */
  readonly attachments: Readonly<Record<string, string>>
}

export type ReadFormProblem = Problem & { readonly type: 'file-unreadable' | 'xlsform-not-supported' }

/** What forms read lists from. */
const ATTACHMENTS = ['.csv', '.geojson', '.xml']
/** A list of a whole town's streets is a few MiB; what is larger is not a form's list. */
const MAX_ATTACHMENT_BYTES = 32 * 1024 * 1024

/** A form file with the lists beside it that it mentions, or one that comes along by its id. */
export async function readForm(name: string): Promise<Result<ReadForm, ReadFormProblem>> {
  const builtin = formById(name)
  if (builtin) return ok({ xml: builtin.xml, id: builtin.id, attachments: {} })
  try {
    const bytes = readFileSync(name)
    // Workbooks are ZIP archives (PK) or old OLE files.
    if (
      bytes.subarray(0, 2).toString('latin1') === 'PK' ||
      bytes.subarray(0, 4).toString('hex') === 'd0cf11e0'
    )
      return fail({ type: 'xlsform-not-supported', file: name })
    const xml = bytes.toString('utf8').replace(/^\ufeff/, '')
    return ok({ xml, id: null, attachments: beside(name, xml) })
  } catch (error) {
    return fail({ type: 'file-unreadable', file: name, code: (error as NodeJS.ErrnoException).code ?? '' })
  }
}

function beside(name: string, xml: string): Record<string, string> {
  const attachments: Record<string, string> = {}
  const folder = dirname(name)
  for (const file of readdirSync(folder)) {
    if (!ATTACHMENTS.includes(extname(file).toLowerCase()) || !xml.includes(file)) continue
    const path = join(folder, file)
    if (statSync(path).isFile() && statSync(path).size <= MAX_ATTACHMENT_BYTES)
      attachments[file] = readFileSync(path, 'utf8')
  }
  return attachments
}
