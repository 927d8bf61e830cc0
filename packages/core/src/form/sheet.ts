/** A form as it is asked on paper: every question in order, with what makes it needed said in words. */
import { ok, type Result } from '../result.ts'
import { type Comparison, type Condition, readCondition } from './condition.ts'
import { loadEngine } from './engine.ts'
import { type EngineNode, isLeaf, type LeafNode, type RepeatNode } from './engine-nodes.ts'
import { appendRepeat, type FormCore } from './form-core.ts'
import { type OpenFormOptions, openCore } from './form-open.ts'
import type { FormOpenProblem } from './form-problem.ts'
import { describeQuestion, isQuestion, labelOf, type Question } from './question.ts'
import { resolvePath } from './relevance.ts'

/** A condition with its questions named as the sheet numbers them. */
export type SheetCondition =
  | { readonly type: 'all' | 'any'; readonly of: readonly SheetCondition[] }
  | { readonly type: 'not'; readonly of: SheetCondition }
  | {
      readonly type: 'compare' | 'selected'
      readonly question: SheetRef | null
      readonly op: Comparison
      /** A choice is given by its label. */
      readonly value: string | number
    }
  | { readonly type: 'answered'; readonly question: SheetRef | null }
  /** A day so many days from the one on which the sheet is filled in. */
  | {
      readonly type: 'day'
      readonly question: SheetRef | null
      readonly op: Comparison
      readonly days: number
    }
  /** What paper cannot ask by itself: the expression of the form as it is. */
  | { readonly type: 'other'; readonly expression: string }

/** Where it may be null, that stands for the question itself. */
export type SheetRef = { readonly number: number; readonly label: string }

export type SheetPart =
  | {
      readonly type: 'heading'
      readonly label: string
      /** 1 for the outermost group. */
      readonly level: number
      /** Of a repeat: which one this is, and whether more may follow on another sheet. */
      readonly time: { readonly at: number; readonly more: boolean } | null
      readonly only: SheetCondition | null
    }
  | {
      readonly type: 'question'
      readonly number: number
      readonly question: Question
      readonly only: SheetCondition | null
      /** What the answer must keep to: the author's words, else the expression. */
      readonly rule: { readonly words: string } | { readonly condition: SheetCondition } | null
    }
  | { readonly type: 'note'; readonly label: string; readonly only: SheetCondition | null }
  /** As many as another answer says: they are not known on a blank sheet. */
  | { readonly type: 'uncounted'; readonly label: string; readonly only: SheetCondition | null }

export type FormSheet = {
  readonly id: string
  readonly version: string
  readonly title: string
  readonly parts: readonly SheetPart[]
}

/** Blank places printed for each part that may repeat. */
const TIMES = 3

/** Opens the form blank, walks through all of it, relevant or not, and closes it. */
export async function formSheet(
  xml: string,
  options: Pick<OpenFormOptions, 'language' | 'attachments'> = {},
): Promise<Result<FormSheet, FormOpenProblem>> {
  const engine = await loadEngine()
  const opened = await openCore(xml, options)
  if (!opened.ok) return opened
  if (!engine.ok) throw new Error('the engine that opened a form is not there')
  const { core } = opened.value
  try {
    const { id, version, title } = core.document
    const document = engine.value.parseXml(xml)
    const walk = new SheetWalk(core, bindsOf(document, core), calculatedNotes(document))
    return ok({ id, version, title, parts: walk.parts() })
  } finally {
    core.close()
  }
}

/** Notes that tell what was calculated: on a blank sheet that is nothing. */
function calculatedNotes(document: Document): ReadonlySet<string> {
  const told = new Set<string>()
  for (const text of document.getElementsByTagName('text'))
    if (text.getElementsByTagName('output').length > 0) told.add(text.getAttribute('id') ?? '')
  const refs = new Set<string>()
  for (const label of document.getElementsByTagName('label')) {
    const id = /^jr:itext\(\s*['"](.*)['"]\s*\)$/.exec(label.getAttribute('ref') ?? '')?.[1]
    const calculated = label.getElementsByTagName('output').length > 0 || (id !== undefined && told.has(id))
    const ref = label.parentElement?.getAttribute('ref')
    if (calculated && ref) refs.add(ref)
  }
  return refs
}

type Bind = { readonly relevant: string; readonly constraint: string; readonly message: string | null }

const JAVAROSA = 'http://openrosa.org/javarosa'

/** By nodeset; messages in the language in use. */
function bindsOf(document: Document, core: FormCore): ReadonlyMap<string, Bind> {
  const { language, isSyntheticDefault } = core.root.currentState.activeLanguage
  const texts = new Map<string, string>()
  for (const translation of document.getElementsByTagName('translation'))
    if (isSyntheticDefault || translation.getAttribute('lang') === language)
      for (const text of translation.getElementsByTagName('text'))
        texts.set(
          text.getAttribute('id') ?? '',
          text.getElementsByTagName('value')[0]?.textContent?.trim() ?? '',
        )
  const binds = new Map<string, Bind>()
  for (const bind of document.getElementsByTagName('bind')) {
    const given = bind.getAttributeNS(JAVAROSA, 'constraintMsg')
    const id = /^jr:itext\(\s*['"](.*)['"]\s*\)$/.exec(given ?? '')?.[1]
    binds.set(bind.getAttribute('nodeset') ?? '', {
      relevant: bind.getAttribute('relevant') ?? '',
      constraint: bind.getAttribute('constraint') ?? '',
      message: (id === undefined ? given : texts.get(id)) || null,
    })
  }
  return binds
}

class SheetWalk {
  readonly #core: FormCore
  readonly #binds: ReadonlyMap<string, Bind>
  readonly #calculated: ReadonlySet<string>
  readonly #parts: SheetPart[] = []
  readonly #numbered: { readonly node: LeafNode; readonly number: number; readonly question: Question }[] = []

  constructor(core: FormCore, binds: ReadonlyMap<string, Bind>, calculated: ReadonlySet<string>) {
    this.#core = core
    this.#binds = binds
    this.#calculated = calculated
  }

  /** Numbers first, for a condition may look ahead. */
  parts(): readonly SheetPart[] {
    this.#openRepeats(this.#core.root.currentState.children)
    const count = (nodes: readonly EngineNode[]): void => {
      for (const node of nodes)
        if (!isLeaf(node)) count(node.currentState.children)
        else if (isQuestion(node) && node.nodeType !== 'note')
          this.#numbered.push({ node, number: this.#numbered.length + 1, question: describeQuestion(node) })
    }
    count(this.#core.root.currentState.children)
    this.#walk(this.#core.root.currentState.children, 1)
    return this.#parts
  }

  #openRepeats(nodes: readonly EngineNode[]): void {
    for (const node of nodes) {
      if (isLeaf(node)) continue
      if (node.nodeType === 'repeat-range:uncontrolled')
        while (node.currentState.children.length < TIMES)
          if (!appendRepeat(this.#core, node.currentState.reference).ok) break
      this.#openRepeats(node.currentState.children)
    }
  }

  #walk(nodes: readonly EngineNode[], level: number): void {
    for (const node of nodes) {
      if (isLeaf(node)) this.#leaf(node)
      else if (node.nodeType === 'group') {
        this.#heading(node, level, null)
        this.#walk(node.currentState.children, level + 1)
      } else if (node.nodeType !== 'repeat-instance') this.#repeat(node, level)
    }
  }

  #repeat(node: RepeatNode, level: number): void {
    const { children } = node.currentState
    const more = node.nodeType === 'repeat-range:uncontrolled'
    if (children.length === 0)
      this.#parts.push({ type: 'uncounted', label: labelOf(node), only: this.#only(node) })
    for (const [index, instance] of children.entries()) {
      this.#heading(node, level, { at: index + 1, more: more && index === children.length - 1 })
      this.#walk(instance.currentState.children, level + 1)
    }
  }

  #heading(
    node: Exclude<EngineNode, LeafNode>,
    level: number,
    time: { readonly at: number; readonly more: boolean } | null,
  ): void {
    const only = this.#only(node)
    const label = node.currentState.label?.asString.trim() ?? ''
    if (label === '' && only === null && time === null) return
    this.#parts.push({ type: 'heading', label, level, time, only })
  }

  #leaf(node: LeafNode): void {
    if (!isQuestion(node)) return
    const only = this.#only(node)
    const numbered = this.#numbered.find((one) => one.node === node)
    if (!numbered) {
      if (this.#calculated.has(node.definition.nodeset)) return
      this.#parts.push({ type: 'note', label: labelOf(node), only })
      return
    }
    const { number, question } = numbered
    this.#parts.push({ type: 'question', number, question, only, rule: this.#ruleOf(node) })
  }

  #only(node: EngineNode): SheetCondition | null {
    const expression = this.#binds.get(node.definition.nodeset)?.relevant.trim() ?? ''
    return expression === '' || expression === 'true()' ? null : this.#named(readCondition(expression), node)
  }

  #ruleOf(node: LeafNode) {
    const bind = this.#binds.get(node.definition.nodeset)
    if (!bind || bind.constraint.trim() === '') return null
    return bind.message === null
      ? { condition: this.#named(readCondition(bind.constraint), node) }
      : { words: bind.message }
  }

  #named(condition: Condition, at: EngineNode): SheetCondition {
    switch (condition.type) {
      case 'all':
      case 'any':
        return { type: condition.type, of: condition.of.map((one) => this.#named(one, at)) }
      case 'not':
        return { type: 'not', of: this.#named(condition.of, at) }
      case 'other':
        return condition
      default: {
        const found = this.#find(condition.path, at)
        if (found === undefined) return { type: 'other', expression: textOf(condition) }
        const question = found && { number: found.number, label: found.question.label }
        if (condition.type === 'day') return { type: 'day', question, op: condition.op, days: condition.days }
        if (condition.type === 'answered') return { type: 'answered', question }
        const label = found?.question.choices.find((choice) => choice.value === condition.value)?.label
        const op = condition.type === 'compare' ? condition.op : '='
        return { type: condition.type, question, op, value: label ?? condition.value }
      }
    }
  }

  /** Null is the question itself; undefined what is no question of the sheet, a calculation say. */
  #find(path: string, at: EngineNode) {
    const nodeset = resolvePath(path, at.definition.nodeset)
    if (nodeset === at.definition.nodeset) return null
    const named = this.#numbered.filter(({ node }) => node.definition.nodeset === nodeset)
    const here = 'reference' in at.currentState ? at.currentState.reference : ''
    // Of several repetitions the one that shares the most of its place with this question.
    return named.sort(
      (a, b) =>
        shared(here, b.node.currentState.reference) - shared(here, a.node.currentState.reference) ||
        a.number - b.number,
    )[0]
  }
}

function shared(a: string, b: string): number {
  const [one, other] = [a.split('/'), b.split('/')]
  let same = 0
  while (same < one.length && one[same] === other[same]) same++
  return same
}

function textOf(condition: Extract<Condition, { readonly path: string }>): string {
  if (condition.type === 'answered') return `${condition.path} != ''`
  if (condition.type === 'selected') return `selected(${condition.path}, '${condition.value}')`
  if (condition.type === 'day') return `${condition.path} ${condition.op} today() + ${condition.days}`
  const { path, op, value } = condition
  return `${path} ${op} ${typeof value === 'number' ? value : `'${value}'`}`
}
