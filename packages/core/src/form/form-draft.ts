/** A half-filled form as text. It holds the instance and, beside it, what the instance leaves out: hidden answers, files. */
import { createHash } from 'node:crypto'
import { fail, ok, type Result } from '../result.ts'
import type { AnswerFile } from './answer-parse.ts'
import { type EngineNode, leavesOf, repeatsOf } from './engine-nodes.ts'
import type { FormCore } from './form-core.ts'
import type { FormOpenProblem } from './form-problem.ts'

export type FormDraft = {
  readonly format: 'form-draft'
  readonly version: 1
  readonly form: { readonly id: string; readonly version: string; readonly digest: string }
  readonly language: string
  readonly instance: string
  /** How many of each repeat there are; the instance leaves out those in hidden groups. */
  readonly repeats: readonly { readonly ref: string; readonly count: number }[]
  /** What was given, in document order; `hidden` ones are not in the instance. */
  readonly answers: readonly { readonly ref: string; readonly value: unknown; readonly hidden: boolean }[]
  readonly files: readonly {
    readonly ref: string
    readonly name: string
    readonly mediaType: string
    readonly base64: string
    readonly previewBase64?: string
    readonly width?: number
    readonly height?: number
  }[]
}
export type DraftFile = FormDraft['files'][number]

export const digestOf = (xml: string): string => createHash('sha256').update(xml).digest('hex')

/** Without `files` their owner keeps them apart: a photo need not be written again with every answer. */
export function encodeDraft(core: FormCore, digest: string, { files = true } = {}): string {
  const leaves = [...leavesOf(core.root)]
  const refOf = (node: EngineNode) => node.currentState.reference
  const { id, version } = core.document
  const draft: FormDraft = {
    format: 'form-draft',
    version: 1,
    form: { id, version, digest },
    language: core.root.currentState.activeLanguage.language,
    instance: core.root.instanceState.instanceXML,
    repeats: [...repeatsOf(core.root)]
      .filter((repeat) => repeat.nodeType === 'repeat-range:uncontrolled')
      .map((repeat) => ({ ref: refOf(repeat), count: repeat.currentState.children.length })),
    answers: leaves
      .filter((leaf) => core.given.has(leaf.nodeId) && !core.files.has(leaf.nodeId))
      .map((leaf) => ({
        ref: refOf(leaf),
        value: core.given.get(leaf.nodeId),
        hidden: !leaf.currentState.relevant,
      })),
    files: files ? draftFiles(core) : [],
  }
  return JSON.stringify(draft)
}

/** The files of a form as they are kept, each with the question that it answers now. */
export const draftFiles = (core: FormCore): readonly DraftFile[] =>
  [...leavesOf(core.root)].flatMap((leaf) => {
    const file = core.files.get(leaf.nodeId)
    return file ? [{ ref: leaf.currentState.reference, ...fileText(file) }] : []
  })

const fileText = ({ name, mediaType, bytes, preview, width, height }: AnswerFile) => ({
  name,
  mediaType,
  base64: Buffer.from(bytes).toString('base64'),
  ...(preview ? { previewBase64: Buffer.from(preview).toString('base64') } : {}),
  ...(width && height ? { width, height } : {}),
})

/** Failures: `draft-unreadable`, `draft-of-other-form` {formId, draftFormId}. Another version of the form is no failure. */
export function decodeDraft(text: string, formId: string): Result<FormDraft, FormOpenProblem> {
  let draft: unknown
  try {
    draft = JSON.parse(text)
  } catch {
    return unreadable('it is not JSON')
  }
  if (!isDraft(draft)) return unreadable('it is not a form draft of a version known here')
  if (draft.form.id === formId) return ok(draft)
  return fail({
    type: 'draft-of-other-form',
    reason: `the draft belongs to ${draft.form.id}`,
    formId,
    draftFormId: draft.form.id,
  })
}

const unreadable = (reason: string) => fail<FormOpenProblem>({ type: 'draft-unreadable', reason })

function isDraft(value: unknown): value is FormDraft {
  const draft = Object(value) as Partial<Record<keyof FormDraft, unknown>>
  const form = Object(draft.form) as Record<string, unknown>
  const texts = [draft.language, draft.instance, form.id, form.version, form.digest]
  return (
    draft.format === 'form-draft' &&
    draft.version === 1 &&
    texts.every((text) => typeof text === 'string') &&
    areRecords(draft.repeats, ['ref']) &&
    areRecords(draft.answers, ['ref']) &&
    areRecords(draft.files, ['ref', 'name', 'mediaType', 'base64'])
  )
}

const areRecords = (list: unknown, texts: readonly string[]): boolean =>
  Array.isArray(list) &&
  list.every((one) =>
    texts.every((name) => typeof (Object(one) as Record<string, unknown>)[name] === 'string'),
  )
