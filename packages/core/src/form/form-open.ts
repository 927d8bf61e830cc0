/** From XForm XML, and perhaps a draft, to an opened form. */
import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { fail, ok, type Result } from '../result.ts'
import { applyAnswers } from './answer-document.ts'
import { type Engine, errorText, type InstanceData, type LoadedForm, loadEngine } from './engine.ts'
import { createCore, type FormCore, findLeaf, setRepeatCount, writeAnswer } from './form-core.ts'
import { type DraftFile, decodeDraft, digestOf, type FormDraft } from './form-draft.ts'
import { chooseLanguage } from './form-language.ts'
import type { FormOpenProblem, FormProblem } from './form-problem.ts'
import { type FormRule, readRules } from './form-rules.ts'
import { type Prefill, putIntoInstance } from './prefill-xml.ts'
import { pathOf } from './question.ts'
import { readXForm, type XFormDocument } from './xform-document.ts'
import { withoutForeign } from './xpath/foreign-functions.ts'

export type OpenFormOptions = {
  /** Name or tag; a form that does not speak it opens in its own default. */
  readonly language?: string
  /** What `FormSession.draft()` gave. */
  readonly draft?: string
  /** Of a draft whose files are kept apart. */
  readonly draftFiles?: readonly DraftFile[]
  /** Files the form reads lists from (CSV, XML, GeoJSON), by file name. */
  readonly attachments?: Readonly<Record<string, string | Uint8Array>>
  /** What the form begins with besides its own defaults, for the rules it has; the same again with its draft. */
  readonly prefill?: (rules: readonly FormRule[]) => Prefill
  /** UUIDs for the instance and for `uuid()` in the form. */
  readonly newId?: () => string
}

export type OpenedCore = { readonly core: FormCore; readonly notCarriedOver: readonly FormProblem[] }

export async function openCore(
  xml: string,
  options: OpenFormOptions,
): Promise<Result<OpenedCore, FormOpenProblem>> {
  const engine = await loadEngine()
  if (!engine.ok) return fail({ type: 'form-engine-unavailable', reason: String(engine.problem.reason) })
  // jsdom holds weak references, whose targets live on until the current job ends: with a turn of the event
  // loop for each form, opening hundreds in a row keeps to the memory of a few.
  await setImmediate()
  const parsed = engine.value.parseXml(xml)
  const document = readXForm(parsed)
  if (!document.ok) return document
  const { rules } = readRules(parsed)
  const prefill = rules.length > 0 ? (options.prefill?.(rules) ?? {}) : {}
  const isFilled = Object.keys(prefill).length > 0
  if (isFilled) putIntoInstance(parsed, prefill)
  const given: Given = { digest: digestOf(xml), begun: isFilled ? engine.value.writeXml(parsed) : xml, rules }
  const draft = options.draft === undefined ? null : decodeDraft(options.draft, document.value.id)
  if (draft && !draft.ok) return draft
  const kept = draft && { ...draft.value, files: [...draft.value.files, ...(options.draftFiles ?? [])] }
  const opened = await start(engine.value, given, document.value, options, kept)
  if (!opened.ok) return opened
  const language = options.language ?? draft?.value.language
  if (language) chooseLanguage(opened.value.core, language)
  return opened
}

type Given = {
  readonly digest: string
  /** The form with what it begins with. */
  readonly begun: string
  readonly rules: readonly FormRule[]
}

async function start(
  engine: Engine,
  { digest, begun, rules }: Given,
  document: XFormDocument,
  { attachments = {}, newId = randomUUID }: OpenFormOptions,
  draft: FormDraft | null,
): Promise<Result<OpenedCore, FormOpenProblem>> {
  const warnings: string[] = []
  const context = { newId, warnings, warn: (text: string) => void warnings.push(text) }
  const missing: string[] = []
  const fetchFormAttachment = async (url: URL) => {
    const name = decodeURIComponent(url.pathname.split('/').at(-1) ?? '')
    const content = Object.hasOwn(attachments, name) ? attachments[name] : undefined
    if (content === undefined) missing.push(name)
    return content === undefined ? new Response(null, { status: 404 }) : attachment(name, content)
  }
  try {
    return await engine.within(context, async () => {
      const form = await engine.loadForm(withoutForeign(begun), {
        fetchFormAttachment,
        missingResourceBehavior: 'ERROR',
      })
      if (form.status === 'failure') return notOpened(form.error, missing)
      if (draft?.form.digest !== digest) {
        const core = createCore(engine, context, form.createInstance().root, document, rules)
        return ok({ core, notCarriedOver: draft ? carryOver(core, draft) : [] })
      }
      return await restore(engine, context, form, document, rules, draft)
    })
  } catch (cause) {
    return notOpened(cause, missing)
  }
}

async function restore(
  engine: Engine,
  context: Parameters<typeof createCore>[1],
  form: LoadedForm,
  document: XFormDocument,
  rules: readonly FormRule[],
  draft: FormDraft,
): Promise<Result<OpenedCore, FormOpenProblem>> {
  try {
    const { root } = await form.restoreInstance({ data: instanceData(draft.instance) })
    const core = createCore(engine, context, root, document, rules)
    return ok({ core, notCarriedOver: restoreGiven(core, draft) })
  } catch (cause) {
    return fail({ type: 'draft-unreadable', reason: errorText(cause) })
  }
}

function notOpened(cause: unknown, missing: readonly string[]) {
  const reason = errorText(cause)
  return missing.length > 0
    ? fail<FormOpenProblem>({ type: 'form-attachment-missing', reason, files: missing })
    : fail<FormOpenProblem>({ type: 'form-not-supported', reason })
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  xml: 'application/xml',
  geojson: 'application/geo+json',
}

function attachment(name: string, content: string | Uint8Array): Response {
  const extension = name.split('.').at(-1)?.toLowerCase() ?? ''
  const headers = { 'content-type': MEDIA_TYPES[extension] ?? 'application/octet-stream' }
  return new Response(typeof content === 'string' ? content : new Uint8Array(content), { headers })
}

function instanceData(xml: string): InstanceData {
  const data = new FormData()
  data.set('xml_submission_file', new File([xml], 'xml_submission_file', { type: 'text/xml' }))
  return [data]
}

/** The same form: the instance is back already; hidden answers and files follow. */
function restoreGiven(core: FormCore, draft: FormDraft): FormProblem[] {
  const problems: FormProblem[] = []
  for (const { ref, count } of draft.repeats) setRepeatCount(core, ref, count)
  const write = (ref: string, value: unknown) => {
    const node = findLeaf(core, ref)
    const written = node && writeAnswer(core, node, value)
    if (!node) problems.push(unplaced(ref))
    else if (written && !written.ok) problems.push(written.problem)
  }
  for (const { ref, value, hidden } of draft.answers) {
    const node = hidden ? undefined : findLeaf(core, ref)
    if (node) core.given.set(node.nodeId, value)
    else write(ref, value)
  }
  for (const { ref, ...file } of draft.files) write(ref, file)
  return problems
}

const unplaced = (ref: string): FormProblem => ({
  type: 'question-unknown',
  question: pathOf(ref),
  label: pathOf(ref),
  reason: 'the form has no such question',
})

/** Another version of the form: every answer looks for its question anew. */
function carryOver(core: FormCore, draft: FormDraft): FormProblem[] {
  const answers = [
    ...draft.answers,
    ...draft.files.map(({ ref, ...file }) => ({ ref, value: file, hidden: false })),
  ]
  const root = core.root.currentState.reference
  for (const { ref, count } of draft.repeats) setRepeatCount(core, `${root}/${pathOf(ref)}`, count)
  const hidden = new Set(answers.filter((answer) => answer.hidden).map((answer) => pathOf(answer.ref)))
  return applyAnswers(core, Object.fromEntries(answers.map(({ ref, value }) => [pathOf(ref), value]))).filter(
    (problem) => !(problem.type === 'question-not-relevant' && hidden.has(problem.question)),
  )
}
