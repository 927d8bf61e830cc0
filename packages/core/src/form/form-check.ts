/** Looks a form over before it is used: what would go wrong at a door, said at a desk. */
import { type Engine, loadEngine } from './engine.ts'
import { leavesOf } from './engine-nodes.ts'
import type { FormCore } from './form-core.ts'
import { languagesOf } from './form-language.ts'
import { type OpenFormOptions, openCore } from './form-open.ts'
import type { FormOpenProblem } from './form-problem.ts'
import { type RuleProblem, readRules, unfitChoices } from './form-rules.ts'
import { isQuestion, kindOf, labelOf, nameOf, pathOf, type QuestionKind } from './question.ts'
import { readXForm, type XFormDocument } from './xform-document.ts'
import { inspectXForm, type XFormFlaw } from './xform-inspect.ts'

export type CheckedForm = {
  /** Whether it can be used; problems that are only untidy leave it true. */
  readonly ok: boolean
  readonly id: string
  readonly version: string
  readonly title: string
  readonly languages: readonly string[]
  readonly questions: readonly CheckedQuestion[]
  readonly problems: readonly CheckProblem[]
}
export type CheckedQuestion = {
  readonly ref: string
  readonly name: string
  readonly kind: QuestionKind
  readonly label: string
  readonly required: boolean
}
export type CheckProblem = {
  readonly type:
    | FormOpenProblem['type']
    | XFormFlaw['type']
    | 'question-unsupported'
    | 'label-missing'
    | 'choices-missing'
    | 'engine-warning'
    | RuleProblem['type']
  readonly blocking: boolean
  /** A question's path, a place in the XML, or `form`. */
  readonly where: string
  /** Short English, or the engine's own words. */
  readonly reason: string
  /** The function, path, file, list, choice or question that it is about. */
  readonly about?: string
  /** The language that lacks a text. */
  readonly language?: string
}

/** Opens the form and looks at every question in every language, and at what it names and has not. */
export async function checkForm(
  xml: string,
  options: Pick<OpenFormOptions, 'attachments'> & {
    /** Names of pictures and sounds that come with it. */
    readonly media?: readonly string[]
  } = {},
): Promise<CheckedForm> {
  const engine = await loadEngine()
  const document = engine.ok ? documentOf(engine.value, xml) : null
  const files = new Set([...Object.keys(options.attachments ?? {}), ...(options.media ?? [])])
  const rules = document ? readRules(document.dom).problems.map(blocking) : []
  const flaws = [...(document ? inspectXForm(document.dom, files) : []), ...rules]
  const opened = await openCore(xml, options)
  if (!opened.ok) {
    const { type, reason, line, column } = opened.problem
    const where = line === undefined ? 'form' : `line ${line}, column ${column}`
    // What the engine stumbled over is usually among what was found, and said better there.
    const isSaid = flaws.some((flaw) => flaw.blocking) && type !== 'form-not-xml' && type !== 'form-not-xform'
    const problems = isSaid ? flaws : [{ type, blocking: true, where, reason }, ...flaws]
    const { id = '', version = '', title = '' } = document?.says ?? {}
    return { ok: false, id, version, title, languages: [], questions: [], problems }
  }
  const { core } = opened.value
  try {
    const questions = [...leavesOf(core.root)].filter(isQuestion).map((node) => ({
      ref: node.currentState.reference,
      name: nameOf(node),
      kind: kindOf(node),
      label: labelOf(node),
      required: node.currentState.required,
    }))
    const unfit = unfitChoices(core).map(blocking)
    const problems = [...flaws, ...unsupported(questions), ...unfit, ...untidy(core)]
    const languages = languagesOf(core).map((language) => language.name)
    return { ok: !problems.some((one) => one.blocking), ...core.document, languages, questions, problems }
  } finally {
    core.close()
  }
}

/** What a form says about the register that it does not know, or that does not fit. */
export async function checkFormRules(xml: string): Promise<readonly CheckProblem[]> {
  const engine = await loadEngine()
  return engine.ok ? readRules(engine.value.parseXml(xml)).problems.map(blocking) : []
}

const blocking = (problem: RuleProblem): CheckProblem => ({ ...problem, blocking: true })

function documentOf(engine: Engine, xml: string): { dom: Document; says: XFormDocument } | null {
  const dom = engine.parseXml(xml)
  const says = readXForm(dom)
  return says.ok ? { dom, says: says.value } : null
}

const unsupported = (questions: readonly CheckedQuestion[]): CheckProblem[] =>
  questions
    .filter((question) => question.kind === 'unsupported')
    .map(({ ref, label }) => ({
      type: 'question-unsupported',
      blocking: true,
      where: pathOf(ref),
      reason: `“${label}” is of a kind that cannot be answered here`,
      about: label,
    }))

function untidy(core: FormCore): CheckProblem[] {
  const problems: CheckProblem[] = core.warnings.map((reason) => ({
    type: 'engine-warning',
    blocking: false,
    where: 'form',
    reason,
  }))
  const [first] = core.root.languages
  for (const language of core.root.languages) {
    if (!language.isSyntheticDefault) core.run(() => core.root.setLanguage(language))
    const suffix = language.language && ` in ${language.language}`
    for (const node of leavesOf(core.root)) {
      if (!isQuestion(node)) continue
      const where = pathOf(node.currentState.reference)
      const note = (type: 'label-missing' | 'choices-missing', reason: string, about: string) =>
        problems.push({
          type,
          blocking: false,
          where,
          reason,
          about,
          ...(language.language && type === 'label-missing' ? { language: language.language } : {}),
        })
      if (!node.currentState.label?.asString.trim())
        note('label-missing', `the question has no label${suffix}`, nameOf(node))
      if (node.nodeType !== 'select' && node.nodeType !== 'rank') continue
      const { valueOptions } = node.currentState
      for (const choice of valueOptions)
        if (!choice.label.asString.trim())
          note('label-missing', `choice ${choice.value} has no label${suffix}`, choice.value)
      if (language === first && valueOptions.length === 0)
        note(
          'choices-missing',
          'there is nothing to choose from as long as nothing is answered',
          nameOf(node),
        )
    }
  }
  return problems
}
