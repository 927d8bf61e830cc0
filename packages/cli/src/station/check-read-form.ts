import {
  type CheckedForm,
  type CheckProblem,
  checkForm,
  type Fault,
  fail,
  ok,
  type Result,
} from '@doorstep/core'
import { checkWords, faultWords } from '../voice/form-check-words.ts'
import { type Language, say } from '../voice/language.ts'
import { type ReadForm, readForm } from './read-form.ts'

/** One thing that is wrong with a form, where its author looks for it, in words. */
export type Finding = {
  readonly type: CheckProblem['type'] | Fault['type']
  readonly blocking: boolean
  /** `survey 12` for a row of a workbook, else a path, a line of the XML, or `form`. */
  readonly where: string
  readonly reason: string
  readonly sheet?: string
  readonly row?: number
  readonly column?: string
}
export type CheckedReadForm = Omit<CheckedForm, 'problems'> & { readonly problems: readonly Finding[] }

/** What is said of a workbook's row already need not be said of the question made from it. */
const SAID_OF_ROWS = new Set<CheckProblem['type']>(['label-missing', 'instance-unused', 'function-unknown'])

export async function checkReadForm(form: ReadForm, language: Language): Promise<CheckedReadForm> {
  const faults = (form.workbook?.faults ?? []).map((fault): Finding => {
    const { type, blocking, sheet, row, column } = fault
    const where = row === null ? sheet : `${sheet} ${row}`
    return {
      type,
      blocking,
      where,
      reason: say(language, faultWords(fault)),
      sheet,
      ...(row === null ? {} : { row }),
      ...(column === undefined ? {} : { column }),
    }
  })
  if (form.xml === null) {
    const { id = '', title = '', version = '' } = form.workbook ?? {}
    return { ok: false, id, title, version, languages: [], questions: [], problems: inOrder(faults) }
  }
  const checked = await checkForm(form.xml, {
    attachments: form.attachments,
    media: Object.keys(form.media),
  })
  const problems = checked.problems
    .filter(({ type }) => !(form.workbook && SAID_OF_ROWS.has(type)))
    .map((problem): Finding => {
      const { type, blocking, where } = problem
      const place = form.workbook?.places.get(withoutPositions(where, checked))
      return {
        type,
        blocking,
        where: place ? `${place.sheet} ${place.row}` : where,
        reason: say(language, checkWords(problem)),
        ...(place ? { sheet: place.sheet, row: place.row! } : {}),
      }
    })
  return { ...checked, problems: inOrder([...faults, ...problems]) }
}

/** What stops the form first, then as in the workbook. */
const inOrder = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort(
    (a, b) =>
      Number(b.blocking) - Number(a.blocking) ||
      (a.sheet ?? '').localeCompare(b.sheet ?? '') * -1 ||
      (a.row ?? 0) - (b.row ?? 0),
  )

function withoutPositions(where: string, { questions }: CheckedForm): string {
  const path = where.replaceAll(/\[\d+\]/g, '').replace(/:(?:label|hint|jr:\w+)$/, '')
  if (path.startsWith('/')) return path
  const root = /^\/[^/]+/.exec(questions[0]?.ref ?? '')?.[0] ?? '/data'
  return `${root}/${path}`
}

/** A form that can be opened; of a workbook that makes none, what is wrong in it. */
export async function readSoundForm(
  name: string,
  given: readonly string[],
  language: Language,
): Promise<Result<ReadForm & { readonly xml: string }>> {
  const read = await readForm(name, given)
  if (!read.ok) return read
  const { xml, ...rest } = read.value
  if (xml !== null) return ok({ xml, ...rest })
  const { problems } = await checkReadForm(read.value, language)
  return fail({ type: 'form-not-sound', file: name, problems: problems.filter((one) => one.blocking) })
}
